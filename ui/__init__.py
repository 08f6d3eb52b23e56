"""界面: what staff see; no queries and no rules live here."""
