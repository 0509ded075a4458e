"""Reporting: an adviser drafts a signal report inside the open vault, edits it there, and releases exactly what was previewed.

A draft is kept sealed. Release makes one immutable row, which coordinator, manager and works council read and nobody edits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.core.signal_report import document as parts
from app.core.signal_report import kinds, making, naming, watching
from app.core.signal_report.document import Document, Draft
from app.core.signal_report.kinds import Kind, Window
from app.core.signals.card import Card
from app.services import drafting, keeping, remembering_themes, retaining_signals
from app.services.drafting import Names
from app.services.keeping import OpenVault
from app.storage.database import Session, Store
from app.storage.office import audit, signal_reports
from app.storage.office.signal_reports import ListedReport, SignalReport

WHAT = "signal-report"
LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Preview:
    """What would leave, byte for byte, and what in the adviser's own words asks for another look."""

    document: Document
    marks: tuple[watching.Mark, ...]


def employees(store: Store, *, by: Actor) -> int | None:
    """How many people the newest scan of the organisation counts; None without a scan."""
    with store.reading() as session:
        return drafting.employees(session, by.organisation)


def draft(
    store: Store,
    opened: OpenVault,
    *,
    kind: str,
    window: str,
    language: str,
    names: Names,
    by: Actor,
    now: datetime,
    draw: bool = True,
) -> str:
    """Make a draft from the cards, with ready sentences; gives its id. `names` are those of themes, in this language.

    Without `draw` its figures are drawn each time somebody asks for the PDF of the draft, and once for that of the report.
    Raises NotAllowed, ValueError for a window that is none, Refused("not-over", "released-already", "counts-only").
    """
    check("release-report", by)
    found, span = Kind(kind), kinds.read(Kind(kind), window)
    if not kinds.ended(span, now.date()):
        raise Refused("not-over", "a report is made of a period that is over")
    with store.office() as session:
        _check_new(session, by.organisation, kind, span.id, language)
        if any(kinds.touches(span, year) for year in retaining_signals.counts(session, opened)):
            raise Refused(
                "counts-only", "of this period only counts are left, and a report can't be made of those"
            )
        new = _drafted(session, opened, found, span, language, names, now)
        new = drafting.drawn(new) if draw else new
        _keep(session, opened, new)
        return new.id


def counted_years(store: Store, opened: OpenVault, *, by: Actor) -> tuple[int, ...]:
    """Years no report can be made of any more. Their counts don't tell how many people came in a window, and in which roles
    and by which route not at all; a report would say too little, as if fewer had come."""
    check("release-report", by)
    return tuple(sorted(retaining_signals.earlier(store, opened, by=by).years))


def drafts(store: Store, opened: OpenVault, *, by: Actor) -> list[Draft]:
    """In the order of their windows, the latest first."""
    check("release-report", by)
    with store.reading() as session:
        found = [one for _key, one in _drafts(session, opened)]
    return sorted(found, key=lambda one: (one.window, one.kind, one.id), reverse=True)


def one_draft(store: Store, opened: OpenVault, *, id: str, by: Actor) -> Draft:
    """Raises Refused("no-draft")."""
    check("release-report", by)
    with store.reading() as session:
        return _find(session, opened, id)[1]


def edit(store: Store, opened: OpenVault, *, id: str, by: Actor, now: datetime, **words: Any) -> Draft:
    """Put the adviser's words in the place of the earlier ones; `words` as Draft.edited takes them. Raises Refused."""
    check("release-report", by)
    with store.office() as session:
        key, before = _find(session, opened, id)
        edited = before.edited(**words)
        after = drafting.reweighed(session, by.organisation, before, edited, now=now)
        keeping.change(session, opened, kind=keeping.DRAFT, bodies={key: _body(after)})
        return after


def drop(store: Store, opened: OpenVault, *, id: str, by: Actor) -> None:
    check("release-report", by)
    with store.office() as session:
        key, _draft = _find(session, opened, id)
        keeping.forget(session, opened, kind=keeping.DRAFT, keys=[key])


def preview(store: Store, opened: OpenVault, *, id: str, by: Actor, now: datetime) -> Preview:
    """Exactly what would leave today."""
    return previewed(one_draft(store, opened, id=id, by=by), now.date())


def previewed(one: Draft, today: date) -> Preview:
    words = {**one.texts, "risks": one.risk_reason}
    words |= {f"decision-{at}": asked.text for at, asked in enumerate(one.decisions, 1)}
    marks = (*watching.marks(words), *watching.left_out(words, one.left_out), *watching.fallen(one.falling))
    return Preview(parts.document(one, today), marks)


