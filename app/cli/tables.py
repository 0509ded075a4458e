"""Released results and comparisons as tables for a terminal: a document enters, lines of text leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def number(value: Any) -> str:
    """A published number as people read it: one figure, a band, or a dash where there is none."""
    if not isinstance(value, Mapping):
        return "-" if value is None else str(value)
    low, high, exact = value.get("low"), value.get("high"), value.get("value")
    if exact is None:
        return f"{_short(low)} to {_short(high)}"
    return _short(exact)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else "-"


def results_table(document: Mapping[str, Any]) -> str:
    """One line a group: its n and the score (or share) of each scale, or why it is withheld."""
    groups = document["groups"]
    scales = sorted({scale for group in groups for scale in group.get("scales", {})})
    lines = [_row(["grouping", "group", "n", *scales])]
    for group in groups:
        name = [group["grouping"], str(group["group"])]
        if group["status"] != "published":
            lines.append(_row([*name, f"withheld: {group.get('reason') or 'too few'}"]))
            continue
        found = group.get("scales", {})
        cells = [number(_main(found.get(scale, {}))) for scale in scales]
        lines.append(_row([*name, number(group.get("n")), *cells]))
    return "\n".join([*lines, f"digest {document['digest']}"])


def comparison_table(document: Mapping[str, Any]) -> str:
    """One line a difference: both figures, the difference with its interval, and the verdict; then what can't be."""
    lines = [_row(["grouping", "group", "scale", "old", "new", "difference", "95 %", "q", "verdict"])]
    for one in document["differences"]:
        low, high = (end["value"] for end in one["interval"])
        cells = [one["grouping"], one["group"], one["scale"], number(one["before"]), number(one["after"])]
        change = f"{_middle(one['difference']):+.4g}"
        lines.append(_row([*cells, change, f"{low:+.4g} to {high:+.4g}", f"{one['q']:.2g}", one["verdict"]]))
    for one in document["not_comparable"]:
        cells = [one["grouping"], one["group"], one.get("scale", "")]
        lines.append(_row([*cells, f"not comparable: {one['reason']}"]))
    return "\n".join([*lines, f"a difference of {document['matters']:g} points or more matters"])


def _middle(difference: Mapping[str, Any]) -> float:
    value = difference["value"]
    return float((difference["low"] + difference["high"]) / 2 if value is None else value)


def _main(scale: Mapping[str, Any]) -> Any:
    return scale.get("score", scale.get("share"))


def _row(cells: list[str]) -> str:
    return "  ".join(f"{cell:<14}" for cell in cells).rstrip()


def attack_words(found: Mapping[str, Any]) -> str:
    """What an attack on a release yielded, in sentences."""
    targets = found["targets"]
    lines = [
        f"{found['statements']} published statements, {targets['lp'] + targets['milp']} targets in {found['seconds']} s: "
        f"{targets['milp']} decided in whole numbers, {targets['lp']} by bounds only, which proves less."
    ]
    if not found["findings"]:
        lines.append("Nothing found: no small group and no answer of one can be pinned down.")
    lines += [f"found: {_finding(finding)}" for finding in found["findings"]]
    return "\n".join([*lines, f"digest {found['digest']}"])


def _finding(finding: Mapping[str, Any]) -> str:
    item = f", question {finding['item']}" if finding.get("item") else ""
    return f"{finding['kind']} of {finding['target']}{item}: {finding['low']} to {finding['high']}"


def rehearsal_words(found: Mapping[str, Any]) -> str:
    """What a rehearsal would publish, in sentences."""
    lines = [
        f"At {found['response']:.0%} response ({found['answers']} simulated answers), {found['covered']:.0%} of staff are in a "
        f"published group below the organisation ({found['method']})."
    ]
    lines += [f"{grouping}: {shown} of {all_} groups" for grouping, shown, all_ in found["groups"]]
    lines += [f"given up: {step['step']}" for step in found["given_up"]]
    return "\n".join(lines)
