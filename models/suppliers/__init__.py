"""供方评价: who may supply the office, what is bought of them, how they did, and when that ends."""
