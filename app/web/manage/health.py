"""What the health check says on pages of a scan: a scan enters, sentences for whoever opens or sealed it leave."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.plan import PERSONAL
from app.services import backing_up, checking_health
from app.services.checking_health import Kind
from app.web.manage.here import HereScan
from app.web.manage.say import _
from app.web.ui import settings, store


@dataclass(frozen=True)
class Health:
    """`copied`: databases that something copies as they change. `other`: whether anything else was found."""

    copied: tuple[str, ...]
    other: bool


def of_scan(here: HereScan) -> Health | None:
    """Of a scan with personal links, as if it were open; None for another, to which it matters less."""
    plan = here.scan.settings
    if plan is None or plan.way != PERSONAL:
        return None
    urls = {name: settings().database(name) for name in settings().databases}
    found = checking_health.check(urls, settings().instance, opening=True)
    copied = tuple(dict.fromkeys(one.about for one in found if one.kind is Kind.COPIED))
    return Health(copied, any(one.kind is not Kind.COPIED for one in found))


def keys_left(here: HereScan) -> list[str]:
    """What has to be destroyed by hand, because sealing could not reach a backup folder."""
    return [
        _(
            "The key of this scan could not be destroyed in the backup folder %(folder)s. Have every copy of "
            "weerklank-keys.backup from there destroyed by hand: until then an old backup can tell who was invited.",
            folder=folder,
        )
        for folder, scan in backing_up.keys_left(store())
        if scan == here.scan.id
    ]
