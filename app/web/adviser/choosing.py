"""The themes and categories of one organisation: names in both languages enter the open vault, what cards can choose leaves."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from app.core.refusal import Refused
from app.core.signals.choices import CATEGORY, MOST_NAME, THEME, Choices
from app.services import signalling
from app.web.adviser import blueprint, words
from app.web.adviser.cards import Page
from app.web.adviser.here import Here, opened
from app.web.adviser.say import _
from app.web.ui import store

KINDS = (THEME, CATEGORY)


class NameForm(FlaskForm):
    """What a theme or category is called."""

    nl = StringField(
        lazy_gettext("In Dutch"), [Length(max=MOST_NAME)], render_kw={"autocomplete": "off", "lang": "nl"}
    )
    en = StringField(
        lazy_gettext("In English"), [Length(max=MOST_NAME)], render_kw={"autocomplete": "off", "lang": "en"}
    )


@blueprint.route("/<slug>/choices", methods=["GET", "POST"])
def choices(slug: str) -> Page:
    """`kind` and `act` (add, rename, retire, restore) come with the form, and `id` but for something new."""
    here = opened(slug)
    found = signalling.choices(store(), themes=words.standard_themes(), opened=here.vault, by=here.actor)
    form = NameForm()
    if not form.is_submitted():
        return _page(here, found, form)
    kind = request.form.get("kind", "")
    try:
        made = _changed(found, kind, form) if form.validate() and kind in KINDS else None
    except Refused as error:
        form.nl.errors = [_sentence(error)]
        made = None
    if made is None:
        return _page(here, found, form), 400
    signalling.choose(store(), choices=made, opened=here.vault, by=here.actor)
    flash(_("Saved."), "done")
    return redirect(url_for("adviser.choices", slug=slug))


def _changed(found: Choices, kind: str, form: NameForm) -> Choices | None:
    id, act = request.form.get("id", ""), request.form.get("act")
    nl, en = form.nl.data or "", form.en.data or ""
    if act == "add":
        return found.add(kind, nl=nl, en=en)
    if act == "rename":
        return found.rename(kind, id, nl=nl, en=en)
    if act == "retire":
        return found.retire(kind, id)
    return found.restore(kind, id) if act == "restore" else None


def _page(here: Here, found: Choices, form: NameForm) -> str:
    return render_template("adviser/choices.html", here=here, choices=found, kinds=KINDS, form=form)


def _sentence(error: Refused) -> str:
    facts = error.facts
    return {
        "name": _("Write a name of 1 to %(most)s characters in both languages.", most=facts.get("most", "")),
        "name-taken": _("“%(name)s” is there already. Choose another name.", name=facts.get("name", "")),
        "too-many": _(
            "There are %(most)s already. Put one away and use another.", most=facts.get("most", "")
        ),
        "last-choice": _("This is the last one. Add another first."),
    }.get(error.reason, error.message)
