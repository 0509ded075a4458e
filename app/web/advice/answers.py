"""Answers of management, and the decisions they make: what was chosen enters, an answer or another state leaves."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.core.advice import DECIDES, Answer
from app.core.decision import State
from app.core.refusal import Refused
from app.services import answering, deciding
from app.services.answering import Reply
from app.storage.office.decisions import Decision
from app.web.advice import blueprint, refusals, texts
from app.web.advice.forms import AnswerForm, DecisionForm
from app.web.advice.here import READ, Here, at_advice, enter, now, today
from app.web.advice.register import Page
from app.web.ui import store


@blueprint.route("/<slug>/<int:advice>/answer/<any(do, partly, wont, later):kind>", methods=["GET", "POST"])
def answer(slug: str, advice: int, kind: str) -> Page:
    here, told = at_advice(slug, advice, "answer-advice")
    chosen = Answer(kind)
    form = AnswerForm()
    form.offer(chosen)
    if form.validate_on_submit():
        try:
            reply = _reply(form, chosen)
            answering.answer(store(), advice=advice, reply=reply, by=here.actor, now=now())
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("Your answer stands in the register. The adviser reads it."), "done")
            return redirect(url_for("advice.one", slug=slug, advice=advice))
    heading = {
        Answer.DO: _("We do this"),
        Answer.PARTLY: _("We do part of this"),
        Answer.WONT: _("We don't do this"),
        Answer.LATER: _("We answer later"),
    }[chosen]
    page = render_template(
        "advice/answer.html", here=here, told=told, form=form, heading=heading, texts=texts, today=today()
    )
    return (page, 400) if form.errors else page


def _reply(form: AnswerForm, chosen: Answer) -> Reply:
    reason = form.reason.data or ""
    if chosen in DECIDES:
        return Reply(chosen, reason, form.decision.data or "", owner=form.owner.data or "", due=form.due.data)
    return Reply(chosen, reason, until=form.until.data if chosen is Answer.LATER else None)


@blueprint.get("/<slug>/decision/<int:decision>/")
def decision(slug: str, decision: int) -> str:
    here, row = _at(slug, decision, READ)
    return render_template("advice/decision.html", here=here, row=row, texts=texts, today=today())


@blueprint.route("/<slug>/decision/<int:decision>/change", methods=["GET", "POST"])
def change_decision(slug: str, decision: int) -> Page:
    here, row = _at(slug, decision, "answer-advice")
    form = DecisionForm(data={"state": row.state, "due": row.due_on})
    form.offer()
    if form.validate_on_submit():
        try:
            deciding.move(
                store(),
                decision=decision,
                state=State(form.state.data),
                note=form.note.data or "",
                due=form.due.data,
                by=here.actor,
                now=now(),
            )
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("Saved."), "done")
            return redirect(url_for("advice.decision", slug=slug, decision=decision))
    page = render_template("advice/change.html", here=here, row=row, form=form, texts=texts, today=today())
    return (page, 400) if form.errors else page


def _at(slug: str, decision: int, act: str) -> tuple[Here, Decision]:
    here = enter(slug, act)
    try:
        with store().reading() as session:
            return here, deciding.own(session, decision, here.actor, today())
    except Refused:
        abort(404)
