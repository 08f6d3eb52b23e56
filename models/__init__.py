"""业务: what the office knows, and the rules that govern it."""
