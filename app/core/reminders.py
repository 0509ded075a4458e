"""Which promises call for a reminder: dates and owners enter, what to tell whom leaves. Before a date, once; never after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.access import Role

AHEAD = timedelta(days=7)
_ROLES: Mapping[str, Role] = {
    "manager": Role.MANAGER,
    "coordinator": Role.COORDINATOR,
    "works-council": Role.WORKS_COUNCIL,
    "adviser": Role.ADVISER,
}


@dataclass(frozen=True)
class Due:
    """One promise. `of` names it for good ("update:7:due"), `what` is "due", "next", "results" or "decisions"."""

    of: str
    what: str
    day: date
    owner: str
    titles: Mapping[str, str]

    def title(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()))


def calling(promises: Iterable[Due], reminded: set[tuple[str, date]], today: date) -> tuple[Due, ...]:
    """Those within a week, today included, that nobody was reminded of; a date that was moved counts anew."""
    near = [
        one for one in promises if today <= one.day <= today + AHEAD and (one.of, one.day) not in reminded
    ]
    return tuple(sorted(near, key=lambda one: (one.day, one.of)))


def role_of(owner: str, held: frozenset[Role]) -> Role:
    """Who is written to; a role that nobody holds, or none of the roles here, is the coordinator's."""
    role = _ROLES.get(owner, Role.COORDINATOR)
    return role if role in held else Role.COORDINATOR
