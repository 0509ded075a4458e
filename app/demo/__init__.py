"""The demo: an empty folder enters; a care organisation with accounts, two released scans and an open pulse leaves.

Everything is made through the real services, by invented people with a fixed seed, so that two demos look alike.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app import settings as settings_module
from app.core.access import Actor, Role, at_command_line
from app.core.instrument import parse
from app.core.signals.card import Quarter
from app.core.strata import DEFAULT_GROUP, propose
from app.core.units import read_tree
from app.demo import invented, second_step, signals
from app.demo.invented import Values, people

if TYPE_CHECKING:
    from app.mail import Message
    from app.services.inviting import Sheet
    from app.services.keeping import OpenVault
    from app.settings import Settings
    from app.storage.database import Store

Say = Callable[[str], object]
FOLDER = "demo"
NOTES = "demo.json"
SURVEYS = settings_module.ROOT / "surveys"
NAME = "Zorggroep De Linde"
PASSWORD = "kijk maar even rond"
INSTRUMENT = "social-safety"
SPREAD = 2

SHOWN_CODES = 5
FEW = 5
# Shown on the board beside a scan that was opened while something of the one before was late.
WHY_ALL_THE_SAME = (
    "Niet alles van de vorige keer is af. Wat later komt, staat op het bord; deze meting was al beloofd."
)

# 220 people, five departments, teams of 4 to 15.
UNITS = """code,parent,name,headcount
linde,,Zorggroep De Linde,220
thuis,linde,Thuiszorg,62
thuis-noord,thuis,Wijkteam Noord,14
thuis-zuid,thuis,Wijkteam Zuid,12
thuis-oost,thuis,Wijkteam Oost,9
thuis-west,thuis,Wijkteam West,15
thuis-nacht,thuis,Nachtzorg,7
thuis-plan,thuis,Planning,5
hof,linde,Verpleeghuis Lindenhof,70
hof-0,hof,Begane grond,15
hof-1,hof,Eerste verdieping,14
hof-2,hof,Tweede verdieping,13
hof-3,hof,Derde verdieping,12
hof-nacht,hof,Nachtdienst,8
hof-welzijn,hof,Welzijn en activiteiten,8
klein,linde,Kleinschalig wonen,36
klein-beuk,klein,Huis Beuk,9
klein-eik,klein,Huis Eik,10
klein-linde,klein,Huis Linde,8
klein-wilg,klein,Huis Wilg,9
reva,linde,Revalidatie,28
reva-fysio,reva,Fysio- en ergotherapie,10
reva-zorg,reva,Verpleging revalidatie,12
reva-arts,reva,Behandelaars,6
bureau,linde,Bedrijfsbureau,24
bureau-hr,bureau,HR en opleiding,6
bureau-geld,bureau,Financiën,5
bureau-ict,bureau,ICT,4
bureau-keuken,bureau,Keuken en huishouding,9
"""

PEOPLE = (
    ("hr@delinde.example", "Hanna Bakker", (Role.COORDINATOR,)),
    ("vertrouwenspersoon@delinde.example", "Samira Aydin", (Role.ADVISER,)),
    ("or@delinde.example", "Wim de Groot", (Role.WORKS_COUNCIL,)),
    ("directie@delinde.example", "Marjan Vos", (Role.MANAGER,)),
)
ADMINISTRATOR = ("beheer@delinde.example", "Noor Jansen")


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


@dataclass(frozen=True)
class Scene:
    """The demo's organisation while it is being made."""

    store: Store
    settings: Settings
    organisation: int
    slug: str

    @property
    def by(self) -> Actor:
        return at_command_line(self.organisation)


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
    scene = organisation(store, settings, now - timedelta(days=BASELINE.opened + 7))
    say(f"{NAME}: accounts for every role")
    # First of all: without a vault the open questions of the scans would not be asked.
    founded = now - timedelta(days=BASELINE.opened + 6)
    people = {"adviser": PEOPLE[1][0], "council": PEOPLE[2][0]}
    second = second_step.set_up(store, email=PEOPLE[1][0], secret=settings.secret, now=founded)
    opened = signals.found(store, organisation=scene.organisation, founded=founded, **people)
    signals.keep(store, opened, signals.cards(Quarter.at(Quarter.of(now.date()).index - 1)))
    say("two years of signal cards, in the adviser's vault")
    instrument = parse((SURVEYS / f"{INSTRUMENT}.toml").read_text("utf-8"))
    before, after = invented.two_waves(instrument, _sizes())
    # The office hardly answers the second time: its results can't be shown then, nor how they changed.
    after[-1] = after[-1][:FEW]
    baseline = released_scan(scene, BASELINE, before, now, say)
    follow_up = released_scan(scene, FOLLOW_UP, after, now, say)
    pulse, sheets = open_scan(scene, now - timedelta(days=2))
    say("an open pulse, with paper codes")
    _advise(scene, now)
    _report(scene, opened, now)
    say("signal reports, and advice answered and unanswered, with an agreement on what is shared")
    told = _tell(scene, baseline, follow_up, now)
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


