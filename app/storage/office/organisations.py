"""Organisations and their settings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db


@dataclass(frozen=True)
class HelpLine:
    """Somewhere to find help: who, how to reach them, when; `own` marks the organisation's own advisers, listed first."""

    name: str
    contact: str
    hours: str = ""
    own: bool = False


NATIONAL_HELP = (
    HelpLine("Centrum Seksueel Geweld", "0800-0188", "24/7"),
    HelpLine("113 Zelfmoordpreventie", "113 / 0800-0113", "24/7"),
    HelpLine("Slachtofferhulp Nederland", "0900-0101", ""),
    HelpLine("112", "112", ""),
)


@dataclass(frozen=True)
class OrganisationSettings:
    """What an organisation chooses for itself. `operator` is who runs the server, as respondents read it."""

    operator: str = ""
    report_elsewhere: str = ""
    help_lines: tuple[HelpLine, ...] = field(default=NATIONAL_HELP)
    coordinator_prints_slips: bool = False
    quick_exit: str = "https://www.nu.nl/weer"
    advice_reminders: bool = True

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> OrganisationSettings:
        values: dict[str, Any] = json.loads(text)
        lines = tuple(
            HelpLine(**line) for line in values.pop("help_lines", [asdict(line) for line in NATIONAL_HELP])
        )
        return cls(help_lines=lines, **values)


class Organisation(db.Model):
    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    settings_json: Mapped[str] = mapped_column(Text, default="{}")

    @property
    def settings(self) -> OrganisationSettings:
        return OrganisationSettings.from_json(self.settings_json)

    @settings.setter
    def settings(self, value: OrganisationSettings) -> None:
        self.settings_json = value.to_json()


def by_slug(session: Session, slug: str) -> Organisation | None:
    return session.scalar(select(Organisation).where(Organisation.slug == slug))


def get(session: Session, organisation: int) -> Organisation | None:
    return session.get(Organisation, organisation)


def everyone(session: Session) -> list[Organisation]:
    """All organisations in the order they were made; the first is the default of the command line."""
    return list(session.scalars(select(Organisation).order_by(Organisation.id)))
