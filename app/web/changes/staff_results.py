"""Results for everybody: a scan enters; its release in words, pictures and tables leaves, without an account, once it is open."""

from __future__ import annotations

from flask import Response, abort, send_file
from flask_babel import get_locale

from app.core.lifecycle import State, is_frozen
from app.render import crossings, naming, numbers, reasons, story, tables
from app.render.reading import INCIDENCE, MEAN, Group, Reading, Scale
from app.services import opening, picturing, releasing
from app.storage.office import scans
from app.storage.office.scans import Scan
from app.web.changes import public, ready, released
from app.web.changes.front import Around, around, show
from app.web.ui import asking, settings, store
from app.web.ui.tabling import as_html

NOT_YET = 409
PICTURES = ("overview", "shares", "incidence")


@public.get("/<address>/results/<scan>/")
def results(address: str, scan: str) -> Response:
    return ready.page(lambda: _results(*at_release(address, scan)))


def at_release(address: str, scan: str) -> tuple[Around, Scan, Reading]:
    """A release that everybody may read. 404 for a scan that isn't of this board; before it opens the page that says when."""
    found = around(address)
    with store().reading() as session:
        row = scans.get(session, scan)
    if row is None or row.organisation_id != found.here.organisation.id or not is_frozen(State(row.state)):
        abort(404)
    if not opening.readable(row, by=None, now=asking.now()):
        moved = opening.postponed(store(), scan=scan)
        answer = ready.fresh(show("board-not-yet", found, scan=row, moved=moved))
        answer.status_code = NOT_YET
        abort(answer)
    reading = released.reading(scan, str(get_locale()))
    if reading is None:
        abort(404)
    return found, row, reading


def _results(found: Around, scan: Scan, reading: Reading) -> str:
    names = [*PICTURES, *naming.heat_names(reading)]
    return show(
        "board-results",
        found,
        scan=scan,
        reading=reading,
        said=story.sentences(reading),
        people=story.people(reading),
        subjects=[(scale, _subject(reading, scale)) for scale in _scales(reading)],
        units=[(one, _in_words(reading, one)) for one in reading.parts if one.published],
        pictures=[one for name in names if (one := _picture(reading, name)) is not None],
        hidden=_hidden(reading),
        crossed=crossings.withheld(reading),
        least_detail=reasons.SHARES_FROM,
        moved=opening.postponed(store(), scan=scan.id),
        pdf=picturing.report_path(settings().files, reading.digest, reading.language).exists(),
    )


def _scales(reading: Reading) -> tuple[Scale, ...]:
    return (*tables.of_kind(reading, MEAN), *tables.of_kind(reading, INCIDENCE))


def _subject(reading: Reading, scale: Scale) -> tuple[str, str]:
    """(in ten, the published figure as the pages of management say it); the first is "" where no share is published."""
    whole = reading.whole
    share = whole.number(scale.id, "share" if scale.kind == INCIDENCE else "favourable")
    in_ten = numbers.in_ten(share, reading.language) if share is not None else ""
    return in_ten, tables.headline_words(reading, whole, scale)


def _in_words(reading: Reading, group: Group) -> tuple[str, tuple[str, ...]]:
    return tables.count(group, reading.language), story.of_group(reading, group)


def _picture(reading: Reading, name: str) -> dict[str, object] | None:
    figure = naming.figure(reading, name)
    if figure is None:
        return None
    path = picturing.picture_path(settings().files, reading.digest, reading.language, name, narrow=True)
    told = figure.described
    return {
        "name": name, "title": told.title, "alt": told.alt, "table": as_html(told.table), "drawn": path.exists(),
    }  # fmt: skip


def _hidden(reading: Reading) -> dict[tuple[str, str], list[str]]:
    """(reason in brief, in full) -> names of what isn't shown for it."""
    found: dict[tuple[str, str], list[str]] = {}
    for group in reading.withheld:
        short = reasons.in_brief(group.reason_id, reading.language)
        found.setdefault((short[:1].upper() + short[1:], group.reason), []).append(group.name)
    return found


@public.get("/<address>/results/<scan>/figure/<any(wide,narrow):width>/<name>.svg")
def results_figure(address: str, scan: str, width: str, name: str) -> Response:
    _found, _scan, reading = at_release(address, scan)
    if naming.figure(reading, name) is None:
        abort(404)
    path = picturing.picture_path(
        settings().files, reading.digest, reading.language, name, narrow=width == "narrow"
    )
    if not path.exists():
        abort(404)
    return send_file(path, mimetype="image/svg+xml")


@public.get("/<address>/results/<scan>/report.pdf")
def results_report(address: str, scan: str) -> Response:
    _found, _scan, reading = at_release(address, scan)
    path = picturing.report_path(settings().files, reading.digest, reading.language)
    if not path.exists():
        abort(404)
    return send_file(path, mimetype="application/pdf", download_name=f"{scan}-{reading.language}.pdf")


@public.get("/<address>/results/<scan>/results.json")
def results_json(address: str, scan: str) -> Response:
    """The protected document itself, to the byte as it was published."""
    _found, _scan, reading = at_release(address, scan)
    answer = Response(releasing.published_text(store(), digest=reading.digest), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="results-{scan}.json"'
    return answer
