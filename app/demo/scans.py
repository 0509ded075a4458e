"""The demo's scans: an organisation and what its people answer enter; scans that were filled in on paper codes leave."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app import settings as settings_module
from app.core import noticed
from app.core.access import Actor, Role
from app.core.strata import DEFAULT_GROUP, propose
from app.core.units import read_tree
from app.demo.invented import Values
from app.demo.organisation import UNITS, Scene

if TYPE_CHECKING:
    from app.services.inviting import Sheet

Say = Callable[[str], object]
Noticing = tuple[int, int, int]
"""Of so many people how many say no, a little and yes."""
SURVEYS = settings_module.ROOT / "surveys"
INSTRUMENT = "social-safety"
SPREAD = 2
# Shown on the board beside a scan that was opened while something of the one before was late.
WHY_ALL_THE_SAME = (
    "Niet alles van de vorige keer is af. Wat later komt, staat op het bord; deze meting was al beloofd."
)


@dataclass(frozen=True)
class Wave:
    """A scan of the same staff: when it opened, was sealed and released, in days ago."""

    name: str
    kind: str
    opened: int
    sealed: int
    released: int


# Within a year of its results: the baseline's answers are not due to be destroyed yet.
BASELINE = Wave("Cultuurscan", "baseline", 385, 363, 340)
FOLLOW_UP = Wave("Cultuurscan, vervolg", "follow-up", 75, 53, 30)


def sizes() -> list[int]:
    """How many people are invited in each stratum: as proposed for units in which each is reported on at 8 answers."""
    return [stratum.invited for stratum in propose(read_tree(UNITS), SPREAD * DEFAULT_GROUP)]


def released_scan(
    scene: Scene,
    wave: Wave,
    answers: Sequence[Sequence[Values]],
    now: datetime,
    say: Say,
    *,
    asked: Mapping[int, Noticing] = {},
) -> str:
    """Opened, filled in, sealed and released on the days of the wave. `answers` has who takes part, per stratum.

    `asked`: updates of the board that it asks about as well, with how people notice them.
    """
    from app.services import releasing, sealing

    opened, chance = now - timedelta(days=wave.opened), random.Random(wave.opened)
    scan = _scan(
        scene,
        opened,
        name=wave.name,
        kind=wave.kind,
        instrument=INSTRUMENT,
        groupings=("unit", "tenure"),
        asked=asked,
    )
    noticing = [[values | _notices(asked, chance) for values in part] for part in answers]
    fill_in(scene, _slips(scene, scan, opened), noticing, opened)
    filled_in = sum(map(len, answers))
    say(f"a {wave.kind} that {filled_in} of 220 people filled in")
    sealing.seal(scene.store, scan=scan, by=scene.by, now=now - timedelta(days=wave.sealed))
    releasing.release(scene.store, scan=scan, by=scene.by, now=now - timedelta(days=wave.released))
    say("its protected results")
    return scan


def _notices(asked: Mapping[int, Noticing], chance: random.Random) -> Values:
    codes = (noticed.NO, noticed.A_LITTLE, noticed.YES)
    return {
        noticed.scale_of(update): str(chance.choices(codes, weights=noticing)[0])
        for update, noticing in asked.items()
    }


def open_scan(scene: Scene, now: datetime, *, asked: Iterable[int] = ()) -> tuple[str, tuple[Sheet, ...]]:
    scan = _scan(
        scene,
        now,
        name="Korte meting",
        kind="pulse",
        instrument="pulse",
        groupings=("unit",),
        asked=asked,
    )
    return scan, _slips(scene, scan, now)


def _scan(
    scene: Scene,
    now: datetime,
    *,
    name: str,
    kind: str,
    instrument: str,
    groupings: tuple[str, ...],
    asked: Iterable[int] = (),
) -> str:
    """Planned, confirmed by the works council and opened."""
    from app.services import following_up, planning
    from app.storage.office import scans

    text = (SURVEYS / f"{instrument}.toml").read_text("utf-8")
    scan = planning.create_scan(
        scene.store,
        name=name,
        kind=kind,
        instrument=text,
        units=UNITS,
        groupings=groupings,
        spread=SPREAD,
        by=scene.by,
        now=now,
    )
    if wanted := tuple(asked):
        following_up.ask_about(scene.store, scan=scan, updates=wanted, by=scene.by, now=now)
    with scene.store.reading() as session:
        row = scans.get(session, scan)
    assert row is not None
    council = Actor("Wim de Groot", scene.organisation, frozenset({Role.WORKS_COUNCIL}))
    planning.confirm_by_council(scene.store, scan=scan, digest=row.plan_digest, by=council, now=now)
    planning.open_scan(
        scene.store,
        scan=scan,
        checklist_confirmed=True,
        overdue_reason=WHY_ALL_THE_SAME,
        by=scene.by,
        now=now,
    )
    return scan


def _slips(scene: Scene, scan: str, now: datetime) -> tuple[Sheet, ...]:
    from app.services import inviting

    run = inviting.print_slips(
        scene.store, scan=scan, by=scene.by, now=now, local_ok=True, address=scene.settings.address
    )
    return run.sheets


def fill_in(
    scene: Scene, sheets: Sequence[Sheet], answers: Sequence[Sequence[Values]], now: datetime
) -> None:
    """Everybody in `answers` fills in the scan with a slip of the sheet of their stratum."""
    from app.services import responding

    secret = scene.settings.secret
    for sheet, answering in zip(sheets, answers, strict=True):
        for code, values in zip(sheet.codes, answering, strict=False):
            opening = responding.find_code(scene.store, slug=scene.slug, code=code, today=now.date())
            assert opening is not None
            keys = responding.new_form(secret, opening, code)
            answer = responding.submit(
                scene.store,
                secret,
                slug=scene.slug,
                code=code,
                nonce=keys.nonce,
                proof=keys.proof,
                values=values,
                today=now.date(),
            )
            assert isinstance(answer, responding.Received)
