"""What a release may not show any more: findings of an attack and earlier editions enter, what is allowed leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.disclosure.describing import describe
from app.core.instrument import Instrument

Key = tuple[str, str]


@dataclass(frozen=True)
class Limits:
    """`withheld` groups, and scales under so many answers, are left out; `least_below` is the least number of answers of
    a group below the organisation; `nothing` withholds the organisation too."""

    withheld: frozenset[Key] = frozenset()
    scales: Mapping[str, int] | None = None
    crossings: bool = True
    least_below: int = 0
    root: Key | None = None
    nothing: bool = False

    def allow(self, key: Key, *, crossing: bool) -> bool:
        if self.nothing or key in self.withheld or (crossing and not self.crossings):
            return False
        return self.root is None or key == self.root

    def allow_scale(self, scale: str, people: int) -> bool:
        """Whether a group of so many people may show a scale."""
        return people >= (self.scales or {}).get(scale, 0)


FREE = Limits()
"""Nothing given up."""


class Said:
    """What an earlier edition published about the same answers."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.instrument: Mapping[str, Any] = document["instrument"]
        self._document = document

    @cached_property
    def _groups(self) -> dict[Key, Mapping[str, Any]]:
        return {
            (group["grouping"], group["group"]): group
            for group in self._document["groups"]
            if group["status"] == "published"
        }

    def published(self, key: Key) -> bool:
        return key in self._groups

    def scale(self, key: Key, scale: str, *, detailed: bool) -> bool:
        """Whether a group showed this scale; `detailed`: with its shares, so that it has 30 answers or more."""
        found = self._groups.get(key)
        if found is None:
            return False
        if detailed:
            return any("favourable" in entry or "share" in entry for entry in found["scales"].values())
        return scale in found["scales"]


def changed_scales(instrument: Instrument, editions: Sequence[Said]) -> frozenset[str]:
    """Scales that some edition scored in another way, or didn't have.

    Two scores of the same few people on different footing, subtracted, tell about single items.
    """
    now = _definitions(describe(instrument))
    return frozenset(
        scale
        for scale, made in now.items()
        if any(_definitions(said.instrument).get(scale) != made for said in editions)
    )


def _definitions(instrument: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever a scale's figures depend on, by scale."""
    options = instrument["options"]
    found = {}
    for scale in instrument["scales"]:
        items = [
            (item["id"], item["reversed"], {k: options[item["options"]][k] for k in _SCORED})
            for item in instrument["items"]
            if item["scale"] == scale["id"]
        ]
        found[scale["id"]] = (scale["kind"], scale.get("min_answered"), scale["rates_a_person"], items)
    return found


_SCORED = ("codes", "favourable", "unfavourable", "missing", "ordered")
