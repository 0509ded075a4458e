"""How long cards are kept: the dates to read, locked or not, and another number of years with the vault open."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, lazy_gettext, ngettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField

from app.core.refusal import Refused
from app.core.signals.retention import LEAST_YEARS, MOST_YEARS
from app.services import retaining_signals
from app.web.adviser import blueprint
from app.web.adviser.here import look, opened
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response


class YearsForm(FlaskForm):
    """Whole years after the year that a card is about."""

    years = SelectField(lazy_gettext("Years after the year that a card is about"), coerce=int)


@blueprint.route("/<slug>/vault/kept", methods=["GET", "POST"])
def keeping_time(slug: str) -> Page:
    here = opened(slug) if request.method == "POST" else look(slug)
    try:
        kept = retaining_signals.terms(store(), by=here.actor)
    except Refused:
        return redirect(url_for("adviser.vault", slug=slug))
    form = YearsForm(years=kept.years)
    form.years.choices = [
        SelectChoice(value=number, label=ngettext("%(num)d year", "%(num)d years", number))
        for number in range(LEAST_YEARS, MOST_YEARS + 1)
    ]
    if here.vault is not None and form.validate_on_submit():
        gone = retaining_signals.choose_years(
            store(), here.vault, years=form.years.data, by=here.actor, now=asking.now()
        )
        flash(_("Saved. Cards that became counts: %(count)s.", count=gone) if gone else _("Saved."))
        return redirect(url_for("adviser.keeping_time", slug=slug))
    rows = [(one.year, _day(one.reduced_on), _day(one.gone_on)) for one in kept.going]
    answer = render_template("adviser/keeping_time.html", here=here, form=form, kept=kept, rows=rows)
    return (answer, 400) if form.errors else answer


def _day(moment: date) -> str:
    return str(format_date(moment, "long"))
