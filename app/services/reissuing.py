"""Reissuing: the address of somebody who lost the link enters; a new link goes there, the old one stops working.

Whoever asks hears the same whether the address is known or not. How many were given is published, as the bound on doubles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.core.access import Actor, check
from app.core.plan import PERSONAL
from app.core.refusal import Refused
from app.crypto import personal
from app.services import addressing, inviting_by_mail, launching
from app.services.inviting_by_mail import Site
from app.services.setting_up import clean_email
from app.storage import invited, issuing
from app.storage.database import Store
from app.storage.office import audit, manifests, scans
from app.storage.office.mail_rounds import NEW_LINKS

ACT = "replace-link"
UNSEALED = ("draft", "ready", "open")
MOST_FOR_ONE = 3
"""New links for one address; more go out without a word, as for an address that isn't known."""


def replace_link(store: Store, *, scan: str, email: str, site: Site, by: Actor, now: datetime) -> None:
    """Let a new link go to this address, if it was invited.

    Raises NotAllowed, or Refused: email, no-https, no-mail, no-scan, no-links, closed, no-manifest, no-scan-key. Never says
    whether the address is known: neither here, nor in the audit log, nor in a number before sealing.
    """
    check(ACT, by)
    address = clean_email(email)
    refused = inviting_by_mail.why_not(site)
    if refused is not None:
        raise refused
    with store.reading() as session:
        row = launching.own_scan(session, scan, by)
        ready = manifests.of(session, scan) is not None
    if row.settings is None or row.settings.way != PERSONAL:
        raise Refused("no-links", "this scan has no personal links")
    if not inviting_by_mail.takes_mail(row, now):
        raise Refused("closed", "this scan takes no answers any more; a new link would open nothing")
    if not ready:
        raise Refused("no-manifest", "the keys of this scan are still being made; try again in a minute")
    key = addressing.mailing_key(store, scan)
    with store.issuing() as connection:
        found = invited.by_mark(connection, scan, personal.address_mark(key, scan, address))
        if found is not None and found.generation < MOST_FOR_ONE:
            fresh = replace(found, generation=found.generation + 1)
            invited.replace_link(
                connection,
                scan,
                found,
                old=addressing.mark_of(key, scan, found),
                new=addressing.mark_of(key, scan, fresh),
                round=NEW_LINKS,
            )
    with store.office() as session:
        inviting_by_mail.go_with_new_links(session, scan, now)
        audit.record(session, by=by, now=now, act=ACT, scan=scan)
    issuing.tidy(store)


@dataclass(frozen=True)
class Bound:
    """Of one stratum of a sealed scan: links that were replaced, and slips printed for the box and for the reserve."""

    name: str
    new_links: int
    slips: int
    reserve: int

    @property
    def twice(self) -> int:
        """So many people at most were counted twice: somebody who answered got a new link or a slip of the reserve."""
        return self.new_links + self.reserve


def bounds(store: Store, *, scan: str) -> tuple[Bound, ...]:
    """By stratum, where there is anything to tell; () for a scan without personal links, or one that isn't sealed.

    Before sealing these numbers would tell whether an address is known.
    """
    with store.reading() as session:
        row = scans.get(session, scan)
    plan = row.settings if row is not None else None
    if row is None or plan is None or plan.way != PERSONAL or row.state in UNSEALED:
        return ()
    with store.reading_issuing() as connection:
        granted = invited.reissued(connection, scan)
    printed = issuing.printings(store, scan)
    found = []
    for stratum in plan.strata:
        slips, links = printed.get(stratum.number), granted.get(stratum.number, 0)
        if slips is not None or links:
            found.append(
                Bound(stratum.name, links, slips.printed if slips else 0, slips.reserve if slips else 0)
            )
    return tuple(found)
