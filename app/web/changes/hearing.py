"""Hearing back: under an update anybody may say whether it is noticed; a tap enters, a count and a page of thanks leave.

No account, no cookie, no time, nothing kept in the browser. For templates: `about` gives what `_notice.html`, `_effect.html`
and `_timeline.html` need, `stamp` what a kept page's key must hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort, redirect, request, url_for
from flask_babel import format_date, format_decimal
from werkzeug.wrappers import Response

from app.core.cadence import Line
from app.core.effect import Effect
from app.core.feedback import Content
from app.core.notices import Answer, Shown
from app.core.refusal import Refused
from app.services import noticing, promising
from app.storage.database import Session
from app.storage.office import effects, notices
from app.storage.office.organisations import Organisation
from app.web.changes import public
from app.web.changes.board import at
from app.web.changes.front import around, show
from app.web.ui import store


@dataclass(frozen=True)
class About:
    """Of one update: whether it asks, what was answered (None under `k`), and what scans show of it."""

    update: int
    asks: bool
    k: int
    shown: Shown | None
    effect: Effect | None


@dataclass(frozen=True)
class Heard:
    """What was heard back on the updates of an organisation; read once for a page."""

    k: int
    shown: dict[int, Shown]
    effects: dict[int, Effect]

    def about(self, update: int, content: Content) -> About:
        asks = noticing.asks(content)
        return About(update, asks, self.k, self.shown.get(update) if asks else None, self.effects.get(update))


def heard(session: Session, organisation: int) -> Heard:
    k = noticing.group(session, organisation)
    kept = {update: row.effect for update, row in effects.rows(session, organisation).items()}
    return Heard(k, notices.shown(session, organisation, k), kept)


def stamp(session: Session, organisation: int) -> str:
    """Changes when tallies that are shown or effects do, and not in between: an answer alone must change no page."""
    return f"{notices.stamp(session, organisation)}-{effects.stamp(session, organisation)}"


def timeline(organisation: Organisation, today: date) -> tuple[Line, ...]:
    """For `_timeline.html` with `lines` and `today`; the newest scan first."""
    return promising.timeline(store(), organisation=organisation.id, today=today)


@public.post("/<address>/noticed/<int:update>")
def notice(address: str, update: int) -> Response:
    here = at(address)
    if not _from_here():
        abort(403)
    word = request.form.get("noticed", "")
    if word not in set(Answer):
        abort(400)
    try:
        noticing.notice(store(), organisation=here.organisation.id, update=update, answer=Answer(word))
    except Refused:
        abort(404)
    # To a page without the form: going back or loading again sends nothing a second time.
    thanks = url_for("board.noticed", address=address, update=update, language=request.args.get("language"))
    return redirect(thanks, code=303)


@public.get("/<address>/noticed/<int:update>")
def noticed(address: str, update: int) -> str:
    found = around(address)
    with store().reading() as session:
        k = noticing.group(session, found.here.organisation.id)
    return show("noticed", found, update=update, k=k)


def _from_here() -> bool:
    """Whether the form was on a page of this server: without a session there is no proof of origin to put in it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


@public.app_template_filter("as_day")
def _as_day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))


@public.app_template_filter("as_number")
def _as_number(number: float) -> str:
    """With the decimal sign of the language, and no more digits than were published."""
    return str(format_decimal(number))
