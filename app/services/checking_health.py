"""The health check: an installation enters; what around it would break a promise to respondents leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.storage import health
from app.storage.health import Finding as Finding
from app.storage.health import Kind as Kind


def check(urls: Mapping[str, str], instance: Path, *, opening: bool = False) -> tuple[Finding, ...]:
    """`urls` are those of "office", "issuing" and "ballots"; nothing is written. `opening`: a scan is about to be opened."""
    return tuple(health.findings(urls, instance, opening=opening))


def refuses(found: tuple[Finding, ...]) -> bool:
    """Whether the server may not run like this: something copies every single answer as it comes in."""
    return any(one.kind is Kind.COPIED for one in found)
