"""Trees for tests: written by hand from nested names, or any tree at all for hypothesis."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from app.core.units import Tree, Unit

# Several people's machines run these at once; a slow example says nothing about the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def a_tree_of(spec: dict[str, object] | int, code: str = "org") -> Tree:
    """`a_tree_of({"a": 9, "b": {"b1": 8, "": 3}})`: numbers are leaves, "" is the rest of its branch."""
    return Tree(tuple(_units(spec, code, None)))


def _units(spec: object, code: str, parent: str | None) -> list[Unit]:
    if isinstance(spec, int):
        return [Unit(code, parent, code, spec)]
    assert isinstance(spec, dict)
    rest = spec.get("", 0)
    below = [unit for name, inner in spec.items() if name for unit in _units(inner, name, code)]
    total = rest + sum(unit.headcount for unit in below if unit.parent == code)
    return [Unit(code, parent, code, total), *below]


@st.composite
def trees(draw: st.DrawFn, most_units: int = 24, most_people: int = 40) -> Tree:
    """Any tree: each unit after the first hangs under an earlier one and directly holds 0 or more people."""
    size = draw(st.integers(1, most_units))
    parents = [None, *(draw(st.integers(0, place - 1)) for place in range(1, size))]
    rests = [draw(st.integers(0, most_people)) for _ in range(size)]
    counts = list(rests)
    for place in range(size - 1, 0, -1):
        counts[parents[place] or 0] += counts[place]
    below: dict[int | None, list[int]] = {}
    for place, parent in enumerate(parents):
        below.setdefault(parent, []).append(place)
    ordered, waiting = [], [0]
    while waiting:
        place = waiting.pop()
        parent = parents[place]
        ordered.append(
            Unit(f"u{place}", None if parent is None else f"u{parent}", f"Unit {place}", counts[place])
        )
        waiting.extend(reversed(below.get(place, [])))
    return Tree(tuple(ordered))
