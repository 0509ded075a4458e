"""Small published documents by hand, as far as comparisons read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]
LABELS = {"nl": ["a", "b", "c", "d", "e"], "en": ["a", "b", "c", "d", "e"]}


def num(value: float | None, low: float | None = None, high: float | None = None) -> Document:
    """An exact figure, unless ends are given."""
    return {"value": value, "low": value if low is None else low, "high": value if high is None else high}


def scored(score: Document, n: Document, spread: Document | None = None) -> Document:
    return {"n": n, "score": score, **({"spread": spread} if spread else {})}


def shared(share: Document, n: Document) -> Document:
    return {"n": n, "share": share}


def group(
    code: str,
    parent: str | None = None,
    headcount: int = 0,
    scales: Mapping[str, Document] | None = None,
    *,
    grouping: str = "unit",
    name: Any = None,
    **more: Any,
) -> Document:
    """Published with these scales; without any, withheld."""
    return {
        "grouping": grouping, "group": code, "parent": parent, "headcount": headcount, "name": name or code,
        "status": "withheld" if scales is None else "published",
        "reason": "too-few" if scales is None else None,
        "scales": dict(scales or {}), "items": {}, "absent": {}, **more,
    }  # fmt: skip


def document(
    scan: str, groups: list[Document], *, instrument: Document | None = None, **rules: Any
) -> Document:
    return {
        "scan": scan,
        "rules": {"min_group": 8, "way": "slips", **rules},
        "instrument": instrument or an_instrument(),
        "groups": groups,
    }


def an_instrument(**changes: Any) -> Document:
    """Two scales of scores, "up" and "down" (an item reversed), and a share, "seen"."""
    return {
        "id": "small",
        "scales": [
            {"id": "up", "kind": "mean", "items": ["up1", "up2"]},
            {"id": "down", "kind": "mean", "items": ["down1"]},
            {"id": "seen", "kind": "incidence", "items": ["seen1"]},
        ],
        "items": [
            {"id": "up1", "scale": "up", "options": "agree", "reversed": False},
            {"id": "up2", "scale": "up", "options": "agree", "reversed": False},
            {"id": "down1", "scale": "down", "options": "agree", "reversed": True},
            {"id": "seen1", "scale": "seen", "options": "agree", "reversed": False},
        ],
        "options": {"agree": {"codes": [1, 2, 3, 4, 5], "missing": [], "labels": LABELS}},
        **changes,
    }
