"""Whether a subject and an average mean anything, in words with the figures behind them: a reading enters, tables
leave. Every figure may be absent: a release holds only what its size allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.render import numbers
from app.render.reading import Group, Reading, Scale
from app.render.tables import Table
from app.render.texts import speak

WELL, FAIRLY = 0.8, 0.7
"""Nunnally & Bernstein (1994), Psychometric theory: how high alpha should be."""
APART, SOMEWHAT = 0.7, 0.5
"""LeBreton & Senter (2008), Answers to 20 questions about interrater reliability: ICC(2) and agreement."""


def in_words(reading: Reading) -> Table | None:
    """Per subject whether its questions hang together and whether averages tell units apart; None without either."""
    _ = speak(reading.language)
    rows = tuple(
        (scale.title, _together(one, reading.language), _apart(one.get("icc2"), reading.language))
        for scale, one in _reported(reading)
    )
    if not rows:
        return None
    heads = (_("Subject"), _("Hangs together"), _("Tells units apart"))
    return Table(_("What you can read from each subject"), heads, rows)


def _reported(reading: Reading) -> list[tuple[Scale, Mapping[str, Any]]]:
    found = reading.document.get("reliability") or {}
    return [(scale, found[scale.id]) for scale in reading.scales if scale.id in found]


def _together(one: Mapping[str, Any], language: str) -> str:
    _ = speak(language)
    alpha = one.get("alpha")
    if alpha is None:
        return _("too little to say")
    return _("well") if alpha >= WELL else _("fairly") if alpha >= FAIRLY else _("loosely")


def _apart(icc2: float | None, language: str) -> str:
    _ = speak(language)
    if icc2 is None:
        return _("too little to say")
    return _("well") if icc2 >= APART else _("somewhat") if icc2 >= SOMEWHAT else _("hardly")


def figures(reading: Reading) -> Table | None:
    """Alpha, omega and ICCs per subject, whole organisation only."""
    _ = speak(reading.language)
    keys = ("alpha", "omega", "icc1", "icc2")
    rows = tuple(
        (
            scale.title,
            *(_figure(one.get(key), reading.language) for key in keys),
            numbers.words(one["n"], reading.language, numbers.PEOPLE) if one.get("n") else "–",
        )
        for scale, one in _reported(reading)
    )
    if not rows:
        return None
    heads = (_("Subject"), _("Cronbach's alpha"), _("Omega total"), "ICC(1)", "ICC(2)", _("Answers"))
    return Table(_("How well the questions of a subject hang together"), heads, rows)


def questions(reading: Reading) -> Table | None:
    """Each question's correlation with the others of its subject; None where no release holds them."""
    _ = speak(reading.language)
    rows = tuple(
        (item.text, scale.title, _figure(value, reading.language))
        for scale, one in _reported(reading)
        for item in reading.items_of(scale)
        if (value := (one.get("item_rest") or {}).get(item.id)) is not None
    )
    if not rows:
        return None
    return Table(
        _("How each question goes with the others of its subject"),
        (_("Question"), _("Subject"), _("Correlation")),
        rows,
    )


def agreement(reading: Reading, group: Group) -> Table | None:
    """How much people in one group agree, per subject; None where none of it is published."""
    _ = speak(reading.language)
    found = [(scale, group.scales.get(scale.id, {}).get("rwg")) for scale in reading.scales]
    rows = tuple(
        (
            scale.title,
            _agree(one, reading.language),
            numbers.words(one, reading.language) if _is_num(one) else "–",
        )
        for scale, one in found
        if one is not None
    )
    if not rows:
        return None
    heads = (_("Subject"), _("In words"), _("From 0 to 1"))
    return Table(_("How much people in {group} agree with each other", group=group.name), heads, rows)


def _is_num(one: object) -> bool:
    return isinstance(one, Mapping)


def _agree(one: Any, language: str) -> str:
    """The release's own word under 30 answers; else by where its figure lies."""
    _ = speak(language)
    if _is_num(one):
        at = numbers.middle(one)
        one = "strong" if at > APART else "moderate" if at > SOMEWHAT else "weak"
    words = {"strong": _("much"), "moderate": _("somewhat"), "weak": _("little")}
    return words.get(one) or _("not shown")


def _figure(value: float | None, language: str) -> str:
    return numbers.figure(value, language) if value is not None else speak(language)("not reported")
