"""Long work and its progress, so that a page can show how far it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db


class Task(db.Model):
    """One act given to the worker. `state` is waiting, running, done, failed or stopped; `done` of `total` steps.

    `outcome` is JSON that the act leaves for its page; nothing unprotected.
    """

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scan_id: Mapped[str | None] = mapped_column(ForeignKey("scan.id"), index=True)
    act: Mapped[str] = mapped_column(String(24))
    by: Mapped[str] = mapped_column(String(254))
    argument: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(DateTime)


def latest(session: Session, scan: str, act: str) -> Task | None:
    return session.scalar(
        select(Task).where(Task.scan_id == scan, Task.act == act).order_by(Task.id.desc()).limit(1)
    )


UNFINISHED = ("waiting", "running")


def under_way(session: Session, scan: str, act: str, argument: str) -> Task | None:
    """The same work, asked for before and not finished."""
    return session.scalar(
        select(Task)
        .where(Task.scan_id == scan, Task.act == act, Task.argument == argument, Task.state.in_(UNFINISHED))
        .limit(1)
    )


def unfinished(session: Session) -> list[Task]:
    """Waiting or running, oldest first."""
    return list(session.scalars(select(Task).where(Task.state.in_(UNFINISHED)).order_by(Task.id)))


def latest_done(session: Session, scan: str, act: str) -> Task | None:
    return session.scalar(
        select(Task)
        .where(Task.scan_id == scan, Task.act == act, Task.state == "done")
        .order_by(Task.id.desc())
        .limit(1)
    )
