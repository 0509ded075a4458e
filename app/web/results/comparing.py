"""Routes of comparisons: a scan and what it is held against enter; pages, pictures and downloads leave."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, abort, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from app.core.opening import NotYet
from app.core.refusal import Refused
from app.render import changes, trends
from app.render.changes import Change
from app.render.naming import group_name
from app.render.reading import Group, Reading
from app.render.trends import Trend
from app.services import asking as tasks
from app.services import comparing, picturing, preparing
from app.services.preparing import REST, TREND, Asked
from app.storage.office.scans import Scan
from app.web.results import blueprint, showing
from app.web.results.showing import Here, Shown
from app.web.results.views import at_release
from app.web.ui import asking, settings, store


@blueprint.get("/<slug>/<scan>/change/")
def change_start(slug: str, scan: str) -> str | Redirect:
    """The scan that is chosen, else the one this scan follows; the first of a series has none."""
    here, reading = at_release(slug, scan)
    chosen = request.args.get("old", "")
    found = chosen if chosen in {row.id for row in _others(here)} else ""
    if not found:
        earlier = comparing.baseline(store(), scan=scan, by=here.actor, now=asking.now())
        found = earlier.id if earlier else ""
    if found:
        grouping, code = request.args.get("grouping"), request.args.get("code")
        if grouping and code:
            return redirect(
                url_for("results.change_group", slug=slug, scan=scan, old=found, grouping=grouping, code=code)
            )
        return redirect(url_for("results.change", slug=slug, scan=scan, old=found))
    return render_template("results/nothing-earlier.html", here=here, reading=reading, others=_others(here))


@blueprint.get("/<slug>/<scan>/change/<old>/")
def change(slug: str, scan: str, old: str) -> str:
    here, reading = at_release(slug, scan)
    earlier = _earlier(here, old)
    found = _change(here, reading, old)
    facts = {"earlier": earlier, "others": _others(here)}
    if found is None:
        return _page("change-being-made", here, reading, **facts)
    whole = reading.whole
    return _page("change", here, reading, **facts, change=found, sentences=changes.sentences(found, whole),
                 figures=_figures(here, found, old, list(changes.main_names(found))),
                 why=changes.reasons(found), links=_links(found))  # fmt: skip


@blueprint.get("/<slug>/<scan>/change/<old>/<grouping>/<code>")
def change_group(slug: str, scan: str, old: str, grouping: str, code: str) -> str:
    """A group with its own past."""
    here, reading = at_release(slug, scan)
    earlier, group = _earlier(here, old), _group(reading, grouping, code)
    found = _change(here, reading, old)
    facts = {"earlier": earlier, "group": group}
    if found is None:
        return _page("change-being-made", here, reading, **facts)
    trend = _trend(here, reading)
    drawn = _figures(here, found, old, [changes.name_of(found, group)])
    return _page("change-group", here, reading, **facts, change=found, sentences=changes.sentences(found, group),
                 figures=[*drawn, *_trend_figures(here, trend, group)])  # fmt: skip


@blueprint.get("/<slug>/<scan>/rest/")
def rest(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    found = _change(here, reading, REST)
    if found is None:
        return _page("change-being-made", here, reading)
    stands_out = [
        (group, sentences[0])
        for group in found.groups
        if any(line.real for line in found.lines(group)) and (sentences := changes.sentences(found, group))
    ]
    return _page("rest", here, reading, change=found, stands_out=stands_out, links=_links(found),
                 figures=_figures(here, found, REST, list(changes.main_names(found))), why=changes.reasons(found))  # fmt: skip


@blueprint.get("/<slug>/<scan>/rest/<grouping>/<code>")
def rest_group(slug: str, scan: str, grouping: str, code: str) -> str:
    here, reading = at_release(slug, scan)
    group = _group(reading, grouping, code)
    found = _change(here, reading, REST)
    if found is None:
        return _page("change-being-made", here, reading, group=group)
    return _page("rest-group", here, reading, group=group, change=found, sentences=changes.sentences(found, group),
                 figures=_figures(here, found, REST, [changes.name_of(found, group)]))  # fmt: skip


@blueprint.get("/<slug>/<scan>/trend/")
def trend(slug: str, scan: str) -> str:
    here, reading = at_release(slug, scan)
    found = _trend(here, reading)
    return _page("trend", here, reading, trend=found, figures=_trend_figures(here, found, reading.whole))


@blueprint.get("/<slug>/<scan>/change/<old>/comparison.json")
@blueprint.get("/<slug>/<scan>/rest/comparison.json", defaults={"old": REST})
def comparison_json(slug: str, scan: str, old: str) -> Response:
    """As docs/comparison.schema.json describes it."""
    here, reading = at_release(slug, scan)
    found = _change(here, reading, old)
    if found is None:
        abort(503)
    answer = Response(json.dumps(found.document, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="comparison-{quote(old)}-{scan}.json"'
    return answer


@blueprint.get("/<slug>/<scan>/against/<old>/<any(wide,narrow):width>/<name>.svg")
def change_figure(slug: str, scan: str, old: str, width: str, name: str) -> Response:
    here, reading = at_release(slug, scan)
    if old == TREND:
        found = _trend(here, reading)
        known, place = found.group(name) is not None, preparing.trend_key(found)
    else:
        change = _change(here, reading, old)
        known = change is not None and changes.figure(change, name) is not None
        place = _key(here, old)
    path = picturing.picture_path(settings().files, place, reading.language, name, narrow=width == "narrow")
    if not known or not path.exists():
        abort(404)
    return send_file(path, mimetype="image/svg+xml")


def _key(here: Here, against: str) -> str:
    try:
        return preparing.change_key(
            store(), scan=here.scan.id, against=against, by=here.actor, now=asking.now()
        )
    except NotYet as error:
        showing.not_yet(here.organisation, comparing.own_scan(store(), error.scan, here.actor))
    except Refused:
        abort(404)


def _change(here: Here, reading: Reading, against: str) -> Change | None:
    """None while it is being worked out, which is asked for here."""
    document = preparing.read(settings().files, _key(here, against))
    if document is None:
        _ask(here, Asked(against))
        return None
    return Change(reading, document)


def _trend(here: Here, reading: Reading) -> Trend:
    return preparing.trend_of(
        store(), scan=here.scan.id, language=reading.language, by=here.actor, now=asking.now()
    )


def _earlier(here: Here, old: str) -> Scan:
    found = next((row for row in _others(here) if row.id == old), None)
    if found is None:
        abort(404)
    return found


def _others(here: Here) -> list[Scan]:
    return [row for row in showing.released(here.organisation, here.actor) if row.id != here.scan.id]


def _group(reading: Reading, grouping: str, code: str) -> Group:
    found = reading.group(grouping, code)
    if found is None:
        abort(404)
    return found


def _links(change: Change) -> list[tuple[Group, int, int]]:
    """Groups below the organisation, with how many subjects are compared and how many of them likely differ."""
    return [
        (group, len(lines), sum(line.real for line in lines))
        for group in change.below
        if (lines := change.lines(group))
    ]


def _figures(here: Here, change: Change, against: str, names: list[str]) -> list[Shown]:
    found = []
    undrawn = []
    for name in names:
        figure = changes.figure(change, name)
        if figure is None:
            continue
        drawn = _is_drawn(_key(here, against), change.reading.language, name)
        told = figure.described
        found.append(Shown(name, told.title, told.alt, showing.as_html(told.table), drawn, against))
        undrawn += [] if drawn else [name]
    if undrawn:
        _ask(here, Asked(against, undrawn[0] if len(names) == 1 else ""))
    return found


def _trend_figures(here: Here, trend: Trend, group: Group) -> list[Shown]:
    """Nothing for one scan alone: a trend needs two."""
    name = group_name(group)
    if len(trend.moments) < 2 or not group.published or not trend.scales(group):
        return []
    told = trends.described(trend, group)
    drawn = _is_drawn(preparing.trend_key(trend), trend.language, name)
    if not drawn:
        _ask(here, Asked(TREND, name))
    return [Shown(name, told.title, told.alt, showing.as_html(told.table), drawn, TREND)]


def _is_drawn(place: str, language: str, name: str) -> bool:
    return picturing.picture_path(settings().files, place, language, name, narrow=False).exists()


def _ask(here: Here, asked: Asked) -> None:
    tasks.ask(
        store(),
        current_app.extensions["queue"],
        act="compare",
        scan=here.scan.id,
        by=here.actor,
        now=datetime.now(UTC).replace(tzinfo=None),
        argument=asked.argument,
    )


def _page(template: str, here: Here, reading: Reading, **facts: object) -> str:
    return render_template(f"results/{template}.html", here=here, reading=reading, **facts)
