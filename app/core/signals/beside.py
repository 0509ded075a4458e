"""Signals laid beside a released scan: a release, cards and a period enter; per theme both sides and a reading leave.

Of the scan only the release document is read: published figures with their intervals. Of the signals: reporters, each once in the
period, per 100 employees a year with an exact interval. Only the adviser sees this; a report has rules of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core import noticed
from app.core.priorities import Span
from app.core.release import STRATUM, UNIT, Group, Release
from app.core.signals.card import Card, Quarter
from app.core.signals.counting import Filters, count, select
from app.core.signals.earlier import NO_YEARS, Between, Earlier
from app.core.signals.nicknames import normalise
from app.core.signals.placing import headcount_of, placed
from app.core.signals.ranks import Ranked, ranked
from app.core.signals.rates import Rate, quarters_for_few, rate
from app.core.signals.readings import (
    FEAR,
    THRESHOLDS,
    TRUST,
    Concern,
    Level,
    Reading,
    Reason,
    Thresholds,
    read,
    to_do,
)
from app.core.signals.rising import Rise, Rising
from app.core.signals.scan_side import Change, ScanSide, scan_side


@dataclass(frozen=True)
class SignalSide:
    """The signals on a theme in the period. `perhaps` reporters may be more of them: their cards name a larger unit, or became
    counts, so that it can't be told whether they came in another year too."""

    reporters: int
    contacts: int
    perhaps: int
    rate: Rate | None
    level: Level
    trend: Rise | None


@dataclass(frozen=True)
class Theme:
    """One theme, both sides, and what they read as together. `stronger`: themes that make unspoken likelier."""

    theme: str
    scan: ScanSide
    signals: SignalSide
    reading: Reading
    reason: Reason
    stronger: tuple[str, ...]
    to_do: tuple[str, ...]


@dataclass(frozen=True)
class Laid:
    """One group of the release beside its signals. `silence` is how many quarters without a signal would count as few, here."""

    scan: str
    group: Group
    first: Quarter
    last: Quarter
    headcount: int
    thresholds: Thresholds
    themes: tuple[Theme, ...]
    ranks: tuple[Ranked, ...]
    silence: int | None

    @property
    def quarters(self) -> int:
        return self.last.index - self.first.index + 1

    def of(self, theme: str) -> Theme | None:
        return next((one for one in self.themes if one.theme == theme), None)


def lay(
    release: Release,
    cards: Sequence[Card],
    *,
    first: Quarter,
    last: Quarter,
    themes: Collection[str] = (),
    group: Group | None = None,
    changes: Mapping[str, Change] | None = None,
    trends: Rising | None = None,
    thresholds: Thresholds = THRESHOLDS,
    earlier: Earlier = NO_YEARS,
) -> Laid:
    """Every theme of the scan, of the cards and of `themes`, for the organisation or one published unit or joined group of it.

    The scan's themes come first in its own order, then the rest by name. `changes` is by scale, `trends` as `rising` gives
    it; neither changes a reading. `earlier` holds years that are counts by now; they tell of the organisation only.
    """
    group = group or release.organisation
    headcount = headcount_of(release, group)
    chosen = select(cards, Filters(first=first, last=last))
    inside, outside = placed(release, chosen, group)
    quarters = last.index - first.index + 1
    if group is not release.organisation:
        earlier = NO_YEARS
    period = tuple(str(Quarter.at(index)) for index in range(first.index, last.index + 1))
    silence = quarters_for_few(headcount, thresholds.rate)
    sides = {
        theme: (
            scan_side(release, group, theme, changes or {}, thresholds),
            _signal_side(
                inside,
                outside,
                theme,
                headcount,
                quarters,
                trends,
                thresholds,
                counted=earlier.theme(theme, period),
            ),
        )
        for theme in _themes(release, chosen, (*themes, *earlier.themes(period)))
    }
    fears = tuple(
        theme for theme in (FEAR, TRUST) if theme in sides and sides[theme][0].concern is Concern.HIGH
    )
    found = tuple(
        _theme(theme, scan, signals, fears, silence, thresholds) for theme, (scan, signals) in sides.items()
    )
    return Laid(
        str(release.document.get("scan", "")),
        group,
        first,
        last,
        headcount,
        thresholds,
        found,
        ranked(_both_sides(found)),
        silence,
    )


