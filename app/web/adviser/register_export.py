"""Exporting one's own cards: a passphrase, or a ticked warning, enters; a file to save leaves, made in this request."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from app.core.refusal import Refused
from app.crypto.passwords import MOST
from app.services import exporting_cards
from app.web.adviser import blueprint, words
from app.web.adviser.register import Desk, Page, at_desk, download
from app.web.adviser.register_words import refusal_says
from app.web.adviser.say import _
from app.web.ui import asking, store

KINDS = {
    exporting_cards.SEALED: "application/octet-stream",
    exporting_cards.CSV: "text/csv; charset=utf-8",
    exporting_cards.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SealedForm(FlaskForm):
    passphrase = PasswordField(
        lazy_gettext("Passphrase for this file"),
        [InputRequired(lazy_gettext("Fill in a passphrase.")), Length(max=MOST)],
        description=lazy_gettext(
            "Choose a new one, as this file can lie anywhere. Without it nothing opens the file."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("The same passphrase again"),
        [EqualTo("passphrase", lazy_gettext("The two aren't the same. Fill in both again."))],
        render_kw={"autocomplete": "new-password"},
    )


class PlainForm(FlaskForm):
    kind = RadioField(
        lazy_gettext("Kind of file"),
        choices=[
            SelectChoice(value=exporting_cards.XLSX, label=lazy_gettext("Excel (XLSX)")),
            SelectChoice(value=exporting_cards.CSV, label=lazy_gettext("CSV")),
        ],
        default=exporting_cards.XLSX,
    )
    sure = BooleanField(
        lazy_gettext("I keep this file where nobody else can read it, and destroy it when I'm done."),
        [InputRequired(lazy_gettext("Tick this first: a plain file can be read by whoever gets it."))],
    )


@blueprint.route("/<slug>/register/export", methods=["GET", "POST"])
def register_export(slug: str) -> Page:
    desk = at_desk(slug)
    form = SealedForm()
    if form.validate_on_submit():
        try:
            return _file(desk, exporting_cards.SEALED, form.passphrase.data)
        except Refused as error:
            form.passphrase.errors = [refusal_says(error)]
    page = render_template("adviser/register-export.html", here=desk.here, form=form)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/register/export/plain", methods=["GET", "POST"])
def register_export_plain(slug: str) -> Page:
    desk = at_desk(slug)
    form = PlainForm()
    if form.validate_on_submit():
        try:
            return _file(desk, form.kind.data)
        except Refused as error:
            form.kind.errors = [refusal_says(error)]
    page = render_template("adviser/register-export-plain.html", here=desk.here, form=form)
    return (page, 400) if form.errors else page


def _file(desk: Desk, kind: str, passphrase: str = "") -> Page:
    here = desk.here
    raw = exporting_cards.export(
        store(),
        kind=kind,
        lexicon=desk.lexicon,
        language=words.language(),
        opened=here.vault,
        by=here.actor,
        now=asking.now(),
        passphrase=passphrase,
    )
    name = _("signals")
    return download(raw, f"{here.slug}-{name}.{kind}", KINDS[kind])
