"""An attack: what was published enters, every target is decided, a report leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from app.core.attack.deciding import Clock, Decider
from app.core.attack.groups import Wave, wave_of
from app.core.attack.published import Counts, Published, Truth
from app.core.attack.quick import doubtful
from app.core.attack.ranges import LEAST_NUMBERS, Flags, Ranges
from app.core.attack.report import SIZE, Finding, Report
from app.core.attack.searching import MANY_PEOPLE, Search
from app.core.attack.statements import Statements, statements
from app.core.attack.targets import SMALL, Target, targets
from app.core.attack.together import as_if_nothing_changed, refuted
from app.core.attack.walking import Walk
from app.core.attack.worlds import Membership, World, holds, start

SEED = 20261124
FEWEST = 4
# The search goes on while a round still clears this part of what is open.
WORTH_IT = 0.004
PATIENCE = 8
MOST_ROUNDS = 12
FEW_ROUNDS = 3
# Beyond so many people a world takes too long to walk; bounds decide then.
MOST_PEOPLE = 60_000
EXACT = 100
"""From so many answers an exact n is allowed; under it an n must leave LEAST_NUMBERS whole numbers by itself."""
ENOUGH = 12
MORE = 15
"""After so many findings, or so many targets after the first, an attack ends: the release has to change, and is attacked
afresh."""

Progress = Callable[[int, int, str], None]


def attack(
    published: Sequence[Published],
    truths: Sequence[Truth | None],
    *,
    colluders: int = 1,
    seconds: float | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Try to pin down few people, or their answers, from everything published. `truths` has one per release, or None.

    The last release names the scan that is attacked; releases with the same scan are its editions. Those of other scans are
    read with it as if nobody had changed, unless that contradicts itself. A target that could not be decided within `seconds`
    is a finding. Raises Cancelled when `cancelled` says so.
    """
    began = time.monotonic()
    clock = Clock(None if seconds is None else began + seconds, cancelled)
    say = progress or (lambda done, total, what: None)
    scan = published[-1].scan
    own = [one for one in published if one.scan == scan]
    known = [truth for one, truth in zip(published, truths, strict=True) if one.scan == scan]
    wave = wave_of(scan, own)
    said = statements(wave)
    findings = _said_too_closely(wave)
    found, totals = _one(wave, said, known, colluders, clock, say)
    findings.extend(found)
    count = said.count
    for other in dict.fromkeys(one.scan for one in published if one.scan != scan):
        joint = as_if_nothing_changed(own, [one for one in published if one.scan == other])
        if joint is None:
            continue
        say(0, 1, "reading an earlier scan as if nobody had changed")
        both = statements(joint.wave)
        count += both.count - said.count
        if not refuted(joint.wave, both):
            told = joint.same and _all_asked(both, len(own))
            here = [*known, *([None] * (len(joint.wave.editions) - len(own)))] if told else []
            more, decided = _one(joint.wave, both, here, colluders, clock, say)
            findings.extend(replace(finding, together=True) for finding in more)
            totals = {method: totals[method] + decided[method] for method in totals}
    return Report(tuple(findings), count, totals, int(np.ceil(time.monotonic() - began)))


def _all_asked(said: Statements, own: int) -> bool:
    """Whether the first editions, so many, asked all there is something about: of what they didn't ask there is no truth."""
    return all(any(meaning.edition < own for meaning in block.meanings) for block in said.blocks)


def _one(
    wave: Wave, said: Statements, truths: Sequence[Truth | None], colluders: int, clock: Clock, say: Progress
) -> tuple[list[Finding], dict[str, int]]:
    world = _world(wave, said, truths)
    chosen = targets(wave, _pairs(wave, truths), 2 * wave.plan.min_group - 1, _detail(wave))
    limit = max(FEWEST, wave.plan.min_group - colluders)
    ranges = Ranges(said, len(chosen), limit, colluders)
    sized = np.array([target.sizes for target in chosen], dtype=bool)
    decided = 0
    if world is not None and chosen:
        search = Search(wave, said, chosen, ranges, Walk(wave, said, world, np.random.default_rng(SEED)))
        _search(search, clock, say)
        decided = int((sized & ~ranges.open_sizes()).sum() + (~ranges.open_answers()).sum())
    decider = Decider(wave, said, chosen, ranges, clock)
    decider.counts["milp"] = decided
    open_ = ranges.open_answers()
    # Where time ran out, nothing is decided by the way.
    doubted = open_ if clock.over() else doubtful(wave, said, chosen, ranges, open_)
    decider.counts["lp"] = int((open_ & ~doubted).sum())
    return list(_decide(decider, chosen, ranges, sized, doubted, say)), decider.counts


