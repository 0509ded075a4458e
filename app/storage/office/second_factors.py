"""Second factors of staff: passkeys, the secret of an app, spare codes, and what a session was asked to prove.

The secret of an app lies here wrapped (app/crypto/one_time.py), spare codes as hashes, of passkeys the public half only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    delete,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.access import Role
from app.storage.database import db
from app.storage.office.accounts import Account, Membership, SignIn

MOST_NAME = 60


class Passkey(db.Model):
    """One key of one account. `name` is what its owner calls it; `count` what the key said when it was last used."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("credential", name="one_owner"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(1023))
    public: Mapped[bytes] = mapped_column(LargeBinary(2048))
    count: Mapped[int] = mapped_column(Integer, default=0)
    name: Mapped[str] = mapped_column(String(MOST_NAME))


class CodeApp(db.Model):
    """The app of an account, and the last time step whose code was used: no code works twice."""

    __tablename__ = "code_app"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary(128))
    last_step: Mapped[int] = mapped_column(Integer, default=0)


class SpareCode(db.Model):
    """The hash of a code that works once."""

    __tablename__ = "spare_code"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Challenge(db.Model):
    """What one session was asked, per purpose; answered once, until `ends_at`."""

    __tablename__ = "challenge"
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary(128))
    ends_at: Mapped[datetime] = mapped_column(DateTime)


@dataclass(frozen=True)
class Standing:
    """A session and its account: what it has shown, has to show, and could show."""

    sign_in: SignIn
    account: Account
    is_adviser: bool
    has_factor: bool

    @property
    def half(self) -> bool:
        """Whether a second factor must be shown, or set up, before anything opens."""
        return not self.sign_in.second and (self.is_adviser or self.has_factor)


def standing(session: Session, token: bytes) -> Standing | None:
    adviser = exists().where(Membership.account_id == Account.id, Membership.role == Role.ADVISER.value)
    app = exists().where(CodeApp.account_id == Account.id)
    passkey = exists().where(Passkey.account_id == Account.id)
    row = session.execute(
        select(SignIn, Account, adviser, app | passkey)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.token == token)
    ).first()
    return Standing(row[0], row[1], bool(row[2]), bool(row[3])) if row is not None else None


def is_adviser(session: Session, account: int) -> bool:
    """In any organisation."""
    query = select(Membership.role).where(
        Membership.account_id == account, Membership.role == Role.ADVISER.value
    )
    return session.scalar(query.limit(1)) is not None


def passkeys(session: Session, account: int) -> list[Passkey]:
    return list(session.scalars(select(Passkey).where(Passkey.account_id == account).order_by(Passkey.id)))


def passkey(session: Session, account: int, number: int) -> Passkey | None:
    """One of this account's own, else None."""
    return session.scalar(select(Passkey).where(Passkey.account_id == account, Passkey.id == number))


def is_known(session: Session, credential: bytes) -> bool:
    return session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None


def code_app(session: Session, account: int) -> CodeApp | None:
    return session.get(CodeApp, account)


def count_spare_codes(session: Session, account: int) -> int:
    query = select(func.count()).select_from(SpareCode).where(SpareCode.account_id == account)
    return session.scalar(query) or 0


def set_spare_codes(session: Session, account: int, marks: list[bytes]) -> None:
    """These and no others work from now on."""
    session.execute(delete(SpareCode).where(SpareCode.account_id == account))
    session.add_all(SpareCode(account_id=account, mark=mark) for mark in marks)


def use_spare_code(session: Session, account: int, mark: bytes) -> bool:
    """Whether it was one; it is none any more."""
    query = delete(SpareCode).where(SpareCode.account_id == account, SpareCode.mark == mark)
    return bool(session.scalars(query.returning(SpareCode.mark)).all())


def use_step(session: Session, account: int, step: int) -> bool:
    """Note the step as used; False when another request has used it, or a later one, meanwhile."""
    row = session.get(CodeApp, account, with_for_update=True, populate_existing=True)
    if row is None or row.last_step >= step:
        return False
    row.last_step = step
    return True


def forget(session: Session, account: int) -> None:
    """Every factor and spare code of the account."""
    for table in (Passkey, CodeApp, SpareCode):
        session.execute(delete(table).where(table.account_id == account))


def ask(session: Session, token: bytes, purpose: str, body: bytes, ends_at: datetime) -> None:
    """Keep what this session is asked; what it was asked before for this purpose is over."""
    session.execute(delete(Challenge).where(Challenge.token == token, Challenge.purpose == purpose))
    session.add(Challenge(token=token, purpose=purpose, body=body, ends_at=ends_at))


def asked(session: Session, token: bytes, purpose: str, now: datetime) -> bytes | None:
    """What this session was asked, if it may still answer."""
    return session.scalar(
        select(Challenge.body).where(
            Challenge.token == token, Challenge.purpose == purpose, Challenge.ends_at > now
        )
    )


def take(session: Session, token: bytes, purpose: str, now: datetime) -> bytes | None:
    """The same, once."""
    body = asked(session, token, purpose, now)
    session.execute(delete(Challenge).where(Challenge.token == token, Challenge.purpose == purpose))
    return body


def tidy(session: Session, now: datetime) -> None:
    session.execute(delete(Challenge).where(Challenge.ends_at <= now))
