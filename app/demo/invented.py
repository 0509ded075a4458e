"""The demo's people: a questionnaire and numbers of people enter, what they fill in leaves, once and a year later.

Everything follows from a seed, so that two demos look alike.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.core.instrument import INCIDENCE, Instrument, Item

SEED = 220
RESPONSE = 0.6
# Who takes part the second time: others partly, and a few more.
FIRST_AGAIN, RESPONSE_AGAIN = 0.12, 0.62
# How much higher or lower than the rest a scale is, in parts of a standard deviation.
SCALES: Mapping[str, float] = {
    "psychological-safety": 0.2,
    "respect": 0.6,
    "leaders": 0.1,
    "speaking-up": -0.3,
    "adviser": 0.3,
    "follow-up": -0.7,
}
# By how many points the organisation's score moved between the two scans; the others fall as they fall.
MOVED: Mapping[str, float] = {"adviser": 8.0, "respect": 0.1}
CLOSE_ENOUGH = 0.03
COMMENTS = (
    "Dat collega's voor elkaar invallen en eerlijk zijn.",
    "Het overleg op maandag moet blijven.",
    "Laat weten wat er met een melding gebeurt.",
    "Meer tijd voor de overdracht, dan zijn er minder botsingen.",
)
Values = dict[str, str]


def people(instrument: Instrument, number: int, chance: random.Random) -> Iterator[Values]:
    """Form fields of invented people who work together: one climate, each person's own mood, now and then a skipped question."""
    climate = chance.gauss(0, 0.45)
    for _ in range(number):
        mood = climate + chance.gauss(0, 0.6)
        values = {item.id: _answer(instrument, item, mood, chance) for item in instrument.coded}
        values |= {item.id: chance.choice(COMMENTS) for item in instrument.comments if chance.random() < 0.15}
        yield {item: value for item, value in values.items() if value}


def _answer(instrument: Instrument, item: Item, mood: float, chance: random.Random) -> str:
    """A code as text, or "" where this person skips the question."""
    if chance.random() < 0.03:
        return ""
    options = instrument.options_of(item)
    if item.scale is None:
        return str(chance.choice(options.scored))
    if instrument.scale(item.scale).kind == INCIDENCE:
        happened = chance.random() < 0.045 * 2 ** (-mood)
        return str(chance.choice(options.scored[1:]) if happened else options.low)
    feeling = 0.35 + mood + SCALES.get(item.scale, 0.0) + chance.gauss(0, 0.7)
    middle, half = (options.low + options.high) / 2, (options.high - options.low) / 2
    code = min(options.high, max(options.low, round(middle + half * feeling / 1.6)))
    return str(options.low + options.high - code if item.reversed else code)


def two_waves(
    instrument: Instrument, sizes: Sequence[int], moved: Mapping[str, float] = MOVED
) -> tuple[list[list[Values]], list[list[Values]]]:
    """What the same staff fills in twice: per stratum (`sizes` counts its people) the form fields of who takes part.

    The scales in `moved` differ by so many points between the answers given; nothing else of the two is aligned.
    """
    chance = random.Random(SEED)
    staff = [list(people(instrument, size, chance)) for size in sizes]
    before = [everybody[: round(len(everybody) * RESPONSE)] for everybody in staff]
    after = []
    for everybody in staff:
        first = round(len(everybody) * FIRST_AGAIN)
        taking_part = everybody[first : first + round(len(everybody) * RESPONSE_AGAIN)]
        after.append([_a_year_later(instrument, values, chance) for values in taking_part])
    for scale, points in moved.items():
        _move(instrument, scale, after, score(instrument, scale, before) + points, chance)
    return before, after


def _a_year_later(instrument: Instrument, values: Values, chance: random.Random) -> Values:
    """The same person: who answers most as before, and some a step higher or lower."""
    later = dict(values)
    for item in instrument.coded:
        if item.id not in later or item.scale is None or chance.random() < 0.65:
            continue
        if instrument.scale(item.scale).kind == INCIDENCE:
            later[item.id] = _answer(instrument, item, 0.0, chance) or later[item.id]
        else:
            later[item.id] = _step(instrument, item, later[item.id], chance.choice((-1, 1)))
    return later


def _step(instrument: Instrument, item: Item, code: str, up: int) -> str:
    """One answer higher or lower, where there is one."""
    codes = instrument.options_of(item).scored
    place = codes.index(int(code)) + up
    return str(codes[min(max(place, 0), len(codes) - 1)]) if int(code) in codes else code


def score(instrument: Instrument, scale: str, waves: Iterable[Iterable[Values]]) -> float:
    """The score from 0 to 100 of all these people together, as a release makes it."""
    found = [
        one for wave in waves for values in wave if (one := _score(instrument, scale, values)) is not None
    ]
    return sum(found) / len(found)


def _score(instrument: Instrument, scale: str, values: Values) -> float | None:
    """One person's, or None where too few questions were answered."""
    points = []
    items = instrument.items_of(scale)
    for item in items:
        options = instrument.options_of(item)
        if item.id in values and int(values[item.id]) in options.scored:
            share = (int(values[item.id]) - options.low) / (options.high - options.low)
            points.append(1 - share if item.reversed else share)
    if len(points) < instrument.scale(scale).min_answered * len(items):
        return None
    return 100 * sum(points) / len(points)


def _move(
    instrument: Instrument, scale: str, waves: list[list[Values]], wanted: float, chance: random.Random
) -> None:
    """Let answers go a step up or down, one at a time and anybody's, until the score is what is wanted."""
    items = instrument.items_of(scale)
    everybody = [values for wave in waves for values in wave]
    while abs(apart := wanted - score(instrument, scale, waves)) > CLOSE_ENOUGH:
        values, item = chance.choice(everybody), chance.choice(items)
        if item.id in values:
            up = 1 if (apart > 0) != item.reversed else -1
            values[item.id] = _step(instrument, item, values[item.id], up)
