"""综合办公: the office itself, its staff, accounts and roles."""
