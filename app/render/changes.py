"""A comparison in words: a comparison and the later release enter, sentences and tables leave; nothing is drawn.

Pictures by name: whole, heat-1 and up, and unit-CODE or group-GROUPING~CODE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.render import numbers, tables
from app.render.naming import group_name
from app.render.numbers import Num
from app.render.reading import INCIDENCE, MEAN, Group, Reading, Scale
from app.render.tables import Described, Table
from app.render.texts import speak

REST = "rest"
WHOLE = "whole"
_HEAT = re.compile(r"heat-([1-9][0-9]{0,3})")
TOO_FEW, NO_DIFFERENCE = "too few answers to say", "no clear difference"
BETTER, WORSE = ("clearly better", "slightly better"), ("clearly worse", "slightly worse")


@dataclass(frozen=True)
class Line:
    """One scale of one group, before and after (or the rest and the group)."""

    scale: Scale
    before: Num
    after: Num
    difference: Num
    interval: tuple[float, float]
    data: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        return str(self.data["verdict"])

    @property
    def real(self) -> bool:
        return bool(self.data["real"])

    @property
    def kind(self) -> str:
        return numbers.SHARE if self.scale.kind == INCIDENCE else numbers.SCORE

    @property
    def points(self) -> float:
        return numbers.middle(self.difference)

    @property
    def favourable(self) -> float:
        """Points in the favourable direction."""
        return -self.points if self.scale.kind == INCIDENCE else self.points


@dataclass(frozen=True)
class Change:
    """A comparison with the release whose groups and scales it names."""

    reading: Reading
    document: Mapping[str, Any]

    @property
    def with_rest(self) -> bool:
        return bool(self.document["old"] == REST)

    @property
    def matters(self) -> float:
        return float(self.document["matters"])

    @cached_property
    def _lines(self) -> Mapping[tuple[str, str], tuple[Line, ...]]:
        found: dict[tuple[str, str], list[Line]] = {}
        for one in self.document["differences"]:
            scale = self.reading.scale(one["scale"])
            if scale is not None:
                ends = one["interval"][0]["value"], one["interval"][1]["value"]
                line = Line(scale, one["before"], one["after"], one["difference"], ends, one)
                found.setdefault((one["grouping"], one["group"]), []).append(line)
        return {key: tuple(lines) for key, lines in found.items()}

    def lines(self, group: Group) -> tuple[Line, ...]:
        return self._lines.get((group.grouping, group.code), ())

    def line(self, group: Group, scale: Scale) -> Line | None:
        return next((line for line in self.lines(group) if line.scale == scale), None)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups that can be compared, the organisation and its units first."""
        backgrounds = (group for groups in self.reading.backgrounds.values() for group in groups)
        return tuple(group for group in (*self.reading.tree, *backgrounds) if self.lines(group))

    @property
    def below(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group is not self.reading.whole)


@dataclass(frozen=True)
class Figure:
    """A picture to draw, with the words beside it."""

    kind: str
    groups: tuple[Group, ...]
    scales: tuple[Scale, ...]
    described: Described


def figure(change: Change, name: str) -> Figure | None:
    """The picture of that name, or None. Names come from addresses, so anything may be asked."""
    if found := _HEAT.fullmatch(name):
        parts, scales, place = heat_parts(change), heat_scales(change), int(found[1])
        if place > len(parts) or not scales:
            return None
        groups = parts[place - 1]
        described = tables.numbered(heat(change, groups, scales), place, len(parts), change.reading.language)
        return Figure("heat", groups, scales, described)
    group = next((group for group in change.groups if name == name_of(change, group)), None)
    return None if group is None else Figure("dumbbell", (group,), (), dumbbell(change, group))


def name_of(change: Change, group: Group) -> str:
    return WHOLE if group is change.reading.whole else group_name(group)


def main_names(change: Change) -> Iterator[str]:
    """Names of all pictures but those of single groups."""
    if change.lines(change.reading.whole):
        yield WHOLE
    if heat_scales(change):
        yield from (f"heat-{place + 1}" for place in range(len(heat_parts(change))))


