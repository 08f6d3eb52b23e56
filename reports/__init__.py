"""单据: what goes on paper."""
