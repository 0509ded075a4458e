"""How much protection costs: groups that can be shown on 20 seeded organisations, and how long a release takes.

    .venv/bin/python bench/protection.py [--utility] [--speed small] [--speed large]

Utility: of the groups with k answers or more, the share that is published by the product; by the next-smallest rule
(hide the next smallest sibling until the hidden ones have k answers together; it isn't safe); and the most that any
safe choice can show.
Speed: a release protected and attacked, sizes and items both, in a process of its own, with its peak of memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from app.core.disclosure import suppression
from app.core.disclosure.derivable import leaks
from app.core.disclosure.groups import Programme, programme_of
from app.core.disclosure.structure import forest_of
from app.core.plan import Plan
from app.core.rehearsal import simulated
from app.core.strata import propose
from app.core.units import Tree, Unit

LEAST = 8
SIZES = {
    "small": (48, 1_200, 6, 2, 4, ("unit*b0",), 0.6),
    "large": (500, 20_000, 20, 4, 5, (), 0.7),
}


def questionnaire(backgrounds: int, options: int, scales: int = 6, items: int = 5) -> str:
    """TOML: an incidence scale and mean scales of five-point items, and background questions b0, b1, ..."""
    numbers, names = list(range(1, options + 1)), [f"option {number}" for number in range(options)]
    lines = [
        'id = "bench"\nversion = 1\nlanguages = ["en"]\nminutes = 7\nlicence = "CC-BY-4.0"\nsource = "bench"',
        'validated = false\ntitle.en = "Bench"\n[options.agree]\ncodes = [1, 2, 3, 4, 5]\nfavourable = [4, 5]',
        'unfavourable = [1, 2]\nlabels.en = ["1", "2", "3", "4", "5"]\n[options.often]\ncodes = [0, 1, 2]',
        'favourable = [0]\nunfavourable = [1, 2]\nlabels.en = ["never", "sometimes", "often"]',
        f"[options.kind]\ncodes = {numbers}\nordered = false\nlabels.en = {names}".replace("'", '"'),
    ]
    for scale in range(scales):
        kind = "mean" if scale else "incidence"
        lines.append(
            f'[[scales]]\nid = "s{scale}"\ntheme = "exclusion"\nkind = "{kind}"\nmin_answered = 0.5\n'
            f'rates_a_person = false\ntitle.en = "Scale {scale}"'
        )
    for scale in range(scales):
        chosen = "agree" if scale else "often"
        lines += [
            f'[[items]]\nid = "s{scale}i{item}"\nscale = "s{scale}"\noptions = "{chosen}"\nreversed = false\ntext.en = "item"'
            for item in range(items)
        ]
    lines += [
        f'[[items]]\nid = "b{place}"\nkind = "background"\noptions = "kind"\ntext.en = "background"'
        for place in range(backgrounds)
    ]
    return "\n".join(lines) + "\n"


def organisation(teams: int, people: int, departments: int, seed: int) -> Tree:
    """Departments of teams, of a third to about two times the middling size."""
    draw = random.Random(seed)
    sizes = [people // teams] * teams
    for _ in range(teams * 3):
        one, other = draw.randrange(teams), draw.randrange(teams)
        if sizes[one] > people // teams // 3:
            sizes[one] -= 1
            sizes[other] += 1
    units = [Unit("org", None, "Organisation", sum(sizes))]
    for number in range(departments):
        own = sizes[number::departments]
        units.append(Unit(f"d{number}", "org", f"Department {number}", sum(own)))
        units += [
            Unit(f"d{number}t{team}", f"d{number}", f"Team {team}", size) for team, size in enumerate(own)
        ]
    return Tree(tuple(units))


def a_case(
    teams: int, people: int, departments: int, backgrounds: int, options: int,
    crossings: Sequence[str], response: float, seed: int,
) -> tuple[Plan, tuple[object, ...]]:  # fmt: skip
    tree = organisation(teams, people, departments, seed)
    groupings = ("unit", *(f"b{place}" for place in range(backgrounds)), *crossings)
    plan = Plan(questionnaire(backgrounds, options), tree, propose(tree, LEAST), groupings, LEAST)
    rng = np.random.default_rng(seed)
    counts = np.array([rng.binomial(stratum.invited, response) for stratum in plan.strata])
    return plan, simulated(plan.questionnaire, counts, rng)


@dataclass(frozen=True)
class Shown:
    able: int
    product: int
    optimal: bool
    most: int | None
    next_smallest: int
    next_smallest_leaks: bool


def utility(seed: int) -> Shown:
    """One seeded organisation: the demo's size, the small one's, with one or two background questions and a crossing."""
    shape = [
        (25, 220, 5, 1, 4, ()),
        (25, 220, 5, 2, 4, ()),
        (48, 1_200, 6, 2, 4, ("unit*b0",)),
        (48, 600, 6, 2, 4, ("unit*b1",)),
        (30, 400, 5, 3, 3, ()),
    ][seed % 5]
    plan, parts = a_case(*shape, 0.6, seed)
    from app.core.disclosure.protect import counted
    from app.core.tally import layout_of

    found = counted(plan, parts)
    layout = layout_of(plan.questionnaire, plan.groupings)
    programme = programme_of(forest_of(plan.tree, plan.strata), layout, found, plan.groupings)
    nodes = programme.forest.nodes
    sizes = programme.add_up(found.people)
    allowed = [g for g in range(programme.groups) if g >= len(nodes) or nodes[g].whole]
    able = [g for g in allowed if sizes[g] >= LEAST]
    choice = suppression.publishable(programme, found.people, LEAST, allowed)
    simple = next_smallest(programme, sizes, able)
    return Shown(
        len(able),
        len(choice.groups),
        choice.optimal,
        most_groups(programme, found.people, sizes, allowed, choice.groups),
        len(simple),
        bool(leaks(programme.atoms(simple), found.people, LEAST)),
    )


def most_groups(
    programme: Programme, people: np.ndarray, sizes: np.ndarray, allowed: list[int], start: frozenset[int]
) -> int | None:
    """The number of groups of the choice that shows most groups, whatever their size; None when it isn't found in time."""
    master = suppression._Master(programme, people, LEAST, sizes, allowed)
    master.cost = np.concatenate([np.full(len(master.groups), -1.0), np.zeros(len(master.strata))])
    everything = frozenset(g for g in allowed if sizes[g] >= LEAST)
    found = leaks(programme.atoms(everything), people, LEAST)
    if not found:
        return len(everything)
    best = master.solve(everything, found)
    return len(best) if best is not None else None


