"""Unlocking and locking: a passphrase enters, a cookie with half a key leaves."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.crypto.vault import NotOpened
from app.services import rotating, unlocking
from app.web.adviser import blueprint
from app.web.adviser.forms import NothingForm, UnlockForm
from app.web.adviser.here import Here, drop, enter, hold, token
from app.web.adviser.refusals import put
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response


@blueprint.route("/<slug>/unlock", methods=["GET", "POST"])
def unlock(slug: str) -> Page:
    here = enter(slug)
    with store().reading() as session:
        if not unlocking.has_key(session, here.actor):
            return redirect(url_for("adviser.vault", slug=slug))
    form = UnlockForm()
    if form.validate_on_submit():
        try:
            key = unlocking.unlock(
                store(), token=token(), passphrase=form.passphrase.data, by=here.actor, now=asking.now()
            )
        except Refused as error:
            put(form.passphrase, error)
            return _page(here, form), 429 if error.reason == "throttled" else 400
        _renew_if_due(here, key)
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


def _renew_if_due(here: Here, key: bytes) -> None:
    """The first adviser who unlocks after somebody lost the right to this vault renews its key, so that nobody forgets to."""
    try:
        opened = unlocking.open_vault(store(), token=token(), half=key, by=here.actor, now=asking.now())
        gone = rotating.rotate_if_due(store(), opened, by=here.actor, now=asking.now())
    except (Refused, NotOpened):
        return
    if gone:
        flash(
            _(
                "Somebody who could open this vault no longer may. So the key of the vault of %(organisation)s was renewed.",
                organisation=here.organisation.name,
            ),
            "done",
        )


def _onward(slug: str) -> str:
    """Where somebody came from, within this organisation only."""
    onward = asking.safe_next(request.args.get("next"))
    inside = onward and onward.startswith(f"/adviser/{slug}/")
    return onward if onward and inside else url_for("adviser.home", slug=slug)


def _page(here: Here, form: UnlockForm) -> str:
    return render_template("adviser/unlock.html", here=here, form=form)
