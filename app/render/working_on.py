"""What to work on, in words and tables: a reading enters, subjects in order of weight leave; nothing is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.priorities import (
    REACH,
    RISK,
    SEVERITY,
    TOP,
    Priority,
    Span,
    not_told_apart,
    priorities,
    subjects,
)
from app.render import numbers, together
from app.render.numbers import Num
from app.render.reading import INCIDENCE, Reading, Scale
from app.render.tables import Described, Table, headline_words
from app.render.texts import speak
from app.render.together import listed


@dataclass(frozen=True)
class Weighed:
    """A subject with what makes its weight, each from 0 to 100. `beside`: subjects it isn't told apart from."""

    kind: str
    scale: Scale
    severity: Num
    reach: Num
    weight: Num
    groups: int
    beside: tuple[Scale, ...]


def weighed(reading: Reading, kind: str) -> tuple[Weighed, ...]:
    """All subjects of this kind, the heaviest first."""
    found = priorities(reading.release, kind)
    return tuple(_weighed(reading, kind, one, found) for one in found)


def _weighed(reading: Reading, kind: str, one: Priority, all: Iterable[Priority]) -> Weighed:
    return Weighed(
        kind,
        _scale(reading, one.scale),
        _percent(one.factors[SEVERITY]),
        _percent(one.factors[REACH]),
        _percent(one.weight),
        one.groups,
        tuple(_scale(reading, other.scale) for other in not_told_apart(one, all)),
    )


def _scale(reading: Reading, id: str) -> Scale:
    found = reading.scale(id)
    assert found is not None, "the core ranks scales of this release"
    return found


def _percent(span: Span) -> dict[str, float]:
    """Whole numbers from 0 to 100, rounded outward."""
    low, high = math.floor(round(100 * span.low, 6)), math.ceil(round(100 * span.high, 6))
    return {"value": round(100 * span.middle), "low": low, "high": high}


def sentences(reading: Reading) -> tuple[str, ...]:
    """What opens the page: what to look at first and what next, where that is too close to say, and the subject that
    goes together most with the outcome.
    """
    _ = speak(reading.language)
    risks = weighed(reading, RISK)
    if len(subjects(reading.release)) < 2:
        return (_("This scan has fewer than two subjects, so there is no order to give."),)
    if not risks:
        return (_("Too little can be shown to say what to work on first."),)
    first, *rest = risks[:TOP]
    if rest:
        then = listed((one.scale for one in rest), last=_("and"))
        found = [_("Look first at “{scale}”, then at {scales}.", scale=first.scale.title, scales=then)]
    else:
        found = [_("Look first at “{scale}”.", scale=first.scale.title)]
    return (*found, *too_close(reading), *together.sentences(reading)[:1])


def too_close(reading: Reading) -> tuple[str, ...]:
    """Which subjects could as well come first; empty when the first clearly does."""
    _ = speak(reading.language)
    first = next(iter(weighed(reading, RISK)), None)
    if first is None or not first.beside:
        return ()
    close = listed((first.scale, *first.beside), last=_("or"))
    return (_("Too close to say which of these comes first: {scales}.", scales=close),)


def why(reading: Reading, one: Weighed) -> str:
    """The reasoning behind one subject, in one or two sentences."""
    _ = speak(reading.language)
    number = headline_words(reading, reading.whole, one.scale)
    if one.scale.kind == INCIDENCE:
        said = _("At least once: {share}.", share=number)
    else:
        said = _("It scores {score} out of 100.", score=number)
    return f"{said} {_reach(reading, one)}"


def _reach(reading: Reading, one: Weighed) -> str:
    _ = speak(reading.language)
    if not one.groups:
        return _("How it differs between groups can't be shown, so it counts as everywhere the same.")
    tens, risk = round(numbers.middle(one.reach) / 10), one.kind == RISK
    if tens == 0:
        return (
            _("Hardly anyone works in a group on the unfavourable side of the middle line.") if risk
            else _("Hardly anyone works in a group on the favourable side of the middle line.")
        )  # fmt: skip
    if tens == numbers.TOP // 10:
        return (
            _("Nearly everyone works in a group on the unfavourable side of the middle line.") if risk
            else _("Nearly everyone works in a group on the favourable side of the middle line.")
        )  # fmt: skip
    return (
        _("About {n} in 10 people work in a group on the unfavourable side of the middle line.", n=tens) if risk
        else _("About {n} in 10 people work in a group on the favourable side of the middle line.", n=tens)
    )  # fmt: skip


def described(reading: Reading, kind: str) -> Described | None:
    """Subjects of one kind as a table; None when there is no order."""
    found = weighed(reading, kind)
    if not found:
        return None
    _ = speak(reading.language)
    risk = kind == RISK
    title = _("To work on") if risk else _("To keep")
    said = "; ".join(
        _(
            "{scale}: weight {weight}",
            scale=one.scale.title,
            weight=numbers.words(one.weight, reading.language),
        )
        for one in found
    )
    return Described(
        title,
        _("{title}, the heaviest first. {said}.", title=title, said=said),
        Table(
            _("Weight of each subject: how unfavourable times how widespread") if risk
            else _("Weight of each subject: how favourable times how widespread"),
            (_("Subject"), _("How unfavourable") if risk else _("How favourable"), _("How widespread"),
             _("Weight"), _("Not told apart from")),
            tuple(_row(reading, one) for one in found),
        ),
    )  # fmt: skip


def _row(reading: Reading, one: Weighed) -> tuple[str, ...]:
    _ = speak(reading.language)
    reach = numbers.words(one.reach, reading.language, numbers.SHARE) if one.groups else _("not known: 100 %")
    return (
        one.scale.title,
        numbers.words(one.severity, reading.language),
        reach,
        numbers.words(one.weight, reading.language),
        ", ".join(scale.title for scale in one.beside) or "–",
    )
