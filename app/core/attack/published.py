"""What the attacker is given: releases as anybody can read them, and optionally where to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.core.plan import Plan
from app.core.release import Document

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Published:
    """One release as anybody can read it; several editions and scans may be given at once."""

    plan: Plan
    document: Document

    @property
    def scan(self) -> str:
        return str(self.document["scan"])


@dataclass(frozen=True)
class Truth:
    """What was really answered. It only chooses where to look and gives a starting point for feasible points.

    Arrays over the C classes of people that occur. `options` has a column per background question that is a
    grouping, in the order of the questionnaire; 0 is no answer. `items` is (C, coded items, 1 + options), column 0
    no answer, and counts only people their scale scores. `scored` holds per scale the people with a score.
    `values` holds per scale the sum of person scores on 0 to 1 (incidence: people with anything above the lowest);
    without it skipped questions are filled in as well as can be.
    """

    strata: Counts
    options: Counts
    people: Counts
    items: Counts
    scored: Mapping[str, Counts]
    values: Mapping[str, Floats] = field(default_factory=dict)
