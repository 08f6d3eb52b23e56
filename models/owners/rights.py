"""权限: the rights of the owner files, named once."""

from __future__ import annotations

from models import deeds

VIEW = deeds.right("owners.view", "查看业主档案", scoped=True)
EDIT = deeds.right("owners.edit", "维护业主档案", scoped=True)
IMPORT = deeds.right("owners.import", "批量导入和生成档案")
REVEAL = deeds.right("owners.reveal", "显示电话证件", scoped=True)
