"""What to work on, in words and tables: a reading enters, subjects in order of weight and what goes together with
the outcome leave; nothing is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.associations import MODERATE, STRONG, UNCLEAR, WEAK, Association, associations
from app.core.priorities import REACH, RISK, SEVERITY, TOP, Priority, Span, not_told_apart, priorities
from app.render import numbers
from app.render.numbers import Num
from app.render.reading import INCIDENCE, Group, Reading, Scale
from app.render.tables import Described, Table, headline_words
from app.render.texts import speak


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
    if not risks:
        return (_("Too little can be shown to say what to work on first."),)
    first, *rest = risks[:TOP]
    if rest:
        then = _listed((one.scale for one in rest), last=_("and"))
        found = [_("Look first at “{scale}”, then at {scales}.", scale=first.scale.title, scales=then)]
    else:
        found = [_("Look first at “{scale}”.", scale=first.scale.title)]
    return (*found, *too_close(reading), *about_together(reading)[:1])


def too_close(reading: Reading) -> tuple[str, ...]:
    """Which subjects could as well come first; empty when the first clearly does."""
    _ = speak(reading.language)
    first = next(iter(weighed(reading, RISK)), None)
    if first is None or not first.beside:
        return ()
    close = _listed((first.scale, *first.beside), last=_("or"))
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


def outcome(reading: Reading) -> Scale | None:
    return reading.scale(str(reading.instrument.get("outcome") or ""))


def together(reading: Reading, group: Group) -> Described | None:
    """What goes together with the outcome in one group, the strongest first; None where that isn't published."""
    found, about = _together(reading, group), outcome(reading)
    if not found or about is None:
        return None
    _ = speak(reading.language)
    rows = tuple(
        (
            _scale(reading, one.scale).title,
            _correlation_words(one, reading.language),
            _between(one, reading.language),
            _strength(one, reading.language),
            numbers.answers(one.n, reading.language),
        )
        for one in found
    )
    said = "; ".join(f"{row[0]} {row[1]}, {row[2]}" for row in rows)
    return Described(
        _("What goes together with “{scale}”", scale=about.title),
        _("{group}. Correlation with “{scale}”, from -1 to 1: {said}.",
          group=group.name, scale=about.title, said=said),
        Table(
            _("What goes together with “{scale}” in {group}", scale=about.title, group=group.name),
            (_("Subject"), _("Correlation"), _("How sure"), _("In words"), _("Answers")),
            rows,
        ),
    )  # fmt: skip


def _together(reading: Reading, group: Group) -> tuple[Association, ...]:
    found = reading.release.group(group.grouping, group.code)
    return associations(reading.release, found) if found is not None and found.published else ()


def drawn_together(reading: Reading, group: Group) -> tuple[tuple[Scale, Association], ...]:
    return tuple((_scale(reading, one.scale), one) for one in _together(reading, group))


def also_together(reading: Reading) -> tuple[Described, ...]:
    """The same for every other group that has it."""
    rest = [group for group in reading.groups if group.published and group is not reading.whole]
    return tuple(found for group in rest if (found := together(reading, group)) is not None)


def correlation(one: Association, language: str) -> str:
    """As few characters as honesty allows, for in a picture."""
    value = one.r["value"]
    return numbers.figure(value, language) if value is not None else _from_to(one, language)


def _correlation_words(one: Association, language: str) -> str:
    """With its band: “0.6 (0.55 to 0.65)”."""
    if one.r["value"] is None or numbers.exact(one.r):
        return correlation(one, language)
    return f"{correlation(one, language)} ({_from_to(one, language)})"


def _from_to(one: Association, language: str) -> str:
    _ = speak(language)
    low, high = (numbers.figure(one.r[end], language) for end in ("low", "high"))
    return _("{low} to {high}", low=low, high=high)


def _between(one: Association, language: str) -> str:
    _ = speak(language)
    low, high = (numbers.figure(end, language) for end in (one.low, one.high))
    return _("between {low} and {high}", low=low, high=high)


def _strength(one: Association, language: str) -> str:
    _ = speak(language)
    return {
        UNCLEAR: _("can't be said"),
        WEAK: _("a little together"),
        MODERATE: _("together"),
        STRONG: _("strongly together"),
    }[one.strength]


def about_together(reading: Reading) -> tuple[str, ...]:
    """Which subjects clearly go together with the outcome in the organisation, and what that doesn't say."""
    _ = speak(reading.language)
    about, found = outcome(reading), _together(reading, reading.whole)
    if about is None or not found:
        return ()
    alike: dict[tuple[str, bool], list[Scale]] = {}
    for one in [one for one in found if one.strength != UNCLEAR][:TOP]:
        scale = _scale(reading, one.scale)
        alike.setdefault((scale.kind, numbers.middle(one.r) > 0), []).append(scale)
    if not alike:
        return (_("No subject clearly goes together with “{scale}”.", scale=about.title),)
    said = [_said_together(reading, *key, scales, about) for key, scales in alike.items()]
    return (*said, _("That doesn't say that one causes the other: something else can lie behind both."))


def _said_together(reading: Reading, kind: str, more: bool, scales: list[Scale], about: Scale) -> str:
    _ = speak(reading.language)
    names = {"scales": _listed(scales, last=_("and")), "outcome": about.title}
    if kind == INCIDENCE:
        return (
            _("People who said “at least once” on {scales} are more positive about “{outcome}”.", **names) if more
            else _("People who said “at least once” on {scales} are less positive about “{outcome}”.", **names)
        )  # fmt: skip
    return (
        _("People who are more positive about {scales} are also more positive about “{outcome}”.", **names)
        if more
        else _("People who are more positive about {scales} are less positive about “{outcome}”.", **names)
    )


def _listed(scales: Iterable[Scale], *, last: str) -> str:
    """“A”, “B” and “C”, with `last` as the word between the last two."""
    names = [f"“{scale.title}”" for scale in scales]
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else names[0]
