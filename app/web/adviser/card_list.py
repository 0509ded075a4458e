"""Cards read back: an open vault enters; a list to search, change and remove leaves. Nothing of it stands in an address."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.core.signals import nicknames
from app.core.signals.card import BadCard, Card
from app.services import signalling
from app.services.signalling import Entry
from app.web.adviser import blueprint, words
from app.web.adviser.card_form import CardForm, SureForm
from app.web.adviser.cards import Page, card_page, fresh, known_nickname, repeated, too_long, unseen
from app.web.adviser.narrow_form import NarrowForm
from app.web.adviser.offering import Offer, offer_opened
from app.web.adviser.say import _
from app.web.ui import store

A_PAGE = 60


@blueprint.route("/<slug>/cards/", methods=["GET", "POST"])
def all_cards(slug: str) -> Page:
    offer = offer_opened(slug)
    form = NarrowForm()
    form.offer(offer)
    chosen = request.method == "POST" and form.validate()
    found = form.fits(offer) if chosen else list(offer.entries)
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(pages, max(1, _number(request.form.get("page", ""))))
    return render_template(
        "adviser/cards.html",
        here=offer.here, offer=offer, form=form, words=words, narrowed=chosen and form.narrowed(),
        found=found[(page - 1) * A_PAGE : page * A_PAGE], total=len(found), page=page, pages=pages,
        reporters=nicknames.reporters(entry.card for entry in found),
        doubtful=len(nicknames.doubts({entry.key: entry.card for entry in offer.entries})),
    )  # fmt: skip


@blueprint.post("/<slug>/cards/change")
def change_card(slug: str) -> Page:
    """Sent from the list it shows the card to change; sent from there it puts another in its place."""
    offer, entry = _at_card(slug)
    if entry is None:
        return _gone(slug)
    form = CardForm()
    offer.fill(form, entry.card)
    if "start" in request.form:
        form.fill(entry.card)
        return card_page(offer, form, entry=entry)
    if "nickname" not in request.form:
        form.nickname.data = entry.card.nickname
    if not form.validate_on_submit() or not known_nickname(offer, form):
        return card_page(offer, form, entry=entry), 400
    if found := unseen(form):
        return card_page(offer, form, found, entry)
    card = _of_reporter(offer, entry.card, form)
    try:
        signalling.change(store(), key=entry.key, card=card, opened=offer.vault, by=offer.here.actor)
    except BadCard:
        form.note.errors = [too_long()]
        return card_page(offer, form, entry=entry), 400
    except Refused:
        return _gone(slug)
    if card.nickname != entry.card.nickname:
        # Shown on the page itself: a message that waits for the next page would travel in the cookie.
        return render_template("adviser/card-saved.html", here=offer.here, card=card, repeated=repeated(card))
    flash(_("The card was changed."), "done")
    return redirect(url_for("adviser.all_cards", slug=slug))


@blueprint.post("/<slug>/cards/remove")
def remove_card(slug: str) -> Page:
    """Asks whether you are sure first."""
    offer, entry = _at_card(slug)
    if entry is None:
        return _gone(slug)
    form = SureForm()
    if "start" in request.form or not form.validate_on_submit():
        status = 200 if "start" in request.form else 400
        page = render_template(
            "adviser/card-remove.html", here=offer.here, offer=offer, form=form, entry=entry, words=words
        )
        return page, status
    try:
        signalling.remove(store(), key=entry.key, opened=offer.vault, by=offer.here.actor)
    except Refused:
        return _gone(slug)
    flash(_("The card was removed. It stays in backups, sealed, until those are thrown away."), "done")
    return redirect(url_for("adviser.all_cards", slug=slug))


def _of_reporter(offer: Offer, before: Card, form: CardForm) -> Card:
    """The card as it is now: of the same reporter, of another one who has a nickname, or of a new one."""
    typed = form.nickname.data or ""
    if nicknames.normalise(typed) == nicknames.normalise(before.nickname):
        return form.card(nickname=before.nickname, continues=before.continues)
    return form.card(nickname=typed or fresh(offer), continues=bool(typed))


def _at_card(slug: str) -> tuple[Offer, Entry | None]:
    offer = offer_opened(slug)
    id = request.form.get("key", "")
    return offer, next((one for one in offer.entries if one.id == id), None)


def _gone(slug: str) -> Response:
    flash(_("This card was changed or removed meanwhile. Here are the cards as they are now."), "warn")
    return redirect(url_for("adviser.all_cards", slug=slug))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1