def organisation(store: Store, settings: Settings, now: datetime) -> Scene:
    """De Linde with its own help lines, and an account for each role."""
    from app.services import admitting, setting_up
    from app.storage.office import organisations
    from app.storage.office.organisations import NATIONAL_HELP, HelpLine, OrganisationSettings

    email, name = ADMINISTRATOR
    made, _ = setting_up.set_up(
        store, organisation=NAME, slug="linde", email=email, name=name, password=PASSWORD, now=now
    )
    own = (
        HelpLine("Samira Aydin, vertrouwenspersoon", "06-12345601", "ma-vr 9-17 uur", own=True),
        HelpLine("Joost Peeters, externe vertrouwenspersoon", "06-12345602", "ook 's avonds", own=True),
    )
    by = at_command_line(made)
    chosen = OrganisationSettings(
        operator="ICT van Zorggroep De Linde",
        report_elsewhere="Een misstand melden? Dat kan bij de meldregeling: melden@delinde.example.",
        help_lines=(*own, *NATIONAL_HELP),
    )
    setting_up.change_settings(store, name=NAME, settings=chosen, by=by, now=now)
    for address, person, roles in PEOPLE:
        caught = _Caught()
        admitting.invite(
            store, email=address, roles=roles, by=by, now=now, mailer=caught, address="http://demo.example"
        )
        admitting.accept(store, token=caught.token, name=person, password=PASSWORD, now=now)
    with store.reading() as session:
        row = organisations.get(session, made)
    assert row is not None
    return Scene(store, settings, made, row.slug)


class _Caught:
    """A mailer that keeps the last letter's link, so that the demo accepts its own invitations."""

    token = ""

    def send(self, message: Message) -> str:
        link = next(word for word in message.text.split() if word.startswith("http://demo.example/"))
        self.token = link.rstrip("/").rpartition("/")[2]
        return ""


def _sizes() -> list[int]:
    """How many people are invited in each stratum: as proposed for units in which each is reported on at 8 answers."""
    return [stratum.invited for stratum in propose(read_tree(UNITS), SPREAD * DEFAULT_GROUP)]


def released_scan(
    scene: Scene, wave: Wave, answers: Sequence[Sequence[Values]], now: datetime, say: Say
) -> str:
    """Opened, filled in, sealed and released on the days of the wave. `answers` has who takes part, per stratum."""
    from app.services import releasing, sealing

    opened = now - timedelta(days=wave.opened)
    scan = _scan(
        scene, opened, name=wave.name, kind=wave.kind, instrument=INSTRUMENT, groupings=("unit", "tenure")
    )
    fill_in(scene, _slips(scene, scan, opened), answers, opened)
    filled_in = sum(map(len, answers))
    say(f"a {wave.kind} that {filled_in} of 220 people filled in")
    sealing.seal(scene.store, scan=scan, by=scene.by, now=now - timedelta(days=wave.sealed))
    releasing.release(scene.store, scan=scan, by=scene.by, now=now - timedelta(days=wave.released))
    say("its protected results")
    return scan


