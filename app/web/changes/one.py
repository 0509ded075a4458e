"""One update for who writes the board: how it stands, what may be done with it and its history leave; an act enters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.core.update_history import Change, changes
from app.services import approving, placing, posting, remarking
from app.services.posting import Outcome
from app.storage.office.updates import UpdateVersion
from app.web.changes import blueprint, refusals, texts
from app.web.changes.forms import NothingForm, ReasonForm, RemarkForm, SeenForm
from app.web.changes.here import At, at_update, now, today
from app.web.changes.writing import ACT, Page, outcome_says
from app.web.ui import store


@dataclass(frozen=True)
class Step:
    """A version and what differs from the one before it; the first one has nothing before it."""

    version: UpdateVersion
    changes: tuple[Change, ...]


@blueprint.get("/<slug>/<int:update>/")
def one(slug: str, update: int) -> str:
    at = at_update(slug, update)
    return render_template(
        "changes/one.html",
        here=at.here,
        at=at,
        board=placing.board_of(store(), organisation=at.here.actor.organisation),
        form=NothingForm(),
        seen=SeenForm(data={"seen": at.seen}),
        texts=texts,
        today=today(),
    )


@blueprint.get("/<slug>/<int:update>/history")
def history(slug: str, update: int) -> str:
    at = at_update(slug, update)
    steps, before = [], None
    for version in at.versions:
        content = version.content
        steps.append(Step(version, changes(before, content) if before is not None else ()))
        before = content
    return render_template("changes/history.html", here=at.here, at=at, steps=steps, texts=texts)


@blueprint.post("/<slug>/<int:update>/publish")
def publish(slug: str, update: int) -> Page:
    at = _changing(slug, update)
    return _let_out(
        at, lambda seen: posting.publish(store(), update=update, seen=seen, by=at.here.actor, now=now())
    )


@blueprint.post("/<slug>/<int:update>/approve")
def approve(slug: str, update: int) -> Page:
    at = at_update(slug, update, "approve-update")
    return _let_out(
        at, lambda seen: approving.approve(store(), update=update, seen=seen, by=at.here.actor, now=now())
    )


@blueprint.post("/<slug>/<int:update>/hold")
def hold(slug: str, update: int) -> Page:
    at = _changing(slug, update)
    if NothingForm().validate_on_submit():
        posting.hold(store(), update=update, by=at.here.actor, now=now())
        flash(_("It doesn't come out until you publish it."), "done")
    return _back(at)


@blueprint.post("/<slug>/<int:update>/drop")
def drop(slug: str, update: int) -> Page:
    at = _changing(slug, update)
    if NothingForm().validate_on_submit():
        try:
            posting.drop(store(), update=update, by=at.here.actor, now=now())
        except Refused as error:
            flash(refusals.sentence(error), "error")
        else:
            flash(_("The draft is gone."), "done")
    if at.row.version == 0:
        return redirect(url_for("changes.overview", slug=at.here.slug))
    return _back(at)


@blueprint.route("/<slug>/<int:update>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, update: int) -> Page:
    at = _changing(slug, update)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            reason = form.reason.data or ""
            posting.withdraw(store(), update=update, reason=reason, by=at.here.actor, now=now())
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("The update was withdrawn."), "done")
            return _back(at)
    return _form("changes/withdraw.html", at, form)


@blueprint.route("/<slug>/<int:update>/remark", methods=["GET", "POST"])
def remark(slug: str, update: int) -> Page:
    at = at_update(slug, update, "remark-update")
    form = RemarkForm()
    if form.validate_on_submit():
        try:
            text, language = form.text.data or "", texts.spoken()
            remarking.remark(
                store(), update=update, text=text, language=language, by=at.here.actor, now=now()
            )
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("Your remark stands beside the update."), "done")
            return _back(at)
    return _form("changes/remark.html", at, form)


def _changing(slug: str, update: int) -> At:
    """The same where this account may change it; 403 for an update of somebody else's, 404 for a withdrawn one."""
    at = at_update(slug, update, ACT)
    if not at.changes:
        abort(404 if at.row.withdrawn else 403)
    return at


def _let_out(at: At, act: Callable[[str], Outcome]) -> Page:
    """Do it with the text that was looked at, and say what came of it."""
    form = SeenForm()
    if form.validate_on_submit():
        try:
            flash(outcome_says(act(form.seen.data or "")), "done")
        except Refused as error:
            flash(refusals.sentence(error), "error")
    return _back(at)


def _form(template: str, at: At, form: FlaskForm) -> Page:
    page = render_template(template, here=at.here, at=at, form=form, texts=texts)
    return (page, 400) if form.errors else page


def _back(at: At) -> Response:
    return redirect(url_for("changes.one", slug=at.here.slug, update=at.row.id))
