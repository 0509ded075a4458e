"""The two-page report of a release: a reading and where it comes from enter, a PDF for one language leaves.

Page one: what matters, and the picture of all scores. Page two: findings, room for decisions, and what was
withheld.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.days import local_day
from app.core.priorities import RISK
from app.render import crossings, figures, numbers, story, together, working_on
from app.render.reading import Reading
from app.render.texts import speak
from app.render.typesetting import typeset

TEMPLATE = "report.typ"
DECISIONS = 3
MOST_NAMES = 6
# What page one has for pictures, in millimetres.
PICTURES_WIDE, PICTURES_TALL = 174.0, 164.0
# Smaller than this part of the page's width, the words in a picture are hard to read.
LEAST_WIDTH = 0.82


@dataclass(frozen=True)
class About:
    """Which scan this is, in words, and when its release was made."""

    scan: str
    organisation: str
    released_at: datetime
    imported: bool
    confirmed: bool


def report(reading: Reading, about: About) -> bytes:
    """The same release gives the same bytes."""
    return typeset(
        TEMPLATE, document(reading, about), dated=about.released_at.replace(microsecond=0, tzinfo=UTC)
    )


def document(reading: Reading, about: About) -> dict[str, Any]:
    """What the template gets: texts and pictures, nothing to compute."""
    _ = speak(reading.language)
    return {
        "language": reading.language,
        "title": about.scan,
        "organisation": about.organisation,
        "released": _released(reading, about),
        "people": story.people(reading),
        "marks": _marks(reading, about),
        "matters_title": _("What matters"),
        "matters": list(story.sentences(reading)),
        "pictures": _pictures(reading),
        "sure": _(
            "The pale band shows how sure a score is: with 95 percent certainty it lies within the "
            "band, whose ends stand at "
            "the right. Where two bands touch, the difference can be chance."
        ),
        "findings_title": _("Three findings to talk about"),
        "findings": [{"title": one.title, "text": one.text} for one in story.findings(reading)],
        "order": " ".join(_order(reading)),
        "decisions_title": _("What we decide"),
        "decision_heads": [_("Decision (also: no, because …)"), _("Who"), _("When")],
        "decisions": DECISIONS,
        "withheld_title": _("What is not shown, and why"),
        "withheld": withheld(reading),
        "protected_title": _("How the numbers were protected"),
        "protected": _protected(reading),
        "validity_title": _("The questionnaire"),
        "validity": _validity(reading, about),
        "digest_title": _("Fingerprint of this release"),
        "digest": reading.digest,
    }


def _order(reading: Reading) -> list[str]:
    """How the findings came to be first, what is too close to say, and what goes together with the outcome."""
    _ = speak(reading.language)
    if not working_on.weighed(reading, RISK):
        return []
    return [
        _(
            "What to work on is ordered by one fixed rule: how unfavourable times how widespread. "
            "It says where to look, not how bad it is."
        ),
        *working_on.too_close(reading),
        *together.sentences(reading),
    ]


def _released(reading: Reading, about: About) -> str:
    """When, and for a corrected edition what was wrong with the one before it."""
    _ = speak(reading.language)
    day = numbers.day(local_day(about.released_at), reading.language)
    of = reading.document.get("about") or {}
    if not of.get("correction"):
        return _("Published on {day}", day=day)
    return _(
        "Edition {edition}, published on {day}. Corrected: {reason}",
        edition=of["edition"],
        day=day,
        reason=of["correction"],
    )


def _pictures(reading: Reading) -> list[dict[str, Any]]:
    """As many of the main pictures as page one can hold, in this order, all made a little smaller if that is
    enough.
    """
    names = set(figures.main_names(reading))
    chosen: list[tuple[figures.Picture, float]] = []
    for name in ("overview", "incidence", "shares"):
        if name in names:
            made = figures.draw(reading, name)
            tall = PICTURES_WIDE * _ratio(made.svg)
            if not chosen or sum(one[1] for one in chosen) + tall <= PICTURES_TALL / LEAST_WIDTH:
                chosen.append((made, tall))
    width = 100 * min(1.0, PICTURES_TALL / max(1.0, sum(tall for _made, tall in chosen)))
    return [{"svg": made.svg.decode(), "alt": made.alt, "width": width} for made, _tall in chosen]


def _ratio(svg: bytes) -> float:
    """Height by width."""
    box = re.search(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    assert box is not None
    return float(box[2]) / float(box[1])


def _marks(reading: Reading, about: About) -> list[str]:
    _ = speak(reading.language)
    marks = [
        (about.imported, _("imported answers")),
        (not about.confirmed, _("not confirmed by the works council")),
        (not reading.validated, _("not a validated questionnaire")),
    ]
    return [text for holds, text in marks if holds]


def withheld(reading: Reading) -> list[str]:
    """One line per reason: the reason, how many groups, and their names as far as they fit."""
    _ = speak(reading.language)
    by_reason: dict[str, list[str]] = {}
    for group in reading.withheld:
        by_reason.setdefault(group.reason, []).append(group.name)
    lines = []
    for reason, names in by_reason.items():
        shown = ", ".join(names[:MOST_NAMES])
        more = _(" and {n} more", n=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
        lines.append(f"{shown}{more}: {reason[:1].lower()}{reason[1:]}")
    lines += crossings.withheld(reading)
    lines.append(
        _("Groups of fewer than 30 answers: rounded scores only, no single questions and no shares.")
    )
    return lines


def _protected(reading: Reading) -> str:
    _ = speak(reading.language)
    return _(
        "Groups of fewer than {least} answers are never shown, nor is anything from which they could be "
        "worked out. "
        "Numbers are rounded, more coarsely for smaller groups; between brackets stands where the true "
        "number lies. "
        "Everybody gets the same numbers.",
        least=reading.min_group,
    )


def _validity(reading: Reading, about: About) -> str:
    _ = speak(reading.language)
    if reading.validated:
        said = _("{title}. Its questions were tested in research.", title=reading.title)
    else:
        said = _(
            "{title}. Its questions were not tested in research (not validated): use them to talk and "
            "to compare, not "
            "against a norm of other organisations.",
            title=reading.title,
        )
    return said + (
        " " + _("The answers come from an earlier survey and were imported.") if about.imported else ""
    )
