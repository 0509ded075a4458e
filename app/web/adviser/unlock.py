"""Unlocking and locking: a passphrase enters, a cookie with half a key leaves."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.services import unlocking
from app.web.adviser import blueprint
from app.web.adviser.forms import NothingForm, UnlockForm
from app.web.adviser.here import Here, drop, enter, hold, token
from app.web.adviser.refusals import sentence
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response


@blueprint.route("/<slug>/unlock", methods=["GET", "POST"])
def unlock(slug: str) -> Page:
    here = enter(slug)
    form = UnlockForm()
    if form.validate_on_submit():
        try:
            key = unlocking.unlock(
                store(), token=token(), passphrase=form.passphrase.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            if error.reason == "no-key":
                return redirect(url_for("adviser.vault", slug=slug))
            form.passphrase.errors = [sentence(error)]
            return _page(here, form), 429 if error.reason == "throttled" else 400
        answer = make_response(redirect(_onward(slug)))
        hold(answer, key)
        return answer
    return (_page(here, form), 400) if form.errors else _page(here, form)


@blueprint.post("/<slug>/lock")
def lock(slug: str) -> Page:
    enter(slug)
    answer = make_response(redirect(url_for("adviser.home", slug=slug)))
    if NothingForm().validate_on_submit():
        unlocking.lock(store(), token=token())
        drop(answer)
    return answer


def _onward(slug: str) -> str:
    """Where somebody came from, within this organisation only."""
    onward = asking.safe_next(request.args.get("next"))
    inside = onward and onward.startswith(f"/adviser/{slug}/")
    return onward if onward and inside else url_for("adviser.home", slug=slug)


def _page(here: Here, form: UnlockForm) -> str:
    return render_template("adviser/unlock.html", here=here, form=form)
