"""A release that survives its attack: a plan and counted answers enter, the document of what could be kept leaves.

Each try is protected and attacked afresh. What an attack finds is withheld and the rest tried again; when that
doesn't end, less is published: no crossings, then only larger units, then the organisation only, then nothing.
What was given up is said in the document by kind and number, never by name: which group it was would tell that
something could be found there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.core.attack import Finding, Published, Report, Truth, attack
from app.core.disclosure.limits import FREE, Key, Limits
from app.core.disclosure.overlapping import Earlier
from app.core.disclosure.protect import protect
from app.core.plan import CROSSED, UNIT, Plan
from app.core.refusal import Cancelled
from app.core.release import PUBLISHED, Document, digest_of
from app.core.tally import ScaleColumns, ScaleTally, Tally, layout_of

DETAIL = 30
TRIES = 6
"""How often findings are withheld one by one before less is published."""
Progress = Callable[[int, int, str], None]
Attack = Callable[..., Report]


@dataclass(frozen=True)
class Out:
    """What is out already, about the same answers (`editions`) and of earlier scans: every attacker holds all of it."""

    editions: Sequence[Published] = ()
    earlier: Sequence[Published] = ()


@dataclass
class _Try:
    """Where the ladder stands: the present limits, and the steps taken to them."""

    limits: Limits = FREE
    given_up: list[dict[str, Any]] = field(default_factory=list)


def publish(
    plan: Plan,
    found: Tally,
    *,
    known: Mapping[str, Any],
    out: Out | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    attacked_by: Attack = attack,
) -> Document:
    """The protected, attacked document with its digest. `known` is passed on to the protector (scan, edition, ...).

    Raises Cancelled when `cancelled` says so after a try.
    """
    out = out or Out()
    truth = truth_of(plan, found)
    now = _Try()
    report = progress or (lambda done, total, what: None)
    for _ in _rungs(plan, now):
        for number in range(TRIES):
            report(number, TRIES, "protecting")
            document = _protected(plan, found, known, out, now.limits)
            yielded = attacked_by(
                [*out.earlier, *out.editions, Published(plan, document)],
                [*(None for _ in out.earlier), *(None for _ in out.editions), truth],
                progress=progress,
                cancelled=cancelled,
            )
            if cancelled is not None and cancelled():
                raise Cancelled
            if not yielded.findings:
                return _finished(document, yielded, now.given_up)
            if not _withhold(plan, document, yielded.findings, now):
                break
    raise AssertionError("where nothing is published, nothing is found")


def _protected(plan: Plan, found: Tally, known: Mapping[str, Any], out: Out, limits: Limits) -> Document:
    return protect(
        plan,
        found,
        **known,
        limits=limits,
        editions=[edition.document for edition in out.editions],
        earlier=[Earlier(release.plan, release.document) for release in out.earlier],
    )


def _finished(document: Document, yielded: Report, given_up: Sequence[Mapping[str, Any]]) -> Document:
    found = {**document, "attack": {**yielded.as_json(), "given_up": list(given_up)}}
    found["digest"] = digest_of(found)
    return found


def truth_of(plan: Plan, found: Tally) -> Truth:
    """The counted answers as the attack takes them: it only learns from them where to look."""
    widths = [
        len(plan.questionnaire.options_of(item).codes) + 1
        for item in plan.questionnaire.backgrounds
        if item.id in plan.groupings
    ]
    options: list[NDArray[np.int64]] = []
    keys = found.keys
    for width in reversed(widths):
        options.insert(0, keys % width)
        keys = keys // width
    stacked = np.stack(options, axis=1) if options else np.zeros((len(keys), 0), dtype=np.int64)
    layout = layout_of(plan.questionnaire, plan.groupings)
    together = list(zip(layout.scales, found.scales, strict=True))
    return Truth(
        keys,
        stacked,
        found.people,
        found.items,
        {scale.scale.id: counted.n.sum(axis=1) for scale, counted in together},
        {scale.scale.id: _values(scale, counted) for scale, counted in together},
    )


def _values(scale: ScaleColumns, counted: ScaleTally) -> NDArray[np.float64]:
    """The sum of person scores on 0 to 1 of each class; for incidence the people with anything above the lowest."""
    if scale.incidence:
        return counted.total[:, 0].astype(np.float64)
    answered = np.maximum(1, np.arange(counted.total.shape[1]))
    return np.asarray((counted.total / (answered * scale.span)).sum(axis=1))


def _rungs(plan: Plan, now: _Try) -> Iterator[None]:
    """One step down before each but the first."""
    yield
    if any(CROSSED in grouping for grouping in plan.groupings):
        now.limits = replace(now.limits, crossings=False)
        now.given_up.append({"step": "crossings"})
        yield
    now.limits = replace(now.limits, crossings=False, least_below=DETAIL)
    now.given_up.append({"step": "small-units"})
    yield
    now.limits = replace(now.limits, root=(UNIT, plan.tree.root.code))
    now.given_up.append({"step": "units"})
    yield
    now.limits = Limits(nothing=True)
    now.given_up.append({"step": "everything"})
    yield


def _withhold(plan: Plan, document: Document, findings: Sequence[Finding], now: _Try) -> bool:
    """Tighten the limits by what was found; False when there is nothing left to withhold by itself."""
    scales = {
        scale
        for finding in findings
        if (scale := _scale_of(plan, finding)) is not None
        and (now.limits.scales or {}).get(scale, 0) < DETAIL
    }
    answered = [finding for finding in findings if _scale_of(plan, finding) not in scales]
    groups = {key for finding in answered if (key := _smallest(document, finding)) is not None}
    groups -= now.limits.withheld
    if not groups and not scales:
        return False
    more = {**(now.limits.scales or {}), **dict.fromkeys(scales, DETAIL)}
    now.limits = replace(now.limits, withheld=now.limits.withheld | groups, scales=more)
    if groups:
        now.given_up.append({"step": "groups", "count": len(groups)})
    if scales:
        now.given_up.append({"step": "scales", "count": len(scales)})
    return True


def _scale_of(plan: Plan, finding: Finding) -> str | None:
    """The scale a finding about answers is about; None for one about sizes."""
    if finding.item is None:
        return None
    return plan.questionnaire.item(finding.item).scale


def _smallest(document: Document, finding: Finding) -> Key | None:
    """Of the groups of this scan that a finding rests on, the one with fewest answers; the organisation never."""
    sizes = {
        (group["grouping"], group["group"]): float(group["n"]["high"])
        for group in document["groups"][1:]
        if group["status"] == PUBLISHED
    }
    used = [(grouping, code) for scan, grouping, code in finding.because if scan == document["scan"]]
    able = [key for key in used if key in sizes]
    return min(able, key=lambda key: (sizes[key], key)) if able else None
