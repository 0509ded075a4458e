"""Measuring: scans and updates of an organisation enter; how well it keeps its word leaves, for those who may see measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core import effect, measures
from app.core.access import Actor, check
from app.core.feedback import State
from app.core.measures import Belief, Heard, Promised, Share
from app.core.release import Release
from app.services import promising, releasing
from app.services.promising import Told
from app.storage.database import Store
from app.storage.office import scans
from app.storage.office.scans import Scan


@dataclass(frozen=True)
class Measures:
    """`days` is a median; `beliefs` the earliest scan first."""

    decided: Share
    days: float | None
    on_time: Share
    beliefs: tuple[Belief, ...]


def measure(store: Store, *, by: Actor, language: str, today: date) -> Measures:
    check("see-measures", by)
    with store.reading() as session:
        rows = [
            (row, promising.out_on(session, row, today))
            for row in scans.of_organisation(session, by.organisation)
        ]
        said = promising.told(session, by.organisation)
    out = sorted(((day, row) for row, day in rows if day is not None), key=lambda pair: (pair[0], pair[1].id))
    heard = [one for day, row in out if not row.imported for one in _heard(store, row, day, said)]
    promised = [due for update in said if (due := _promised(update)) is not None]
    return Measures(
        measures.decided_in_time(heard, today),
        measures.days_to_decide(heard),
        measures.done_on_time(promised, today),
        tuple(one for day, row in out if (one := _belief(store, row, day, language)) is not None),
    )


def _heard(store: Store, row: Scan, out: date, said: tuple[Told, ...]) -> list[Heard]:
    """Each theme of a scan, with the first decision on it that came after the results."""
    return [
        Heard(theme, out, min(_decided(said, theme, out), default=None))
        for theme in promising.themes_of(store, row.id)
    ]


def _decided(said: tuple[Told, ...], theme: str, out: date) -> list[date]:
    found = []
    for one in said:
        day = effect.dates(one.versions).decided_on
        if one.content.theme == theme and day is not None and day >= out:
            found.append(day)
    return found


def _promised(one: Told) -> Promised | None:
    """By the date it was promised for at first; nothing where none was, or where it was stopped."""
    due = next((content.due_on for _, content in one.versions if content.due_on is not None), None)
    if due is None or one.content.state is State.STOPPED:
        return None
    done = next((day for day, content in one.versions if content.state is State.DONE), None)
    return Promised(due, done)


def _belief(store: Store, row: Scan, out: date, language: str) -> Belief | None:
    return measures.belief(
        Release(releasing.document(store, scan=row.id)), name=row.name, on=out, language=language
    )
