"""Who is invited by mail, and their letters: sealed addresses and keyed hashes enter, rows leave, in the order of random ids.

No column holds a time. The order in which letters go is that of their ids, which says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from app.crypto.personal import NOT_YET
from app.storage.invitations import Invitation, InvitationLetter, Invited, Reissue

WAITING, SENDING, LATER, SENT, REFUSED = "waiting", "sending", "later", "sent", "refused"
"""LATER waits for the next pass: the mail server said “not now”, or “no” for the first time."""
UNFINISHED = (WAITING, SENDING, LATER)


@dataclass(frozen=True)
class Person:
    """One address. `mark` is the keyed hash by which it is found again, `sealed` the address."""

    id: bytes
    stratum: int
    language: str
    sealed: bytes
    mark: bytes
    generation: int = 0


def add(connection: Connection, scan: str, people: Iterable[Person]) -> None:
    """New addresses, in order of their random ids."""
    rows = [
        {
            "id": one.id,
            "scan": scan,
            "stratum": one.stratum,
            "language": one.language,
            "sealed": one.sealed,
            "mark": one.mark,
            "generation": one.generation,
        }
        for one in sorted(people, key=lambda one: one.id)
    ]
    if rows:
        connection.execute(insert(Invited), rows)


def clear(connection: Connection, scan: str) -> None:
    """Every address, letter and token of a scan."""
    for table in (InvitationLetter, Invited, Invitation):
        connection.execute(delete(table).where(table.scan == scan))


def counts(connection: Connection, scan: str) -> dict[int, int]:
    """Addresses by stratum."""
    rows = connection.execute(
        select(Invited.stratum, func.count()).where(Invited.scan == scan).group_by(Invited.stratum)
    )
    return {int(stratum): int(number) for stratum, number in rows}


def marks(connection: Connection, scan: str) -> set[bytes]:
    return set(connection.scalars(select(Invited.mark).where(Invited.scan == scan)))


def by_mark(connection: Connection, scan: str, mark: bytes) -> Person | None:
    row = connection.execute(
        select(
            Invited.id,
            Invited.stratum,
            Invited.language,
            Invited.sealed,
            Invited.mark,
            Invited.generation,
        ).where(Invited.scan == scan, Invited.mark == mark)
    ).first()
    return Person(*row) if row is not None else None


def replace_link(
    connection: Connection, scan: str, person: Person, *, old: bytes, new: bytes, round: int
) -> None:
    """The old token stops working, the new one works, a letter with it waits, and one more is counted for the stratum.

    `old` and `new` are invitations.Invitation marks.
    """
    connection.execute(
        update(Invited).where(Invited.id == person.id).values(generation=person.generation + 1)
    )
    connection.execute(delete(Invitation).where(Invitation.mark == old))
    connection.execute(
        insert(Invitation).values(mark=new, scan=scan, stratum=person.stratum, blinded=NOT_YET)
    )
    counted = connection.execute(
        update(Reissue)
        .where(Reissue.scan == scan, Reissue.stratum == person.stratum)
        .values(granted=Reissue.granted + 1)
    )
    if counted.rowcount == 0:
        connection.execute(insert(Reissue).values(scan=scan, stratum=person.stratum, granted=1))
    connection.execute(
        delete(InvitationLetter).where(
            InvitationLetter.scan == scan,
            InvitationLetter.round == round,
            InvitationLetter.id == person.id,
        )
    )
    connection.execute(
        insert(InvitationLetter).values(scan=scan, round=round, id=person.id, state=WAITING, tries=0)
    )


def reissued(connection: Connection, scan: str) -> dict[int, int]:
    """Links that were replaced, by stratum; none where there were none."""
    rows = connection.execute(select(Reissue.stratum, Reissue.granted).where(Reissue.scan == scan))
    return {int(stratum): int(granted) for stratum, granted in rows}


def put_letters(connection: Connection, scan: str, round: int) -> None:
    """A letter of this round for every address that has none yet."""
    there = select(InvitationLetter.id).where(InvitationLetter.scan == scan, InvitationLetter.round == round)
    wanted = (
        select(literal(scan), literal(round), Invited.id, literal(WAITING), literal(0))
        .where(Invited.scan == scan, Invited.id.not_in(there))
        .order_by(Invited.id)
    )
    connection.execute(
        insert(InvitationLetter).from_select(["scan", "round", "id", "state", "tries"], wanted)
    )


def without_letter(connection: Connection, scan: str, round: int) -> int:
    """How many addresses have no letter of this round."""
    there = select(InvitationLetter.id).where(InvitationLetter.scan == scan, InvitationLetter.round == round)
    found = connection.execute(
        select(func.count()).select_from(Invited).where(Invited.scan == scan, Invited.id.not_in(there))
    )
    return int(found.scalar_one())


def take_up(connection: Connection, scan: str, round: int, *, later: bool) -> None:
    """What was being sent when a worker died goes again: nobody knows whether it arrived. With `later` a new pass begins."""
    again = (SENDING, LATER) if later else (SENDING,)
    connection.execute(
        update(InvitationLetter)
        .where(
            InvitationLetter.scan == scan,
            InvitationLetter.round == round,
            InvitationLetter.state.in_(again),
        )
        .values(state=WAITING)
    )


@dataclass(frozen=True)
class Due:
    """A letter that goes now."""

    id: bytes
    tries: int
    stratum: int
    language: str
    sealed: bytes
    generation: int


_NEXT = (
    select(
        InvitationLetter.id,
        InvitationLetter.tries,
        Invited.stratum,
        Invited.language,
        Invited.sealed,
        Invited.generation,
    )
    .join(Invited, Invited.id == InvitationLetter.id)
    .where(
        InvitationLetter.scan == bindparam("in_scan"),
        InvitationLetter.round == bindparam("in_round"),
        InvitationLetter.state == WAITING,
        InvitationLetter.id > bindparam("after"),
    )
    .order_by(InvitationLetter.id)
    .limit(1)
)
_MARK = (
    update(InvitationLetter)
    .where(
        InvitationLetter.scan == bindparam("in_scan"),
        InvitationLetter.round == bindparam("in_round"),
        InvitationLetter.id == bindparam("of"),
        InvitationLetter.state == bindparam("was"),
    )
    .values(state=bindparam("now"), tries=bindparam("tried"))
)


def take(connection: Connection, scan: str, round: int, after: bytes) -> Due | None:
    """The next letter after this id that waits, marked as being sent."""
    row = connection.execute(_NEXT, {"in_scan": scan, "in_round": round, "after": after}).first()
    if row is None:
        return None
    due = Due(*row)
    _mark(connection, scan, round, due.id, WAITING, SENDING, due.tries)
    return due


def settle(connection: Connection, scan: str, round: int, id: bytes, state: str, tries: int) -> None:
    """What became of a letter that was being sent. One that was replaced meanwhile stays as it is, and goes next."""
    _mark(connection, scan, round, id, SENDING, state, tries)


def _mark(connection: Connection, scan: str, round: int, id: bytes, was: str, state: str, tries: int) -> None:
    values = {"in_scan": scan, "in_round": round, "of": id, "was": was, "now": state, "tried": tries}
    connection.execute(_MARK, values)


def standing(connection: Connection, scan: str, round: int) -> dict[str, dict[int, int]]:
    """Letters of a round: state -> stratum -> how many."""
    rows = connection.execute(
        select(InvitationLetter.state, Invited.stratum, func.count())
        .join(Invited, Invited.id == InvitationLetter.id)
        .where(InvitationLetter.scan == scan, InvitationLetter.round == round)
        .group_by(InvitationLetter.state, Invited.stratum)
    )
    found: dict[str, dict[int, int]] = {}
    for state, stratum, number in rows:
        found.setdefault(state, {})[int(stratum)] = int(number)
    return found


def has(connection: Connection, scan: str, round: int, states: Collection[str]) -> bool:
    """Whether any letter of the round is in one of these states."""
    found = connection.execute(
        select(InvitationLetter.id)
        .where(
            InvitationLetter.scan == scan,
            InvitationLetter.round == round,
            InvitationLetter.state.in_(states),
        )
        .limit(1)
    )
    return found.first() is not None
