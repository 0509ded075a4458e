"""Adding a signal card: what was chosen enters the vault, locked or not; the reporter's nickname leaves, to be jotted down."""

from __future__ import annotations

import random

from flask import render_template, request
from werkzeug.wrappers import Response

from app.core.signals import nicknames, notes
from app.core.signals.card import BadCard, Card
from app.services import signalling
from app.services.signalling import Entry
from app.web.adviser import blueprint, words
from app.web.adviser.card_form import CardForm, clean, mark
from app.web.adviser.offering import Offer, offer_at
from app.web.adviser.say import _
from app.web.ui import store

Page = str | tuple[str, int] | Response
Marked = list[tuple[str, str]]
# What the next card about the same reporter starts with: the same person at the same place.
REPEATED = ("unit", "reporter", "source")


@blueprint.route("/<slug>/cards/new", methods=["GET", "POST"])
def new_card(slug: str) -> Page:
    """Needs no open vault. Sent with “again” it begins the next card about the same reporter."""
    offer = offer_at(slug)
    form = CardForm()
    offer.fill(form)
    if request.method == "GET":
        form.fresh.data = fresh(offer)
        return card_page(offer, form)
    if "again" in request.form:
        form.contact.data = "follow-up-talk"
        return card_page(offer, form)
    if not form.validate_on_submit() or not known_nickname(offer, form):
        return card_page(offer, form), 400
    if found := unseen(form):
        return card_page(offer, form, found)
    continues = bool(form.nickname.data)
    card = form.card(nickname=form.nickname.data or fresh(offer, form.fresh.data), continues=continues)
    try:
        signalling.add(store(), card=card, by=offer.here.actor)
    except BadCard:
        form.note.errors = [too_long()]
        return card_page(offer, form), 400
    return render_template("adviser/card-saved.html", here=offer.here, card=card, repeated=repeated(card))


def card_page(offer: Offer, form: CardForm, found: Marked | None = None, entry: Entry | None = None) -> str:
    if found:
        form.warned.data = mark(clean(form.note.data))
    return render_template(
        "adviser/card.html", here=offer.here, offer=offer, form=form, found=found, entry=entry
    )


def unseen(form: CardForm) -> Marked | None:
    """The note in pieces, each with what it seems to be or ""; None when there is nothing to warn for, or it was warned for."""
    note = clean(form.note.data)
    if request.form.get("anyway") and form.warned.data == mark(note):
        return None
    pieces, at = [], 0
    for one in notes.find(note):
        pieces += [
            (note[at : one.start], ""),
            (note[one.start : one.end], str(words.FOUND.get(one.kind, one.kind))),
        ]
        at = one.end
    return [*pieces, (note[at:], "")] if pieces else None


def known_nickname(offer: Offer, form: CardForm) -> bool:
    """Whether a nickname that was filled in can be used; with the vault open somebody must have it. Puts it as it is kept."""
    typed = (form.nickname.data or "").strip()
    form.nickname.data = typed
    if not typed or not offer.open:
        return True
    near = nicknames.suggest(typed, {card.nickname for card in offer.cards if card.nickname})
    if near and nicknames.normalise(near[0]) == nicknames.normalise(typed):
        form.nickname.data = near[0]
        return True
    form.nickname.errors = [
        _("No reporter has this nickname. Did you mean %(near)s?", near=_(" or ").join(near))
        if near
        else _("No reporter has this nickname. Leave it empty for a new reporter.")
    ]
    return False


def fresh(offer: Offer, proposed: str | None = "") -> str:
    """The nickname this page proposed, so that the same form sent twice is seen as doubtful later; else a new one."""
    taken = {nicknames.normalise(card.nickname) for card in offer.cards}
    if proposed and nicknames.normalise(proposed) not in taken:
        return proposed[: nicknames.MOST_CHARACTERS]
    return nicknames.draw(random.SystemRandom(), taken)


def repeated(card: Card) -> list[tuple[str, str]]:
    """The fields that the next card about the same reporter starts with."""
    found = [("nickname", card.nickname), *((name, getattr(card, name) or "") for name in REPEATED)]
    found += [("categories", one) for one in card.categories]
    return [*found, *(("themes", one) for one in card.themes)]


def too_long() -> str:
    return _("This card holds more than fits. Shorten the note or choose fewer themes.")
