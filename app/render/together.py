"""What goes together with the outcome, in words and tables: a reading enters, associations as text leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.associations import MODERATE, STRONG, UNCLEAR, WEAK, Association, associations
from app.core.priorities import TOP
from app.render import numbers
from app.render.reading import INCIDENCE, Group, Reading, Scale
from app.render.tables import Described, Table
from app.render.texts import speak


def outcome(reading: Reading) -> Scale | None:
    return reading.scale(str(reading.instrument.get("outcome") or ""))


def _scale(reading: Reading, id: str) -> Scale:
    found = reading.scale(id)
    assert found is not None, "associations are of scales of this release"
    return found


def described(reading: Reading, group: Group) -> Described | None:
    """What goes together with the outcome in one group, the strongest first; None where that isn't published."""
    found, about = _found(reading, group), outcome(reading)
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


def _found(reading: Reading, group: Group) -> tuple[Association, ...]:
    found = reading.release.group(group.grouping, group.code)
    return associations(reading.release, found) if found is not None and found.published else ()


def drawn(reading: Reading, group: Group) -> tuple[tuple[Scale, Association], ...]:
    return tuple((_scale(reading, one.scale), one) for one in _found(reading, group))


def elsewhere(reading: Reading) -> tuple[Described, ...]:
    """The same for every other group that has it."""
    rest = [group for group in reading.groups if group.published and group is not reading.whole]
    return tuple(found for group in rest if (found := described(reading, group)) is not None)


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


def sentences(reading: Reading) -> tuple[str, ...]:
    """Which subjects clearly go together with the outcome in the organisation, and what that doesn't say."""
    _ = speak(reading.language)
    about, found = outcome(reading), _found(reading, reading.whole)
    if about is None or not found:
        return ()
    clear = [one for one in found if one.strength != UNCLEAR]
    if not clear:
        return (_("No subject clearly goes together with “{scale}”.", scale=about.title),)
    alike: dict[tuple[str, bool], list[Scale]] = {}
    for one in _strongest(clear):
        scale = _scale(reading, one.scale)
        alike.setdefault((scale.kind, numbers.middle(one.r) > 0), []).append(scale)
    said = [_said_together(reading, *key, scales, about) for key, scales in alike.items()]
    if len(clear) > 1 and clear[0].overlaps(clear[1]):
        said.append(_("Which of them goes together most can't be said: it is too close."))
    return (*said, _("That doesn't say that one causes the other: something else can lie behind both."))


def _strongest(clear: Sequence[Association]) -> list[Association]:
    """The first three, and those that are published as just as strong as the third."""
    least = min(abs(numbers.middle(one.r)) for one in clear[:TOP])
    return [one for one in clear if abs(numbers.middle(one.r)) >= least]


def _said_together(reading: Reading, kind: str, more: bool, scales: list[Scale], about: Scale) -> str:
    _ = speak(reading.language)
    names = {"scales": listed(scales, last=_("and")), "outcome": about.title}
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


def listed(scales: Iterable[Scale], *, last: str) -> str:
    """“A”, “B” and “C”, with `last` as the word between the last two."""
    names = [f"“{scale.title}”" for scale in scales]
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else names[0]
