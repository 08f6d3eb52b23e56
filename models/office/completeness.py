"""本处体检: which of the office's settings nobody filled in, though papers ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from models.health import Gap, health_check
from models.office.profile import Profile, profile


@health_check("本处设置未填", "office.edit_profile")
def blank_settings() -> Iterator[Gap]:
    """Find what papers leave blank because the office did not say it."""
    now = profile()
    for name, field in Profile.fields().items():
        if field.null and getattr(now, name) is None:
            yield Gap(field.label, Profile, now.id)
