"""权限: the rights over the database file, named once."""

from __future__ import annotations

from models.deeds import right

BACKUP = right("storage.backup", "备份数据库")
RESTORE = right("storage.restore", "恢复数据库")
CHECK = right("storage.check", "检查数据库")
