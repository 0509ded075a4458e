"""What was heard, from what was released: a release, signal report or theme of comments enters, sentences to begin with leave.

The only numbers that are filled in on the board pass through here, and they come from published documents alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core import noticed
from app.core.refusal import Refused
from app.render import numbers, reasons, signal_words
from app.render.numbers import Num
from app.render.reading import INCIDENCE, Group, Reading, Scale
from app.render.texts import speak


def scales_of(reading: Reading, theme: str) -> tuple[Scale, ...]:
    """The scales of this questionnaire that carry a theme."""
    ids = {one["id"] for one in reading.instrument["scales"] if one.get("theme") == theme}
    return tuple(scale for scale in reading.scales if scale.id in ids)


def themes_of(reading: Reading) -> tuple[str, ...]:
    """Every theme that a scale carries, in the order of the questionnaire."""
    found = (str(one.get("theme") or "") for one in reading.instrument["scales"] if not noticed.asks(one))
    return tuple(dict.fromkeys(theme for theme in found if theme))


def of_scan(reading: Reading, group: Group, theme: str) -> str:
    """A theme in one group, as Markdown. Raises Refused: "no-theme", "withheld" with the reason in words."""
    scales = scales_of(reading, theme)
    if not scales:
        raise Refused("no-theme", "this scan asked nothing about that theme")
    said = [sentence for scale in scales if (sentence := _scale(reading, group, scale))]
    if not said:
        raise Refused("withheld", why_withheld(reading, group, scales[0]))
    told = " ".join(said)
    if group is reading.whole:
        return told
    return speak(reading.language)("In {unit}: {told}", unit=group.name, told=told)


def why_withheld(reading: Reading, group: Group, scale: Scale) -> str:
    """The reason as a reader of the results gets it."""
    return reading.missing(group, scale)[1] or reasons.of_group("", reading.language, reading.min_group)


def _scale(reading: Reading, group: Group, scale: Scale) -> str:
    """One scale in a sentence, with how many answered it; empty when nothing of it is published here."""
    said = _incidence(reading, group, scale) if scale.kind == INCIDENCE else _mean(reading, group, scale)
    n: Num | None = group.scales.get(scale.id, {}).get("n") or group.n
    if not said or n is None:
        return said
    return f"{said} {_capital(numbers.answers(n, reading.language))}."


def _mean(reading: Reading, group: Group, scale: Scale) -> str:
    _ = speak(reading.language)
    language = reading.language
    good, bad = (group.number(scale.id, key) for key in ("favourable", "unfavourable"))
    if good is not None and bad is not None:
        shares = (numbers.in_ten(one, language) for one in (good, bad))
        first, second = shares
        return _(
            "{good} answers about {scale} are favourable; {bad} are unfavourable.",
            good=_capital(first),
            scale=f"“{scale.title}”",
            bad=second,
        )
    score = group.number(scale.id, "score")
    if score is None:
        return ""
    return _(
        "{scale} scores {score} out of 100.", scale=f"“{scale.title}”", score=numbers.words(score, language)
    )


def _incidence(reading: Reading, group: Group, scale: Scale) -> str:
    _ = speak(reading.language)
    share = group.number(scale.id, "share")
    if share is None:
        return ""
    return _(
        "{scale}: {in_ten} people, at least once. That is {share}.",
        scale=f"“{scale.title}”",
        in_ten=numbers.in_ten(share, reading.language),
        share=numbers.words(share, reading.language, numbers.SHARE),
    )


def of_report(document: Mapping[str, Any], theme_name: str, language: str) -> str:
    """A theme that a released signal report names; how many people came is told where the report tells it."""
    _ = speak(language)
    period = signal_words.period(document["kind"], document["window"], language)
    said = _("Advisers heard about “{theme}” ({period}).", theme=theme_name, period=period)
    whole = document["figures"]["reporters"]
    if not whole or "low" not in whole:
        return said
    people = signal_words.people(whole, language)
    return said + " " + _("In all, {people} people came to an adviser in that time.", people=people)


def of_comments(title: str, words: str, people: Num, language: str) -> str:
    """A theme of the comments: how many people wrote about it, and what, in an adviser's words."""
    _ = speak(language)
    many = numbers.words(people, language, numbers.PEOPLE)
    said = _("{people} people wrote about “{theme}”.", people=many, theme=title)
    return f"{said}\n\n{words}" if words else said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
