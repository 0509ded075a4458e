"""Does the notice of rising themes hold its rate? Random signals in which nothing rises; prints how often anything is
pointed out.

python bench/signals.py [--runs 1000] [--times 5]

Each run draws an organisation's signals for ten quarters: reporters by chance, some of them coming back, with one to three themes
each. When nothing rises, at most 5 % of looks may point at any theme. Then the same with one theme tripled, and how long
5,000 cards take: in the open, and through an adviser's pages from the passphrase to the overview and from a click to a report's
PDF. Exit code 1 when the rate is exceeded, or a page is slower than it may be even at its quickest. `--runs 0`: without the rate.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import binomtest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core.signals import card as cards
from app.core.signals import counting, nicknames, rising
from app.core.signals.card import Card, Quarter
from app.core.signals.kinds import CATEGORIES, ROUTES
from bench import _vault

LAST = Quarter(2026, 4)
QUARTERS = rising.RECENT + rising.EARLIER
FIRST = Quarter.at(LAST.index - QUARTERS + 1)


@dataclass(frozen=True)
class World:
    """Reporters a year, in how many themes. `uneven`: some themes come up far more often than others, as in practice."""

    a_year: float
    themes: int
    uneven: bool = True

    @property
    def weights(self) -> list[float]:
        return [1 / (place + 1) if self.uneven else 1.0 for place in range(self.themes)]


WORLDS = (
    World(5, 11), World(7, 23), World(9, 11), World(20, 23), World(60, 11), World(60, 23, uneven=False), World(300, 23),
)  # fmt: skip


def signals(world: World, seed: str, *, times: float = 1.0) -> list[Card]:
    """Cards of ten quarters. `times` more reporters come with the first theme alone in the recent quarters."""
    chance = random.Random(seed)
    names = [f"theme-{number}" for number in range(world.themes)]
    found: list[Card] = []
    for index in range(FIRST.index, LAST.index + 1):
        for number in range(poisson(chance, world.a_year / 4)):
            themes = tuple(dict.fromkeys(chance.choices(names, world.weights, k=chance.choice((1, 1, 2, 3)))))
            found += contacts(chance, f"{index} {number}", index, themes)
        if times > 1 and index > LAST.index - rising.RECENT:
            usual = world.a_year / 4 * world.weights[0] / sum(world.weights)
            for number in range(poisson(chance, usual * (times - 1))):
                found += contacts(chance, f"more {index} {number}", index, (names[0],))
    return found


def contacts(chance: random.Random, who: str, index: int, themes: tuple[str, ...]) -> list[Card]:
    """A first talk, and in one of three cases more of them in later quarters, with the same themes."""
    later = [index]
    while chance.random() < 1 / 3:
        later.append(later[-1] + chance.randrange(3))
    return [
        Card(
            Quarter.at(at), (chance.choice(CATEGORIES),), themes, None, "first-contact", "employee", "colleague",
            chance.choice(ROUTES), who, continues=place > 0,
        )
        for place, at in enumerate(later)
        if at <= LAST.index
    ]  # fmt: skip


def poisson(chance: random.Random, mean: float) -> int:
    """By counting arrivals."""
    count, at = 0, chance.expovariate(1.0)
    while at < mean:
        count, at = count + 1, at + chance.expovariate(1.0)
    return count


def looks(world: World, runs: int, *, times: float = 1.0) -> list[rising.Rising]:
    return [
        rising.rising(signals(world, f"{world} {run}", times=times), last=LAST, since=FIRST)
        for run in range(runs)
    ]


def timing(times: int) -> bool:
    chance = random.Random(5)
    world = World(1_600, 23)
    drawn = [*signals(world, "timing")][:5_000]
    bodies = [cards.encode(one) for one in drawn]
    start = time.perf_counter()
    decoded = [cards.decode(body) for body in bodies]
    middle = time.perf_counter()
    counting.overview(decoded)
    counted = time.perf_counter()
    rising.rising(decoded, last=LAST)
    end = time.perf_counter()
    nicknames.draw(chance)
    print(
        f"\n{len(drawn):,} cards: decoded in {1000 * (middle - start):.0f} ms, overview {1000 * (counted - middle):.0f} ms, "
        f"rising {1000 * (end - counted):.0f} ms"
    )
    return _vault.measure(drawn, times) if times else False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=5, help="through the pages; 0 for not")
    chosen = parser.parse_args()
    failed = holds_its_rate(chosen.runs) if chosen.runs else False
    return int(failed | timing(chosen.times))


def holds_its_rate(runs: int) -> bool:
    """Printed; whether it doesn't."""
    print(
        f"Nothing rises; stated rate {rising.LEVEL:.0%}; {runs} runs each. p: one-sided binomial test of a higher rate.\n"
    )
    print(
        "reporters/year  themes  any notice  without correction   p     says nothing yet | tripled: first theme found"
    )
    failed = False
    for world in WORLDS:
        found = looks(world, runs)
        notices = sum(bool(one.rising) for one in found)
        bare = sum(any((theme.p or 1) <= rising.LEVEL for theme in one.themes) for one in found)
        silent = sum(one.says_nothing for one in found)
        p = float(binomtest(notices, runs, rising.LEVEL, alternative="greater").pvalue)
        failed |= p < 0.05
        tripled = looks(world, max(1, runs // 4), times=3.0)
        power = sum("theme-0" in {theme.theme for theme in one.rising} for one in tripled) / len(tripled)
        print(
            f"{world.a_year:>14.0f}  {world.themes:>6}  {notices / runs:>9.1%}  {bare / runs:>18.1%}   {p:.3f}  "
            f"{silent / runs:>15.0%} | {power:>6.0%}"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
