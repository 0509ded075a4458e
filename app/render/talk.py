"""A team talk as it is read: a unit of a release, a theme and the guide enter; titles, figures and advice in one language leave.

What leaves is plain data, for a page and for the child that draws and typesets. Nothing here computes a number, and nothing
that was withheld passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import noticed
from app.core.refusal import Refused
from app.core.team_talk import MINUTES, Guide
from app.render import numbers, story, tables
from app.render.reading import INCIDENCE, STRATUM, UNIT, Group, Reading, Scale
from app.render.texts import speak

Told = dict[str, Any]
GROUPINGS = (UNIT, STRATUM)
MOST_LINES = 6


@dataclass(frozen=True)
class About:
    """What a kit says beside its numbers. `help_lines`: (who, how to reach them, when), the organisation's own first."""

    organisation: str
    scan: str
    theme: str
    released_on: date
    help_lines: Sequence[tuple[str, str, str]]


def scales_of(reading: Reading, theme: str) -> tuple[Scale, ...]:
    """The scales of the questionnaire that carry this theme."""
    carrying = {one["id"] for one in reading.instrument["scales"] if one.get("theme") == theme}
    return tuple(scale for scale in reading.scales if scale.id in carrying)


def themes(reading: Reading) -> tuple[str, ...]:
    """The themes of the questionnaire, each once, in its order."""
    return tuple(dict.fromkeys(one["theme"] for one in reading.instrument["scales"] if one.get("theme")))


def check(reading: Reading, group: Group | None, theme: str) -> tuple[Group, tuple[Scale, ...]]:
    """The unit and the scales to talk about. Raises Refused: no-unit, no-theme; withheld with the reason in words as `why`."""
    if group is None or group.grouping not in GROUPINGS:
        raise Refused("no-unit", "choose a unit of this scan")
    scales = scales_of(reading, theme)
    if not scales:
        raise Refused("no-theme", "choose a theme that this scan asked about")
    if not group.published:
        raise Refused("withheld", f"the results of this unit are not shown: {group.reason}", why=group.reason)
    if all(reading.headline(group, scale) is None for scale in scales):
        why = reading.missing(group, scales[0])[1]
        raise Refused("withheld", f"this theme is not shown of this unit: {why}", why=why)
    return group, scales


def told(reading: Reading, group: Group, theme: str, guide: Guide, about: About) -> Told:
    """Everything the kit holds, in the order in which it stands. Raises Refused as `check` does."""
    language = reading.language
    _ = speak(language)
    group, scales = check(reading, group, theme)
    asked = guide.about(theme)
    return {
        "language": language,
        "title": _("Team talk: {theme}", theme=about.theme),
        "theme": about.theme,
        "unit": group.name,
        "organisation": about.organisation,
        "scan": about.scan,
        "released": _("Published on {day}", day=numbers.day(about.released_on, language)),
        "released_on": about.released_on.isoformat(),
        "answers": tables.count(group, language),
        "matters_title": _("What the figures say"),
        "matters": [line for scale in scales for line in _sentences(reading, group, scale)],
        "picture": _picture(reading, group, scales, theme=about.theme),
        "figures": _figures(reading, group, scales),
        "others": _others(reading, group, scales),
        "sure": _(
            "Between brackets: the true number lies within these. “How sure” tells where the score lies with 95 percent "
            "certainty. Where two of those overlap, the difference can be chance."
        ),
        "protected_title": _("How the numbers were protected"),
        "protected": _protected(reading),
        "agenda_title": _("Agenda: {n} minutes", n=MINUTES),
        "agenda": [
            {"minutes": part.minutes, "title": part.title[language], "how": part.how[language]}
            for part in guide.agenda
        ],
        "minutes": _("minutes"),
        "agreements_title": _("What we agree first"),
        "agreements": list(guide.agreements[language]),
        "before_title": _("Before the talk"),
        "before": [*([asked.note[language]] if asked.note else []), *guide.before[language]],
        "questions_title": _("Three questions"),
        "question": _("Question {n}"),
        "questions": list(asked.questions[language]),
        "personal_title": _("When somebody tells something personal"),
        "personal": list(guide.personal[language]),
        "adviser_title": _("When to call the confidential adviser"),
        "adviser": list(guide.adviser[language]),
        "dont_title": _("What not to do"),
        "dont": list(guide.dont[language]),
        "help_title": _("Where you can go"),
        "help": [" · ".join(dict.fromkeys(part for part in line if part)) for line in about.help_lines[:MOST_LINES]],
        "decisions_title": _("What we agreed"),
        "decision_heads": [_("What will we do? (also: no, because …)"), _("Which role sees to it"), _("Done by")],
        "decisions_note": _(
            "No names, and nothing of what somebody told. Record it in Weerklank after the talk: then it stands in the "
            "action plan, and shows when it is late."
        ),
        "choose_title": _("What will we do?"),
        "choose": [
            _("One or two things that we can do ourselves."),
            _("Which role sees to it? When is it done?"),
            _("When do we look whether it helps?"),
        ],
        "digest_title": _("Fingerprint of this release"),
        "digest": reading.digest,
    }  # fmt: skip


