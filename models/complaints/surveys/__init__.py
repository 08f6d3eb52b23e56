"""顾客意见调查: sheets drawn, delivered, returned and typed; what they say, and what follows from it."""
