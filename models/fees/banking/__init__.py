"""银行与代扣: statements of banks and phones brought in and matched, and money fetched by direct debit."""
