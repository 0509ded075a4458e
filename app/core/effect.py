"""Whether a later scan shows something of an update: published documents enter, before and after with a verdict leave; no cause.

Only releases and a comparison of them are read, so an update can't say more than the results do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.feedback import Content, Decision, State
from app.core.noticed import scale_of
from app.core.release import UNIT, Document, Num, Release


class Standing(StrEnum):
    """What can be said now. `NONE`: nothing was to change, so there is nothing to look for."""

    NONE = "none"
    TOO_EARLY = "too-early"
    NO_BEFORE = "no-before"
    NOT_ASKED = "not-asked"
    MEASURED = "measured"


BEGUN = frozenset({State.UNDER_WAY, State.DONE})
GONE = "only-old"


@dataclass(frozen=True)
class Wave:
    """A scan whose results everybody can read: when people answered from, and from when its results were out.

    `scales` maps the id of a scale to its theme.
    """

    scan: str
    name: str
    opened_on: date
    out_on: date
    scales: Mapping[str, str]

    def asks(self, content: Content) -> tuple[str, ...]:
        """The scales in it by which this update is judged: those chosen, else those of its theme."""
        if content.scales:
            return tuple(scale for scale in content.scales if scale in self.scales)
        return tuple(scale for scale, theme in self.scales.items() if theme == content.theme)


@dataclass(frozen=True)
class Dates:
    """When an update first said what was decided, and when that it was begun."""

    decided_on: date | None = None
    begun_on: date | None = None


def dates(versions: Iterable[tuple[date, Content]]) -> Dates:
    """From its published versions, the first one first."""
    listed = list(versions)
    decided = next((day for day, content in listed if content.decision is not None), None)
    begun = next((day for day, content in listed if content.state in BEGUN), None)
    return Dates(decided, begun)


@dataclass(frozen=True)
class Line:
    """One scale before and after. `reason` says why it can't be shown; all else is empty then.

    Figures are published numbers: a score from 0 to 100, or with `share` a percentage. `interval` is of the difference.
    """

    scale: str
    titles: Mapping[str, str]
    share: bool = False
    before: Num | None = None
    after: Num | None = None
    n_before: Num | None = None
    n_after: Num | None = None
    difference: Num | None = None
    interval: tuple[float, float] | None = None
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Noticed:
    """What staff said in a scan that asked about this very update: a score from 0 (nobody) to 100 (everybody: yes).

    `interval` is the one that was published with the score. `reason` says why there is no score. `change`: the same question in
    an earlier scan and in this one, where both asked it.
    """

    scan: str
    unit: str = ""
    n: Num | None = None
    score: Num | None = None
    interval: tuple[float, float] | None = None
    reason: str = ""
    earlier: str = ""
    change: Line | None = None


@dataclass(frozen=True)
class Effect:
    """What the board shows. `before` and `after` are names of scans; `unit` is the name of the unit it is about."""

    standing: Standing
    before: str = ""
    after: str = ""
    after_scan: str = ""
    unit: str = ""
    lines: tuple[Line, ...] = ()
    noticed: Noticed | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Effect:
    values: dict[str, Any] = json.loads(text)
    lines = tuple(_line_from(line) for line in values.pop("lines"))
    said = values.pop("noticed", None)
    return Effect(
        **{**values, "standing": Standing(values["standing"]), "lines": lines, "noticed": _noticed_from(said)}
    )


def _line_from(values: dict[str, Any]) -> Line:
    return Line(**{**values, "interval": tuple(values["interval"]) if values["interval"] else None})


def _noticed_from(values: dict[str, Any] | None) -> Noticed | None:
    if values is None:
        return None
    interval, change = values["interval"], values["change"]
    return Noticed(
        **{
            **values,
            "interval": tuple(interval) if interval else None,
            "change": _line_from(change) if change else None,
        }
    )


@dataclass(frozen=True)
class Chosen:
    """The two scans to hold against each other, or why there are none."""

    standing: Standing
    before: Wave | None = None
    after: Wave | None = None


def choose(content: Content, when: Dates, waves: Sequence[Wave]) -> Chosen:
    """Before: the newest scan whose results were out when it was decided. After: the newest one that people answered
    once it had begun; answers given earlier can't know of it."""
    if content.decision in (None, Decision.DONT) or content.state in (State.HEARD, State.STOPPED):
        return Chosen(Standing.NONE)
    asking = sorted(
        (wave for wave in waves if wave.asks(content)), key=lambda wave: (wave.opened_on, wave.scan)
    )
    known = [wave for wave in waves if when.decided_on is not None and wave.out_on <= when.decided_on]
    # A scan that was imported can be opened and out on one day: whose results were known then, can't tell what came of it.
    later = [
        wave
        for wave in waves
        if when.begun_on is not None and wave.opened_on >= when.begun_on and wave not in known
    ]
    earlier = [wave for wave in asking if wave in known]
    if not later:
        return Chosen(Standing.TOO_EARLY)
    if not earlier:
        return Chosen(Standing.NO_BEFORE)
    same = [
        wave for wave in asking if wave in later and set(wave.asks(content)) & set(earlier[-1].asks(content))
    ]
    if not same:
        return Chosen(Standing.NOT_ASKED)
    return Chosen(Standing.MEASURED, earlier[-1], same[-1])


