"""存储: the database file: start-up gate, backup, verify, restore, check.

`open_office` is the only way in, `create_office` the only way to a new file.
"""

from models.store.backup import backup, unchanged
from models.store.check import check
from models.store.diagnose import save_diagnosis
from models.store.files import Progress, attachments_of
from models.store.gate import Office, create_office, open_office
from models.store.listing import Entry, entry, list_backups, thin_out
from models.store.manifest import Manifest, Why
from models.store.network import network_warning
from models.store.refusals import GateRefused, Reason, Remedy
from models.store.restore import Restored, restore
from models.store.verify import Report, unlock, verify

__all__ = [
    "Entry",
    "GateRefused",
    "Manifest",
    "Office",
    "Progress",
    "Reason",
    "Remedy",
    "Report",
    "Restored",
    "Why",
    "attachments_of",
    "backup",
    "check",
    "create_office",
    "entry",
    "list_backups",
    "network_warning",
    "open_office",
    "restore",
    "save_diagnosis",
    "thin_out",
    "unchanged",
    "unlock",
    "verify",
]
