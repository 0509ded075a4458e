"""Signals per 100 employees a year: reporters, a headcount and quarters enter, a rate with its exact interval leaves."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.signals.exact import LEVEL, garwood

PER = 100
QUARTERS_A_YEAR = 4


@dataclass(frozen=True)
class Rate:
    """Reporters per 100 employees a year, with the ends of the exact 95 percent interval of a Poisson count (Garwood 1936).

    `most` is `reporters` with those who may belong here too (their card names a larger unit or none); it sets the upper end.
    """

    reporters: int
    most: int
    headcount: int
    quarters: int
    value: float
    low: float
    high: float

    @property
    def exposure(self) -> float:
        """Hundreds of employees times years."""
        return _exposure(self.headcount, self.quarters)


def rate(
    reporters: int, *, headcount: int, quarters: int, perhaps: int = 0, level: float = LEVEL
) -> Rate | None:
    """None without people or time: no rate can be said then. `perhaps` reporters may be of these people, or not."""
    exposure = _exposure(headcount, quarters)
    if exposure <= 0:
        return None
    most = reporters + perhaps
    low, high = garwood(reporters, level)[0], garwood(most, level)[1]
    return Rate(
        reporters,
        most,
        headcount,
        quarters,
        value=reporters / exposure,
        low=low / exposure,
        high=high / exposure,
    )


def quarters_for_few(headcount: int, threshold: float, level: float = LEVEL) -> int | None:
    """In how many quarters without any signal the interval would lie below a threshold; None without people.

    Says beforehand when silence starts to mean something in an organisation of this size.
    """
    if headcount <= 0:
        return None
    needed = garwood(0, level)[1] / threshold / _exposure(headcount, 1)
    return int(needed) + 1


def _exposure(headcount: int, quarters: int) -> float:
    return headcount / PER * quarters / QUARTERS_A_YEAR
