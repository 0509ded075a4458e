"""Reporting: an adviser drafts a signal report inside the open vault, edits it there, and releases exactly what was previewed.

A draft is kept sealed. Release makes one immutable row, which coordinator, manager and works council read and nobody edits.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.access import Actor, check
from app.core.advice import OPEN
from app.core.refusal import Refused
from app.core.release import Release
from app.core.release import read as read_release
from app.core.signal_report import document as parts
from app.core.signal_report import kinds, making, risks, watching
from app.core.signal_report.bands import LEAST, SIGNAL_MIN, STEP, THEME_MIN, Floors
from app.core.signal_report.document import AdviceLine, Document, Draft, Named
from app.core.signal_report.kinds import Kind, Window
from app.core.signals.card import Card, decode
from app.render import child, signal_drafting, signal_telling
from app.services import agreeing, keeping, opening, retaining_signals
from app.services.keeping import OpenVault
from app.storage.database import Session, Store
from app.storage.office import advice, audit, organisations, releases, scans, signal_reports
from app.storage.office.signal_reports import ListedReport, SignalReport

WHAT = "signal-report"
PAGE = 4096
"""Drafts are filled up to a multiple of so many bytes before they are sealed."""
LANGUAGES = ("nl", "en")
Names = Mapping[str, str]
"""Name of a theme by its id, and of a category of the adviser's own by "category:<id>"."""


@dataclass(frozen=True)
class Preview:
    """What would leave, byte for byte, and what in the adviser's own words asks for another look."""

    document: Document
    marks: tuple[watching.Mark, ...]


def employees(store: Store, *, by: Actor) -> int | None:
    """How many people the newest scan of the organisation counts; None without a scan."""
    with store.reading() as session:
        return _employees(session, by.organisation)


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
) -> str:
    """Make a draft from the cards, with ready sentences; gives its id. `names` are those of themes, in this language.

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
        cards = [decode(body) for body in keeping.kept(session, opened, keeping.CARD).values()]
        made = _made(session, by.organisation, found, span, cards)
        new = _drafted(session, by.organisation, made, found, span, language, names, now)
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


def edit(store: Store, opened: OpenVault, *, id: str, by: Actor, **words: Any) -> Draft:
    """Put the adviser's words in the place of the earlier ones; `words` as Draft.edited takes them. Raises Refused."""
    check("release-report", by)
    with store.office() as session:
        key, before = _find(session, opened, id)
        after = before.edited(**words)
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
    return Preview(parts.document(one, today), watching.marks(words))


