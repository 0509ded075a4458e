"""Settings of the board: where it is and whether a second reader reads along enter and leave; so does a new address."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.core.refusal import Refused
from app.services import placing
from app.web.changes import blueprint, refusals
from app.web.changes.forms import BoardForm, NothingForm
from app.web.changes.here import enter, now
from app.web.changes.writing import Page
from app.web.ui import asking, store

ACT = "set-board"


@blueprint.route("/<slug>/settings", methods=["GET", "POST"])
def board_settings(slug: str) -> Page:
    here = enter(slug, ACT)
    board = placing.board_of(store(), organisation=here.actor.organisation)
    form = BoardForm(data={"public": "yes" if board.public else "no", "second_reader": board.second_reader})
    form.offer()
    if form.validate_on_submit():
        try:
            placing.set_board(
                store(),
                public=form.public.data == "yes",
                second_reader=bool(form.second_reader.data),
                by=here.actor,
                now=now(),
            )
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("Saved."), "done")
            return redirect(url_for("changes.board_settings", slug=here.slug))
    page = render_template(
        "changes/settings.html",
        here=here,
        board=board,
        form=form,
        renew=NothingForm(),
        address=asking.public_address() + url_for("board.front", address=board.address),
    )
    return (page, 400) if form.errors else page


@blueprint.post("/<slug>/settings/address")
def renew_address(slug: str) -> Page:
    here = enter(slug, ACT)
    if NothingForm().validate_on_submit():
        try:
            placing.renew_address(store(), by=here.actor, now=now())
        except Refused as error:
            flash(refusals.sentence(error), "error")
        else:
            flash(_("The board has a new address. The old one leads nowhere."), "done")
    return redirect(url_for("changes.board_settings", slug=here.slug))
