"""Drafting: figures and themes that may leave enter; a first draft of a report with ready sentences leaves, in one language."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.core.advice import OPEN
from app.core.release import Release
from app.core.release import read as read_release
from app.core.signal_report import kinds, making, risks
from app.core.signal_report.bands import LEAST, SIGNAL_MIN, STEP, THEME_MIN, Floors
from app.core.signal_report.document import AdviceLine, Document, Draft, Named
from app.core.signal_report.kinds import Kind, Window
from app.render import child, signal_drafting, signal_telling, signal_words
from app.services import agreeing, opening
from app.storage.database import Session
from app.storage.office import advice, organisations, releases, scans

Names = Mapping[str, str]
"""Name of a theme by its id, and of a category of the adviser's own by "category:<id>"."""
Risks = tuple[Mapping[str, Any], ...]


def floors(session: Session, organisation: int) -> Floors:
    """A sharing agreement may raise them."""
    agreed = agreeing.current_agreement(session, organisation)
    if agreed is None:
        return LEAST
    return Floors(max(SIGNAL_MIN, agreed.terms.signal_min), max(THEME_MIN, agreed.terms.words_min))


def employees(session: Session, organisation: int) -> int | None:
    for row in scans.of_organisation(session, organisation):
        plan = row.settings
        if plan is not None:
            return plan.tree.root.headcount
    return None


def fresh(
    session: Session,
    organisation: int,
    made: making.Made,
    window: Window,
    *,
    language: str,
    names: Names,
    now: datetime,
) -> Draft:
    """Of figures that were made just now. `names` are in the language of the report."""
    owner = organisations.get(session, organisation)
    assert owner is not None
    kind, today = Kind(made.figures["kind"]), now.date()
    scan, order = culture(session, organisation, made.themes, language, now) if _with_scan(kind) else ("", ())
    agreed = agreeing.current_agreement(session, organisation)
    least = floors(session, organisation)
    return _worded(
        Draft(
            id=secrets.token_hex(8),
            kind=str(kind),
            window=window.id,
            language=language,
            organisation=owner.name,
            rules={"signal_min": least.count, "theme_min": least.words, "step": STEP},
            small=kinds.is_small(employees(session, organisation)),
            next_due=kinds.next_due(kind, window, today).isoformat(),
            figures=made.figures,
            texts={},
            decisions=(),
            themes=tuple(Named(id, names.get(id, id)) for id in made.themes),
            given_up=made.given_up,
            fragile=tuple(Named(id, names.get(id, id)) for id in made.fragile),
            risks=order,
            scan=scan,
            advice=_advice(session, organisation, language, today),
            agreement=agreed.terms.shares if agreed else "",
        ),
        names,
        today,
    )


def translated(
    session: Session, organisation: int, first: Document, *, language: str, names: Names, now: datetime
) -> Draft:
    """The same report in another language: figures, themes and the order of risks are those of the first, whatever came since."""
    _scan, order = (
        culture(session, organisation, (), language, now) if _with_scan(Kind(first["kind"])) else ("", ())
    )
    titles = {str(one["id"]): one["title"] for one in order}
    draft = Draft(
        id=secrets.token_hex(8),
        language=language,
        **{name: first[name] for name in ("kind", "window", "organisation", "rules", "small", "next_due")},
        figures=first["figures"],
        texts={},
        decisions=(),
        themes=tuple(Named(id, names.get(id, id)) for id in first.get("named", ())),
        risks=tuple({**one, "title": titles.get(one["id"], one["title"])} for one in first["risks"]),
        risk_reason=first["risk_reason"],
        scan=first["scan"],
        advice=_advice(session, organisation, language, now.date()),
        agreement=first["agreement"],
        same_as=first["digest"],
    )
    return _worded(draft, names, now.date())


def drawn(draft: Draft) -> Draft:
    """With a picture of each table that has rows, so that its PDF is there at once."""
    tables = signal_telling.tables(draft.figures, draft.names, draft.language)
    if not any(one["rows"] for one in tables):
        return draft
    return replace(draft, pictures=child.drawn("report-bars", tables))


def reweighed(session: Session, organisation: int, before: Draft, after: Draft, *, now: datetime) -> Draft:
    """With the order of risks that goes with the themes that are named now: a theme left out supports no risk."""
    if not _with_scan(Kind(after.kind)) or after.same_as or before.themes == after.themes:
        return after
    heard = [one.id for one in after.themes if one.chosen]
    scan, order = culture(session, organisation, heard, after.language, now)
    places = {one["id"]: place for place, one in enumerate(after.risks)}
    if after.risk_reason and {one["id"] for one in order} == {*places}:
        order = tuple(sorted(order, key=lambda one: places[one["id"]]))
    else:
        after = replace(after, risk_reason="")
    return replace(after, scan=scan, risks=order)


def culture(
    session: Session, organisation: int, heard: Collection[str], language: str, now: datetime
) -> tuple[str, Risks]:
    """Of the newest scan whose results are open: its name, and the order of its risks. `heard`: ids of themes that are named."""
    for row in opening.only_readable(scans.of_organisation(session, organisation), by=None, now=now):
        found = releases.latest(session, row.id)
        if found is not None:
            return row.name, risks.risks(Release(read_release(found.document)), heard, language)
    return "", ()


def _with_scan(kind: Kind) -> bool:
    return kind is Kind.CULTURE


def _worded(draft: Draft, names: Names, today: date) -> Draft:
    """With ready sentences, and the names of rows of the adviser's own making."""
    figures, language = draft.figures, draft.language
    told = {f"{table['axis']}:{row['id']}" for table in figures["tables"] for row in table["rows"] or ()}
    own = {id: names[id] for id in sorted(told) if id in names}
    themes = [one.name for one in draft.themes]
    return replace(
        draft,
        unnamed=_unnamed(draft, names, told),
        texts=signal_drafting.texts(figures, themes, draft.risks, own, language),
        decisions=signal_drafting.decisions(themes, language, today),
        names=own,
    )


def _unnamed(draft: Draft, names: Names, told: Collection[str]) -> tuple[str, ...]:
    """Names of themes that may not be named, but for what the report says as a category or as the title of a risk anyway."""
    cells = (id.partition(":") for id in told)
    said = {signal_words.row(axis, row, draft.language, names) for axis, _, row in cells}
    said |= {one.name for one in draft.themes} | {str(one["title"]) for one in draft.risks}
    known = {name.lower() for name in said}
    return tuple(name for id, name in sorted(names.items()) if ":" not in id and name.lower() not in known)


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
