"""值班: shifts, who works which of them on which day, and changes after the roster was approved."""
