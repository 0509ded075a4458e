"""The form of a signal card, and what narrows lists of cards: everything chosen, nothing to type but a nickname and a note."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.signals.card import MOST_CHOSEN, MOST_NOTE, Card, Quarter
from app.web.adviser import words
from app.web.adviser.words import quarter_says

EARLIER_QUARTERS = 8
WHOLE = ""


def _boxes(label: Any, description: Any = "") -> SelectMultipleField:
    boxes = {"option_widget": widgets.CheckboxInput(), "widget": widgets.ListWidget(prefix_label=False)}
    return SelectMultipleField(label, [_not_too_many], description=description, **boxes)


def _not_too_many(_form: FlaskForm, field: SelectMultipleField) -> None:
    if len(field.data or ()) > MOST_CHOSEN:
        raise ValidationError(
            lazy_gettext("Choose at most %(most)s; the ones that say most.", most=MOST_CHOSEN)
        )


def options(names: Mapping[str, Any], order: Sequence[str] | None = None) -> list[SelectChoice]:
    return [SelectChoice(value=id, label=str(names[id])) for id in (order or names)]


class CardForm(FlaskForm):
    """One contact. `fresh` is the nickname proposed for a new reporter; `warned` marks the note a warning was shown for."""

    quarter = SelectField(lazy_gettext("When"))
    nickname = StringField(
        lazy_gettext("Nickname, for a reporter you spoke with before"),
        [Length(max=60)],
        description=lazy_gettext("Leave it empty for a new reporter; you then get a new nickname."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    categories = _boxes(lazy_gettext("What it is about"))
    themes = _boxes(lazy_gettext("Themes: the pattern behind it"), lazy_gettext("None is fine too."))
    unit = SelectField(lazy_gettext("Where"))
    contact = SelectField(lazy_gettext("Kind of contact"), default="first-contact")
    reporter = SelectField(lazy_gettext("The reporter is"), default="employee")
    source = SelectField(lazy_gettext("The behaviour comes from"), default="unknown")
    route = SelectField(lazy_gettext("Route chosen"), default="unknown")
    agrees = BooleanField(
        lazy_gettext("The reporter agrees that the theme is named in a report, even when few spoke of it")
    )
    note = TextAreaField(
        lazy_gettext("Note for yourself (not needed)"),
        [Length(max=MOST_NOTE, message=lazy_gettext("At most %(max)d characters."))],
        description=lazy_gettext(
            "At most %(most)s characters. No names, addresses or dates: what isn't here can't leak.",
            most=MOST_NOTE,
        ),
        render_kw={"rows": "3", "maxlength": str(MOST_NOTE), "autocomplete": "off"},
    )
    fresh = HiddenField()
    warned = HiddenField()
    anyway = HiddenField()

    def validate_categories(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(lazy_gettext("Choose at least one. “Something else” is a choice too."))

    def offer(
        self,
        *,
        today: date,
        categories: list[SelectChoice],
        themes: list[SelectChoice],
        units: Iterable[SelectChoice],
        kept: Card | None = None,
    ) -> None:
        """The choices of this organisation; what a kept card holds stays a choice."""
        now = Quarter.of(today)
        quarters = [Quarter.at(now.index - back) for back in range(EARLIER_QUARTERS + 1)]
        if kept is not None and kept.quarter not in quarters:
            quarters.append(kept.quarter)
        self.quarter.choices = [SelectChoice(value=str(one), label=quarter_says(one)) for one in quarters]
        self.categories.choices = categories
        self.themes.choices = themes
        self.unit.choices = [
            SelectChoice(value=WHOLE, label=str(lazy_gettext("the whole organisation, or not known"))),
            *units,
        ]
        self.contact.choices = options(words.CONTACTS)
        self.reporter.choices = options(words.REPORTERS)
        self.source.choices = options(words.SOURCES)
        self.route.choices = options(words.ROUTES)

    def card(self, *, nickname: str, continues: bool) -> Card:
        return Card(
            quarter=Quarter.read(self.quarter.data),
            categories=tuple(self.categories.data),
            themes=tuple(self.themes.data or ()),
            unit=self.unit.data or None,
            contact=self.contact.data,
            reporter=self.reporter.data,
            source=self.source.data,
            route=self.route.data,
            nickname=nickname,
            continues=continues,
            agrees=self.agrees.data,
            note=clean(self.note.data),
        )

    def fill(self, card: Card) -> None:
        """What is on a card, to be changed."""
        self.quarter.data, self.unit.data = str(card.quarter), card.unit or WHOLE
        self.categories.data, self.themes.data = list(card.categories), list(card.themes)
        self.contact.data, self.reporter.data = card.contact, card.reporter
        self.source.data, self.route.data = card.source, card.route
        self.nickname.data, self.agrees.data, self.note.data = card.nickname, card.agrees, card.note


class SureForm(FlaskForm):
    sure = BooleanField(
        lazy_gettext("Yes, remove this card"), [InputRequired(lazy_gettext("Tick the box if you are sure."))]
    )


def clean(text: str | None) -> str:
    """A note as it is kept: browsers send two characters for an end of line."""
    return (text or "").replace("\r\n", "\n").strip()


def mark(note: str) -> str:
    """Tells whether a note is still the one that a warning was shown for."""
    return hashlib.sha256(note.encode()).hexdigest()[:16]
