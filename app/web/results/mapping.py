"""What became of units between two scans: a coordinator's rows enter, every comparison of the two goes by them."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import FileField, TextAreaField

from app.core.access import check
from app.core.units import FileFaults, RowFault, decode
from app.services import comparing, mapping
from app.web.results import blueprint
from app.web.results.views import at_release
from app.web.ui import asking, store

ACT = "map-units"


class UnitMapForm(FlaskForm):
    """Rows of old and new codes, as a file or typed."""

    file = FileField(lazy_gettext("A CSV file with the columns old,new"))
    rows = TextAreaField(lazy_gettext("Or type the rows here"), render_kw={"rows": 8, "spellcheck": "false"})


@blueprint.route("/<slug>/<scan>/change/<old>/units", methods=["GET", "POST"])
def map_units(slug: str, scan: str, old: str) -> str | tuple[str, int] | Response:
    here, reading = at_release(slug, scan)
    check(ACT, here.actor)
    before, after = comparing.documents(store(), old=old, new=scan, by=here.actor, now=asking.now())
    form = UnitMapForm(rows=mapping.unit_map(store(), earlier=old, scan=scan))
    faults: list[tuple[int, str]] = []
    if form.validate_on_submit():
        file = form.file.data
        form.rows.data = decode(file.read()) if file is not None and file.filename else form.rows.data or ""
        try:
            mapping.map_units(
                store(), earlier=old, scan=scan, rows=form.rows.data, by=here.actor, now=asking.now()
            )
        except FileFaults as error:
            faults = [(fault.line, says(fault)) for fault in error.faults]
        else:
            return redirect(url_for("results.change", slug=slug, scan=scan, old=old))
    page = render_template(
        "results/map-units.html",
        here=here,
        reading=reading,
        form=form,
        faults=faults,
        earlier=comparing.own_scan(store(), old, here.actor),
        gone=_names(before, comparing.codes(after)),
        new=_names(after, comparing.codes(before)),
    )
    return (page, 400) if faults else page


def _names(document: dict[str, object], others: frozenset[str]) -> list[tuple[str, str]]:
    """(code, name) of the units of a release whose code the other one doesn't have."""
    groups: list[dict[str, str]] = document["groups"]  # type: ignore[assignment]
    return [
        (group["group"], group["name"])
        for group in groups
        if group["grouping"] == "unit" and group["group"] not in others
    ]


def says(fault: RowFault) -> str:
    facts = {name: fault.facts.get(name, "") for name in ("code", "first", "missing")}
    words = {
        "map-header": _("the header misses %(missing)s. The first row must be: old,new.", **facts),
        "map-empty": _(
            "there are no rows below the header. Add a row old,new for each unit that got another code."
        ),
        "map-old": _(
            "“%(code)s” is no unit of the earlier scan. Correct the code or remove the row.", **facts
        ),
        "map-new": _("“%(code)s” is no unit of the later scan. Correct the code or remove the row.", **facts),
        "map-again": _("this row repeats line %(first)s. Remove one of them.", **facts),
    }
    found: str = words.get(fault.reason, fault.message)
    return found
