"""Choosing updates of the board that a follow-up or a pulse asks about."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.core import noticed
from app.core.instrument import InstrumentFaults
from app.core.plan import BadPlan
from app.core.refusal import Refused
from app.core.strata import TooFewInvited
from app.services import following_up
from app.services.following_up import Offered
from app.web.manage import blueprint
from app.web.manage.forms import AskAboutForm
from app.web.manage.here import HereScan, now
from app.web.manage.overview import say_saved
from app.web.manage.refusals import sentence
from app.web.manage.say import _, language, ngettext
from app.web.manage.settings import at_draft
from app.web.ui import store


@blueprint.route("/<slug>/<scan>/ask-about", methods=["GET", "POST"])
def ask_about(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    offered = following_up.offered(store(), by=here.actor)
    form = AskAboutForm(data={"updates": [str(one.update) for one in here.draft.asked]})
    form.updates.choices = [SelectChoice(value=str(one.update), label=_title(one)) for one in offered]
    if form.validate_on_submit():
        try:
            following_up.ask_about(
                store(), scan=scan, updates=map(int, form.updates.data or ()), by=here.actor, now=now()
            )
        except InstrumentFaults:
            form.updates.errors = [_("No questions can be added to this questionnaire. Choose another one.")]
        except (Refused, BadPlan, TooFewInvited) as error:
            form.updates.errors = [sentence(error)]
        else:
            say_saved()
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template(
        "manage/ask_about.html", here=here, form=form, offered=offered, most=noticed.MOST_ASKED
    )


def _title(one: Offered) -> str:
    return one.titles.get(language()) or next(iter(one.titles.values()))


def asks(here: HereScan) -> bool:
    """Whether this kind of scan can ask about updates."""
    return here.scan.kind in noticed.KINDS


def said(here: HereScan) -> str:
    asked = len(here.draft.asked)
    if not asked:
        return _(
            "Ask people whether they notice what was decided. The results then stand beside it on the board."
        )
    return ngettext(
        "%(num)s update of the board is asked about", "%(num)s updates of the board are asked about", asked
    )
