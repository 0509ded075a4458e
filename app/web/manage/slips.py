"""Ways in: slips as a PDF that is made once and kept nowhere, and the open link."""

from __future__ import annotations

import base64
import io
from typing import Any

import segno
from flask import Response as FlaskResponse
from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, PERSONAL, SLIPS
from app.core.refusal import Refused
from app.crypto import personal
from app.render import child
from app.render import scan_poster as scan_posters
from app.services import certifying, inviting
from app.services.inviting import SlipRun
from app.web.manage import blueprint
from app.web.manage.forms import SlipsForm, SureForm
from app.web.manage.here import HereScan, at_scan, now
from app.web.manage.refusals import sentence
from app.web.manage.say import _, language
from app.web.manage.scan import printed
from app.web.ui import settings, store


@blueprint.route("/<slug>/<scan>/slips", methods=["GET", "POST"])
def slips(slug: str, scan: str) -> str | Response | tuple[str, int]:
    here = at_scan(slug, scan)
    plan = here.scan.settings
    if plan is None or plan.way not in (SLIPS, PERSONAL):
        raise Refused("no-slips", "this scan has no slips")
    before = printed(here)
    form = SlipsForm(data={"strata": [str(stratum.number) for stratum in plan.strata]})
    form.offer([(stratum.number, stratum.name) for stratum in plan.strata])
    status = 200
    if form.validate_on_submit():
        chosen = [int(number) for number in form.strata.data]
        if any(number in before for number in chosen) and not form.again.data:
            form.again.errors = [
                _("Slips were printed for these groups before. Tick the box if you want new ones.")
            ]
        else:
            try:
                return _download(here, _print(here, chosen))
            except Refused as error:
                form.strata.errors, status = [sentence(error)], 409
            except child.NotMade:
                form.strata.errors, status = [_not_made()], 500
            before = printed(here)
    page = render_template(
        "manage/slips.html",
        here=here,
        form=form,
        plan=plan,
        printed=before,
        reserve_for=inviting.reserve_for,
        is_open=here.state is State.OPEN,
        local=settings().is_local and not settings().local_slips,
    )
    return page, status


def _not_made() -> str:
    return _(
        "The PDF could not be made. Nothing was printed that works; try again, with fewer groups at once."
    )


def _print(here: HereScan, strata: list[int]) -> SlipRun:
    return inviting.print_slips(
        store(),
        scan=here.scan.id,
        strata=strata,
        by=here.actor,
        now=now(),
        local_ok=settings().local_slips,
        address=settings().address,
        is_local=settings().is_local,
    )


def _download(here: HereScan, run: SlipRun) -> Response:
    """The PDF as an attachment: the codes are in this answer and nowhere else."""
    made = child.pdf("sheets", _payload(here, run))
    answer = FlaskResponse(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="slips-{here.scan.id}.pdf"'
    return answer


def _payload(here: HereScan, run: SlipRun) -> dict[str, Any]:
    plan, chosen = here.scan.settings, here.organisation.settings
    assert plan is not None
    lines = sorted(chosen.help_lines, key=lambda line: not line.own)
    return {
        "organisation": here.organisation.name,
        "slug": run.slug,
        "address": public_address(),
        "closes_on": here.scan.closes_on.isoformat() if here.scan.closes_on else None,
        "minutes": plan.questionnaire.minutes,
        "min_group": plan.min_group,
        "help_lines": [{"name": line.name, "contact": line.contact} for line in lines],
        "language": language(),
        "words": words_of(here),
        "sheets": [
            {"name": sheet.name, "codes": list(sheet.codes), "reserve_codes": list(sheet.reserve_codes)}
            for sheet in run.sheets
        ],
    }


@blueprint.get("/<slug>/<scan>/poster.pdf")
def scan_poster(slug: str, scan: str) -> Response:
    """The poster of a scan with personal links: with its words, so that everybody can compare them."""
    here = at_scan(slug, scan)
    plan, words = here.scan.settings, words_of(here)
    if plan is None or not words:
        raise Refused("no-manifest", "the keys of this scan are still being made; try again in a minute")
    payload = scan_posters.told(
        organisation=here.organisation.name,
        closes_on=here.scan.closes_on,
        minutes=plan.questionnaire.minutes,
        min_group=plan.min_group,
        words=words,
        check=f"{public_address()}/u/{scan}/check",
        help_lines=[
            (line.name, line.contact)
            for line in sorted(here.organisation.settings.help_lines, key=lambda line: not line.own)
        ],
        language=language(),
    )
    try:
        made = child.pdf("scan-poster", payload, seconds=30)
    except child.NotMade:
        abort(503)
    answer = FlaskResponse(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="poster-{here.scan.id}.pdf"'
    return answer


def words_of(here: HereScan) -> str:
    """The words of a scan with personal links, which stand on everything that is printed for it; "" for any other."""
    served = certifying.served(store(), here.scan.id)
    return personal.words(served.fingerprint) if served else ""


def public_address() -> str:
    """Where people reach this installation; without one, where this request came in (demo and tests)."""
    return settings().address or request.host_url.rstrip("/")


@blueprint.route("/<slug>/<scan>/link", methods=["GET", "POST"])
def link(slug: str, scan: str) -> str | Response:
    here = at_scan(slug, scan)
    plan = here.scan.settings
    if plan is None or plan.way != OPEN_LINK:
        raise Refused("no-open-link", "this scan has no open link")
    form, address, picture = SureForm(), "", ""
    form.sure.label.text = _("I know that an earlier link of this scan stops working")
    if form.validate_on_submit():
        code = inviting.make_open_link(store(), scan=scan, by=here.actor, now=now())
        address = f"{public_address()}/v/{here.slug}/{code}"
        picture = qr(address)
    return render_template(
        "manage/link.html",
        here=here,
        form=form,
        address=address,
        picture=picture,
        is_open=here.state is State.OPEN,
        local=settings().is_local and not settings().local_slips,
    )


def qr(address: str) -> str:
    """A QR code as the address of a picture that holds itself."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="png", scale=6, border=4)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
