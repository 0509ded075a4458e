"""Overseeing: a scan enters; how its rounds of letters stand leaves, in rough numbers, for who sends them. Never who answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.core import reach
from app.core.access import Actor
from app.core.reach import About
from app.services import inviting_by_mail
from app.services.addressing import at_links
from app.storage import invited
from app.storage.database import Store
from app.storage.invited import LATER, REFUSED, SENT, UNFINISHED
from app.storage.office import mail_rounds
from app.storage.office.mail_rounds import GOING, NEW_LINKS, MailRound


@dataclass(frozen=True)
class Round:
    """How one mail to everybody stands, in rough numbers. `refused` holds strata with at least the smallest group of refusals."""

    number: int
    day: date
    state: str
    total: About
    sent: About
    waits_for_server: bool
    again_at: datetime | None
    some_refused: bool
    refused: Mapping[int, About]


@dataclass(frozen=True)
class Standing:
    """What who hands out the links sees: addresses by stratum, who has no letter yet, and the rounds."""

    addresses: Mapping[int, int]
    uninvited: int
    rounds: tuple[Round, ...]


def standing(store: Store, *, scan: str, by: Actor, now: datetime) -> Standing:
    """Raises NotAllowed and Refused."""
    _row, plan = at_links(store, scan, by)
    with store.reading() as session:
        rows = [one for one in mail_rounds.of_scan(session, scan) if one.number < NEW_LINKS]
    with store.reading_issuing() as connection:
        addresses = invited.counts(connection, scan)
        uninvited = inviting_by_mail.uninvited(store, connection, scan)
        rounds = tuple(
            _stands(one, invited.standing(connection, scan, one.number), plan.min_group, now) for one in rows
        )
    return Standing(addresses, uninvited, rounds)


def _stands(row: MailRound, found: Mapping[str, Mapping[int, int]], least: int, now: datetime) -> Round:
    sums = {state: sum(by_stratum.values()) for state, by_stratum in found.items()}
    refused = found.get(REFUSED, {})
    left = sum(sums.get(state, 0) for state in UNFINISHED)
    again = row.next_at if row.state == GOING and row.next_at is not None and row.next_at > now else None
    return Round(
        number=row.number,
        day=row.day,
        state=row.state,
        total=reach.about(sum(sums.values())),
        sent=reach.about(sums.get(SENT, 0)),
        waits_for_server=again is not None and left > sums.get(LATER, 0),
        again_at=again,
        some_refused=sums.get(REFUSED, 0) >= least,
        refused={stratum: reach.about(number) for stratum, number in refused.items() if number >= least},
    )
