"""What an attack found, and how its targets were decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIZE, ANSWERS, SIDE = "size", "answers", "side"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Finding:
    """A target about which too much is known.

    `kind`: size, answers or side. `target` says how it is made: in all of `inside` and in none of `outside`, each a
    (scan, grouping, group). `item` and `answer` are None for a size; `answer` is a code, or "favourable",
    "unfavourable" or "above". `low` and `high` are people, inclusive; `because` the published groups whose numbers
    were used. `finished` is False when time ran out before the target could be cleared. `together` is True when
    earlier scans were read as if the same people answered the same.
    """

    kind: str
    target: str
    inside: tuple[Key, ...]
    outside: tuple[Key, ...]
    item: str | None
    answer: str | None
    low: int
    high: int
    because: tuple[Key, ...]
    finished: bool = True
    together: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "target": self.target,
            "inside": [list(key) for key in self.inside],
            "outside": [list(key) for key in self.outside],
            "item": self.item,
            "answer": self.answer,
            "low": self.low,
            "high": self.high,
            "because": [list(key) for key in self.because],
            "finished": self.finished,
            "together": self.together,
        }


@dataclass(frozen=True)
class Report:
    """`targets` counts by method: "milp" in whole numbers, "lp" by bounds only, which prove nothing."""

    findings: tuple[Finding, ...]
    statements: int
    targets: Mapping[str, int]
    seconds: int

    def as_json(self) -> dict[str, Any]:
        """The `attack` object of a release. Counts of targets are rounded up: which sets hold 1 to 2k - 1 people is secret."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "statements": self.statements,
            "targets": {method: coarse(count) for method, count in self.targets.items()},
            "seconds": self.seconds,
            "given_up": [],
        }


def coarse(count: int) -> int:
    """Rounded up to two digits, under a hundred to tens: 0, 10, 90, 1500."""
    if count == 0:
        return 0
    step: int = 10 ** max(1, len(str(count)) - 2)
    return -(-count // step) * int(step)
