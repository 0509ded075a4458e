"""Hearing: what an update begins from enters by kind and id; its source and first words leave, from released documents only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from app.core import feedback
from app.core.access import Actor, check
from app.core.advice import COUNCIL_TOO, State
from app.core.days import local_day
from app.core.feedback import LANGUAGES, Content, Source, SourceKind
from app.core.refusal import Refused
from app.core.release import Document
from app.core.signal_report.kinds import Kind
from app.core.signal_report.kinds import read as read_window
from app.render import heard, signal_words
from app.render.reading import UNIT, Group, Reading
from app.services import advising, deciding, opening, releasing, reporting, voicing
from app.services.releasing import LookedPast
from app.storage.database import Store
from app.storage.office import scans
from app.storage.office.decisions import Decision
from app.storage.office.scans import Scan

Names = Mapping[str, Mapping[str, str]]
"""Theme id -> language -> name."""


@dataclass(frozen=True)
class Begun:
    """What an update begins with: `heard` by language; of an advice what management answered and the decision it took."""

    theme: str
    source: Source
    heard: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    decision: Decision | None = None
    answer: feedback.Decision | None = None


_ANSWERS = {
    State.DO: feedback.Decision.DO,
    State.PARTLY: feedback.Decision.PARTLY,
    State.WONT: feedback.Decision.DONT,
}


@dataclass(frozen=True)
class Place:
    """A unit of a released scan; `shown`: whether it is published at all."""

    code: str
    name: str
    depth: int
    shown: bool


def begin(
    store: Store,
    *,
    kind: SourceKind,
    ref: str,
    theme: str,
    unit: str | None,
    names: Names,
    by: Actor,
    now: datetime,
) -> Begun:
    """What an update on this begins with.

    Raises NotAllowed, or Refused: no-source, no-theme, no-unit, not-yet, and "withheld", whose facts hold the reason by language.
    """
    check("post-update", by)
    match kind:
        case SourceKind.SCAN:
            return _from_scan(store, ref, theme, unit, by, now)
        case SourceKind.REPORT:
            return _from_report(store, ref, theme, names, by)
        case SourceKind.ADVICE:
            return _from_advice(store, ref, by, now)
        case SourceKind.COMMENTS:
            return _from_comments(store, ref, theme, by, now)
    return Begun(theme, Source(SourceKind.OTHER, period=_quarter(local_day(now))), unit=unit)


def check_content(
    store: Store, *, content: Content, before: Content | None, by: Actor, now: datetime
) -> None:
    """That an update's source is one of ours and open, and its unit published; what was so in the version `before` may stay.

    Raises Refused: no-source, no-theme, no-unit, withheld, not-yet.
    """
    source = content.source
    if before is not None and (before.source, before.theme, before.unit) == (
        source,
        content.theme,
        content.unit,
    ):
        return
    if source.kind is SourceKind.SCAN:
        _from_scan(store, source.ref, content.theme, content.unit, by, now)
    elif source.kind is SourceKind.REPORT:
        reporting.document(store, digest=source.ref, by=by)
    elif source.kind is SourceKind.ADVICE:
        _from_advice(store, source.ref, by, now)
    elif source.kind is SourceKind.COMMENTS:
        _scan(store, source.ref, by, now)
    if content.unit is not None and content.unit not in published_units(
        store, by=by, now=now, scan=source.ref
    ):
        raise Refused("no-unit", "choose a unit that is shown in the results")


def released_scans(store: Store, *, by: Actor, now: datetime) -> list[Scan]:
    """Scans whose results everybody may read, the newest first."""
    check("post-update", by)
    return opening.open_scans(store, organisation=by.organisation, now=now)


def themes_of(store: Store, *, scan: str, language: str) -> tuple[str, ...]:
    return heard.themes_of(_reading(store, scan, language))


def places(store: Store, *, scan: str, language: str) -> tuple[Place, ...]:
    """Units of a released scan in tree order, the withheld ones too; the organisation as a whole is left out."""
    found = _reading(store, scan, language)
    return tuple(
        Place(group.code, group.name, group.depth, group.published)
        for group in found.parts
        if group.grouping == UNIT
    )


def published_units(store: Store, *, by: Actor, now: datetime, scan: str = "") -> dict[str, str]:
    """Code -> name of the published units of the newest open scan, and of `scan`: what an update may be about."""
    rows = opening.open_scans(store, organisation=by.organisation, now=now)
    chosen = [row for row in rows if row.id == scan] + rows[:1]
    found: dict[str, str] = {}
    for row in reversed(chosen):
        found |= {one.code: one.name for one in places(store, scan=row.id, language="nl") if one.shown}
    return found


def _from_scan(store: Store, ref: str, theme: str, unit: str | None, by: Actor, now: datetime) -> Begun:
    row = _scan(store, ref, by, now)
    words: dict[str, str] = {}
    for language in LANGUAGES:
        reading = _reading(store, ref, language)
        group = _group(reading, unit)
        try:
            words[language] = heard.of_scan(reading, group, theme)
        except Refused as error:
            if error.reason != "withheld":
                raise
            why = {one: _why(store, ref, one, unit, theme) for one in LANGUAGES}
            raise Refused("withheld", why["en"], **why) from error
    source = Source(SourceKind.SCAN, ref, row.name, _quarter(row.opened_on or local_day(now)))
    return Begun(theme, source, words, unit)


def _why(store: Store, ref: str, language: str, unit: str | None, theme: str) -> str:
    reading = _reading(store, ref, language)
    return heard.why_withheld(reading, _group(reading, unit), heard.scales_of(reading, theme)[0])


def _from_report(store: Store, ref: str, theme: str, names: Names, by: Actor) -> Begun:
    document = reporting.document(store, digest=ref, by=by)
    said = _theme_in(document, theme, names)
    kind, window, language = document["kind"], document["window"], document["language"]
    words = {one: heard.of_report(document, names.get(theme, {}).get(one, said), one) for one in LANGUAGES}
    span = read_window(Kind(kind), window)
    source = Source(SourceKind.REPORT, ref, signal_words.named(kind, window, language), str(span.last))
    return Begun(theme, source, words)


def report_themes(document: Document, names: Names) -> list[str]:
    """The themes that a report names, by id; one of an adviser's own making by its name."""
    language = document["language"]
    ids = {name[language]: id for id, name in names.items() if language in name}
    return [ids.get(said, said) for said in document["themes"]]


