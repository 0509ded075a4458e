"""Signals beside a released scan: an open vault, a scan and a period enter; readings with their reasons leave.

The choice of scan and period is sent as a form, as all choices here; addresses of pictures hold a scan and two quarters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields import SelectChoice

from app.core.instrument import text
from app.core.release import Release
from app.core.signals.beside import Laid, Theme
from app.core.signals.card import BadCard, Quarter
from app.core.signals.readings import Reading
from app.services import asking as tasks
from app.services import laying, releasing
from app.services.laying import Beside, Period
from app.services.preparing import Asked
from app.storage.office.scans import Scan
from app.web.adviser import beside_words, blueprint, figuring, pattern_words, words
from app.web.adviser.cards import Page
from app.web.adviser.offering import Offer, offer_opened
from app.web.adviser.say import _
from app.web.ui import asking, settings, store

MOST_QUARTERS = 12
STRONG = 3


class PeriodForm(FlaskForm):
    """Which scan, and which quarters of signals."""

    scan = SelectField(lazy_gettext("Scan"))
    first = SelectField(lazy_gettext("Signals from"))
    last = SelectField(lazy_gettext("Up to and including"))


@dataclass(frozen=True)
class Chosen:
    """What the page is about."""

    offer: Offer
    scan: Scan
    beside: Beside
    period: Period

    @property
    def names(self) -> dict[str, str]:
        return {one.theme: self.offer.theme_says(one.theme) for one in self.beside.whole.themes}

    def public(self, theme: str) -> str:
        """How a theme goes into advice: a known one by its id, one of the adviser's own by its name."""
        return theme if theme in words.standard_themes() else self.names[theme]


@blueprint.route("/<slug>/beside", methods=["GET", "POST"])
def beside(slug: str) -> Page:
    offer = offer_opened(slug)
    rows = laying.released(store(), by=offer.here.actor, now=asking.now())
    if not rows:
        return render_template("adviser/beside-nothing.html", here=offer.here)
    form = PeriodForm()
    scan = next((row for row in rows if row.id == form.scan.data), rows[0])
    usual = laying.usual_period(scan, _release(scan), offer.cards, asking.now().date(), offer.earlier)
    _offer(form, rows, scan, usual)
    asked = request.method == "POST" and form.validate()
    period = _asked(form) if asked else None
    if period is not None and not 1 <= period.quarters <= MOST_QUARTERS:
        form.last.errors = [
            _("Choose one to %(most)s quarters, the first before the last.", most=MOST_QUARTERS)
        ]
        period = None
    period = period or usual
    form.first.data, form.last.data = str(period.first), str(period.last)
    chosen = _chosen(offer, scan, period)
    if not chosen.beside.compared and chosen.beside.earlier is not None:
        _ask(chosen, chosen.beside.earlier)
    laid = chosen.beside.whole
    return render_template(
        "adviser/beside.html", here=offer.here, chosen=chosen, laid=laid, form=form, usual=usual, names=chosen.names,
        opening=beside_words.opening(laid, chosen.names), says=beside_words, words=words, patterns=pattern_words,
        early=_early(offer, period), ordered=_by_reading(laid), scales=_scales(chosen), counted=_counted(offer, period),
    )  # fmt: skip


@blueprint.get(
    "/<slug>/pictures/<any(quadrant,ranks):kind>/<scan>/<first>/<last>/<any(wide,narrow):width>.svg"
)
def beside_picture(slug: str, kind: str, scan: str, first: str, last: str, width: str) -> Response:
    offer = offer_opened(slug)
    row = next(
        (row for row in laying.released(store(), by=offer.here.actor, now=asking.now()) if row.id == scan),
        None,
    )
    try:
        period = Period(Quarter.read(first), Quarter.read(last))
    except BadCard:
        abort(404)
    if row is None or not 1 <= period.quarters <= MOST_QUARTERS:
        abort(404)
    chosen = _chosen(offer, row, period)
    payload = _quadrant(chosen) if kind == "quadrant" else _ranks(chosen)
    return figuring.drawn(f"signal-{kind}", payload, width)


def _offer(form: PeriodForm, rows: tuple[Scan, ...], scan: Scan, usual: Period) -> None:
    now = Quarter.of(asking.now().date())
    first = min(usual.first.index, now.index - MOST_QUARTERS)
    quarters = [Quarter.at(index) for index in range(now.index, first - 1, -1)]
    form.scan.choices = [SelectChoice(value=row.id, label=row.name) for row in rows]
    form.scan.data = scan.id
    form.first.choices = form.last.choices = [
        SelectChoice(value=str(one), label=words.quarter_says(one)) for one in quarters
    ]


