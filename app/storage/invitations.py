"""The issuing database of a scan with personal links: keys, hashes of tokens, sealed addresses; nothing joins the last two.

A token is derived from the random id of an address under the scan's key, so no column of `invitation` is one of `invited`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Integer, LargeBinary, String, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto.personal import NOT_YET
from app.storage import mixing, quick
from app.storage.database import ISSUING, Store, db
from app.storage.quick import Statement

SCAN_ID = String(16)


class SigningKey(db.Model):
    """The key pair of one stratum: its public number, and the private half sealed under the scan's key."""

    __tablename__ = "signing_key"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    stratum: Mapped[int] = mapped_column(Integer, primary_key=True)
    modulus: Mapped[bytes] = mapped_column(LargeBinary(384))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Invitation(db.Model):
    """One token that is good, as a hash. `blinded` is NOT_YET, or a hash of the one value that is signed for it."""

    __tablename__ = "invitation"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    scan: Mapped[str] = mapped_column(SCAN_ID)
    stratum: Mapped[int] = mapped_column(Integer)
    blinded: Mapped[bytes] = mapped_column(LargeBinary(32))


class Invited(db.Model):
    """One address, sealed. `generation` goes up by one when a lost link is replaced, so that the old one makes another token."""

    __tablename__ = "invited"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    scan: Mapped[str] = mapped_column(SCAN_ID)
    stratum: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary(320))
    mark: Mapped[bytes] = mapped_column(LargeBinary(32))
    generation: Mapped[int] = mapped_column(Integer)


class InvitationLetter(db.Model):
    """One mail to one address: `round` 0 is the invitation, each reminder the next."""

    __tablename__ = "invitation_letter"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int] = mapped_column(Integer)


class Reissue(db.Model):
    """How many links an adviser replaced in one stratum: the published bound on doubles. Stays after sealing."""

    __tablename__ = "reissue"
    __bind_key__ = ISSUING
    __table_args__ = {"sqlite_with_rowid": False}
    scan: Mapped[str] = mapped_column(SCAN_ID, primary_key=True)
    stratum: Mapped[int] = mapped_column(Integer, primary_key=True)
    granted: Mapped[int] = mapped_column(Integer)


class Granting(StrEnum):
    """Whether this blinded value may be signed for this token."""

    GRANTED = "granted"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Key:
    stratum: int
    modulus: bytes
    sealed: bytes


_INVITATION = Statement(
    select(Invitation.stratum, Invitation.blinded).where(
        Invitation.mark == bindparam("mark"), Invitation.scan == bindparam("scan")
    )
)
_GRANT = Statement(
    update(Invitation).where(Invitation.mark == bindparam("of")).values(blinded=bindparam("signed"))
)
_KEY = Statement(
    select(SigningKey.stratum, SigningKey.modulus, SigningKey.sealed).where(
        SigningKey.scan == bindparam("scan"), SigningKey.stratum == bindparam("stratum")
    )
)


def grant(store: Store, *, scan: str, mark: bytes, stratum: int, blinded: bytes) -> Granting:
    """Note that this one value is signed for this token, on disk before it is: of any number at the same time one is first.

    The same value again is GRANTED and changes nothing; another is OTHER. UNKNOWN: no such token in this scan and stratum.
    In the line of the issuing database, every tenth followed by a mix. Raises mixing.NotMixed, noting nothing.
    """

    def act(issuing: quick.Transaction) -> tuple[Granting, bool]:
        found = issuing.first(_INVITATION, {"mark": mark, "scan": scan})
        if found is None or found[0] != stratum:
            return Granting.UNKNOWN, False
        if bytes(found[1]) == blinded:
            return Granting.GRANTED, False
        if bytes(found[1]) != NOT_YET:
            return Granting.OTHER, False
        issuing.run(_GRANT, {"of": mark, "signed": blinded})
        return Granting.GRANTED, True

    return mixing.counted(store, ISSUING, act)


def signing_key(store: Store, scan: str, stratum: int) -> Key | None:
    with quick.transaction(store.engine(ISSUING), writes=False) as issuing:
        row = issuing.first(_KEY, {"scan": scan, "stratum": stratum})
        return Key(row[0], bytes(row[1]), bytes(row[2])) if row is not None else None


def put_key(connection: Connection, scan: str, key: Key) -> None:
    connection.execute(
        insert(SigningKey).values(scan=scan, stratum=key.stratum, modulus=key.modulus, sealed=key.sealed)
    )


def keys(connection: Connection, scan: str) -> list[Key]:
    """By stratum."""
    rows = connection.execute(
        select(SigningKey.stratum, SigningKey.modulus, SigningKey.sealed)
        .where(SigningKey.scan == scan)
        .order_by(SigningKey.stratum)
    )
    return [Key(*row) for row in rows]


def put_invitations(connection: Connection, scan: str, stratum: int, marks: Iterable[bytes]) -> None:
    """New tokens, in order of their hashes."""
    rows = [{"mark": mark, "scan": scan, "stratum": stratum, "blinded": NOT_YET} for mark in sorted(marks)]
    if rows:
        connection.execute(insert(Invitation), rows)


def has_invitations(connection: Connection, scan: str) -> bool:
    return (
        connection.execute(select(Invitation.mark).where(Invitation.scan == scan).limit(1)).first()
        is not None
    )


def forget(connection: Connection, scan: str) -> None:
    """Take away all of a scan but the number of links that were replaced; `secure_delete` overwrites it."""
    for table in (SigningKey, Invitation, Invited, InvitationLetter):
        connection.execute(delete(table).where(table.scan == scan))
