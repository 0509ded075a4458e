"""The demo's organisation: De Linde with its units, its own help lines, and an account for each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.access import Actor, Role, at_command_line

if TYPE_CHECKING:
    from app.mail import Message
    from app.settings import Settings
    from app.storage.database import Store

NAME = "Zorggroep De Linde"
PASSWORD = "kijk maar even rond"

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
class Scene:
    """The demo's organisation while it is being made."""

    store: Store
    settings: Settings
    organisation: int
    slug: str

    @property
    def by(self) -> Actor:
        return at_command_line(self.organisation)


def found(store: Store, settings: Settings, now: datetime) -> Scene:
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


def somebody(scene: Scene, *wanted: Role) -> list[Actor]:
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