def next_smallest(programme: Programme, sizes: np.ndarray, able: list[int]) -> list[int]:
    """Families of siblings (children of a unit, options of a question, options within a unit), each by itself."""
    families: dict[object, list[int]] = {}
    for group in range(1, programme.groups):
        if group < programme.units:
            family: object = ("unit", programme.forest.nodes[group].parent)
        else:
            other = programme.other(group)
            family = (other.node, other.answers[:-1], other.answers[-1][0])
        families.setdefault(family, []).append(group)
    shown = set(able)
    for family_ in families.values():
        hidden = sum(int(sizes[g]) for g in family_ if g not in shown)
        for group in sorted((g for g in family_ if g in shown), key=lambda g: int(sizes[g])):
            if hidden == 0 or hidden >= LEAST:
                break
            shown.discard(group)
            hidden += int(sizes[group])
    return sorted(shown)


def print_utility() -> bool:
    print("share of groups with k answers that is published, 20 seeded organisations")
    every = [utility(seed) for seed in range(20)]
    for seed, one in enumerate(every):
        most = "not known" if one.most is None else f"{one.most / one.able:.3f}"
        print(
            f"  {seed:>2}  of {one.able:>4}: product {one.product / one.able:.3f} ({'optimal' if one.optimal else 'heuristic'})"
            f"  most {most}  next-smallest {one.next_smallest / one.able:.3f}{' and leaks' if one.next_smallest_leaks else ''}"
        )
    known = [one for one in every if one.most is not None]
    worst = min(one.product / (one.most or 1) for one in known)
    mean = sum(one.product / (one.most or 1) for one in known) / len(known)
    print(
        f"product against the most known: {mean:.3f} in the mean, {worst:.3f} at worst, over {len(known)} of 20"
    )
    print(f"next-smallest leaks in {sum(one.next_smallest_leaks for one in every)} of 20")
    return worst >= 0.95


def speed(size: str) -> None:
    """One release in this process; prints its time and the peak of memory."""
    from app.core.disclosure.protect import counted, protect
    from app.core.ladder import publish

    plan, parts = a_case(*SIZES[size], 1)
    found = counted(plan, parts)
    start = time.perf_counter()
    document = protect(plan, found)
    protected = time.perf_counter() - start
    shown = sum(group["status"] == "published" for group in document["groups"])
    told = 0.0

    def progress(done: int, total: int, what: str) -> None:
        nonlocal told
        if time.perf_counter() - told > 10:
            told = time.perf_counter()
            print(f"    {done} of {total}, {what}", flush=True)

    start = time.perf_counter()
    document = publish(plan, found, known={"scan": "bench"}, progress=progress)
    whole = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    attack = document["attack"]
    print(
        f"{size}: {len(document['groups'])} groups, {shown} shown, {document['method']}; protecting {protected:.1f} s, "
        f"protecting and attacking {whole:.1f} s, peak {peak:.0f} MiB"
    )
    print(
        f"  attack: {attack['statements']} statements, targets {attack['targets']}, given up {attack['given_up']}"
    )


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--utility", action="store_true")
    options.add_argument("--speed", choices=list(SIZES), action="append", default=[])
    options.add_argument("--here", choices=list(SIZES), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        speed(chosen.here)
        return 0
    everything = not chosen.utility and not chosen.speed
    fine = print_utility() if chosen.utility or everything else True
    for size in chosen.speed or (list(SIZES) if everything else []):
        subprocess.run([sys.executable, __file__, "--here", size], check=True)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
