"""Consultations: the agenda, notes of both sides and what is agreed enter and leave; who holds none reads none."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.core.refusal import Refused
from app.services import agreeing, consulting
from app.storage.office import consultations as rows
from app.storage.office.consultations import Consultation
from app.web.advice import blueprint, refusals, texts
from app.web.advice.forms import AgreedForm, CloseForm, NoteForm, NothingForm
from app.web.advice.here import Here, enter, now, today
from app.web.advice.register import Page
from app.web.ui import store

ACT = consulting.ACT


@blueprint.get("/<slug>/consultation/")
def consultations(slug: str) -> str:
    here = enter(slug, ACT)
    with store().reading() as session:
        every = rows.of_organisation(session, here.organisation.id)
    under_way = next((one for one in every if not one.closed), None)
    points = () if under_way else consulting.prepare(store(), by=here.actor, today=today())
    return render_template(
        "advice/consultations.html",
        here=here,
        every=[one for one in every if one.closed],
        under_way=under_way,
        points=points,
        form=NothingForm(),
        texts=texts,
    )


@blueprint.post("/<slug>/consultation/begin")
def begin_consultation(slug: str) -> Page:
    here = enter(slug, ACT)
    if NothingForm().validate_on_submit():
        try:
            made = consulting.begin(store(), by=here.actor, now=now())
        except Refused as error:
            flash(refusals.sentence(error), "error")
        else:
            return redirect(url_for("advice.consultation", slug=slug, consultation=made))
    return redirect(url_for("advice.consultations", slug=slug))


@blueprint.get("/<slug>/consultation/<int:consultation>/")
def consultation(slug: str, consultation: int) -> Page:
    here, row = _at(slug, consultation)
    return _page(here, row)


@blueprint.post("/<slug>/consultation/<int:consultation>/note")
def write_note(slug: str, consultation: int) -> Page:
    here, row = _at(slug, consultation)
    form = NoteForm()

    def act() -> None:
        consulting.write(store(), consultation=consultation, text=form.text.data or "", by=here.actor)

    return _done(form, act, here, row) or _page(here, row, note=form)


@blueprint.route("/<slug>/consultation/<int:consultation>/note/<int:note>", methods=["GET", "POST"])
def change_note(slug: str, consultation: int, note: int) -> Page:
    here, row = _at(slug, consultation)
    with store().reading() as session:
        found = rows.note(session, consultation, note)
    if found is None or not _mine(here, row, found):
        abort(404)
    form = NoteForm(data={"text": found.text})

    def act() -> None:
        text = form.text.data or ""
        consulting.rewrite(store(), consultation=consultation, note=note, text=text, by=here.actor)

    done = _done(form, act, here, row)
    if done is not None:
        return done
    page = render_template("advice/note.html", here=here, row=row, form=form)
    return (page, 400) if form.errors else page


@blueprint.post("/<slug>/consultation/<int:consultation>/agreed")
def agree(slug: str, consultation: int) -> Page:
    here, row = _at(slug, consultation)
    form = AgreedForm()
    form.offer()

    def act() -> None:
        consulting.agree(
            store(),
            consultation=consultation,
            what=form.what.data or "",
            owner=form.owner.data or "",
            due=form.due.data,
            by=here.actor,
            now=now(),
        )

    return _done(form, act, here, row) or _page(here, row, agreed=form)


@blueprint.post("/<slug>/consultation/<int:consultation>/agreed/<int:agreed>/done")
def tick_agreed(slug: str, consultation: int, agreed: int) -> Page:
    here, row = _at(slug, consultation)

    def act() -> None:
        consulting.tick(store(), consultation=consultation, agreed=agreed, by=here.actor, now=now())

    return _done(NothingForm(), act, here, row) or _page(here, row)


@blueprint.route("/<slug>/consultation/<int:consultation>/close", methods=["GET", "POST"])
def close_consultation(slug: str, consultation: int) -> Page:
    here, row = _at(slug, consultation)
    form = CloseForm()

    def act() -> None:
        next_on = form.next_on.data
        consulting.close(store(), consultation=consultation, next_on=next_on, by=here.actor, now=now())

    done = _done(form, act, here, row)
    if done is not None:
        return done
    page = render_template("advice/close.html", here=here, row=row, form=form)
    return (page, 400) if form.errors else page


def _at(slug: str, consultation: int) -> tuple[Here, Consultation]:
    here = enter(slug, ACT)
    with store().reading() as session:
        row = rows.get(session, here.organisation.id, consultation)
    if row is None:
        abort(404)
    return here, row


def _done(form: FlaskForm, act: Callable[[], None], here: Here, row: Consultation) -> Page | None:
    """Back to the consultation once it is done; None while something is wrong or nothing was sent."""
    if not form.validate_on_submit():
        return None
    try:
        act()
    except Refused as error:
        refusals.put(form, error)
        return None
    flash(_("Saved."), "done")
    return redirect(url_for("advice.consultation", slug=here.slug, consultation=row.id))


def _mine(here: Here, row: Consultation, note: rows.ConsultationNote) -> bool:
    own = note.account_id == here.actor.account and note.side == agreeing.side_of(here.actor).value
    return own and not row.closed


def _page(
    here: Here, row: Consultation, *, note: FlaskForm | None = None, agreed: FlaskForm | None = None
) -> Page:
    with store().reading() as session:
        notes, made = rows.notes(session, row.id), rows.agreed(session, row.id)
    agreed_form = agreed or AgreedForm(formdata=None)
    agreed_form.offer()
    page = render_template(
        "advice/consultation.html",
        here=here,
        row=row,
        notes=[(one, _mine(here, row, one)) for one in notes],
        agreed=made,
        note_form=note or NoteForm(formdata=None),
        agreed_form=agreed_form,
        nothing=NothingForm(formdata=None),
        side=agreeing.side_of(here.actor).value,
        texts=texts,
        today=today(),
    )
    faulty = any(form is not None and form.errors for form in (note, agreed))
    return (page, 400) if faulty else page