def heat_parts(change: Change) -> tuple[tuple[Group, ...], ...]:
    return tables.parts(change.below if change.with_rest else change.groups) if change.below else ()


def heat_scales(change: Change) -> tuple[Scale, ...]:
    """The scales of scores that some group can be compared on."""
    return tuple(
        scale
        for scale in tables.of_kind(change.reading, MEAN)
        if any(change.line(group, scale) for group in change.groups)
    )


def said(verdict: str, language: str) -> str:
    """A verdict in words."""
    _ = speak(language)
    known = {
        "clearly better": _("clearly better"),
        "slightly better": _("slightly better"),
        "clearly worse": _("clearly worse"),
        "slightly worse": _("slightly worse"),
        NO_DIFFERENCE: _("no clear difference"),
        TOO_FEW: _("too few answers to say"),
    }
    return known[verdict]


def said_in_brief(verdict: str, language: str) -> str:
    """For inside a picture."""
    _ = speak(language)
    return _("too few answers") if verdict == TOO_FEW else said(verdict, language)


def points(value: float, language: str) -> str:
    """With its sign: “+8”, “−3”, “0”."""
    text = numbers.figure(abs(value), language)
    return text if not value else f"{'+' if value > 0 else '−'}{text}"


def short(line: Line, language: str) -> str:
    """In as few characters as honesty allows: whole points, with a sign of about where a figure is only a band."""
    about = "" if line.difference["value"] is not None else "≈\u202f"
    return about + points(float(round(line.points)), language)


def in_words(line: Line, language: str) -> str:
    """“+8 (between +3.9 and +12.1)”"""
    _ = speak(language)
    low, high = (points(end, language) for end in line.interval)
    return _("{points} (between {low} and {high})", points=short(line, language), low=low, high=high)


def sentences(change: Change, group: Group) -> tuple[str, ...]:
    """What a group's comparison comes to, the surest first."""
    language = change.reading.language
    _ = speak(language)
    lines = change.lines(group)
    found = []
    for verdict in (*BETTER, *WORSE):
        named = [line for line in lines if line.verdict == verdict]
        if named:
            found.append(f"{_first_upper(said(verdict, language))}: {_listed(change, named)}.")
    same = [line.scale.title for line in lines if line.verdict == NO_DIFFERENCE]
    if same:
        found.append(_("No clear difference: {scales}.", scales="; ".join(same)))
    few = sum(line.verdict == TOO_FEW for line in lines)
    if few and few == len(lines):
        found.append(_("There are too few answers to say whether anything differs."))
    elif few:
        found.append(_("For the other {count} subjects there are too few answers to say.", count=few)
                     if few > 1 else _("For the other subject there are too few answers to say."))  # fmt: skip
    return tuple(found)


def _listed(change: Change, lines: Sequence[Line]) -> str:
    language = change.reading.language
    _ = speak(language)
    phrase = (
        _("{scale}, {after} against {before}") if change.with_rest else _("{scale}, from {before} to {after}")
    )
    return "; ".join(
        phrase.format(
            scale=line.scale.title,
            before=numbers.short(line.before, language, line.kind),
            after=numbers.short(line.after, language, line.kind),
        )
        for line in lines
    )


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def dumbbell(change: Change, group: Group) -> Described:
    """Each scale of a group before and after."""
    language = change.reading.language
    _ = speak(language)
    phrase = _("{scale}: {before}, then {after}, {verdict}")
    title = _("Earlier and now, per subject")
    if change.with_rest:
        phrase = _("{scale}: the rest {before}, here {after}, {verdict}")
        title = _("Beside the rest, per subject")
    alt = "; ".join(
        phrase.format(
            scale=line.scale.title,
            before=numbers.words(line.before, language, line.kind),
            after=numbers.words(line.after, language, line.kind),
            verdict=said(line.verdict, language),
        )
        for line in change.lines(group)
    )
    return Described(title, f"{group.name}. {alt}.", table(change, group))


def heads(change: Change) -> tuple[str, str]:
    """What the two figures of a line are."""
    _ = speak(change.reading.language)
    return (_("The rest"), _("This group")) if change.with_rest else (_("Earlier"), _("Now"))


