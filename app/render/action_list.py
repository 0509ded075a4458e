"""The action plan in words: what was decided and the results of a release enter; three sheets of texts, dates and numbers leave.

What leaves is plain data for the child that writes the workbook and for the page. A date is {"day": "2026-12-31"}. Every
number is one of the release, unchanged; what was withheld is a reason, never 0 and never a blank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from app.core.feedback import Decision, State
from app.render import numbers, roles, tables
from app.render.reading import INCIDENCE, Group, Reading, Scale
from app.render.texts import speak

Cell = Any
Sheet = dict[str, Any]
NONE = "–"
# In characters of the sheet.
_PLAN_WIDTHS = (5, 22, 46, 16, 36, 16, 13, 13, 14, 9, 22)
_RESULT_WIDTHS = (28, 24, 28, 20, 22, 10, 9, 9, 12, 12, 8, 9, 9, 36)


class Line(Protocol):
    """What a line of the plan is made of, as app.services.gathering gathers it."""

    @property
    def theme(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def decision(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def decided_on(self) -> date: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def state(self) -> str: ...
    @property
    def late(self) -> bool: ...
    @property
    def origin(self) -> str: ...
    @property
    def where(self) -> str: ...


def told(
    lines: Sequence[Line],
    reading: Reading,
    *,
    organisation: str,
    scan: str,
    released_on: date,
    today: date,
    themes: Callable[[str], str],
) -> dict[str, Any]:
    """The workbook as data; `themes` gives the name of a theme in the language of the reading."""
    _ = speak(reading.language)
    return {
        "title": _("Action plan {organisation}", organisation=organisation),
        "organisation": organisation,
        "made_on": today.isoformat(),
        "sheets": [
            plan(lines, reading.language, themes),
            results(reading, themes),
            _about(reading, organisation, scan, released_on, today),
        ],
    }


def plan(lines: Iterable[Line], language: str, themes: Callable[[str], str]) -> Sheet:
    _ = speak(language)
    heads = (_("No."), _("Theme"), _("What"), _("Decision"), _("Why, or how it went"), _("Who (role)"), _("Decided on"),
             _("Done by"), _("How far"), _("Late"), _("Source"))  # fmt: skip
    rows = [
        [
            number,
            themes(one.theme),
            one.what,
            decision(one.decision, language),
            one.why or NONE,
            owner(one.owner, language),
            _day(one.decided_on),
            _day(one.due_on) if one.due_on else NONE,
            state(one.state, language),
            _("late") if one.late else _("no"),
            source(one.origin, one.where, language),
        ]
        for number, one in enumerate(lines, 1)
    ]
    return {"name": _("Action plan"), "heads": list(heads), "widths": list(_PLAN_WIDTHS), "rows": rows}


def results(reading: Reading, themes: Callable[[str], str]) -> Sheet:
    """The organisation first, then its units; a line for each subject, one for all of a unit that is withheld."""
    _ = speak(reading.language)
    heads = (_("Group"), _("Theme"), _("Subject"), _("What it measures"), _("In words"), _("Value"), _("Lowest"), _("Highest"),
             _("Sure from"), _("Sure to"), _("Answers"), _("At least"), _("At most"), _("Why not shown"))  # fmt: skip
    of = {one["id"]: str(one.get("theme") or "") for one in reading.instrument["scales"]}
    rows: list[list[Cell]] = []
    for group in reading.tree:
        if not group.published:
            rows.append(
                [group.name, NONE, _("all subjects"), NONE, _("not shown"), *[NONE] * 8, group.reason]
            )
            continue
        rows += [
            [
                group.name,
                themes(of[scale.id]) if of[scale.id] else NONE,
                scale.title,
                *_figures(reading, group, scale),
            ]
            for scale in reading.scales
        ]
    return {"name": _("Results"), "heads": list(heads), "widths": list(_RESULT_WIDTHS), "rows": rows}


def _figures(reading: Reading, group: Group, scale: Scale) -> list[Cell]:
    _ = speak(reading.language)
    measure = _("% of people, at least once") if scale.kind == INCIDENCE else _("score from 0 to 100")
    num = reading.headline(group, scale)
    if num is None:
        return [measure, _("not shown"), *[NONE] * 8, reading.missing(group, scale)[1]]
    found = group.scales[scale.id]
    sure = numbers.span(found["interval"]) if found.get("interval") else (NONE, NONE)
    n: Mapping[str, Any] | None = found.get("n") or group.n
    answers = _three(n, reading.language) if n else [NONE] * 3
    return [
        measure,
        tables.headline_words(reading, group, scale),
        *_three(num, reading.language),
        *sure,
        *answers,
        NONE,
    ]


def _three(num: Mapping[str, Any], language: str) -> list[Cell]:
    value = num["value"] if num["value"] is not None else speak(language)("a band")
    return [value, num["low"], num["high"]]


def _about(reading: Reading, organisation: str, scan: str, released_on: date, today: date) -> Sheet:
    _ = speak(reading.language)
    language = reading.language
    rows: list[list[Cell]] = [
        [_("What this is"), _(
            "An action plan to attach to the risk assessment of the employer. The first sheet holds what was decided "
            "after advice, in team talks and on the board; the second the published results that it rests on.")],
        [_("Organisation"), organisation],
        [_("Scan"), scan],
        [_("Questionnaire"), reading.title if reading.validated
         else _("{title} (not a validated questionnaire)", title=reading.title)],
        [_("Results published on"), _day(released_on)],
        [_("This file was made on"), _day(today)],
        [_("Late"), _("Late is computed from the date on the day this file was made. Nobody can switch it off.")],
        [_("Owners"), _("Roles, not names: people move on.")],
        [_("Numbers"), _(
            "The true number lies within “lowest” and “highest”. “Sure from” and “sure to” tell where a score lies with 95 "
            "percent certainty. “A band” means that no more than the lowest and the highest is published.")],
        [_("How the numbers were protected"), _(
            "Groups of fewer than {least} answers are never shown, nor is anything from which they could be worked out.",
            least=reading.min_group)],
        [_("More about the numbers"), numbers_method(language)],
        [_("Fingerprint of this release"), reading.digest],
    ]  # fmt: skip
    return {
        "name": _("Explanation"),
        "heads": [_("About"), _("Explanation")],
        "widths": [34, 96],
        "rows": rows,
    }


def numbers_method(language: str) -> str:
    _ = speak(language)
    return _("Numbers are rounded, more coarsely for smaller groups. Everybody gets the same numbers.")


def decision(id: str, language: str) -> str:
    _ = speak(language)
    names = {
        Decision.DO: _("yes"),
        Decision.PARTLY: _("partly"),
        Decision.DONT: _("no, because"),
        Decision.LOOK_INTO: _("we look into it"),
    }
    return names[Decision(id)]


def state(id: str, language: str) -> str:
    _ = speak(language)
    names = {
        State.HEARD: _("heard"),
        State.DECIDED: _("decided"),
        State.UNDER_WAY: _("under way"),
        State.DONE: _("done"),
        State.STOPPED: _("stopped"),
    }
    return names[State(id)]


def owner(role: str, language: str) -> str:
    return roles.name(role, language) or NONE


def source(origin: str, where: str, language: str) -> str:
    _ = speak(language)
    if origin == "talk":
        return _("team talk, {unit}", unit=where)
    return {"advice": _("advice of the adviser"), "board": _("the board")}.get(origin, _("own decision"))


def _day(day: date) -> Cell:
    return {"day": day.isoformat()}
