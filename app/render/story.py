"""What matters, in sentences: a release enters, the opening of its pages and the findings of its report
leave.

Every sentence rests on published numbers only. Two groups are called different when their intervals don't
touch; anything
closer can be chance and is said so.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.priorities import RISK, STRENGTH
from app.render import numbers, working_on
from app.render.numbers import Num
from app.render.reading import INCIDENCE, Group, Reading, Scale
from app.render.tables import count, of_kind, ranked, subjects
from app.render.texts import speak

FINDINGS = 3


@dataclass(frozen=True)
class Finding:
    title: str
    text: str


def sentences(reading: Reading) -> tuple[str, ...]:
    """At most three sentences on the organisation as a whole, the most telling first."""
    found = [_outcome(reading), _extremes(reading), _incidence(reading) or _spread(reading)]
    return tuple(sentence for sentence in found if sentence)


def of_group(reading: Reading, group: Group) -> tuple[str, ...]:
    """What stands out in one group: where it differs from the whole organisation by more than chance, and
    its lowest subject.
    """
    _ = speak(reading.language)
    if not group.published:
        return (group.reason,)
    higher: list[str] = []
    lower: list[str] = []
    for scale in subjects(reading):
        side = beside(reading, group, reading.whole, scale)
        (higher if side > 0 else lower if side < 0 else []).append(_quoted(scale))
    found: list[str] = []
    if higher:
        found.append(
            _("Clearly more favourable than the organisation as a whole: {scales}.", scales=_list(higher))
        )
    if lower:
        found.append(
            _("Clearly less favourable than the organisation as a whole: {scales}.", scales=_list(lower))
        )
    if not found and group is not reading.whole:
        found.append(_("No score differs from the organisation as a whole by more than chance can explain."))
    return (*found, *(sentence for sentence in (_extremes(reading, group),) if sentence))


def of_scale(reading: Reading, scale: Scale) -> tuple[str, ...]:
    """One scale in a sentence or two: the organisation, and whether units differ."""
    _ = speak(reading.language)
    rare = scale.kind == INCIDENCE
    found = [_incidence(reading, scale)] if rare else [_outcome(reading, scale), _spread(reading, scale)]
    said = tuple(sentence for sentence in found if sentence)
    return said or (reading.missing(reading.whole, scale)[1],)


def findings(reading: Reading) -> tuple[Finding, ...]:
    """Three findings for a report: the heaviest risk, where groups differ (or else the next risk), and the heaviest
    strength; the next risks where one of them isn't there.
    """
    _ = speak(reading.language)
    risks = working_on.weighed(reading, RISK)
    found = [
        Finding(_("To work on: {scale}", scale=one.scale.title), _about(reading, one.scale)) for one in risks
    ]
    spread = _widest(reading)
    if spread is not None:
        differ = Finding(_("Groups differ on {scale}", scale=_quoted(spread)), _spread(reading, spread))
        found.insert(1, differ)
    strengths = working_on.weighed(reading, STRENGTH)[:1]
    kept = [
        Finding(_("To keep: {scale}", scale=one.scale.title), _about(reading, one.scale)) for one in strengths
    ]
    return (*found[: FINDINGS - len(kept)], *kept)


def _about(reading: Reading, scale: Scale) -> str:
    _ = speak(reading.language)
    whole, language = reading.whole, reading.language
    if scale.kind == INCIDENCE:
        return _incidence(reading, scale)
    num = whole.number(scale.id, "score")
    assert num is not None
    said = [_("The score is {score} out of 100", score=numbers.words(num, language))]
    ends = whole.scales[scale.id].get("interval")
    if ends:
        said[0] += _(
            "; we are 95 percent sure that it lies {between}", between=numbers.interval(ends, language)
        )
    said[0] += "."
    good = whole.number(scale.id, "favourable")
    if good is not None:
        said.append(_("{share} answers are favourable.", share=_capital(numbers.in_ten(good, language))))
    lowest = [
        group.name
        for group in ranked(reading, reading.parts, scale)
        if beside(reading, group, whole, scale) < 0
    ]
    if lowest:
        said.append(_("Clearly lower: {groups}.", groups=_list(lowest[-3:])))
    return " ".join(said)


def _outcome(reading: Reading, scale: Scale | None = None) -> str:
    _ = speak(reading.language)
    chosen = (
        scale
        or reading.scale(str(reading.instrument.get("outcome") or ""))
        or next(iter(subjects(reading)), None)
    )
    if chosen is None:
        return ""
    good, bad = (reading.whole.number(chosen.id, key) for key in ("favourable", "unfavourable"))
    if good is not None and bad is not None:
        return _(
            "{good} answers about {scale} are favourable; {bad} are unfavourable.",
            good=_capital(numbers.in_ten(good, reading.language)),
            scale=_quoted(chosen),
            bad=numbers.in_ten(bad, reading.language),
        )
    score = reading.whole.number(chosen.id, "score")
    if score is None:
        return ""
    return _(
        "{scale} scores {score} out of 100.",
        scale=_quoted(chosen),
        score=numbers.words(score, reading.language),
    )


def _extremes(reading: Reading, group: Group | None = None) -> str:
    _ = speak(reading.language)
    where = group or reading.whole
    order = _ordered(reading, where)
    if len(order) < 2:
        return ""
    high, low = (where.number(scale.id, "score") for scale in (order[0], order[-1]))
    assert high is not None
    assert low is not None
    return _(
        "Most favourable is {high} (score {first}), least favourable is {low} (score {last}).",
        high=_quoted(order[0]),
        low=_quoted(order[-1]),
        first=numbers.short(high, reading.language),
        last=numbers.short(low, reading.language),
    )


def _ordered(reading: Reading, group: Group) -> list[Scale]:
    having = [scale for scale in subjects(reading) if group.number(scale.id, "score")]
    return sorted(having, key=lambda scale: -numbers.middle(_num(group, scale)))


def _num(group: Group, scale: Scale) -> Num:
    found = group.number(scale.id, "score")
    assert found is not None
    return found


def _most_frequent(reading: Reading) -> Scale | None:
    having = [scale for scale in of_kind(reading, INCIDENCE) if reading.whole.number(scale.id, "share")]
    return max(
        having, key=lambda scale: numbers.middle(reading.whole.number(scale.id, "share") or {}), default=None
    )


def _incidence(reading: Reading, scale: Scale | None = None) -> str:
    _ = speak(reading.language)
    chosen = scale or _most_frequent(reading)
    share = reading.whole.number(chosen.id, "share") if chosen else None
    if chosen is None or share is None:
        return ""
    return _(
        "{scale}: {in_ten} people, at least once. That is {share}.",
        scale=_quoted(chosen),
        in_ten=numbers.in_ten(share, reading.language),
        share=numbers.words(share, reading.language, numbers.SHARE),
    )


def _widest(reading: Reading) -> Scale | None:
    """The scale on which published units differ most, if any two of them differ by more than chance."""
    best: tuple[float, Scale] | None = None
    for scale in subjects(reading):
        order = ranked(reading, reading.parts, scale)
        if len(order) < 2 or beside(reading, order[0], order[-1], scale) <= 0:
            continue
        gap = numbers.middle(_num(order[0], scale)) - numbers.middle(_num(order[-1], scale))
        if best is None or gap > best[0]:
            best = (gap, scale)
    return best[1] if best else None


def _spread(reading: Reading, scale: Scale | None = None) -> str:
    _ = speak(reading.language)
    chosen = scale or _widest(reading)
    order = ranked(reading, reading.parts, chosen) if chosen else ()
    if chosen is None or len(order) < 2:
        return ""
    facts = {
        "scale": _quoted(chosen),
        "high": order[0].name,
        "low": order[-1].name,
        "first": numbers.short(_num(order[0], chosen), reading.language),
        "last": numbers.short(_num(order[-1], chosen), reading.language),
    }
    if beside(reading, order[0], order[-1], chosen) > 0:
        return _("On {scale} units differ: from {last} ({low}) to {first} ({high}).", **facts)
    return _("On {scale} units score from {last} to {first}; that difference can be chance.", **facts)


def beside(reading: Reading, one: Group, other: Group, scale: Scale) -> int:
    """1 when `one` scores clearly higher, -1 clearly lower, 0 when their intervals touch or aren't known."""
    first, second = (group.scales.get(scale.id, {}).get("interval") for group in (one, other))
    if not first or not second:
        return 0
    (a_low, a_high), (b_low, b_high) = numbers.span(first), numbers.span(second)
    return 1 if a_low > b_high else -1 if a_high < b_low else 0


def people(reading: Reading) -> str:
    """How many answered, and of how many where that may be known, as the page's first small line."""
    _ = speak(reading.language)
    whole = reading.whole
    said = _capital(count(whole, reading.language))
    if whole.participation is not None and whole.headcount:
        share = numbers.words(whole.participation, reading.language, numbers.SHARE)
        said += _(", {share} of the {headcount} people invited", share=share, headcount=whole.headcount)
    return said + "."


def _quoted(scale: Scale) -> str:
    return f"“{scale.title}”"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _list(names: list[str]) -> str:
    return ", ".join(names)