def open_scan(scene: Scene, now: datetime) -> tuple[str, tuple[Sheet, ...]]:
    scan = _scan(scene, now, name="Korte meting", kind="pulse", instrument="pulse", groupings=("unit",))
    return scan, _slips(scene, scan, now)


def _scan(
    scene: Scene, now: datetime, *, name: str, kind: str, instrument: str, groupings: tuple[str, ...]
) -> str:
    """Planned, confirmed by the works council and opened."""
    from app.services import planning
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


def _advise(scene: Scene, now: datetime) -> None:
    from app.demo import advising

    adviser, manager = _people(scene, Role.ADVISER, Role.MANAGER)
    advising.advise(scene.store, adviser=adviser, manager=manager, now=now)


def _report(scene: Scene, opened: OpenVault, now: datetime) -> None:
    from app.demo import advising, reports

    adviser, manager = _people(scene, Role.ADVISER, Role.MANAGER)
    digest = reports.release(scene.store, opened, adviser=adviser, now=now)
    advising.advise_from(scene.store, report=digest, adviser=adviser, manager=manager, now=now)


def _tell(scene: Scene, baseline: str, follow_up: str, now: datetime) -> str:
    """What is on the board; gives the part of its address that is its own."""
    from app.demo import board
    from app.services import placing, showing_effect

    coordinator, adviser, manager = _people(scene, Role.COORDINATOR, Role.ADVISER, Role.MANAGER)
    board.fill(
        scene.store,
        baseline=baseline,
        follow_up=follow_up,
        coordinator=coordinator,
        adviser=adviser,
        manager=manager,
        now=now,
    )
    showing_effect.refresh(scene.store, organisation=scene.organisation, today=now.date())
    return placing.board_of(scene.store, organisation=scene.organisation).address


def _people(scene: Scene, *wanted: Role) -> list[Actor]:
    """Somebody in each of these roles."""
    from app.storage.office import accounts

    with scene.store.reading() as session:
        members = accounts.members(session, scene.organisation)
    return [
        next(
            Actor(account.name, scene.organisation, roles, account.id)
            for account, roles in members
            if role in roles
        )
        for role in wanted
    ]


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


def poster(address: str, notes: Mapping[str, Any]) -> str:
    """What to look at, and as whom."""
    from app.crypto.codes import grouped

    door, results = f"{address}/v/{notes['slug']}", f"{address}/results/{notes['slug']}"
    logins = [(ADMINISTRATOR[0], "administrator and coordinator")]
    logins += [(email, " and ".join(roles)) for email, _, roles in PEOPLE]
    return "\n".join(
        [
            "",
            f"{NAME}, 220 people (invented)",
            "",
            f"Fill in the open pulse:   {door}",
            *(f"  with a code             {grouped(code)}   {door}/{code}" for code in notes["codes"]),
            f"Read the baseline:        {results}/{notes['baseline']}/",
            f"Read the follow-up:       {results}/{notes['follow-up']}/",
            f"What changed between:     {results}/{notes['follow-up']}/change/",
            f"What staff see (board):   {address}/b/{notes['board']}/",
            f"Set up and run scans:     {address}/manage/{notes['slug']}/",
            f"Sign in:                  {address}/account/sign-in   (password: {PASSWORD})",
            *(f"  {email:<40}{role}" for email, role in logins),
            *second_step.said(notes),
            f"Signals of the adviser:   {address}/adviser/{notes['slug']}/   (passphrase: {signals.PASSPHRASE})",
            "",
        ]
    )


__all__ = ["FOLDER", "NOTES", "PASSWORD", "PEOPLE", "UNITS", "make", "people", "prepare"]
