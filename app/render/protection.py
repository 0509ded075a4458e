"""How a release was protected, in words: what it says of its choice of groups and of the attack enters, sentences leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.render.reasons import SHARES_FROM
from app.render.texts import speak


def method(name: str, language: str) -> str:
    """How the groups that are shown were chosen: "optimal" or "heuristic"; "" for a release that doesn't say."""
    _ = speak(language)
    return {
        "optimal": _("Of all safe choices of groups, this one shows most."),
        "heuristic": _(
            "There were too many choices to go through all of them. This choice is safe; another safe choice may show "
            "a few more groups."
        ),
    }.get(name, "")


def given_up(steps: Iterable[Mapping[str, Any]], language: str) -> tuple[str, ...]:
    """What an attack made the protector leave out, each once. Which groups it were is nobody's business."""
    _ = speak(language)
    counts: dict[str, int] = {}
    for step in steps:
        counts[step["step"]] = counts.get(step["step"], 0) + int(step.get("count", 0))
    said = {
        "groups": _("Groups of which too much could be worked out: {count}.", count=counts.get("groups", 0)),
        "scales": _(
            "Subjects that are only shown for groups of {least} answers or more: {count}.",
            least=SHARES_FROM,
            count=counts.get("scales", 0),
        ),
        "crossings": _("Everything that was to be shown two together."),
        "small-units": _("Units of fewer than {least} answers.", least=SHARES_FROM),
        "units": _("All units: only the organisation as a whole is shown."),
        "everything": _("Everything: no number could be shown safely."),
    }
    return tuple(said[step] for step in counts if step in said)