def release(
    store: Store, opened: OpenVault, *, id: str, digest: str, confirmed: bool, by: Actor, now: datetime
) -> str:
    """Release what the adviser saw under this digest; gives the digest. The draft is gone from the vault then.

    Raises NotAllowed; Refused: "no-draft", "changed" when it isn't what was previewed, "look-again" when words are marked and
    not confirmed, "released-already", "tells-too-much" when another report was released since and both together would.
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
        if making.tells(one.figures, _earlier(session, by.organisation)):
            raise Refused(
                "tells-too-much", "with a report released since, these numbers tell too much; draft it anew"
            )
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
        keeping.forget(session, opened, kind=keeping.DRAFT, keys=[key])
        detail = f"{one.kind} {one.window} {one.language}"
        audit.record(session, by=by, now=now, act="release-report", detail=detail)
        return digest


def released(store: Store, *, by: Actor) -> list[ListedReport]:
    """All released reports, the latest first. Raises NotAllowed."""
    check("read-reports", by)
    with store.reading() as session:
        return signal_reports.listed(session, by.organisation)


def document(store: Store, *, digest: str, by: Actor) -> Document:
    """Raises NotAllowed, Refused("no-report"), ValueError when it was altered."""
    check("read-reports", by)
    with store.reading() as session:
        row = signal_reports.by_digest(session, by.organisation, digest)
    if row is None:
        raise Refused("no-report", "there is no such report")
    return parts.read(row.document)


def _made(
    session: Session, organisation: int, kind: Kind, window: Window, cards: Iterable[Card]
) -> making.Made:
    return making.make(
        cards, kind, window, earlier=_earlier(session, organisation), floors=_floors(session, organisation)
    )


def _earlier(session: Session, organisation: int) -> list[Mapping[str, Any]]:
    """Figures of all released reports; the same ones in two languages are there once."""
    found = [parts.read(text)["figures"] for text in signal_reports.documents(session, organisation)]
    return list({parts.canonical(one): one for one in found}.values())


def _floors(session: Session, organisation: int) -> Floors:
    """A sharing agreement may raise them."""
    agreed = agreeing.current_agreement(session, organisation)
    if agreed is None:
        return LEAST
    return Floors(max(SIGNAL_MIN, agreed.terms.signal_min), max(THEME_MIN, agreed.terms.words_min))


def _drafted(
    session: Session,
    organisation: int,
    made: making.Made,
    kind: Kind,
    window: Window,
    language: str,
    names: Names,
    now: datetime,
) -> Draft:
    owner = organisations.get(session, organisation)
    assert owner is not None
    today, culture = now.date(), kind is Kind.CULTURE
    scan, order = _culture(session, organisation, made.themes, language, now) if culture else ("", ())
    named = tuple(Named(id, names.get(id, id)) for id in made.themes)
    themes = [one.name for one in named]
    agreed = agreeing.current_agreement(session, organisation)
    floors = _floors(session, organisation)
    told = {f"{table['axis']}:{row['id']}" for table in made.figures["tables"] for row in table["rows"] or ()}
    own = {id: names[id] for id in sorted(told) if id in names}
    tables = signal_telling.tables(made.figures, own, language)
    return Draft(
        id=secrets.token_hex(8),
        kind=str(kind),
        window=window.id,
        language=language,
        organisation=owner.name,
        rules={"signal_min": floors.count, "theme_min": floors.words, "step": STEP},
        small=kinds.is_small(_employees(session, organisation)),
        next_due=kinds.next_due(kind, window).isoformat(),
        figures=made.figures,
        texts=signal_drafting.texts(made.figures, themes, order, own, language),
        decisions=signal_drafting.decisions(themes, language, today),
        themes=named,
        names=own,
        given_up=made.given_up,
        risks=order,
        scan=scan,
        advice=_advice(session, organisation, language, today),
        agreement=agreed.terms.shares if agreed else "",
        pictures=child.drawn("report-bars", tables) if any(one["rows"] for one in tables) else {},
    )


def _advice(session: Session, organisation: int, language: str, today: date) -> tuple[AdviceLine, ...]:
    """What everybody who reads reports may read, and still stands open."""
    return tuple(
        AdviceLine(
            one.what,
            signal_drafting.role(one.to_role, language),
            signal_drafting.state(str(one.now.state), language),
        )
        for one in advice.of_organisation(session, organisation, today)
        if one.now.state in OPEN and one.audience == "council"
    )


def _culture(
    session: Session, organisation: int, themes: Sequence[str], language: str, now: datetime
) -> tuple[str, tuple[Mapping[str, Any], ...]]:
    """Of the newest scan whose results are open: its name, and the order of its risks."""
    for row in opening.only_readable(scans.of_organisation(session, organisation), by=None, now=now):
        found = releases.latest(session, row.id)
        if found is not None:
            return row.name, risks.risks(Release(read_release(found.document)), themes, language)
    return "", ()


def _employees(session: Session, organisation: int) -> int | None:
    for row in scans.of_organisation(session, organisation):
        plan = row.settings
        if plan is not None:
            return plan.tree.root.headcount
    return None


def _check_new(session: Session, organisation: int, kind: str, window: str, language: str) -> None:
    known = signal_reports.listed(session, organisation)
    if any((one.kind, one.window, one.language) == (kind, window, language) for one in known):
        raise Refused("released-already", "this report was released; it can't be changed or released again")


def _drafts(session: Session, opened: OpenVault) -> Iterable[tuple[bytes, Draft]]:
    for key, body in keeping.kept(session, opened, keeping.DRAFT).items():
        values = json.loads(body.rstrip(b"\0"))
        if values.pop("what", "") == WHAT:
            yield key, parts.from_json(values)


def _find(session: Session, opened: OpenVault, id: str) -> tuple[bytes, Draft]:
    for key, one in _drafts(session, opened):
        if one.id == id:
            return key, one
    raise Refused("no-draft", "there is no such draft; perhaps it was released or thrown away")


def _keep(session: Session, opened: OpenVault, one: Draft) -> None:
    keeping.keep(session, organisation=opened.organisation, kind=keeping.DRAFT, bodies=[_body(one)])


def _body(one: Draft) -> bytes:
    raw = json.dumps({"what": WHAT, **json.loads(parts.to_json(one))}, ensure_ascii=False).encode()
    return raw + bytes(-len(raw) % PAGE)
