"""The register of advice: everybody who may read it sees what was asked and answered; an adviser gives, repeats and withdraws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.core.advice import State
from app.core.refusal import Refused
from app.services import advising, deciding
from app.services.advising import New
from app.storage.office import decisions
from app.storage.office.advice import Told
from app.web.advice import blueprint, refusals, sources, texts
from app.web.advice.forms import GiveForm, RepeatForm, WithdrawForm
from app.web.advice.here import Here, at_advice, enter, now, today
from app.web.ui import store

Page = str | Response | tuple[str, int]
OPEN = "open"


@dataclass(frozen=True)
class Wanted:
    """What the address asks the list to hold; anything unknown asks for all."""

    theme: str = ""
    state: str = ""
    asked: str = ""
    repeated: bool = False

    @property
    def all(self) -> bool:
        return self == Wanted()

    def has(self, told: Told) -> bool:
        tests = (
            not self.theme or told.theme == self.theme,
            not self.state or (told.now.open if self.state == OPEN else told.now.state == self.state),
            not self.asked or told.asked == (self.asked == "yes"),
            not self.repeated or told.now.asked > 1,
        )
        return all(tests)


def _wanted() -> Wanted:
    state, asked = request.args.get("state", ""), request.args.get("asked", "")
    return Wanted(
        request.args.get("theme", ""),
        state if state == OPEN or state in list(State) else "",
        asked if asked in ("yes", "no") else "",
        request.args.get("repeated") == "yes",
    )


@blueprint.get("/<slug>/")
def register(slug: str) -> str:
    here = enter(slug)
    order = list(State)
    every = advising.readable(store(), by=here.actor, today=today())
    every.sort(key=lambda told: (order.index(told.now.state), told.now.due or today()))
    made = deciding.readable(store(), by=here.actor, today=today())
    wanted = _wanted()
    return render_template(
        "advice/register.html",
        here=here,
        every=every,
        shown=[told for told in every if wanted.has(told)],
        decided={row.advice_id: row for row in sorted(made, key=lambda row: row.id)},
        wanted=wanted,
        themes=sorted({told.theme for told in every}, key=texts.theme_name),
        states=[OPEN, *State],
        open=sum(told.now.open for told in every),
        late=sum(told.now.state is State.OVERDUE for told in every),
        texts=texts,
        today=today(),
    )


@blueprint.get("/<slug>/<int:advice>/")
def one(slug: str, advice: int) -> str:
    here, told = at_advice(slug, advice)
    with store().reading() as session:
        made = decisions.of_advice(session, advice)
    return render_template(
        "advice/one.html",
        here=here,
        told=told,
        decisions=made,
        texts=texts,
        today=today(),
        source=sources.grown_from(here, told),
    )


@blueprint.route("/<slug>/give", methods=["GET", "POST"])
def give(slug: str) -> Page:
    """A link from a report or comments fills in where it came from: ?source=report&ref=...&theme=...

    A page of the vault sends the same in a form with “start”: no address tells which theme an adviser looks at.
    """
    here = enter(slug, "give-advice")
    begun = request.method == "GET" or "start" in request.form
    form = GiveForm(formdata=None, data=_begun()) if begun else GiveForm()
    form.offer()
    if not begun and form.validate_on_submit():
        try:
            advice = advising.give(store(), new=_new(form), by=here.actor, now=now())
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("The advice was given. Management can read and answer it now."), "done")
            return redirect(url_for("advice.one", slug=slug, advice=advice))
    page = render_template("advice/give.html", here=here, form=form)
    return (page, 400) if form.errors else page


@blueprint.route("/<slug>/<int:advice>/repeat", methods=["GET", "POST"])
def repeat(slug: str, advice: int) -> Page:
    here, told = at_advice(slug, advice, "give-advice")
    form = RepeatForm()

    def act() -> None:
        advising.repeat(store(), advice=advice, text=form.text.data or "", by=here.actor, now=now())

    return _act(here, told, form, act, "advice/repeat.html", _("The advice was repeated."))


@blueprint.route("/<slug>/<int:advice>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, advice: int) -> Page:
    here, told = at_advice(slug, advice, "give-advice")
    form = WithdrawForm()

    def act() -> None:
        advising.withdraw(store(), advice=advice, reason=form.reason.data or "", by=here.actor, now=now())

    return _act(here, told, form, act, "advice/withdraw.html", _("The advice was withdrawn."))


def _act(here: Here, told: Told, form: FlaskForm, act: Callable[[], None], page: str, done: str) -> Page:
    """Show the form of one act, do it, or show what is wrong with what was typed."""
    if form.validate_on_submit():
        try:
            act()
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(done, "done")
            return redirect(url_for("advice.one", slug=here.slug, advice=told.id))
    shown = render_template(page, here=here, told=told, form=form, texts=texts, today=today())
    return (shown, 400) if form.errors else shown


def _begun() -> dict[str, str]:
    """What another page fills in."""
    theme = texts.theme_id(request.values.get("theme", ""))
    known = theme in texts.known_themes()
    return {
        "theme": theme if known else "",
        "own_theme": "" if known else theme,
        "source": request.values.get("source", ""),
        # Enough of a report's digest to find it by.
        "source_ref": request.values.get("ref", "")[:40],
    }


def _new(form: GiveForm) -> New:
    source = form.source.data or ""
    return New(
        theme=form.own_theme.data or form.theme.data or "",
        what=form.what.data or "",
        why_now=form.why_now.data or "",
        asked=form.asked.data == "yes",
        to_role=form.to_role.data or "",
        audience=form.audience.data or "",
        source=source,
        # Another source chosen by hand has no page to lead to.
        source_ref=(form.source_ref.data or None) if source else None,
        given_on=form.given_on.data,
    )