def release(
    store: Store, opened: OpenVault, *, id: str, digest: str, confirmed: bool, by: Actor, now: datetime
) -> str:
    """Release what the adviser saw under this digest; gives the digest. The draft is gone from the vault then.

    Raises NotAllowed; Refused: "no-draft", "changed" when it isn't what was previewed, "look-again" when words are marked and
    not confirmed, "released-already", "tells-too-much" when another report was released since and both together would,
    "other-language" when the same report left in another language with other figures or themes.
    """
    check("release-report", by)
    with store.office() as session:
        key, one = _find(session, opened, id)
        shown = previewed(one, now.date())
        if shown.document["digest"] != digest:
            raise Refused("changed", "this draft is not what you looked at; look at it again")
        if shown.marks and not confirmed:
            raise Refused("look-again", "some words may tell of a person; confirm that they may leave")
        _check_new(session, by.organisation, one.kind, one.window, one.language)
        cards = [*keeping.cards(session, opened).values()]
        _check_together(session, opened, one, cards)
        row = SignalReport(
            organisation_id=by.organisation,
            digest=digest,
            kind=one.kind,
            window=one.window,
            language=one.language,
            document=parts.canonical(shown.document),
            released_on=now.date(),
            next_due=date.fromisoformat(one.next_due),
        )
        signal_reports.add(session, row)
        if not one.same_as:
            span = kinds.read(Kind(one.kind), one.window)
            remembering_themes.remember(
                session, opened, digest=digest, kind=one.kind, window=span, cards=cards
            )
        keeping.forget(session, opened, kind=keeping.DRAFT, keys=[key])
        detail = f"{one.kind} {one.window} {one.language}"
        audit.record(session, by=by, now=now, act="release-report", detail=detail)
        return digest


def released(store: Store, *, by: Actor) -> list[ListedReport]:
    """All released reports, the latest first. Raises NotAllowed."""
    check("read-reports", by)
    with store.reading() as session:
        return signal_reports.listed(session, by.organisation)


def due(reports: Iterable[ListedReport]) -> dict[str, date]:
    """When the next one of each kind is due: as the report about the latest window says, whenever that was released."""
    newest = {one.kind: one for one in sorted(reports, key=lambda one: (one.window, one.released_on))}
    return {kind: one.next_due for kind, one in newest.items()}


def document(store: Store, *, digest: str, by: Actor) -> Document:
    """Raises NotAllowed, Refused("no-report"), ValueError when it was altered."""
    check("read-reports", by)
    with store.reading() as session:
        row = signal_reports.by_digest(session, by.organisation, digest)
    if row is None:
        raise Refused("no-report", "there is no such report")
    return parts.read(row.document)


def _drafted(
    session: Session,
    opened: OpenVault,
    kind: Kind,
    window: Window,
    language: str,
    names: Names,
    now: datetime,
) -> Draft:
    organisation = opened.organisation
    first = _other_language(session, organisation, str(kind), window.id)
    if first is not None:
        return drafting.translated(session, organisation, first, language=language, names=names, now=now)
    made = making.make(
        keeping.cards(session, opened).values(),
        kind,
        window,
        earlier=_earlier(session, organisation),
        named=remembering_themes.earlier(session, opened),
        floors=drafting.floors(session, organisation),
    )
    return drafting.fresh(session, organisation, made, window, language=language, names=names, now=now)


def _earlier(session: Session, organisation: int) -> list[Mapping[str, Any]]:
    """Figures of all released reports; the same ones in two languages are there once."""
    found = [parts.read(text)["figures"] for text in signal_reports.documents(session, organisation)]
    return list({parts.canonical(one): one for one in found}.values())


def _other_language(session: Session, organisation: int, kind: str, window: str) -> Document | None:
    """This report as it was first released, in whatever language."""
    known = signal_reports.listed(session, organisation)
    digest = next((one.digest for one in reversed(known) if (one.kind, one.window) == (kind, window)), None)
    row = signal_reports.by_digest(session, organisation, digest) if digest else None
    return parts.read(row.document) if row else None


def _check_together(session: Session, opened: OpenVault, one: Draft, cards: Iterable[Card]) -> None:
    """What was made may leave with all that left since; another language says the same as the first."""
    first = _other_language(session, opened.organisation, one.kind, one.window)
    if first is not None:
        chosen = [theme.id for theme in one.themes if theme.chosen]
        if (one.figures, chosen) != (first["figures"], first.get("named")):
            raise Refused(
                "other-language", "in another language other figures or themes were released; draft it anew"
            )
        return
    named = naming.named(
        cards,
        kinds.read(Kind(one.kind), one.window),
        remembering_themes.earlier(session, opened),
        drafting.floors(session, opened.organisation),
    )
    too_much = any(theme.chosen and theme.id not in named for theme in one.themes)
    if too_much or making.tells(one.figures, _earlier(session, opened.organisation)):
        raise Refused(
            "tells-too-much", "with a report released since, this one tells too much; draft it anew"
        )


def _check_new(session: Session, organisation: int, kind: str, window: str, language: str) -> None:
    known = signal_reports.listed(session, organisation)
    if any((one.kind, one.window, one.language) == (kind, window, language) for one in known):
        raise Refused("released-already", "this report was released; it can't be changed or released again")


def _drafts(session: Session, opened: OpenVault) -> Iterable[tuple[bytes, Draft]]:
    return (
        (key, parts.from_json(values)) for key, values in remembering_themes.bodies(session, opened, WHAT)
    )


def _find(session: Session, opened: OpenVault, id: str) -> tuple[bytes, Draft]:
    for key, one in _drafts(session, opened):
        if one.id == id:
            return key, one
    raise Refused("no-draft", "there is no such draft; perhaps it was released or thrown away")


def _keep(session: Session, opened: OpenVault, one: Draft) -> None:
    keeping.keep(session, organisation=opened.organisation, kind=keeping.DRAFT, bodies=[_body(one)])


def _body(one: Draft) -> bytes:
    return remembering_themes.as_body({"what": WHAT, **json.loads(parts.to_json(one))})
