"""业主档案: the estate, its units, and the people who own or use them."""
