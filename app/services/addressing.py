"""Addressing: a list of addresses enters; each good row becomes a sealed address and a token nobody can tell it from.

Nothing is stored while a row is wrong, unless who loads the list chooses to store the good rows only.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from app.core import address_list
from app.core.access import Actor
from app.core.address_list import AddressList, Groups
from app.core.plan import PERSONAL, Plan
from app.core.refusal import Refused
from app.crypto import personal
from app.mail.invitations import LANGUAGES
from app.services import inviting
from app.services.setting_up import clean_email
from app.storage import invitations, invited, issuing, scan_keys
from app.storage.database import Connection, Store
from app.storage.invited import Person
from app.storage.office import audit, mail_rounds
from app.storage.office.scans import Scan


@dataclass(frozen=True)
class Given:
    """A list as it was given. `all_of` is the stratum of rows that name none, `language` that of rows without one."""

    text: str
    all_of: int | None = None
    language: str = LANGUAGES[0]


@dataclass(frozen=True)
class Loaded:
    """What came of it: how many addresses were stored, and what was wrong with the other rows."""

    stored: int
    found: AddressList


def load(
    store: Store, *, scan: str, given: Given, only_good: bool = False, by: Actor, now: datetime
) -> Loaded:
    """Store the addresses of a list; with a faulty row nothing, unless `only_good`.

    Raises NotAllowed, or Refused: not-open, no-links, no-scan-key, no-stratum, language.
    """
    row, plan = at_links(store, scan, by)
    key = mailing_key(store, scan)
    if given.all_of is not None and not 0 <= given.all_of < len(plan.strata):
        most = len(plan.strata) - 1
        raise Refused(
            "no-stratum",
            f"there is no stratum {given.all_of}; this scan has 0 to {most}",
            number=given.all_of,
            most=most,
        )
    if given.language not in LANGUAGES:
        raise Refused("language", f"letters are in {' or '.join(LANGUAGES)}")
    with store.issuing() as connection:
        # Sealing destroys the key and then all rows: while it is there, what is stored now goes with them.
        mailing_key(store, scan)
        found = _read(store, connection, row.id, plan, key, given)
        if not found.rows or (found.faults and not only_good):
            return Loaded(0, found)
        people = [
            Person(
                id=secrets.token_bytes(personal.ID_BYTES),
                stratum=one.stratum,
                language=one.language,
                sealed=personal.seal_address(key, one.address, secrets.token_bytes(personal.NONCE_BYTES)),
                mark=personal.address_mark(key, scan, one.address),
            )
            for one in found.rows
        ]
        invited.add(connection, scan, people)
        for stratum in {one.stratum for one in people}:
            mine = [one for one in people if one.stratum == stratum]
            invitations.put_invitations(connection, scan, stratum, (mark_of(key, scan, one) for one in mine))
    with store.office() as session:
        audit.record(
            session, by=by, now=now, act="load-addresses", scan=scan, detail=f"{len(people)} addresses"
        )
    issuing.tidy(store)
    return Loaded(len(people), found)


def clear(store: Store, *, scan: str, by: Actor, now: datetime) -> None:
    """Take all addresses away again, with their links; only while no letter has gone out, so that no link is lost.

    Raises NotAllowed, or Refused: not-open, no-links, letters-out.
    """
    at_links(store, scan, by)
    with store.reading() as session:
        if mail_rounds.of_scan(session, scan):
            raise Refused("letters-out", "letters went out to these addresses; they can't be taken back")
    with store.issuing() as connection:
        invited.clear(connection, scan)
    with store.office() as session:
        audit.record(session, by=by, now=now, act="clear-addresses", scan=scan)
    issuing.tidy(store)


def _read(
    store: Store, connection: Connection, scan: str, plan: Plan, key: bytes, given: Given
) -> AddressList:
    known = invited.marks(connection, scan)
    return address_list.read(
        given.text,
        groups=Groups(plan.strata, plan.tree, taken(store, connection, scan)),
        all_of=given.all_of,
        languages=LANGUAGES,
        language=given.language,
        clean=clean_email,
        is_there=lambda address: personal.address_mark(key, scan, address) in known,
    )


def taken(store: Store, connection: Connection, scan: str) -> dict[int, int]:
    """By stratum how many of the invited have a way in: addresses, and slips for the box (not those of the reserve)."""
    found = Counter(invited.counts(connection, scan))
    for stratum, was in issuing.printings(store, scan).items():
        found[stratum] += was.printed
    return dict(found)


def at_links(store: Store, scan: str, by: Actor) -> tuple[Scan, Plan]:
    """An open scan with personal links, for who may hand out ways in. Raises NotAllowed and Refused."""
    row, _slug = inviting.open_scan(store, scan, by)
    plan = row.settings
    assert plan is not None
    if plan.way != PERSONAL:
        raise Refused("no-links", "this scan has no personal links")
    return row, plan


def mailing_key(store: Store, scan: str) -> bytes:
    """Raises Refused("no-scan-key") before it was made, or once it was destroyed."""
    key = scan_keys.read(store.scan_keys, scan)
    if key is None:
        raise Refused(
            "no-scan-key", "the keys of this scan aren't there yet; the worker makes them at opening"
        )
    return personal.derived(key, personal.MAILING)


def mark_of(key: bytes, scan: str, person: Person) -> bytes:
    """What the issuing database knows the token of this address by."""
    return personal.invitation_mark(personal.token(key, scan, person.id, person.generation))
