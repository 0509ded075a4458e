"""Filters and words to search, as a form: what somebody chose enters, which cards to look at leaves.

The form is sent with POST and never stands in an address: addresses end up in logs and in the history of a browser, and which
themes an adviser looks at would tell what is in the vault.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from app.core.signals.card import Quarter
from app.core.signals.counting import Filters, select
from app.core.signals.searching import says
from app.services.signalling import Entry
from app.web.adviser import words
from app.web.adviser.offering import Offer
from app.web.adviser.words import quarter_says

WHOLE = "-"


class NarrowForm(FlaskForm):
    words = StringField(
        lazy_gettext("Words in notes and nicknames"), [Length(max=100)], render_kw={"autocomplete": "off"}
    )
    since = SelectField(lazy_gettext("From"), default="")
    until = SelectField(lazy_gettext("Up to and including"), default="")
    theme = SelectField(lazy_gettext("Theme"), default="")
    category = SelectField(lazy_gettext("Category"), default="")
    unit = SelectField(lazy_gettext("Where"), default="")
    route = SelectField(lazy_gettext("Route"), default="")

    def offer(self, offer: Offer, earlier: Iterable[Quarter] = ()) -> None:
        """`earlier`: quarters that can be chosen though they have no card any more."""
        quarters = sorted({*(card.quarter for card in offer.cards), *earlier}, reverse=True)
        when = [SelectChoice(value=str(one), label=quarter_says(one)) for one in quarters]
        self.since.choices = self.until.choices = [_any(lazy_gettext("any quarter")), *when]
        used = {one for card in offer.cards for one in card.themes}
        self.theme.choices = [_any(lazy_gettext("all themes")), *_named(used, offer.theme_says)]
        used = {one for card in offer.cards for one in card.categories}
        self.category.choices = [_any(lazy_gettext("all categories")), *_named(used, offer.category_says)]
        self.unit.choices = [
            _any(lazy_gettext("everywhere")),
            SelectChoice(value=WHOLE, label=str(lazy_gettext("the whole organisation, or not known"))),
            *offer.units(),
        ]
        self.route.choices = [
            _any(lazy_gettext("all routes")),
            *_named(words.ROUTES, lambda id: str(words.ROUTES[id])),
        ]

    def filters(self) -> Filters:
        return Filters(
            first=Quarter.read(self.since.data) if self.since.data else None,
            last=Quarter.read(self.until.data) if self.until.data else None,
            category=self.category.data or None,
            theme=self.theme.data or None,
            unit=None if not self.unit.data else "" if self.unit.data == WHOLE else self.unit.data,
            route=self.route.data or None,
        )

    def narrowed(self) -> bool:
        return any(field.data for field in self if field.name != "csrf_token")

    def by_more_than_time(self) -> bool:
        """Whether anything but quarters was chosen."""
        return any(field.data for field in self if field.name not in ("csrf_token", "since", "until"))

    def fits(self, offer: Offer) -> list[Entry]:
        """The cards of what was chosen, in the order they come in."""
        chosen, words = self.filters(), self.words.data or ""
        cards = {id(card) for card in select(offer.cards, chosen, offer.places.tree) if says(card, words)}
        return [entry for entry in offer.entries if id(entry.card) in cards]


def _any(label: Any) -> SelectChoice:
    return SelectChoice(value="", label=str(label))


def _named(ids: Any, says: Any) -> list[SelectChoice]:
    return sorted((SelectChoice(value=id, label=says(id)) for id in ids), key=lambda one: one.label.lower())
