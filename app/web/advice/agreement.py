"""The sharing agreement: what holds now and how it came about leaves; a new version or a signature enters."""

from __future__ import annotations

from dataclasses import asdict

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.agreement import Agreement, Side, Terms
from app.core.refusal import Refused
from app.services import agreeing
from app.web.advice import blueprint, refusals, texts
from app.web.advice.forms import AgreementForm, NothingForm
from app.web.advice.here import enter, now
from app.web.advice.register import Page
from app.web.ui import LANGUAGES, store

ACT = "agree-sharing"


@blueprint.get("/<slug>/agreement/")
def agreement(slug: str) -> str:
    here = enter(slug)
    known = agreeing.versions(store(), by=here.actor)
    return render_template(
        "advice/agreement.html",
        here=here,
        current=next((one for one in known if one.holds), None),
        newest=known[0] if known else None,
        known=known,
        texts=texts,
    )


@blueprint.get("/<slug>/agreement/<int:version>/")
def agreement_version(slug: str, version: int) -> str:
    here = enter(slug)
    known = agreeing.versions(store(), by=here.actor)
    found = _version(known, version)
    side = agreeing.side_of(here.actor)
    mine = here.may(ACT) and found is known[0] and side not in found.signed
    return render_template(
        "advice/version.html",
        here=here,
        one=found,
        sides=Side,
        form=NothingForm() if mine else None,
        side=side.value,
        newest=known[0],
        texts=texts,
    )


@blueprint.post("/<slug>/agreement/<int:version>/sign")
def sign_agreement(slug: str, version: int) -> Page:
    here = enter(slug, ACT)
    _version(agreeing.versions(store(), by=here.actor), version)
    if NothingForm().validate_on_submit():
        try:
            signed = agreeing.sign(store(), version=version, by=here.actor, now=now())
        except Refused as error:
            flash(refusals.sentence(error), "error")
        else:
            done = _("Both sides have signed. The agreement holds from today.")
            flash(
                done if signed.holds else _("You have signed. The other side signs from its own account."),
                "done",
            )
    return redirect(url_for("advice.agreement_version", slug=slug, version=version))


@blueprint.route("/<slug>/agreement/draft", methods=["GET", "POST"])
def draft_agreement(slug: str) -> Page:
    here = enter(slug, ACT)
    known = agreeing.versions(store(), by=here.actor)
    form = AgreementForm(data=asdict(known[0].terms if known else _first()))
    form.offer()
    if form.validate_on_submit():
        fields = ("shares", "keeps", "signal_min", "words_min", "rhythm", "answer_weeks")
        terms = Terms(**{name: form[name].data for name in fields})
        try:
            version = agreeing.draft(store(), terms=terms, by=here.actor, now=now())
        except Refused as error:
            refusals.put(form, error)
        else:
            flash(_("This version is kept. It holds once both sides have signed it."), "done")
            return redirect(url_for("advice.agreement_version", slug=slug, version=version))
    page = render_template("advice/draft.html", here=here, form=form)
    return (page, 400) if form.errors else page


def _first() -> Terms:
    """A text to begin with, in the language of the page."""
    spoken = str(get_locale())
    language = spoken if spoken in LANGUAGES else LANGUAGES[0]
    shares, keeps = (
        render_template(f"advice/{part}.{language}.txt").strip().replace("\n", "\r\n")
        for part in ("shares", "keeps")
    )
    return Terms(shares, keeps)


def _version(known: list[Agreement], version: int) -> Agreement:
    found = next((one for one in known if one.version == version), None)
    if found is None:
        abort(404)
    return found