def table(change: Change, group: Group) -> Table:
    """Every figure of a group's comparison."""
    language = change.reading.language
    _ = speak(language)
    rows = tuple(
        (line.scale.title, said(line.verdict, language), numbers.words(line.before, language, line.kind),
         numbers.words(line.after, language, line.kind), in_words(line, language), _effect(line, language),
         _q(line, language))
        for line in change.lines(group)
    )  # fmt: skip
    names = (_("Subject"), _("Verdict"), *heads(change), _("Difference in points"), _("Size"), "q")
    return Table(_("{group}: differences per subject", group=group.name), names, rows)


def _effect(line: Line, language: str) -> str:
    _ = speak(language)
    figure = numbers.figure(line.data["g"], language)
    if line.data["effect"] == "odds-ratio":
        return _("odds {figure} times", figure=figure)
    return f"g {points(line.data['g'], language)}"


def _q(line: Line, language: str) -> str:
    q = float(line.data["q"])
    return f"< {numbers.figure(0.01, language)}" if q < 0.01 else numbers.figure(q, language)


def heat(change: Change, groups: Sequence[Group], scales: Sequence[Scale]) -> Described:
    """Differences by group and scale."""
    language = change.reading.language
    _ = speak(language)
    rows = tuple(
        (group.name, *(_cell(change.line(group, scale), language) for scale in scales)) for group in groups
    )
    lines = [line for group in groups for scale in scales if (line := change.line(group, scale))]
    real = sum(line.real for line in lines)
    title = _("Where groups differ from the rest") if change.with_rest else _("Where something changed")
    alt = _("Differences in points of {groups} groups on {scales} subjects; {real} of {all} are likely real.",
            groups=len(groups), scales=len(scales), real=real, all=len(lines))  # fmt: skip
    return Described(
        title,
        alt,
        Table(_("Difference in points, and the verdict"), (_("Group"), *(s.title for s in scales)), rows),
    )


def _cell(line: Line | None, language: str) -> str:
    _ = speak(language)
    return f"{short(line, language)}, {said(line.verdict, language)}" if line else _("not comparable")


def reasons(change: Change) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why what can't be compared can't, each reason with the names it goes for."""
    found: dict[str, list[str]] = {}
    for one in change.document["not_comparable"]:
        names = found.setdefault(_why(one["reason"], change.reading.language), [])
        name = _name(change, one)
        if name not in names:
            names.append(name)
    return tuple((why, tuple(names)) for why, names in found.items())


def _name(change: Change, one: Mapping[str, str]) -> str:
    group = change.reading.group(one["grouping"], one["group"])
    name = group.name if group else one["group"]
    if "scale" not in one:
        return name
    scale = change.reading.scale(one["scale"])
    title = scale.title if scale else one["scale"]
    return title if one["reason"] in ("scale-changed", "other-instrument") else f"{name}: {title}"


def _why(reason: str, language: str) -> str:
    _ = speak(language)
    known = {
        "withheld-old": _("Not shown in the earlier scan, to keep answers anonymous."),
        "withheld-new": _("Not shown in the later scan, to keep answers anonymous."),
        "withheld-both": _("Not shown in either scan, to keep answers anonymous."),
        "only-old": _("Only in the earlier scan."),
        "only-new": _("Only in the later scan."),
        "defined-differently": _(
            "Other people belong to it than in the earlier scan, or the answer has another name."
        ),
        "merged": _("Merged with another unit since: its people can't be told apart any more."),
        "split": _("Split into several units since."),
        "scale-changed": _("The questions or the answers to choose from were changed."),
        "other-instrument": _("Asked in one of the two questionnaires only."),
        "not-shown-old": _("This subject isn't shown for this group in the earlier scan."),
        "not-shown-new": _("This subject isn't shown for this group."),
        "not-shown-both": _("This subject isn't shown for this group in either scan."),
        "no-rest": _("Nearly everybody belongs to this group: there is no rest to compare with."),
    }
    return known[reason]
