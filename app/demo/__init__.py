"""The demo: an empty folder enters; a care organisation with accounts, two released scans and an open pulse leaves.

Everything is made through the real services, by invented people with a fixed seed, so that two demos look alike.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app import settings as settings_module
from app.core.access import Actor, Role
from app.core.instrument import parse
from app.core.signals.card import Quarter
from app.demo import invented, organisation, scans, second_step, signals
from app.demo.invented import people
from app.demo.organisation import NAME, PASSWORD, PEOPLE, UNITS, Scene, somebody
from app.demo.scans import BASELINE, FOLLOW_UP, Say
from app.demo.welcome import poster

if TYPE_CHECKING:
    from app.demo.board import Early
    from app.services.keeping import OpenVault
    from app.settings import Settings
    from app.storage.database import Store

FOLDER = "demo"
NOTES = "demo.json"
SHOWN_CODES = 5
FEW = 5


def prepare(*, address: str, fresh: bool, say: Say, open_store: Callable[[Settings], Store]) -> str:
    """Make the demo where it is missing; gives what to show: addresses, logins and a few codes.

    The environment names the demo's instance folder afterwards, for the server that is started next.
    """
    folder = settings_module.instance_path() / FOLDER
    environment = {
        "WEERKLANK_INSTANCE": str(folder),
        "WEERKLANK_ADDRESS": address,
        "WEERKLANK_LOCAL_SLIPS": "1",
    }
    notes = folder / NOTES
    if fresh or not notes.exists():
        # Without its notes a demo was stopped halfway; it holds nothing but invented people.
        shutil.rmtree(folder, ignore_errors=True)
    os.environ.update(environment)
    settings = settings_module.load()
    if not notes.exists():
        store = open_store(settings)
        say("Making the demo; this takes half a minute, once.")
        made = make(store, settings, say)
        notes.write_text(json.dumps(made, ensure_ascii=False, indent=1), "utf-8")
        notes.chmod(0o600)
        store.dispose()
    return poster(address, json.loads(notes.read_text("utf-8")))


def code_now() -> str:
    """What the app of the demo's adviser would show. Raises FileNotFoundError or KeyError without a demo that has one."""
    notes = settings_module.instance_path() / FOLDER / NOTES
    return second_step.code_now(json.loads(notes.read_text("utf-8")), datetime.now(UTC).replace(tzinfo=None))


def make(store: Store, settings: Settings, say: Say) -> dict[str, Any]:
    """Fill an empty instance folder; gives the notes that the poster needs."""
    now = datetime.now(UTC).replace(tzinfo=None)
    scene = organisation.found(store, settings, now - timedelta(days=BASELINE.opened + 7))
    say(f"{NAME}: accounts for every role")
    # First of all: without a vault the open questions of the scans would not be asked.
    founded = now - timedelta(days=BASELINE.opened + 6)
    people = {"adviser": PEOPLE[1][0], "council": PEOPLE[2][0]}
    second = second_step.set_up(store, email=PEOPLE[1][0], secret=settings.secret, now=founded)
    opened = signals.found(store, organisation=scene.organisation, founded=founded, **people)
    signals.keep(store, opened, signals.cards(Quarter.at(Quarter.of(now.date()).index - 1)))
    say("two years of signal cards, in the adviser's vault")
    instrument = parse((scans.SURVEYS / f"{scans.INSTRUMENT}.toml").read_text("utf-8"))
    before, after = invented.two_waves(instrument, scans.sizes())
    # The office hardly answers the second time: its results can't be shown then, nor how they changed.
    after[-1] = after[-1][:FEW]
    baseline = scans.released_scan(scene, BASELINE, before, now, say)
    early = _tell_first(scene, baseline, now)
    follow_up = scans.released_scan(scene, FOLLOW_UP, after, now, say, asked=early.asked)
    pulse, sheets = scans.open_scan(scene, now - timedelta(days=2), asked=[early.late])
    say("an open pulse, with paper codes")
    _advise(scene, now)
    _report(scene, opened, now)
    say("signal reports, and advice answered and unanswered, with an agreement on what is shared")
    told = _tell_since(scene, early, follow_up, now)
    say("a board with what was heard, decided and done")
    for scan in (follow_up, baseline):
        _ask_for_pictures(scene, scan, now)
    codes = [sheet.codes[0] for sheet in sheets[:SHOWN_CODES]]
    return {
        "slug": scene.slug,
        "baseline": baseline,
        "follow-up": follow_up,
        "pulse": pulse,
        "codes": codes,
        "second": second,
        "board": told,
    }


def _advise(scene: Scene, now: datetime) -> None:
    from app.demo import advising

    adviser, manager = somebody(scene, Role.ADVISER, Role.MANAGER)
    advising.advise(scene.store, adviser=adviser, manager=manager, now=now)


def _report(scene: Scene, opened: OpenVault, now: datetime) -> None:
    from app.demo import advising, reports

    adviser, manager = somebody(scene, Role.ADVISER, Role.MANAGER)
    digest = reports.release(scene.store, opened, adviser=adviser, now=now)
    advising.advise_from(scene.store, report=digest, adviser=adviser, manager=manager, now=now)


def _tell_first(scene: Scene, baseline: str, now: datetime) -> Early:
    """What the board told before the second scan, which asks whether people notice it."""
    from app.demo import board

    coordinator, manager = somebody(scene, Role.COORDINATOR, Role.MANAGER)
    return board.first(scene.store, baseline=baseline, coordinator=coordinator, manager=manager, now=now)


def _tell_since(scene: Scene, early: Early, follow_up: str, now: datetime) -> str:
    """The rest of what is on the board; gives the part of its address that is its own."""
    from app.demo import board
    from app.services import placing, showing_effect

    adviser, manager = somebody(scene, Role.ADVISER, Role.MANAGER)
    board.since(scene.store, early, follow_up=follow_up, adviser=adviser, manager=manager, now=now)
    showing_effect.refresh(scene.store, organisation=scene.organisation, today=now.date())
    return placing.board_of(scene.store, organisation=scene.organisation).address


def _ask_for_pictures(scene: Scene, scan: str, now: datetime) -> None:
    """The worker draws them while the first visitor is still reading."""
    from app import jobs
    from app.services import asking
    from app.storage.office import accounts

    with scene.store.reading() as session:
        coordinator = accounts.by_email(session, PEOPLE[0][0])
    assert coordinator is not None
    by = Actor(coordinator.name, scene.organisation, frozenset({Role.COORDINATOR}), coordinator.id)
    asking.ask(scene.store, jobs.connect(scene.settings), act="pictures", scan=scan, by=by, now=now)


__all__ = ["FOLDER", "NOTES", "PASSWORD", "PEOPLE", "UNITS", "make", "people", "prepare"]
