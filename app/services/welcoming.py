"""Who asks: a slug enters, what respondents may know of the organisation before a scan is known leaves."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage.database import BALLOTS, Store
from app.storage.office import organisations
from app.storage.office.organisations import HelpLine, Organisation, OrganisationSettings


@dataclass(frozen=True)
class House:
    """An organisation as respondents see it; `weaker`: the order of ballots can't be wiped out."""

    organisation_name: str
    slug: str
    operator: str
    help_lines: tuple[HelpLine, ...]
    report_elsewhere: str
    quick_exit: str
    weaker: bool


def house(store: Store, slug: str) -> House | None:
    """None when no organisation has this slug."""
    with store.reading() as session:
        found = organisations.by_slug(session, slug)
        return None if found is None else _of(store, found)


def slugs(store: Store) -> tuple[str, ...]:
    """Every organisation of this installation, the oldest first."""
    with store.reading() as session:
        return tuple(found.slug for found in organisations.everyone(session))


def nobody(store: Store) -> House:
    """Stands in where the address names no organisation: the national help lines, and no name."""
    chosen = OrganisationSettings()
    return House("", "", "", chosen.help_lines, "", chosen.quick_exit, _weaker(store))


def _of(store: Store, found: Organisation) -> House:
    chosen = found.settings
    return House(
        organisation_name=found.name,
        slug=found.slug,
        operator=chosen.operator or found.name,
        help_lines=tuple(sorted(chosen.help_lines, key=lambda line: not line.own)),
        report_elsewhere=chosen.report_elsewhere,
        quick_exit=chosen.quick_exit,
        weaker=_weaker(store),
    )


def _weaker(store: Store) -> bool:
    return store.engine(BALLOTS).dialect.name != "sqlite"
