"""供方结算: what is owed to suppliers, deducted, settled and paid."""
