"""Loading the unit tree, and joining strata with the forecast beside them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.disclosure.forecast import DRAWS, Foreseen
from app.core.disclosure.forecast import forecast as foresee
from app.core.plan import OPEN_LINK, BadPlan, from_json
from app.core.strata import Strata, TooFewInvited
from app.core.units import COLUMNS, FileFaults, Tree
from app.services import planning
from app.web.manage import blueprint
from app.web.manage.forms import NothingForm, UnitsForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.overview import say_saved
from app.web.manage.refusals import row_sentence, sentence
from app.web.manage.say import _
from app.web.manage.settings import at_draft, uploaded
from app.web.ui import store

EXAMPLE = """code,parent,name,headcount
zorg,,De Linde,220
thuis,zorg,Thuiszorg,96
thuis-noord,thuis,Team Noord,14
thuis-zuid,thuis,Team Zuid,11
"""
DEEPEST = 6
MOST_SHOWN = 400
# The spread between draws shrinks as strata grow in number; a page must not wait for it.
MANY_STRATA = 200
DRAWS_OF_MANY = 5


@dataclass(frozen=True)
class Row:
    """One unit in a table. `depth` is 0 for the root and capped; `group` numbers its stratum from 1."""

    code: str
    name: str
    depth: int
    headcount: int
    rest: int
    group: int | None


def rows(tree: Tree, strata: Strata | None) -> list[Row]:
    """The tree in file order, parents first."""
    depths: dict[str, int] = {}
    found = []
    for unit in tree.units:
        depths[unit.code] = depths[unit.parent] + 1 if unit.parent is not None else 0
        place = strata.of_cell.get(unit.code) if strata is not None else None
        group = None if place is None else place + 1
        shown = min(depths[unit.code], DEEPEST)
        found.append(Row(unit.code, unit.name, shown, unit.headcount, tree.rest(unit.code), group))
    return found


def as_csv(tree: Tree) -> str:
    """The tree as somebody would load it again; a name may hold quotes and semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([u.code, u.parent or "", u.name, u.headcount] for u in tree.units)
    return text.getvalue()


@blueprint.route("/<slug>/<scan>/units", methods=["GET", "POST"])
def units(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    tree = here.draft.tree
    form = UnitsForm()
    if not form.is_submitted() and tree is not None:
        form.text.data = as_csv(tree)
    faults: list[tuple[int, str]] = []
    if form.validate_on_submit():
        # The file first: who chooses a file means it. It is shown in the field, to be mended there.
        given = uploaded(form.file.data) or form.text.data or ""
        form.text.data = given
        try:
            planning.set_units(store(), scan=scan, text=given, by=here.actor, now=now())
        except FileFaults as error:
            faults = [(fault.line, row_sentence(fault)) for fault in error.faults]
            form.text.errors = [_("Nothing was loaded yet. Put right the rows named above and load again.")]
        except TooFewInvited as error:
            form.text.errors = [sentence(error)]
        else:
            flash(_("The units were loaded. Check the groups below."), "done")
            return redirect(url_for("manage.groups", slug=slug, scan=scan))
    return render_template(
        "manage/units.html", here=here, form=form, faults=faults, tree=tree, example=EXAMPLE
    )


@blueprint.route("/<slug>/<scan>/groups", methods=["GET", "POST"])
def groups(slug: str, scan: str) -> str | Response:
    here = at_draft(slug, scan)
    if here.draft.tree is None:
        return redirect(url_for("manage.units", slug=slug, scan=scan))
    form, fault = NothingForm(), ""
    if form.validate_on_submit():
        try:
            _join(here, request.form.getlist("strata"))
        except (BadPlan, TooFewInvited) as error:
            fault = (
                sentence(error)
                if isinstance(error, TooFewInvited)
                else _("Tick two or more groups to put together.")
            )
        else:
            say_saved()
            return redirect(url_for("manage.groups", slug=slug, scan=scan))
    return render_template("manage/groups.html", form=form, fault=fault, **seen(here))


@blueprint.post("/<slug>/<scan>/groups/proposal")
def proposal(slug: str, scan: str) -> Response:
    here = at_draft(slug, scan)
    planning.reset_strata(store(), scan=scan, by=here.actor, now=now())
    say_saved()
    return redirect(url_for("manage.groups", slug=slug, scan=scan))


@blueprint.get("/<slug>/<scan>/settings")
def frozen(slug: str, scan: str) -> str | Response:
    """All settings as they are, for everybody who may see scans."""
    here = at_scan(slug, scan)
    if not here.scan.plan:
        return redirect(url_for("manage.scan", slug=slug, scan=scan))
    return render_template("manage/settings.html", plan=here.scan.settings, **seen(here))


def _join(here: HereScan, ticked: Sequence[str]) -> None:
    numbers = [int(each) for each in ticked if each.isdecimal()]
    planning.join(store(), scan=here.scan.id, strata=numbers, by=here.actor, now=now())


def seen(here: HereScan) -> dict[str, Any]:
    draft = here.draft
    strata = draft.strata
    tree = draft.tree
    assert tree is not None
    found = rows(tree, strata)
    return {
        "here": here,
        "draft": draft,
        "strata": strata,
        "rows": found[:MOST_SHOWN],
        "left_out": max(0, len(found) - MOST_SHOWN),
        "open_link": draft.way == OPEN_LINK,
        "forecast": forecast(here),
        "by_hand": draft.chosen is not None,
    }


def forecast(here: HereScan) -> tuple[Foreseen, ...]:
    """What would be published at three response rates; nothing while the plan isn't whole or for an open link."""
    return _foreseen(here.scan.plan) if here.scan.plan else ()


@lru_cache(maxsize=32)
def _foreseen(plan_text: str) -> tuple[Foreseen, ...]:
    """Seeded by the settings, so that the same settings are never shown with other numbers."""
    plan = from_json(plan_text)
    if plan.way == OPEN_LINK:
        return ()
    draws = DRAWS if len(plan.strata) <= MANY_STRATA else DRAWS_OF_MANY
    return foresee(plan, rng=random.Random(plan.digest), draws=draws)
