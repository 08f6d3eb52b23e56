"""外包服务: what contractors plan, how they are inspected, and how each month is scored (duty c01.a.02)."""
