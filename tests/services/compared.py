"""Two published scans of one organisation, the second with a scale that rose: what tests of comparisons start from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.core import release
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from tests.core.released import document, group, num, scored, shared
from tests.services.planned import Office, an_office

OLD, NEW = "aaaaaaaaaa", "bbbbbbbbbb"
TEXTS = {
    "up": ("Hogerop", "Upward"),
    "down": ("Omlaag", "Downward"),
    "seen": ("Pesten gezien", "Bullying seen"),
}


def a_release(scan: str, score: float, team: float) -> dict[str, Any]:
    """An organisation of 220 with one team, every scale shown."""
    n, spread = num(130, 128, 132), num(20, 19, 21)
    whole = {
        "up": scored(num(score, score - 0.5, score + 0.5), n, spread),
        "down": scored(num(60, 59.5, 60.5), n, spread),
        "seen": shared(num(10, 7.5, 12.5), n),
    }
    groups = [
        group("org", None, 220, whole, n=n),
        group(
            "a",
            "org",
            30,
            {"up": scored(num(team, team - 2.5, team + 2.5), num(20, 18, 22))},
            n=num(20, 18, 22),
        ),
        group("b", "org", 30),
    ]
    for each in groups:
        for scale in each["scales"].values():
            low, high = (
                (scale.get("score") or scale["share"])["low"],
                (scale.get("score") or scale["share"])["high"],
            )
            scale["interval"] = [num(max(0, low - 4)), num(min(100, high + 4))]
    made = document(scan, groups)
    for scale in made["instrument"]["scales"]:
        scale["title"] = dict(zip(("nl", "en"), TEXTS[scale["id"]], strict=True))
    return made


@contextmanager
def two_scans(folder: Path) -> Iterator[Office]:
    """An office with both released; the first was imported."""
    with an_office(folder) as made:
        publish(made, OLD, a_release(OLD, 55, 40), 3, imported=True)
        publish(made, NEW, a_release(NEW, 63, 85), 9)
        yield made


def publish(office: Office, scan: str, made: dict[str, Any], month: int, **more: Any) -> None:
    """Closed on the first of a month of 2026."""
    row = Scan(
        id=scan, organisation_id=office.organisation, name=f"Scan {month}", kind="baseline", state="released",
        closes_on=date(2026, month, 1), created_at=datetime(2026, month, 1), **more,
    )  # fmt: skip
    made["digest"] = release.digest_of(made)
    with office.store.office() as session:
        session.add(row)
        session.flush()
        text = release.canonical(made)
        session.add(
            Release(scan_id=scan, edition=1, digest=made["digest"], document=text, released_at=row.created_at)
        )
