"""A small release by hand, in the format of the results: one organisation, three teams, one withheld."""

from __future__ import annotations

import copy
from typing import Any

from app.render.reading import Reading

Document = dict[str, Any]


def num(value: float | None, low: float, high: float) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


def exact(value: float) -> dict[str, float | None]:
    return num(value, value, value)


def scored(value: float, step: float, half: float) -> Document:
    ends = [exact(max(0, value - half)), exact(min(100, value + half))]
    return {"score": num(value, value - step / 2, value + step / 2), "interval": ends}


def shares(good: float, middle: float, bad: float, step: float) -> Document:
    names = ("favourable", "neutral", "unfavourable")
    return {
        name: num(value, value - step / 2, value + step / 2)
        for name, value in zip(names, (good, middle, bad), strict=True)
    }


def group(code: str, parent: str | None, name: str, n: Document | None, **more: Any) -> Document:
    return {
        "grouping": "unit",
        "group": code,
        "parent": parent,
        "name": name,
        "status": "published" if n else "withheld",
        "reason": None if n else "too-few",
        **({"n": n} if n else {}),
        "scales": {},
        "items": {},
        **more,
    }


BARE: Document = {
    "scan": "abcdefghij",
    "instrument": {
        "id": "small",
        "version": 1,
        "title": {"nl": "Veilig werk", "en": "Safe work"},
        "languages": ["nl", "en"],
        "validated": False,
        "outcome": "speaking-up",
        "scales": [
            {"id": "speaking-up", "kind": "mean", "title": {"nl": "Je uitspreken", "en": "Speaking up"}},
            {"id": "trust", "kind": "mean", "title": {"nl": "Vertrouwen", "en": "Trust & <care>"}},
            {"id": "seen", "kind": "incidence", "title": {"nl": "Pesten gezien", "en": "Bullying seen"}},
        ],
        "items": [{"id": "speak1", "scale": "speaking-up", "text": {"nl": "Ik durf", "en": "I dare"}}],
        "groupings": {"tenure": {"nl": "Hoe lang", "en": "How long"}},
    },
    "rules": {"min_group": 8},
    "digest": "ab" * 32,
    "reliability": {"trust": {"alpha": 0.83, "omega": None, "n": exact(131)}},
    "groups": [
        group(
            "org",
            None,
            "De Linde",
            exact(131),
            scales={
                "speaking-up": scored(55, 1, 3) | shares(60, 21, 19, 1),
                "trust": scored(72, 1, 3) | shares(75, 15, 10, 1),
                "seen": {"share": num(None, 0, 12)},
            },
            items={"speak1": shares(60, 21, 19, 1)},
        ),
        group("a", "org", "Team A", num(15, 13, 17), scales={"speaking-up": scored(80, 5, 12)}),
        group("b", "org", "Team B", num(20, 18, 22), scales={"speaking-up": scored(35, 5, 12)}),
        group("c", "org", "Team C", None),
        group("0", "org", "Team C + Team D", num(10, 8, 12), grouping="stratum", scales={}),
        group("1", None, "shorter", num(40, 38, 42), grouping="tenure", scales={"trust": scored(70, 2, 6)}),
    ],
}


def a_document(**changes: Any) -> Document:
    return {**copy.deepcopy(BARE), **changes}


def a_reading(language: str = "en", **changes: Any) -> Reading:
    document = a_document(**changes)
    return Reading(language, str(document["digest"]), document)
