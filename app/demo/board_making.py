"""Making an update of the demo's board on the days on which it was made, through the services that people use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.core.access import Actor
from app.core.feedback import LANGUAGES, Content, Decision, SourceKind, State, Words
from app.services import hearing, posting, remarking
from app.storage.database import Store

Days = int
"""Days ago; negative for a day to come."""


@dataclass(frozen=True)
class Told:
    """An update as it was first published. `words`: language -> title, what is added to what was heard, why, what changes."""

    theme: str
    scan: str
    by: Actor
    published: Days
    words: Mapping[str, tuple[str, str, str, str]]
    state: State = State.DECIDED
    decision: Decision | None = Decision.DO
    owner: str = "manager"
    due: Days | None = None
    next: Days | None = None
    scales: tuple[str, ...] = ()
    unit: str | None = None


class Maker:
    """Makes updates on the days on which they were made."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._ago: Callable[[Days], datetime] = lambda days: now - timedelta(days=days)

    def publish(self, told: Told) -> int:
        at = self._ago(told.published)
        update = posting.save(self._store, content=self._content(told, at), by=told.by, now=at)
        posting.publish(self._store, update=update, by=told.by, now=at)
        return update

    def change(self, update: int, by: Actor, days: Days, *, state: State, **dates: Any) -> None:
        from app.storage.office import updates

        at = self._ago(days)
        with self._store.reading() as session:
            before = updates.versions(session, update)[-1].content
        content = replace(before, state=state, **dates)
        posting.save(self._store, content=content, update=update, by=by, now=at)
        posting.publish(self._store, update=update, by=by, now=at)

    def remark(self, update: int, by: Actor, days: Days, language: str, text: str) -> None:
        remarking.remark(self._store, update=update, text=text, language=language, by=by, now=self._ago(days))

    def _content(self, told: Told, at: datetime) -> Content:
        begun = hearing.begin(
            self._store,
            kind=SourceKind.SCAN,
            ref=told.scan,
            theme=told.theme,
            unit=told.unit,
            names={},
            by=told.by,
            now=at,
        )
        words = {}
        for language in LANGUAGES:
            title, heard, why, changes = told.words[language]
            words[language] = Words(title, f"{heard}\n\n{begun.heard[language]}", why, changes)
        return Content(
            theme=told.theme,
            words=words,
            source=begun.source,
            state=told.state,
            decision=told.decision,
            owner=told.owner,
            due_on=self._day(told.due),
            next_on=self._day(told.next),
            scales=told.scales,
            unit=told.unit,
        )

    def _day(self, days: Days | None) -> date | None:
        return None if days is None else self._ago(days).date()