def _theme_in(document: Document, theme: str, names: Names) -> str:
    for id, said in zip(report_themes(document, names), document["themes"], strict=True):
        if id == theme:
            return str(said)
    raise Refused("no-theme", "this report doesn't name that theme")


def _from_advice(store: Store, ref: str, by: Actor, now: datetime) -> Begun:
    """Theme and period only: its words are for those it was given to. That management alone was given one is not told."""
    today = local_day(now)
    if not ref.isdigit():
        raise Refused("no-source", "there is no such advice in this organisation")
    with store.reading() as session:
        try:
            told = advising.own(session, int(ref), by, today)
        except Refused as error:
            raise Refused("no-source", error.message) from error
    made = [row for row in deciding.readable(store, by=by, today=today) if row.advice_id == told.id]
    period = _quarter(told.now.first_on)
    shared = told.audience == COUNCIL_TOO
    source = (
        Source(SourceKind.ADVICE, ref, period=period) if shared else Source(SourceKind.OTHER, period=period)
    )
    return Begun(told.theme, source, decision=made[-1] if made else None, answer=_ANSWERS.get(told.now.state))


def _from_comments(store: Store, ref: str, theme: str, by: Actor, now: datetime) -> Begun:
    row = _scan(store, ref, by, now)
    found = next((one for one in voicing.of_scan(store, scan=ref) if one.theme == theme), None)
    if found is None:
        raise Refused("no-theme", "nothing of the comments on that theme was released")
    words = {
        one: heard.of_comments(found.title.get(one, theme), found.words.get(one, ""), found.people, one)
        for one in LANGUAGES
    }
    return Begun(
        theme, Source(SourceKind.COMMENTS, ref, row.name, _quarter(row.opened_on or local_day(now))), words
    )


def _scan(store: Store, ref: str, by: Actor, now: datetime) -> Scan:
    """A scan of this organisation whose results everybody may read. Raises Refused: no-source, not-yet."""
    with store.reading() as session:
        row = scans.get(session, ref)
    if row is None or row.organisation_id != by.organisation:
        raise Refused("no-source", "there is no such scan in this organisation")
    opening.check_row(row, by=None, now=now)
    return row


def _group(reading: Reading, unit: str | None) -> Group:
    if unit is None:
        return reading.whole
    found = reading.group(UNIT, unit)
    if found is None:
        raise Refused("no-unit", "there is no such unit in that scan")
    return found


def _reading(store: Store, scan: str, language: str) -> Reading:
    return _read(LookedPast(store), releasing.latest_digest(store, scan=scan), language)


@lru_cache(maxsize=8)
def _read(kept: LookedPast, digest: str, language: str) -> Reading:
    return Reading(language, digest, releasing.of_digest(kept.store, digest))


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