def measured(
    content: Content, chosen: Chosen, comparison: Document, before: Document, after: Document
) -> Effect:
    """The scales of an update, as the comparison of these two releases has them."""
    assert chosen.before is not None and chosen.after is not None
    old, new = Release(before), Release(after)
    code = content.unit or new.organisation.code
    asked = [scale for scale in chosen.after.asks(content) if scale in chosen.before.asks(content)]
    lines = tuple(_line(scale, code, comparison, old, new) for scale in asked)
    return Effect(
        Standing.MEASURED,
        chosen.before.name,
        chosen.after.name,
        chosen.after.scan,
        _unit_name(content, old, new),
        lines,
    )


WITHHELD, NOT_SHOWN = "withheld", "not-shown"


def asking_about(update: int, waves: Iterable[Wave]) -> list[Wave]:
    """Scans that asked about this update by name, the newest last."""
    found = [wave for wave in waves if scale_of(update) in wave.scales]
    return sorted(found, key=lambda wave: (wave.opened_on, wave.scan))


def noticed(
    update: int,
    content: Content,
    wave: Wave,
    release: Document,
    change: tuple[Wave, Document, Document] | None,
) -> Noticed:
    """What one release says of it; `change` is an earlier scan that asked it too, its release, and the comparison of both."""
    new, scale = Release(release), scale_of(update)
    code = content.unit or new.organisation.code
    name = _unit_name(content, new, new)
    group = new.group(UNIT, code)
    if group is None or not group.published:
        return Noticed(wave.name, name, reason=GONE if group is None else WITHHELD)
    entry = group.scales.get(scale)
    if entry is None:
        return Noticed(wave.name, name, reason=NOT_SHOWN)
    ends = entry.get("interval")
    before = _line(scale, code, change[2], Release(change[1]), new) if change is not None else None
    return Noticed(
        wave.name,
        name,
        entry["n"],
        entry["score"],
        (float(ends[0]["low"]), float(ends[1]["high"])) if ends else None,
        earlier=change[0].name if change is not None else "",
        change=before,
    )


def _unit_name(content: Content, old: Release, new: Release) -> str:
    if content.unit is None:
        return ""
    group = new.group(UNIT, content.unit) or old.group(UNIT, content.unit)
    return group.name("nl") if group is not None else content.unit


def _line(scale: str, code: str, comparison: Document, old: Release, new: Release) -> Line:
    titles = next((dict(one["title"]) for one in new.scales if one["id"] == scale), {})
    found = next((one for one in comparison["differences"] if _is(one, code, scale)), None)
    if found is None:
        return Line(scale, titles, reason=_reason(comparison, code, scale, new))
    low, high = (float(end["value"]) for end in found["interval"])
    group = new.group(UNIT, code)
    return Line(
        scale,
        titles,
        share=group is not None and "share" in group.scales.get(scale, {}),
        before=found["before"],
        after=found["after"],
        n_before=_n(old, code, scale),
        n_after=_n(new, code, scale),
        difference=found["difference"],
        interval=(low, high),
        verdict=found["verdict"],
    )


def _is(one: Mapping[str, Any], code: str, scale: str) -> bool:
    return bool(one["grouping"] == UNIT and one["group"] == code and one.get("scale", scale) == scale)


def _reason(comparison: Document, code: str, scale: str, new: Release) -> str:
    """Why of the unit, else of the scale as such; a unit that neither scan speaks of is gone."""
    apart = comparison["not_comparable"]
    own = next((one["reason"] for one in apart if _is(one, code, scale)), None)
    if own is None:
        own = next(
            (one["reason"] for one in apart if _is(one, new.organisation.code, scale) and "scale" in one),
            None,
        )
    return str(own or GONE)


def _n(release: Release, code: str, scale: str) -> Num | None:
    """As published; None where the code was another one's then."""
    group = release.group(UNIT, code)
    found: Num | None = group.scales.get(scale, {}).get("n") if group is not None else None
    return found
