"""The feedback board of an organisation: where it is, its updates version by version, and advisers' remarks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.feedback import Content, from_json
from app.storage.database import db
from app.storage.office.frozen import guard_published, guard_rows


class Board(db.Model):
    """`address` stands in the links: the organisation's slug where it is public, else an unguessable part."""

    __tablename__ = "board"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(40), unique=True)
    public: Mapped[bool] = mapped_column(Boolean, default=False)
    second_reader: Mapped[bool] = mapped_column(Boolean, default=False)


class Update(db.Model):
    """One update. `version` is the published one, 0 for none yet; `publish_on` the day a waiting draft is published by itself.

    `by_account` made it; `writers` are the accounts (ids, spaces between) that changed it since it was last published, and
    `approved_by` is its second reader. A withdrawn update says why.
    """

    __tablename__ = "board_update"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int] = mapped_column(Integer, default=0)
    by_account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_role: Mapped[str] = mapped_column(String(20))
    writers: Mapped[str] = mapped_column(Text, default="", server_default="")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    publish_on: Mapped[date | None] = mapped_column(Date)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)
    withdrawn_why: Mapped[str] = mapped_column(Text, default="", server_default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime)

    @property
    def written_by(self) -> frozenset[int]:
        return frozenset(int(account) for account in self.writers.split())

    def note_writer(self, account: int) -> None:
        self.writers = " ".join(str(one) for one in sorted({*self.written_by, account}))


class UpdateVersion(db.Model):
    """What an update said: versions up to the published one never change; the one after it is the draft."""

    __tablename__ = "board_update_version"
    __table_args__ = (UniqueConstraint("update_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("board_update.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    content_json: Mapped[str] = mapped_column(Text)
    by_role: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime | None] = mapped_column(DateTime)

    @property
    def content(self) -> Content:
        return from_json(self.content_json)


guard_published(UpdateVersion)


class Remark(db.Model):
    """An adviser's own words beside an update; management can't change them, and the adviser adds rather than changes."""

    __tablename__ = "board_remark"
    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("board_update.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    on: Mapped[date] = mapped_column(Date)


guard_rows(Remark)


def board(session: Session, organisation: int) -> Board | None:
    return session.get(Board, organisation)


def at(session: Session, address: str) -> Board | None:
    return session.scalar(select(Board).where(Board.address == address))


def get(session: Session, organisation: int, update: int) -> Update | None:
    row = session.get(Update, update)
    return row if row is not None and row.organisation_id == organisation else None


def published(session: Session, organisation: int) -> list[tuple[Update, UpdateVersion]]:
    """Updates that people see, each with the version they see; what was published last comes first."""
    rows = session.execute(
        select(Update, UpdateVersion)
        .join(
            UpdateVersion,
            (UpdateVersion.update_id == Update.id) & (UpdateVersion.version == Update.version),
        )
        .where(Update.organisation_id == organisation, Update.version > 0, Update.withdrawn.is_(False))
        .order_by(UpdateVersion.published_at.desc(), Update.id.desc())
    )
    return [(update, version) for update, version in rows]


def versions(session: Session, update: int) -> list[UpdateVersion]:
    """Every version of an update, the first one first; a draft comes last."""
    return list(
        session.scalars(
            select(UpdateVersion).where(UpdateVersion.update_id == update).order_by(UpdateVersion.version)
        )
    )


def of_version(session: Session, update: int, version: int) -> UpdateVersion | None:
    """One published version; None for 0, which no update has published."""
    if not version:
        return None
    return session.scalar(
        select(UpdateVersion).where(UpdateVersion.update_id == update, UpdateVersion.version == version)
    )


def all_versions(session: Session, organisation: int) -> list[tuple[Update, list[UpdateVersion]]]:
    """Updates that people see, each with its published versions, the first one first; two statements for any number of them."""
    shown = {update.id: update for update, _ in published(session, organisation)}
    found: dict[int, list[UpdateVersion]] = {update: [] for update in shown}
    rows = session.scalars(
        select(UpdateVersion)
        .join(Update, Update.id == UpdateVersion.update_id)
        .where(Update.organisation_id == organisation, UpdateVersion.version <= Update.version)
        .order_by(UpdateVersion.version)
    )
    for row in rows:
        if row.update_id in found:
            found[row.update_id].append(row)
    return [(update, found[update.id]) for update in shown.values()]


def latest_change(session: Session, organisation: int) -> datetime | None:
    """When something was last published or withdrawn; a page made before it is out of date."""
    published_at = session.scalar(
        select(func.max(UpdateVersion.published_at))
        .join(Update, Update.id == UpdateVersion.update_id)
        .where(Update.organisation_id == organisation)
    )
    withdrawn_at = session.scalar(
        select(func.max(Update.withdrawn_at)).where(Update.organisation_id == organisation)
    )
    return max(filter(None, (published_at, withdrawn_at)), default=None)


def latest_remark(session: Session, organisation: int) -> int:
    """The number of the newest remark, 0 for none; a page made before it is out of date."""
    found = session.scalar(
        select(func.max(Remark.id))
        .join(Update, Update.id == Remark.update_id)
        .where(Update.organisation_id == organisation)
    )
    return found or 0


def everything(session: Session, organisation: int) -> list[tuple[Update, list[UpdateVersion]]]:
    """Every update, drafts and withdrawn ones too, each with its versions; what was made last comes first."""
    made = list(
        session.scalars(
            select(Update).where(Update.organisation_id == organisation).order_by(Update.id.desc())
        )
    )
    found: dict[int, list[UpdateVersion]] = {update.id: [] for update in made}
    rows = session.scalars(
        select(UpdateVersion)
        .join(Update, Update.id == UpdateVersion.update_id)
        .where(Update.organisation_id == organisation)
        .order_by(UpdateVersion.version)
    )
    for row in rows:
        found[row.update_id].append(row)
    return [(update, found[update.id]) for update in made]


def of_decisions(session: Session, organisation: int) -> dict[int, int]:
    """Decision -> the newest update that grew out of it and was not withdrawn."""
    rows = session.execute(
        select(Update.decision_id, Update.id)
        .where(
            Update.organisation_id == organisation,
            Update.decision_id.is_not(None),
            Update.withdrawn.is_(False),
        )
        .order_by(Update.id)
    )
    return {decision: update for decision, update in rows if decision is not None}


def draft_of(session: Session, update: Update) -> UpdateVersion | None:
    """The version after the published one, while it is being written."""
    return session.scalar(
        select(UpdateVersion).where(
            UpdateVersion.update_id == update.id, UpdateVersion.version == update.version + 1
        )
    )


def due(session: Session, today: date) -> list[Update]:
    """Of every organisation: updates whose draft is to be published by today."""
    return list(
        session.scalars(
            select(Update)
            .where(Update.publish_on.is_not(None), Update.publish_on <= today, Update.withdrawn.is_(False))
            .order_by(Update.id)
        )
    )


def add(session: Session, row: Board | Update | UpdateVersion | Remark) -> None:
    session.add(row)
    session.flush()


def drop_draft(session: Session, row: UpdateVersion) -> None:
    session.delete(row)
    session.flush()


def drop(session: Session, row: Update) -> None:
    """Only for one that was never published."""
    session.delete(row)
    session.flush()


def remarks(session: Session, update: int) -> list[Remark]:
    """The first one first."""
    return list(session.scalars(select(Remark).where(Remark.update_id == update).order_by(Remark.id)))
