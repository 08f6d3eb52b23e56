"""物业收费: what is charged, to whom, and what was paid."""