def _said_too_closely(wave: Wave) -> list[Finding]:
    """Published groups of which not even their own n says that they have k answers, and those of under EXACT answers whose
    n leaves too few numbers: beside the headcount it would tell how many stayed away."""
    return [
        Finding(
            SIZE, SMALL, (wave.key(place),), (), None, None, group.least, group.most or 0, (wave.key(place),)
        )
        for place in wave.published
        if (group := wave.groups[place]).least < wave.plan.min_group
        or (_rounds(wave) and group.least < EXACT and (group.most or 0) - group.least < LEAST_NUMBERS - 1)
    ]


def _rounds(wave: Wave) -> bool:
    """Whether the release says by which rules its n are rounded; one that doesn't gives every n as it is."""
    return "version" in wave.editions[-1].document["rules"]


def _world(wave: Wave, said: Statements, truths: Sequence[Truth | None]) -> World | None:
    """A starting point that fits every statement; None where the truth is not given."""
    people = max((int(truth.people.sum()) for truth in truths if truth is not None), default=0)
    if not people or people > MOST_PEOPLE:
        return None
    world = start(wave, said, truths)
    return world if holds(wave, said, Membership(wave), world) else None


def _pairs(wave: Wave, truths: Sequence[Truth | None]) -> Counts | None:
    """(groups, groups) people that two groups share; None where the truth is not given."""
    truth = next((one for one in truths if one is not None), None)
    if truth is None:
        return None
    # A class stands for its people: a world with one person a class.
    classes = World(truth.strata.astype(np.int64), truth.options.astype(np.int64), [], [], [])
    members = Membership(wave).of(classes)
    weighted = members.multiply(truth.people[None, :]).tocsr()
    found: Counts = np.asarray((weighted @ members.T).todense()).astype(np.int64)
    return found


def _detail(wave: Wave) -> int:
    return int(wave.editions[-1].document["rules"]["detail"])


def _search(search: Search, clock: Clock, say: Progress) -> None:
    """Rounds until nothing is open or they stop paying."""
    before = total = max(1, search.left())
    idle = 0
    if before:
        search.mix()
    for _ in range(MOST_ROUNDS if len(search.walk.world.strata) < MANY_PEOPLE else FEW_ROUNDS):
        if not before or idle >= PATIENCE or clock.over():
            return
        search.round()
        left = search.left()
        idle = idle + 1 if before - left < max(1, WORTH_IT * before) else 0
        before = left
        say(total - left, total, "looking for other ways it could have been")


def _decide(
    decider: Decider, chosen: tuple[Target, ...], ranges: Ranges, sized: Flags, open_: Flags, say: Progress
) -> list[Finding]:
    findings: list[Finding] = []
    sizes = np.flatnonzero(sized & ranges.open_sizes())
    rest = np.flatnonzero(open_.any(axis=1))
    # Published groups first, then where worlds differ least: an attack that finds much ends soon.
    width = np.where(open_, ranges.high - ranges.low, np.iinfo(np.int32).max).min(
        axis=1, initial=np.iinfo(np.int32).max
    )
    rest = rest[np.lexsort((width[rest], [chosen[number].kind != SMALL for number in rest]))]
    since = 0
    for done, number in enumerate(sizes):
        since += bool(findings)
        if len(findings) >= ENOUGH or since > MORE:
            return findings
        say(done, len(sizes) + len(rest), "working out sizes")
        finding = decider.size(int(number))
        if finding is not None:
            findings.append(finding)
    for done, number in enumerate(rest):
        since += bool(findings)
        if len(findings) >= ENOUGH or since > MORE:
            break
        say(len(sizes) + done, len(sizes) + len(rest), "working out answers")
        for block, columns in enumerate(ranges.of_block):
            left = [int(column) for column in columns if open_[number, column]]
            if left:
                findings.extend(decider.answers(int(number), block, left))
    return findings
