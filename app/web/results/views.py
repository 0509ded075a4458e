"""Routes of results: addresses enter, pages, pictures and downloads of one release leave."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, abort, current_app, render_template, send_file

from app.core.priorities import INCIDENCE_WEIGHT, RISK, TOP
from app.render import (
    crossings,
    measures,
    naming,
    protection,
    reasons,
    story,
    tables,
    together,
    working_on,
)
from app.render.reading import UNIT, Group, Reading
from app.services import asking as tasks
from app.services import picturing, reissuing
from app.web.results import blueprint, showing
from app.web.results.showing import Here, Shown
from app.web.ui import explaining, saying, settings, store


def at_release(slug: str, scan: str) -> tuple[Here, Reading]:
    """The release, or the page that says when it is promised."""
    here = showing.at_scan(slug, scan)
    if here.reading is None:
        showing.not_yet(here.organisation, here.scan)
    return here, here.reading


@blueprint.get("/<slug>/")
def everything(slug: str) -> str:
    actor, organisation = showing.enter(slug)
    found = showing.released(organisation, actor)
    early = {row.id for row in found} - {row.id for row in showing.open_to_all(found)}
    return render_template("results/everything.html", organisation=organisation, scans=found, early=early)


@blueprint.get("/<slug>/<scan>/")
def front(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    heat = naming.heat_names(reading)
    figures = _figures(here, reading, ["overview", "shares", "incidence", *heat[:1]])
    more = _figures(here, reading, heat[1:])
    opening = showing.opening(reading.digest, reading.language)
    return _page("front", here, reading, opening=opening, figures=figures, more=more)


@blueprint.get("/<slug>/<scan>/scale/<id>")
def scale(slug: str, scan: str, id: str) -> str:
    here, reading = at_release(slug, scan)
    found = reading.scale(id)
    if found is None:
        abort(404)
    names = naming.scale_names(reading, found)
    figures = _figures(here, reading, [*names[:1], f"items-{found.id}"])
    hidden: dict[str, list[str]] = {}
    for group in reading.parts:
        if reading.headline(group, found) is None:
            hidden.setdefault(reading.missing(group, found)[1], []).append(group.name)
    return _page(
        "scale",
        here,
        reading,
        scale=found,
        sentences=story.of_scale(reading, found),
        figures=figures,
        more=_figures(here, reading, names[1:]),
        hidden=hidden,
    )


@blueprint.get("/<slug>/<scan>/unit/<code>")
def unit(slug: str, scan: str, code: str) -> str:
    here, reading = at_release(slug, scan)
    return _group(here, reading, reading.group(UNIT, code))


@blueprint.get("/<slug>/<scan>/group/<grouping>/<code>")
def background(slug: str, scan: str, grouping: str, code: str) -> str:
    here, reading = at_release(slug, scan)
    return _group(here, reading, reading.group(grouping, code))


def _group(here: Here, reading: Reading, group: Group | None) -> str:
    if group is None:
        abort(404)
    shown = group.published
    return _page(
        "group",
        here,
        reading,
        group=group,
        above=_above(reading, group),
        below=reading.below(group),
        sentences=story.of_group(reading, group),
        figures=_figures(here, reading, [naming.group_name(group)]) if shown else [],
        tables=_group_tables(reading, group) if shown else [],
        count=tables.count(group, reading.language),
        sides=[side for pair in group.of if (side := reading.group(*pair)) is not None],
        crossed=crossings.of_group(reading, group),
    )


def _group_tables(reading: Reading, group: Group) -> list[tables.Table]:
    found = [tables.incidence(reading, group)]
    if any(tables.three(group.scales.get(scale.id)) for scale in reading.scales):
        found.append(tables.shares(reading, group))
    agree = measures.agreement(reading, group)
    return [one.table for one in found if one is not None] + ([agree] if agree else [])


def _above(reading: Reading, group: Group) -> list[Group]:
    found: list[Group] = []
    parent = reading.group(UNIT, group.parent) if group.parent else None
    while parent is not None:
        found.insert(0, parent)
        parent = reading.group(UNIT, parent.parent) if parent.parent else None
    return found


@blueprint.get("/<slug>/<scan>/work-on")
def work_on(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    orders = _figures(here, reading, list(naming.ORDERS))
    others = [showing.as_html(found.table) for found in together.elsewhere(reading)]
    return _page(
        "work-on",
        here,
        reading,
        sentences=working_on.sentences(reading),
        reasons=[(one, working_on.why(reading, one)) for one in working_on.weighed(reading, RISK)[:TOP]],
        orders=orders,
        outcome=together.outcome(reading),
        about=together.sentences(reading),
        together=_figures(here, reading, ["together"]),
        others=others,
        incidence_weight=INCIDENCE_WEIGHT,
    )


@blueprint.get("/<slug>/<scan>/withheld")
def withheld(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    by_reason: dict[tuple[str, str], list[Group]] = {}
    for group in reading.withheld:
        brief = reasons.in_brief(group.reason_id, reading.language)
        by_reason.setdefault((brief[:1].upper() + brief[1:], group.reason), []).append(group)
    return _page(
        "withheld",
        here,
        reading,
        by_reason=by_reason,
        crossed=crossings.withheld(reading),
        least_detail=reasons.SHARES_FROM,
    )


@blueprint.get("/<slug>/<scan>/how")
def how(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    slips = tables.slips(reading)
    method = protection.method(str(reading.document.get("method", "")), reading.language)
    return _page(
        "how",
        here,
        reading,
        measures=measures.in_words(reading),
        measured=[table for table in (measures.figures(reading), measures.questions(reading)) if table],
        slip_table=slips,
        bounds=reissuing.bounds(store(), scan=scan),
        method=method,
        rules=explaining.rules(reading.min_group),
        say=saying.say,
    )


@blueprint.get("/<slug>/<scan>/editions")
def all_editions(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    return _page("editions", here, reading)


@blueprint.get("/<slug>/<scan>/results.json")
def results_json(slug: str, scan: str) -> Response:
    """The protected document itself, to the byte as it was published: its digest can be checked."""
    here = showing.at_scan(slug, scan, read=False)
    text = showing.published_text(here)
    if text is None:
        showing.not_yet(here.organisation, here.scan)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="results-{scan}.json"'
    return answer


@blueprint.get("/<slug>/<scan>/document.pdf")
def document(slug: str, scan: str) -> Response | tuple[str, int]:
    here, reading = at_release(slug, scan)
    path = picturing.report_path(settings().files, reading.digest, reading.language)
    if not path.exists():
        _ask(here, picturing.REPORT)
        return _page("being-made", here, reading), 503
    return send_file(path, mimetype="application/pdf", download_name=f"{slug}-{scan}-{reading.language}.pdf")


@blueprint.get("/<slug>/<scan>/figure/<name>.svg")
@blueprint.get("/<slug>/<scan>/figure/<any(wide,narrow):width>/<name>.svg")
def figure(slug: str, scan: str, name: str, width: str = "wide") -> Response:
    _here, reading = at_release(slug, scan)
    if naming.figure(reading, name) is None:
        abort(404)
    path = showing.picture_path(reading, name, narrow=width == "narrow")
    if not path.exists():
        abort(404)
    return send_file(path, mimetype="image/svg+xml")


def _figures(here: Here, reading: Reading, names: list[str]) -> list[Shown]:
    """The pictures that exist under these names; one that isn't drawn yet is asked for, its table is there
    already.
    """
    found = [shown for name in names if (shown := showing.shown(reading, name)) is not None]
    undrawn = [shown.name for shown in found if not shown.drawn]
    if undrawn:
        _ask(here, undrawn[0] if len(names) == 1 else "")
    return found


def _ask(here: Here, name: str) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    edition = f"@{here.edition.digest}" if here.edition != here.latest else ""
    tasks.ask(
        store(),
        current_app.extensions["queue"],
        act="pictures",
        scan=here.scan.id,
        by=here.actor,
        now=now,
        argument=name + edition,
    )


def _page(template: str, here: Here, reading: Reading, **facts: object) -> str:
    return render_template(
        f"results/{template}.html", here=here, reading=reading, people=story.people(reading), **facts
    )
