"""Team talks: a released scan, a unit and a theme enter; the kit as page, hand-out and slides leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from app.core.days import local_day
from app.core.refusal import Refused
from app.render import talk
from app.render.child import NotMade
from app.render.reading import Group, Reading
from app.services import condensing, releasing, talking
from app.storage.office.scans import Scan
from app.web.changes import blueprint, talk_words, texts
from app.web.changes.here import Here, enter
from app.web.changes.talk_forms import AgreedForm, ChooseForm
from app.web.ui import settings, store
from app.web.ui.asking import now

ACT = "make-team-talk"
MIME = {
    talking.HANDOUT: "application/pdf",
    talking.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
Page = str | tuple[str, int] | Redirect


@dataclass(frozen=True)
class At:
    """A released scan as this reader reads it."""

    here: Here
    scan: Scan
    reading: Reading
    released_on: date


def today() -> date:
    return local_day(now())


def at_scan(slug: str, scan: str, act: str = ACT) -> At:
    """404 for a scan of another organisation or without results; before they open a page that says when they do."""
    here = enter(slug, act)
    try:
        row = talking.open_scan(store(), scan=scan, by=here.actor, now=now())
        document = condensing.condensed(store(), scan=scan, files=settings().files)
    except Refused as error:
        if error.reason == "not-yet":
            opens = error.facts["day"]
            assert isinstance(opens, date)
            page = render_template("changes/talk-not-yet.html", here=here, day=texts.day(opens))
            abort(Response(page, 404))
        abort(404)
    digest = str(document["digest"])
    made = next(one for one in releasing.editions(store(), scan=scan) if one.digest == digest)
    return At(here, row, Reading(str(get_locale()), digest, document), local_day(made.released_at))


def chosen(at: At, grouping: str, code: str, theme: str) -> dict[str, Any]:
    """What the kit says. Raises Refused."""
    group = at.reading.group(grouping, code)
    lines = sorted(at.here.organisation.settings.help_lines, key=lambda line: not line.own)
    about = talk.About(
        organisation=at.here.organisation.name,
        scan=at.scan.name,
        theme=texts.theme_in_sentence(theme),
        released_on=at.released_on,
        help_lines=[(line.name, line.contact, line.hours) for line in lines],
    )
    talk.check(at.reading, group, theme)
    assert group is not None
    return talk.told(at.reading, group, theme, talk_words.guide(), about)


@blueprint.get("/<slug>/talk/")
def talks(slug: str) -> str:
    here = enter(slug, ACT)
    found = [
        (row, talking.opens_on(row, by=here.actor, now=now()))
        for row in talking.released(store(), by=here.actor)
    ]
    return render_template("changes/talks.html", here=here, scans=found, words=texts)


@blueprint.get("/<slug>/talk/<scan>/")
def talk_choose(slug: str, scan: str) -> Page:
    at = at_scan(slug, scan)
    form = ChooseForm(request.args)
    form.offer(
        _units(at.reading),
        [(id, texts.theme_name(id)) for id in talk.themes(at.reading)],
    )
    larger: list[Group] = []
    # A link that names a unit only fills in the form; sending the form always names both.
    if "theme" in request.args:
        grouping, _colon, code = (form.unit.data or "").partition(":")
        group, theme = at.reading.group(grouping, code), form.theme.data or ""
        try:
            talk.check(at.reading, group, theme)
            return redirect(
                url_for("changes.talk_kit", slug=slug, scan=scan, grouping=grouping, code=code, theme=theme)
            )
        except Refused as error:
            field = form.theme if error.reason == "no-theme" else form.unit
            field.errors = [talk_words.sentence(error)]
            larger = _larger(at.reading, group, theme)
    page = render_template("changes/talk-choose.html", here=at.here, at=at, form=form, larger=larger)
    return (page, 400) if form.errors else page


def _units(reading: Reading) -> list[tuple[str, str]]:
    return [
        (
            f"{group.grouping}:{group.code}",
            "\u2003" * group.depth
            + (group.name if group.published else _("%(unit)s (not shown)", unit=group.name)),
        )
        for group in reading.tree
    ]


def _larger(reading: Reading, group: Group | None, theme: str) -> list[Group]:
    """Groups that hold this unit and whose figures about this theme are shown: what it was joined in, then the units above."""
    above: list[Group] = []
    parent = reading.group("unit", group.parent) if group is not None and group.parent else None
    while parent is not None:
        above.append(parent)
        parent = reading.group("unit", parent.parent) if parent.parent else None
    codes = {one.code for one in above}
    joined = [
        one
        for one in reading.tree
        if one.grouping == "stratum"
        and one.parent in codes
        and group
        and group.code in _units_in(reading, one)
    ]
    scales = talk.scales_of(reading, theme)
    return [one for one in (*joined, *above) if any(reading.headline(one, scale) for scale in scales)]


def _units_in(reading: Reading, joined: Group) -> tuple[str, ...]:
    """Codes of the units that a group was joined from."""
    found = reading.release.group(joined.grouping, joined.code)
    return tuple(found.data.get("units", ())) if found is not None else ()


@blueprint.get("/<slug>/talk/<scan>/<any(unit,stratum):grouping>/<code>/<theme>/")
def talk_kit(slug: str, scan: str, grouping: str, code: str, theme: str) -> Page:
    at = at_scan(slug, scan)
    try:
        told = chosen(at, grouping, code, theme)
    except Refused as error:
        return _refused(at, grouping, code, theme, error)
    agreed = talking.recorded(store(), scan=scan, unit=told["unit"], theme=theme, by=at.here.actor)
    return render_template(
        "changes/talk.html", here=at.here, at=at, told=told, agreed=agreed, grouping=grouping, code=code, theme=theme,
        on_board=talking.on_board(store(), by=at.here.actor), root=at.reading.whole.code, words=texts, today=today(),
    )  # fmt: skip


def _refused(at: At, grouping: str, code: str, theme: str, error: Refused) -> Page:
    """Figures that don't exist are not found; those that are withheld lead to the choice, with the reason."""
    if error.reason != "withheld":
        abort(404)
    unit = f"{grouping}:{code}"
    return redirect(
        url_for("changes.talk_choose", slug=at.here.slug, scan=at.scan.id, unit=unit, theme=theme)
    )


