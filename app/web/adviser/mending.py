"""Doubtful nicknames: an open vault enters; which cards are of the same reporter is said, so that they are counted right."""

from __future__ import annotations

import random
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for

from app.core.refusal import Refused
from app.core.signals import nicknames
from app.core.signals.card import Card
from app.core.signals.nicknames import Doubt
from app.services import signalling
from app.web.adviser import blueprint, words
from app.web.adviser.cards import Page
from app.web.adviser.offering import Offer, offer_opened
from app.web.adviser.say import _
from app.web.ui import store


@blueprint.get("/<slug>/cards/nicknames")
def mend(slug: str) -> Page:
    return _page(offer_opened(slug))


@blueprint.post("/<slug>/cards/nicknames")
def mended(slug: str) -> Page:
    """`nickname` names the doubt; `act` is same (one reporter), apart (card `key` is somebody else) or is (`other` was meant)."""
    offer = offer_opened(slug)
    doubt = next((one for one in _doubts(offer) if one.nickname == request.form.get("nickname")), None)
    if doubt is None:
        return redirect(url_for("adviser.mend", slug=slug))
    changed = _changed(offer, doubt)
    try:
        signalling.change_all(store(), changed=changed, opened=offer.vault, by=offer.here.actor)
    except Refused:
        return redirect(url_for("adviser.mend", slug=slug))
    fresh = {card.nickname for card in changed.values()} - {card.nickname for card in offer.cards}
    if fresh:
        # Shown on the page itself: a message that waits for the next page would travel in the cookie.
        return _page(offer_opened(slug), fresh=sorted(fresh))
    flash(_("Saved."), "done")
    return redirect(url_for("adviser.mend", slug=slug))


def _page(offer: Offer, fresh: list[str] | None = None) -> str:
    by_key = {entry.key: entry.card for entry in offer.entries}
    return render_template(
        "adviser/mend.html",
        here=offer.here,
        offer=offer,
        doubts=_doubts(offer),
        by_key=by_key,
        words=words,
        fresh=fresh,
    )


def _doubts(offer: Offer) -> tuple[Doubt, ...]:
    return nicknames.doubts({entry.key: entry.card for entry in offer.entries})


def _changed(offer: Offer, doubt: Doubt) -> dict[bytes, Card]:
    cards = {entry.key: entry.card for entry in offer.entries if entry.key in doubt.cards}
    act, other = request.form.get("act"), request.form.get("other", "")
    if act == "same":
        first = min(cards, key=lambda key: (cards[key].continues, cards[key].quarter, key))
        return {
            key: replace(card, continues=key != first)
            for key, card in cards.items()
            if card.continues != (key != first)
        }
    if act == "is" and other in doubt.suggestions:
        return {key: replace(card, nickname=other, continues=True) for key, card in cards.items()}
    if act == "apart":
        taken = {nicknames.normalise(card.nickname) for card in offer.cards}
        key = next((key for key in cards if key.hex() == request.form.get("key")), None)
        if key is not None:
            name = nicknames.draw(random.SystemRandom(), taken)
            return {key: replace(cards[key], nickname=name, continues=False)}
    return {}
