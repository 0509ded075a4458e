"""The demo's signals: the adviser's vault is made and confirmed, and two years of invented cards go into it.

Beside the demo's follow-up scan one theme is planted for each of the five readings: PLANTED says which.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.access import Actor, Role
from app.core.signals.card import Card, Quarter
from app.core.signals.readings import Reading

if TYPE_CHECKING:
    from app.services.keeping import OpenVault
    from app.storage.database import Store

PASSPHRASE = "zeven natte klompen op de dijk"
QUARTERS = 8
SEED = 8
PLANTED: Mapping[Reading, str] = {
    Reading.CONFIRMED: "no-follow-up",
    Reading.UNSPOKEN: "fear-to-report",
    Reading.CONCENTRATED: "exclusion",
    Reading.CALM: "trust-in-adviser",
    Reading.TOO_FEW: "psychological-safety",
}
# Reporters of each theme by quarter, the oldest first. Nobody speaks of fear to report, or of the adviser.
COMING: Mapping[str, tuple[int, ...]] = {
    "no-follow-up": (1, 2, 1, 1, 2, 1, 2, 1),
    "exclusion": (0, 1, 0, 1, 0, 1, 3, 4),
    "psychological-safety": (0, 1, 0, 1, 0, 0, 1, 0),
    "workload": (1, 0, 1, 1, 0, 1, 0, 1),
    "leadership-by-fear": (0, 1, 0, 0, 1, 0, 1, 0),
    "gossip": (0, 0, 1, 0, 1, 0, 0, 1),
}
CATEGORY = {
    "no-follow-up": "other",
    "exclusion": "bullying",
    "psychological-safety": "intimidation",
    "workload": "workload",
    "leadership-by-fear": "intimidation",
    "gossip": "bullying",
}
# Who came last with it agrees that it is named, also when fewer than three came.
AGREED = "no-follow-up"
# Where it gathers; the other themes come from everywhere.
AT = {"exclusion": ("hof", "hof", "hof", "hof-1+hof-nacht", None)}
ANYWHERE = ("thuis", "hof", None, None, "klein", "reva", "bureau")
NOTES = (
    "",
    "",
    "Wil eerst zelf het gesprek aan.",
    "Meldde het vorig jaar ook; hoorde daarna niets.",
    "Komt terug als het rooster rond is.",
)
COMES_BACK = 0.3


def cards(last: Quarter) -> Iterator[Card]:
    """Of the eight quarters up to and with `last`; the same each time. Every reporter has a nickname, some come back."""
    from app.core.signals import nicknames

    chance = random.Random(SEED)
    taken: set[str] = set()
    for back in range(QUARTERS):
        quarter = Quarter.at(last.index - QUARTERS + 1 + back)
        for theme, coming in COMING.items():
            for _ in range(coming[back]):
                name = nicknames.draw(chance, taken)
                taken.add(nicknames.normalise(name))
                card = _card(quarter, theme, name, chance)
                card = replace(card, agrees=theme == AGREED and back == QUARTERS - 1)
                yield card
                if chance.random() < COMES_BACK and back < QUARTERS - 1:
                    later = Quarter.at(quarter.index + chance.choice((0, 1)))
                    yield replace(card, quarter=later, contact="follow-up-talk", continues=True, note="")


def _card(quarter: Quarter, theme: str, nickname: str, chance: random.Random) -> Card:
    return Card(
        quarter=quarter,
        categories=(CATEGORY[theme],),
        themes=(theme,),
        unit=chance.choice(AT.get(theme, ANYWHERE)),
        contact=chance.choice(("first-contact", "first-contact", "first-contact", "bystander")),
        reporter=chance.choice(("employee", "employee", "employee", "temp", "trainee")),
        source=chance.choice(("colleague", "manager", "group", "organisation")),
        route=chance.choice(
            ("listening", "listening", "helped-to-act", "talk-with-manager", "referral", "unknown")
        ),
        nickname=nickname,
        note=chance.choice(NOTES),
    )


def found(store: Store, *, organisation: int, adviser: str, council: str, founded: datetime) -> OpenVault:
    """The adviser's vault with PASSPHRASE, confirmed by the works council at `founded`; open."""
    from app.services import founding, safeguarding, unlocking

    by = _actor(store, organisation, adviser, Role.ADVISER)
    code = safeguarding.make_key(store, passphrase=PASSPHRASE, by=by, now=founded)
    safeguarding.confirm_code(store, typed=code.replace(" ", "")[-4:], by=by)
    private = unlocking.private_key(store, passphrase=PASSPHRASE, by=by, now=founded)
    fingerprint = founding.found(store, private=private, by=by, now=founded)
    founding.confirm(
        store, typed=fingerprint, by=_actor(store, organisation, council, Role.WORKS_COUNCIL), now=founded
    )
    with store.reading() as session:
        return unlocking.opened_with(session, private, by)


def keep(store: Store, opened: OpenVault, kept: Iterable[Card]) -> None:
    """These cards in the vault, all at once."""
    from app.core.signals.card import encode
    from app.services import keeping

    bodies = [encode(card) for card in kept]
    with store.office() as session:
        keeping.keep(session, organisation=opened.organisation, kind=keeping.CARD, bodies=bodies)


def _actor(store: Store, organisation: int, email: str, role: Role) -> Actor:
    from app.storage.office import accounts

    with store.reading() as session:
        found = accounts.by_email(session, email)
    assert found is not None
    return Actor(found.name, organisation, frozenset({role}), found.id)