@blueprint.get("/<slug>/talk/<scan>/<any(unit,stratum):grouping>/<code>/<theme>/<any(handout,slides):kind>")
def talk_file(slug: str, scan: str, grouping: str, code: str, theme: str, kind: str) -> Response | Page:
    at = at_scan(slug, scan)
    try:
        told = chosen(at, grouping, code, theme)
        path = talking.kit(settings().files, told, kind)
    except Refused as error:
        return _refused(at, grouping, code, theme, error)
    except NotMade:
        return render_template("changes/talk-not-made.html", here=at.here), 503
    name = f"{slug}-{scan}-{code}-{theme}-{told['language']}{path.suffix}"
    return send_file(path, mimetype=MIME[kind], download_name=name, as_attachment=kind == talking.SLIDES)


@blueprint.route(
    "/<slug>/talk/<scan>/<any(unit,stratum):grouping>/<code>/<theme>/decisions", methods=["GET", "POST"]
)
def talk_decisions(slug: str, scan: str, grouping: str, code: str, theme: str) -> Page:
    at = at_scan(slug, scan, "record-decision")
    try:
        told = chosen(at, grouping, code, theme)
    except Refused as error:
        return _refused(at, grouping, code, theme, error)
    form = AgreedForm()
    form.offer()
    if form.validate_on_submit():
        rows = form.rows()
        try:
            talking.record(
                store(), scan=scan, unit=told["unit"], theme=theme, agreed=[one for _place, one in rows],
                by=at.here.actor, now=now(),
            )  # fmt: skip
        except Refused as error:
            row = rows[int(str(error.facts["place"]))][0] if "place" in error.facts else 0
            form.mark(error.reason, row, talk_words.sentence(error))
        else:
            flash(_("Recorded. It stands in the action plan, and shows when it is late."), "done")
            return redirect(
                url_for("changes.talk_kit", slug=slug, scan=scan, grouping=grouping, code=code, theme=theme)
            )
    page = render_template(
        "changes/talk-decisions.html", here=at.here, at=at, told=told, form=form, grouping=grouping, code=code, theme=theme
    )  # fmt: skip
    return (page, 400) if form.errors else page
