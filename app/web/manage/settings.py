"""Choosing the questionnaire, the smallest group, the groupings and the way in."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.core.draft import Draft, with_sides
from app.core.instrument import InstrumentFaults, parse, text
from app.core.plan import CROSSED, OPEN_LINK, UNIT, BadPlan
from app.core.strata import TooFewInvited
from app.core.units import decode
from app.services import planning
from app.storage.office.frozen import Frozen
from app.web.manage import bank, blueprint
from app.web.manage.forms import OWN, ChoicesForm, InstrumentForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.overview import say_saved
from app.web.manage.refusals import sentence
from app.web.manage.say import _, language
from app.web.manage.texts import grouping_says
from app.web.ui import store


def uploaded(file: FileStorage | None) -> str:
    """The text of an uploaded file; "" for none."""
    return decode(file.read()) if file is not None and file.filename else ""


def at_draft(slug: str, scan: str) -> HereScan:
    """For pages that change settings. Raises Frozen once they can't be."""
    here = at_scan(slug, scan, "plan-scan")
    if here.frozen:
        raise Frozen("the settings of this scan were frozen when it opened")
    return here


@blueprint.route("/<slug>/<scan>/questionnaire", methods=["GET", "POST"])
def questionnaire(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    offered = bank.everything()
    present = here.draft.instrument
    form = InstrumentForm(data={"chosen": _present(present)})
    spoken = language()
    own = SelectChoice(value=OWN, label=_("Our own questionnaire"))
    form.chosen.choices = [
        *(SelectChoice(value=id, label=text(c.instrument.title, spoken)) for id, c in offered.items()),
        own,
    ]
    faults: list[tuple[int, str]] = []
    if form.validate_on_submit():
        own_text = uploaded(form.file.data) or form.text.data or ""
        form.text.data = own_text
        chosen = own_text if form.chosen.data == OWN else offered[form.chosen.data].instrument.text
        if not chosen.strip():
            form.text.errors = [_("Choose a file or paste your questionnaire.")]
        else:
            try:
                planning.set_instrument(store(), scan=scan, text=chosen, by=here.actor, now=now())
            except InstrumentFaults as error:
                faults = [(fault.line, fault.message) for fault in error.faults]
                form.text.errors = [_("This questionnaire can't be used yet: see the lines named above.")]
            except (BadPlan, TooFewInvited) as error:
                form.chosen.errors = [sentence(error)]
            else:
                say_saved()
                return redirect(url_for("manage.scan", slug=slug, scan=scan))
    shown = parse(present) if present else None
    return render_template(
        "manage/questionnaire.html",
        here=here,
        form=form,
        offered=offered,
        faults=faults,
        shown=shown,
        spoken=spoken,
    )


def _present(instrument: str) -> str | None:
    if not instrument:
        return bank.FIRST if bank.FIRST in bank.everything() else None
    found = (id for id, choice in bank.everything().items() if choice.instrument.text == instrument)
    return next(found, OWN)


@blueprint.route("/<slug>/<scan>/choices", methods=["GET", "POST"])
def choices(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    draft = here.draft
    form = ChoicesForm(
        data={
            "min_group": draft.min_group,
            "matters": f"{draft.matters:g}",
            "groupings": list(draft.groupings),
            "crossings": list(draft.groupings),
            "way": draft.way,
            "exchange": draft.exchange,
        }
    )
    form.offer(*_offered(draft))
    if form.validate_on_submit():
        ticked = [*form.groupings.data, *form.crossings.data]
        wanted = with_sides(ticked)
        try:
            planning.choose(
                store(),
                scan=scan,
                groupings=wanted,
                min_group=form.min_group.data,
                way=form.way.data,
                matters=form.matters.data,
                exchange=form.exchange.data,
                by=here.actor,
                now=now(),
            )
        except TooFewInvited as error:
            form.min_group.errors = [sentence(error)]
        except BadPlan as error:
            form.groupings.errors = [sentence(error)]
        else:
            say_saved()
            if set(wanted) - set(ticked):
                flash(_("What is shown together is also shown by itself. So we ticked that too."))
            return redirect(url_for("manage.scan", slug=slug, scan=scan))
    proposed = replace(draft, chosen=None)
    return render_template(
        "manage/choices.html",
        here=here,
        form=form,
        draft=proposed,
        UNIT=UNIT,
        OPEN_LINK=OPEN_LINK,
        post=request.method,
    )


def _offered(draft: Draft) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Id and text of what results can be shown by: background questions, and crossings of two of them or with the units.

    A crossing that was chosen in the other order keeps its order.
    """
    if not draft.instrument:
        return [], []
    instrument = parse(draft.instrument)
    backgrounds = [item.id for item in instrument.backgrounds]
    crossings = [
        other
        if (other := CROSSED.join((second, first))) in draft.groupings
        else CROSSED.join((first, second))
        for first, second in combinations([UNIT, *backgrounds], 2)
    ]
    return (
        [(id, grouping_says(instrument, id)) for id in backgrounds],
        [(id, grouping_says(instrument, id)) for id in crossings],
    )