def _asked(form: PeriodForm) -> Period:
    return Period(Quarter.read(form.first.data), Quarter.read(form.last.data))


def _release(scan: Scan) -> Release:
    return Release(releasing.document(store(), scan=scan.id))


def _chosen(offer: Offer, scan: Scan, period: Period) -> Chosen:
    found = laying.lay_beside(
        store(),
        scan=scan.id,
        period=period,
        cards=offer.cards,
        files=settings().files,
        by=offer.here.actor,
        earlier=offer.earlier,
        now=asking.now(),
    )
    return Chosen(offer, scan, found, period)


def _early(offer: Offer, period: Period) -> Quarter | None:
    """The first quarter with a card, when the period begins before it: until then silence says nothing."""
    first = laying.first_kept(offer.cards, offer.earlier)
    return first if first is not None and period.first < first else None


def _counted(offer: Offer, period: Period) -> list[str]:
    """The years in the period of which only counts are left."""
    quarters = (Quarter.at(index) for index in range(period.first.index, period.last.index + 1))
    return sorted({str(one.year) for one in offer.earlier.among(quarters)})


def _ask(chosen: Chosen, earlier: Scan) -> None:
    """The worker compares the two releases; it gets their ids and nothing of the vault."""
    tasks.ask(
        store(), current_app.extensions["queue"], act="compare", scan=chosen.scan.id, by=chosen.offer.here.actor,
        now=datetime.now(UTC).replace(tzinfo=None), argument=Asked(earlier.id).argument,
    )  # fmt: skip


def _by_reading(laid: Laid) -> list[Theme]:
    return sorted(
        laid.themes, key=lambda one: (beside_words.ORDER.index(one.reading), -one.signals.reporters)
    )


def _scales(chosen: Chosen) -> dict[str, str]:
    """What the scan calls its scales, in the language of the page."""
    return {scale["id"]: text(scale["title"], words.language()) for scale in chosen.beside.release.scales}


def _quadrant(chosen: Chosen) -> dict[str, Any]:
    """Across: how far the scan's figure is past its own threshold, more concern to the right."""
    laid = chosen.beside.whole
    points = []
    for one in laid.themes:
        side, rate = one.scan.deciding, one.signals.rate
        if side is None or rate is None:
            continue
        share = side.kind == "incidence"
        limit = laid.thresholds.share if share else laid.thresholds.score
        ends = [side.low - limit, side.high - limit] if share else [limit - side.high, limit - side.low]
        value = (
            side.figure["value"]
            if side.figure["value"] is not None
            else (side.figure["low"] + side.figure["high"]) / 2
        )
        points.append(
            {
                "label": chosen.names[one.theme],
                "x": value - limit if share else limit - value,
                "x_low": ends[0],
                "x_high": ends[1],
                "y": rate.value,
                "y_low": rate.low,
                "y_high": rate.high,
                "sure": one.reading is not Reading.TOO_FEW,
            }
        )
    if not points:
        abort(404)
    regions = [str(beside_words.READINGS[one]) for one in ("concentrated", "confirmed", "calm", "unspoken")]
    return {
        "points": points,
        "threshold": laid.thresholds.rate,
        "regions": regions,
        "y_words": _("Reporters per 100 employees a year"),
        "x_words": [_("scan: calm"), _("threshold"), _("scan: concerned")],
        "foot": _("Bars: how sure. An open dot: nothing can be said yet."),
    }


def _ranks(chosen: Chosen) -> dict[str, Any]:
    ranks = chosen.beside.whole.ranks
    if not ranks:
        abort(404)
    left = sorted(ranks, key=lambda one: (one.scan.rank, chosen.names[one.theme]))
    right = sorted(ranks, key=lambda one: (one.signals.rank, chosen.names[one.theme]))
    strong = {one.theme for one in ranks[:STRONG] if abs(one.gap) >= 1.5}
    return {
        "heads": [_("The scan: most concern on top"), _("Signals: most reporters on top")],
        "rows": [
            {
                "left": f"{pattern_words.figure(one.scan.rank)}  {chosen.names[one.theme]}",
                "right": f"{pattern_words.figure(one.signals.rank)}  {chosen.names[one.theme]}",
                "left_at": left.index(one),
                "right_at": right.index(one),
                "strong": one.theme in strong,
            }
            for one in ranks
        ],
    }
