"""The demo's board: an organisation with its people and released scans enters; updates of every kind leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.access import Actor
from app.core.feedback import Decision, State
from app.demo.board_making import Maker, Told
from app.services import placing
from app.storage.database import Store

if TYPE_CHECKING:
    from app.demo.scans import Noticing


@dataclass(frozen=True)
class Early:
    """What the board told before the second scan: which updates that asks about, and the one that is late."""

    asked: Mapping[int, Noticing]
    late: int


def first(store: Store, *, baseline: str, coordinator: Actor, manager: Actor, now: datetime) -> Early:
    """Two done (of which one made a difference), one about a unit that only the first scan shows, one that will be late."""
    made = Maker(store, now)
    placing.board_of(store, organisation=coordinator.organisation)

    contacts = made.publish(
        Told(
            "trust-in-adviser",
            baseline,
            manager,
            published=300,
            due=215,
            next=240,
            scales=("adviser",),
            words={
                "nl": (
                    "Op elke locatie komt een vast aanspreekpunt",
                    "Niet iedereen weet wie de vertrouwenspersoon is en hoe je die vindt.",
                    "",
                    "Op **elke locatie** komt iemand die je de weg wijst naar de vertrouwenspersoon. "
                    "De naam hangt bij de koffie.",
                ),
                "en": (
                    "Every location gets somebody to turn to",
                    "Not everybody knows who the confidential adviser is and how to find one.",
                    "",
                    "At **every location** somebody shows you the way to the adviser. The name hangs by the coffee machine.",
                ),
            },
        )
    )
    made.change(contacts, manager, 210, state=State.DONE, due_on=None, next_on=None)

    respect = made.publish(
        Told(
            "exclusion",
            baseline,
            coordinator,
            published=280,
            owner="coordinator",
            due=150,
            next=180,
            scales=("respect",),
            words={
                "nl": (
                    "Elk team krijgt een gesprek over hoe we met elkaar omgaan",
                    "Wie nieuw is, voelt zich niet altijd welkom.",
                    "",
                    "Elk team praat een uur over hoe we met elkaar omgaan. HR leidt het gesprek.",
                ),
                "en": (
                    "Every team talks about how we treat each other",
                    "Who is new does not always feel welcome.",
                    "",
                    "Every team talks for an hour about how we treat each other. HR leads the talk.",
                ),
            },
        )
    )
    made.change(respect, coordinator, 145, state=State.DONE, due_on=None, next_on=None)

    _office(made, baseline, coordinator)

    late = made.publish(
        Told(
            "no-follow-up",
            baseline,
            coordinator,
            published=250,
            owner="coordinator",
            due=40,
            next=20,
            words={
                "nl": (
                    "Binnen vier weken hoor je wat er met je melding is gedaan",
                    "Mensen horen na een melding vaak niets meer.",
                    "",
                    "Wie iets meldt, krijgt binnen vier weken bericht. Ook als er niets kon gebeuren.",
                ),
                "en": (
                    "Within four weeks you hear what was done with your report",
                    "After a report people often hear nothing more.",
                    "",
                    "Who reports something gets word within four weeks. Also when nothing could be done.",
                ),
            },
        )
    )
    made.change(late, coordinator, 120, state=State.UNDER_WAY)
    # Most people see the name by the coffee machine; a talk of an hour is soon forgotten.
    return Early({contacts: (15, 30, 55), respect: (50, 35, 15)}, late)


def since(
    store: Store, early: Early, *, follow_up: str, adviser: Actor, manager: Actor, now: datetime
) -> None:
    """A remark of the adviser, one "no, because", one looked into, and one that was heard only."""
    made = Maker(store, now)
    made.remark(
        early.late,
        adviser,
        10,
        "nl",
        "Ik heb hier dit jaar **drie keer** om gevraagd. Dit is wat mensen het vaakst missen.",
    )

    made.publish(
        Told(
            "fear-to-report",
            follow_up,
            manager,
            published=14,
            decision=Decision.DONT,
            words={
                "nl": (
                    "Er komt geen anonieme telefoonlijn",
                    "Sommigen vragen om een telefoonlijn waar je anoniem kunt melden.",
                    "Een eigen lijn kost veel en wordt weinig gebruikt. De vertrouwenspersoon luistert al "
                    "zonder dat je je naam zegt. Het geld gaat naar meer uren voor de vertrouwenspersoon.",
                    "Vanaf januari is de vertrouwenspersoon ook op zaterdag te bellen.",
                ),
                "en": (
                    "There will be no anonymous telephone line",
                    "Some people ask for a line on which you can report without your name.",
                    "A line of our own costs much and is used little. The adviser already listens without your name. "
                    "The money goes to more hours for the adviser.",
                    "From January you can call the adviser on Saturdays too.",
                ),
            },
        )
    )
    made.publish(
        Told(
            "leadership-by-fear",
            follow_up,
            manager,
            published=10,
            decision=Decision.LOOK_INTO,
            due=-50,
            next=-30,
            words={
                "nl": (
                    "We zoeken uit hoe leidinggevenden kritiek beter kunnen horen",
                    "Niet iedereen durft de eigen leidinggevende iets lastigs te zeggen.",
                    "We weten nog niet wat werkt. Daarom vragen we het eerst aan twaalf teams.",
                    "De teams vertellen in een gesprek wat hen zou helpen. Daarna kiezen we.",
                ),
                "en": (
                    "We look into how managers can hear criticism better",
                    "Not everybody dares to tell their manager something difficult.",
                    "We don't know yet what works. So first we ask twelve teams.",
                    "The teams tell us in a talk what would help them. Then we choose.",
                ),
            },
        )
    )
    made.publish(
        Told(
            "psychological-safety",
            follow_up,
            adviser,
            published=5,
            state=State.HEARD,
            decision=None,
            owner="",
            next=-16,
            words={
                "nl": (
                    "Een fout toegeven voelt nog niet overal veilig",
                    "In sommige teams bespreek je een fout samen, in andere hoor je het later via via.",
                    "",
                    "",
                ),
                "en": (
                    "Owning up to a mistake does not feel safe everywhere yet",
                    "In some teams you talk about a mistake together, in others you hear of it by way of others.",
                    "",
                    "",
                ),
            },
        )
    )


def _office(made: Maker, baseline: str, coordinator: Actor) -> None:
    """About a unit that the second scan can't show: too few of it answered."""
    quiet = made.publish(
        Told(
            "exclusion",
            baseline,
            coordinator,
            published=270,
            owner="coordinator",
            due=200,
            next=200,
            scales=("respect",),
            unit="bureau",
            words={
                "nl": (
                    "Het bedrijfsbureau eet één keer per week samen",
                    "Op het bureau kennen mensen elkaar weinig.",
                    "",
                    "Elke donderdag lunchen de afdelingen van het bureau samen. Meedoen mag, het hoeft niet.",
                ),
                "en": (
                    "The office has lunch together once a week",
                    "At the office people hardly know each other.",
                    "",
                    "Every Thursday the departments of the office have lunch together. You may join, you don't have to.",
                ),
            },
        )
    )
    made.change(quiet, coordinator, 205, state=State.DONE, due_on=None, next_on=None)
