"""An organisation with a board, scans by hand and published updates; what tests of hearing back start from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from app.core import release
from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
from app.core.lifecycle import KINDS
from app.storage.office.accounts import Account
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from app.storage.office.updates import Board, Update, UpdateVersion
from tests.factories import a_plan
from tests.services.compared import a_release
from tests.services.planned import Office, an_office

ADDRESS = "een-bord-zonder-naam"
THEMES = {"up": "fear-to-report", "down": "exclusion", "seen": "bullying"}
BEGUN = Content(
    theme="fear-to-report",
    words={
        "nl": Words("Een vast aanspreekpunt", "Melden is eng"),
        "en": Words("Somebody to turn to", "Scary"),
    },
    source=Source(SourceKind.OTHER),
    state=State.UNDER_WAY,
    decision=Decision.DO,
    owner="manager",
    due_on=date(2026, 12, 1),
    next_on=date(2026, 11, 27),
)
DECIDED = replace(BEGUN, state=State.DECIDED)


@contextmanager
def a_board(folder: Path) -> Iterator[Office]:
    with an_office(folder) as made:
        with made.store.office() as session:
            session.add(Account(id=1, email="hanna@linde.example", name="Hanna", language="nl", active=True))
            session.add(Board(organisation_id=made.organisation, address=ADDRESS))
        yield made


def post(office: Office, *versions: tuple[date, Content]) -> int:
    """An update with these published versions; its id."""
    with office.store.office() as session:
        row = Update(
            organisation_id=office.organisation, version=len(versions), by_account=1, by_role="coordinator"
        )
        session.add(row)
        session.flush()
        for number, (day, content) in enumerate(versions, start=1):
            session.add(
                UpdateVersion(
                    update_id=row.id, version=number, content_json=content.to_json(), by_role="coordinator",
                    published_at=datetime.combine(day, time(9)),
                )
            )  # fmt: skip
        return row.id


def publish(
    office: Office, scan: str, *, opened: date, promised: date, released: date, score: float, team: float = 40,
    kind: str = KINDS[0], hide: Mapping[str, str] = {},
) -> None:  # fmt: skip
    """A released scan; groups named in `hide` are withheld for that reason."""
    made = a_release(scan, score, team)
    for one in made["instrument"]["scales"]:
        one["theme"] = THEMES[one["id"]]
    for group in made["groups"]:
        if group["group"] in hide:
            group.update(status="withheld", reason=hide[group["group"]], scales={})
    made["digest"] = release.digest_of(made)
    with office.store.office() as session:
        session.add(a_scan(office, scan, opened=opened, promised=promised, kind=kind, state="released"))
        session.flush()
        session.add(
            Release(
                scan_id=scan, edition=1, digest=made["digest"], document=release.canonical(made),
                released_at=datetime.combine(released, time(12)),
            )
        )  # fmt: skip


def a_scan(
    office: Office, scan: str, *, opened: date, promised: date, kind: str, state: str, **more: Any
) -> Scan:
    return Scan(
        id=scan, organisation_id=office.organisation, name=f"Scan {scan}", kind=kind, state=state, opened_on=opened,
        closes_on=opened.replace(day=28), promise_on=promised, created_at=datetime.combine(opened, time(8)),
        plan=a_plan().to_json(), **more,
    )  # fmt: skip
