"""Advice of the demo: an organisation with its adviser and manager enters; advice, answers, a decision and an agreement leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.core.access import Actor
from app.core.advice import Answer
from app.core.agreement import Terms
from app.core.decision import State
from app.services import advising, agreeing, answering, consulting, deciding
from app.services.advising import New
from app.services.answering import Reply
from app.storage.database import Store

TERMS = Terms(
    shares="- Thema's in woorden, als genoeg verschillende mensen ermee kwamen.\n"
    "- Aantallen melders per kwartaal en per jaar, vanaf 5.\n- Advies, gevraagd en ongevraagd.",
    keeps="- Wie er kwam, wanneer, uit welk team of over wie.\n- Alles waaraan je iemand kunt herkennen.",
)


def advise(store: Store, *, adviser: Actor, manager: Actor, now: datetime) -> None:
    """Three pieces of advice: one late and asked three times, one done in part, one done; and a consultation."""

    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    version = agreeing.draft(store, terms=TERMS, by=adviser, now=ago(330))
    agreeing.sign(store, version=version, by=adviser, now=ago(330))
    agreeing.sign(store, version=version, by=manager, now=ago(325))
    _done(store, adviser, manager, ago)
    _refused(store, adviser, manager, ago)
    _partly(store, adviser, manager, ago)
    talk = consulting.begin(store, by=manager, now=ago(40))
    consulting.write(
        store, consultation=talk, text="Het thema roddelen speelt al drie kwartalen.", by=adviser
    )
    consulting.write(store, consultation=talk, text="We bespreken het bij de begroting.", by=manager)
    consulting.agree(
        store,
        consultation=talk,
        what="De vertrouwenspersoon schuift aan bij de begroting.",
        owner="manager",
        due=ago(-20).date(),
        by=manager,
        now=ago(40),
    )
    consulting.close(store, consultation=talk, next_on=ago(-50).date(), by=manager, now=ago(40))


def advise_from(store: Store, *, report: str, adviser: Actor, manager: Actor, now: datetime) -> None:
    """Two that grow out of the report with this digest: one that management answers, one that waits."""
    new = [replace(one, source="report", source_ref=report[:40]) for one in (EXCLUSION, FOLLOW_UP)]
    answered, _waits = [
        advising.give(store, new=one, by=adviser, now=now - timedelta(days=10)) for one in new
    ]
    reply = Reply(
        Answer.DO,
        decision="Elk team van Lindenhof bespreekt in het werkoverleg hoe je elkaar erbij houdt.",
        owner="manager",
        due=(now + timedelta(days=60)).date(),
    )
    answering.answer(store, advice=answered, reply=reply, by=manager, now=now - timedelta(days=4))


FOLLOW_UP = New(
    "no-follow-up",
    "Laat binnen vier weken na een melding weten wat er is gebeurd, ook als dat niets is.",
    "Mensen zeggen dat ze na een melding niets meer horen.",
    asked=True,
    to_role="coordinator",
)
EXCLUSION = New(
    "exclusion",
    "Bespreek in teams hoe je iemand erbij houdt. Ik help graag bij het eerste gesprek.",
    "Buitensluiten komt vaker terug dan een half jaar geleden.",
)
Ago = Callable[[int], datetime]


def _done(store: Store, adviser: Actor, manager: Actor, ago: Ago) -> None:
    new = New(
        "sexism",
        "Wijs op elke locatie een aanspreekpunt aan en maak dat bekend.",
        "De ondernemingsraad vroeg hoe mensen sneller iemand vinden.",
        asked=True,
    )
    advice = advising.give(store, new=new, by=adviser, now=ago(300))
    decided = "Vijf aanspreekpunten, een op elke locatie."
    reply = Reply(Answer.DO, decision=decided, owner="manager", due=ago(200).date())
    decision = answering.answer(store, advice=advice, reply=reply, by=manager, now=ago(290))
    assert decision is not None
    note = "Ze zijn benoemd en staan op intranet."
    deciding.move(store, decision=decision, state=State.DONE, note=note, by=manager, now=ago(210))


def _refused(store: Store, adviser: Actor, manager: Actor, ago: Ago) -> None:
    new = New(
        "gossip",
        "Maak in elk team afspraken over hoe je elkaar aanspreekt. Begin bij teams die er zelf om vragen.",
        "In drie kwartalen kwam dit thema steeds terug.",
    )
    advice = advising.give(store, new=new, by=adviser, now=ago(200))
    advising.repeat(store, advice=advice, text="De resultaten zijn er.", by=adviser, now=ago(120))
    reply = Reply(Answer.WONT, "Er is dit jaar geen ruimte in de begroting.")
    answering.answer(store, advice=advice, reply=reply, by=manager, now=ago(100))
    text = "De begroting voor volgend jaar wordt gemaakt."
    advising.repeat(store, advice=advice, text=text, by=adviser, now=ago(60))


def _partly(store: Store, adviser: Actor, manager: Actor, ago: Ago) -> None:
    new = New(
        "leadership-by-fear",
        "Geef leidinggevenden een training in lastige gesprekken.",
        "Er komt een nieuwe groep teamleiders.",
    )
    advice = advising.give(store, new=new, by=adviser, now=ago(90))
    reply = Reply(
        Answer.PARTLY,
        "Eerst de nieuwe teamleiders; de rest volgt volgend jaar.",
        decision="Zes nieuwe teamleiders krijgen twee dagen training.",
        owner="coordinator",
        due=ago(5).date(),
    )
    answering.answer(store, advice=advice, reply=reply, by=manager, now=ago(80))