def _sentences(reading: Reading, group: Group, scale: Scale) -> list[str]:
    """The number with its band and how sure it is; where it stands beside the whole; or why it isn't shown."""
    _ = speak(reading.language)
    facts = {"scale": scale.title, "unit": group.name}
    if reading.headline(group, scale) is None:
        return [_("“{scale}” is not shown. {why}", why=reading.missing(group, scale)[1], **facts)]
    said = tables.headline_words(reading, group, scale)
    if scale.kind == INCIDENCE:
        return [_("“{scale}”, at least once: {said}.", said=said, **facts)]
    found = [
        _("“{scale}” scores {said} on a scale from 0 to 100; how sure: {sure}.", said=said,
          sure=tables.sure(group, scale, reading.language), **facts)
    ]  # fmt: skip
    if group is not reading.whole and reading.headline(reading.whole, scale) is not None:
        side = story.beside(reading, group, reading.whole, scale)
        found.append(
            _("That is clearly more favourable than in the whole organisation.") if side > 0
            else _("That is clearly less favourable than in the whole organisation.") if side < 0
            else _("The difference with the whole organisation can be chance.")
        )  # fmt: skip
    return found


def _figures(reading: Reading, group: Group, scales: Sequence[Scale]) -> dict[str, Any]:
    """The numbers of the theme, beside those of the organisation where this is a part of it."""
    _ = speak(reading.language)
    apart = group is not reading.whole
    heads = [_("Subject"), _("Score or share"), _("How sure"), _("Answers")]
    rows = []
    for scale in scales:
        shown = reading.headline(group, scale) is not None
        row = [scale.title, tables.headline_words(reading, group, scale),
               tables.sure(group, scale, reading.language),
               tables.said_by(group, scale, reading.language) if shown else reading.missing(group, scale)[1]]  # fmt: skip
        rows.append([*row, tables.headline_words(reading, reading.whole, scale)] if apart else row)
    return {
        "caption": _("{theme_scales} in {unit}", theme_scales=", ".join(one.title for one in scales), unit=group.name),
        "heads": [*heads, _("Whole organisation")] if apart else heads,
        "rows": rows,
    }  # fmt: skip


def _others(reading: Reading, group: Group, scales: Sequence[Scale]) -> dict[str, Any]:
    """The other subjects of the unit, for who is asked about them."""
    _ = speak(reading.language)
    rest = [
        scale
        for scale in reading.scales
        if scale not in scales
        and noticed.update_of(scale.id) is None
        and reading.headline(group, scale) is not None
    ]
    return {
        "title": _("The other subjects of this unit"),
        "heads": [_("Subject"), _("Score or share"), _("How sure")],
        "rows": [
            [scale.title, tables.headline_words(reading, group, scale), tables.sure(group, scale, reading.language)]
            for scale in rest
        ],
    }  # fmt: skip


def _picture(reading: Reading, group: Group, scales: Sequence[Scale], *, theme: str) -> dict[str, Any]:
    """What the child draws, and the same in words."""
    _ = speak(reading.language)
    whole = None if group is reading.whole else reading.whole
    answers = tables.count(group, reading.language)
    said = "; ".join(
        _("{scale}: {said}, how sure {sure}, whole organisation {all}", scale=scale.title,
          said=tables.headline_words(reading, group, scale), sure=tables.sure(group, scale, reading.language),
          all=tables.headline_words(reading, reading.whole, scale))
        if reading.headline(group, scale)
        else _("{scale} not shown", scale=scale.title)
        for scale in scales
    )  # fmt: skip
    return {
        "alt": _("{theme} in {unit}, {n}. {said}.", theme=theme, unit=group.name, n=answers, said=said),
        "note": f"{group.name}, {answers}",
        "rows": [
            {
                "label": scale.title,
                "num": reading.headline(group, scale),
                "interval": group.scales.get(scale.id, {}).get("interval"),
                "kind": reading.kind_of(scale),
                "whole": reading.headline(whole, scale) if whole else None,
            }
            for scale in scales
        ],
    }


def _protected(reading: Reading) -> list[str]:
    _ = speak(reading.language)
    return [
        _("Groups of fewer than {least} answers are never shown, nor is anything from which they could be worked out.",
          least=reading.min_group),
        _("Numbers are rounded, more coarsely for smaller groups. Everybody gets the same numbers."),
        _("From these numbers nobody can tell who answered what. Don't try to in the talk."),
    ]  # fmt: skip