def lay_units(
    release: Release, cards: Sequence[Card], *, first: Quarter, last: Quarter, **more: Any
) -> tuple[Laid, ...]:
    """The same for each published unit and joined group below the organisation that has signals of its own in the period."""
    chosen = select(cards, Filters(first=first, last=last))
    return tuple(
        lay(release, cards, first=first, last=last, group=group, **more)
        for group in release.groups[1:]
        if group.grouping in (UNIT, STRATUM)
        and group.published
        and headcount_of(release, group)
        and placed(release, chosen, group)[0]
    )


def _themes(release: Release, cards: Iterable[Card], more: Collection[str]) -> tuple[str, ...]:
    asked = dict.fromkeys(str(scale["theme"]) for scale in release.scales if not noticed.asks(scale))
    rest = {theme for card in cards for theme in card.themes} | set(more)
    return (*asked, *sorted(rest - set(asked)))


def _signal_side(
    inside: Sequence[Card],
    outside: Sequence[Card],
    theme: str,
    headcount: int,
    quarters: int,
    trends: Rising | None,
    thresholds: Thresholds,
    *,
    counted: tuple[Between, int],
) -> SignalSide:
    own = [card for card in inside if theme in card.themes]
    found = count(own)
    known = {normalise(card.nickname) for card in own}
    perhaps = {normalise(card.nickname) for card in outside if theme in card.themes} - known
    people = Between(found.reporters, found.reporters + len(perhaps)).and_also(counted[0])
    per_100 = rate(people.least, headcount=headcount, quarters=quarters, perhaps=people.perhaps)
    return SignalSide(
        people.least,
        found.contacts + counted[1],
        people.perhaps,
        per_100,
        level(per_100, thresholds),
        trends.of(theme) if trends else None,
    )


def level(per_100: Rate | None, thresholds: Thresholds = THRESHOLDS) -> Level:
    """Many or few only when the whole interval lies on that side of the threshold."""
    if per_100 is None:
        return Level.NO_RATE
    if per_100.low > thresholds.rate:
        return Level.MANY
    return Level.FEW if per_100.high < thresholds.rate else Level.UNSURE


def _theme(
    theme: str,
    scan: ScanSide,
    signals: SignalSide,
    fears: tuple[str, ...],
    silence: int | None,
    thresholds: Thresholds,
) -> Theme:
    reading, why = read(scan.concern, signals.level)
    stronger = tuple(one for one in fears if one != theme) if reading is Reading.UNSPOKEN else ()
    facts: dict[str, float | int | str] = {"reporters": signals.reporters, "threshold_rate": thresholds.rate}
    if signals.rate:
        facts |= {"rate": signals.rate.value, "rate_low": signals.rate.low, "rate_high": signals.rate.high}
    if signals.level is Level.UNSURE and silence is not None:
        facts["silence"] = silence
    if scan.deciding:
        one = scan.deciding
        limit = thresholds.share if one.kind == "incidence" else thresholds.score
        facts |= {"scale": one.scale, "kind": one.kind, "low": one.low, "high": one.high, "threshold": limit}
    return Theme(theme, scan, signals, reading, Reason(why, facts), stronger, to_do(reading, why, stronger))


def _both_sides(themes: Iterable[Theme]) -> dict[str, tuple[Span, Span]]:
    """Themes that the scan published something on and the signals have a rate for."""
    return {
        one.theme: (
            one.scan.deciding.placed,
            Span(one.signals.rate.value, one.signals.rate.low, one.signals.rate.high),
        )
        for one in themes
        if one.scan.deciding and one.signals.rate
    }
