"""食堂仓库: what is in stock, lot by lot, from the plan to the plate and back to the supplier."""
