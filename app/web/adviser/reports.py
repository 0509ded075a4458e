"""Signal reports of an adviser: drafted, edited and looked at inside the open vault, then released; nothing else leaves."""

from __future__ import annotations

from contextlib import suppress

from flask import Response, abort, flash, redirect, render_template, request, url_for

from app.core.refusal import Refused
from app.core.signal_report.document import Draft
from app.core.signals import kinds as choices
from app.core.signals.choices import CATEGORY, THEME
from app.render import child, signal_telling, signal_words
from app.services import picturing, reporting, signalling
from app.web.adviser import blueprint, report_words, words
from app.web.adviser.cards import Page
from app.web.adviser.here import Opened, opened
from app.web.adviser.report_words import NewForm, ReleaseForm, WordsForm
from app.web.adviser.say import _
from app.web.ui import asking, settings, store

ACT = "release-report"


@blueprint.route("/<slug>/reports/", methods=["GET", "POST"])
def reports(slug: str) -> Page:
    """Drafts, what was released, and a new draft."""
    here = opened(slug, ACT)
    form = NewForm()
    counted = reporting.counted_years(store(), here.vault, by=here.actor)
    form.offer(asking.now().date(), reporting.employees(store(), by=here.actor), words.language(), counted)
    if not form.is_submitted():
        return _list(here, form, counted)
    if not form.validate():
        return _list(here, form, counted), 400
    try:
        id = _draft(here, form)
    except Refused as error:
        form.what.errors = [report_words.sentence(error)]
        return _list(here, form, counted), 400
    return redirect(url_for("adviser.report", slug=slug, id=id))


def _draft(here: Opened, form: NewForm) -> str:
    kind, _sep, window = form.what.data.partition("|")
    language = form.language.data
    found = signalling.choices(store(), themes=words.standard_themes(), opened=here.vault, by=here.actor)
    names = {one.id: one.name(language) for one in found.of(THEME)}
    names |= {
        f"category:{one.id}": one.name(language)
        for one in found.of(CATEGORY)
        if one.id not in choices.CATEGORIES
    }
    return reporting.draft(
        store(),
        here.vault,
        kind=kind,
        window=window,
        language=language,
        names=names,
        by=here.actor,
        now=asking.now(),
    )


def _list(here: Opened, form: NewForm, counted: tuple[int, ...]) -> str:
    return render_template(
        "adviser/reports.html",
        here=here,
        form=form,
        drafts=reporting.drafts(store(), here.vault, by=here.actor),
        released=reporting.released(store(), by=here.actor),
        kind=signal_words.kind,
        period=signal_words.period,
        counted=counted,
    )


@blueprint.route("/<slug>/reports/<id>/", methods=["GET", "POST"])
def report(slug: str, id: str) -> Page:
    """Edit the words in place; the figures stand beside them."""
    here = opened(slug, ACT)
    draft = _found(here, id)
    form = WordsForm()
    form.begin(draft)
    status = 200
    if form.is_submitted():
        status = 400
        if form.overtaken(draft):
            status = 409
            form.heard.errors = [
                report_words.sentence(Refused("overtaken", "the draft was changed meanwhile"))
            ]
        elif form.validate():
            try:
                reporting.edit(store(), here.vault, id=id, by=here.actor, now=asking.now(), **form.words())
                return redirect(url_for("adviser.report_preview", slug=slug, id=id))
            except Refused as error:
                field = form.risk_reason if error.reason == "reason-needed" else form.heard
                field.errors = [report_words.sentence(error)]
    told = signal_telling.told(reporting.previewed(draft, asking.now().date()).document, draft=True)
    return render_template("adviser/report.html", here=here, form=form, draft=draft, told=told), status


@blueprint.route("/<slug>/reports/<id>/preview", methods=["GET", "POST"])
def report_preview(slug: str, id: str) -> Page:
    """Exactly what leaves, what asks for another look, and the release."""
    here = opened(slug, ACT)
    form = ReleaseForm()
    status = 200
    if form.validate_on_submit():
        try:
            return _release(here, id, form)
        except Refused as error:
            if error.reason == "no-draft":
                abort(404)
            form.confirmed.errors = [report_words.sentence(error)]
            status = 400
    draft = _found(here, id)
    shown = reporting.previewed(draft, asking.now().date())
    return render_template(
        "adviser/report-preview.html",
        here=here,
        form=form,
        draft=draft,
        shown=shown,
        told=signal_telling.told(shown.document, draft=True),
        marked_as=report_words.marked_as,
        sections=report_words.sections,
    ), status


def _release(here: Opened, id: str, form: ReleaseForm) -> Page:
    draft = _found(here, id)
    digest = reporting.release(
        store(),
        here.vault,
        id=id,
        digest=request.form.get("digest", ""),
        confirmed=bool(form.confirmed.data),
        by=here.actor,
        now=asking.now(),
    )
    # From here on it is a released document, and its PDF may lie ready on disk.
    found = reporting.document(store(), digest=digest, by=here.actor)
    payload = {
        "told": signal_telling.told(found),
        "dated": found["released_on"],
        "pictures": dict(draft.pictures),
    }
    path = picturing.report_path(settings().files, digest, found["language"])
    with suppress(child.NotMade):  # it is made anew when somebody asks for it
        picturing.write(path, child.pdf("signal-report", payload))
    flash(_("Released. Coordinator, manager and works council can read it now."), "done")
    return redirect(url_for("results.report", slug=here.slug, digest=digest))


@blueprint.get("/<slug>/reports/<id>/draft.pdf")
def report_pdf(slug: str, id: str) -> Response:
    """Made by a child over a pipe: nothing of a draft touches a disk."""
    here = opened(slug, ACT)
    draft = _found(here, id)
    shown = reporting.previewed(draft, asking.now().date()).document
    payload = {
        "told": signal_telling.told(shown, draft=True),
        "dated": shown["released_on"],
        "pictures": dict(draft.pictures),
    }
    answer = Response(child.pdf("signal-report", payload), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{draft.kind}-{draft.window}-draft.pdf"'
    return answer


@blueprint.post("/<slug>/reports/<id>/drop")
def report_drop(slug: str, id: str) -> Page:
    """Throw a draft away."""
    here = opened(slug, ACT)
    _found(here, id)
    reporting.drop(store(), here.vault, id=id, by=here.actor)
    flash(_("The draft was thrown away."), "done")
    return redirect(url_for("adviser.reports", slug=slug))


def _found(here: Opened, id: str) -> Draft:
    try:
        return reporting.one_draft(store(), here.vault, id=id, by=here.actor)
    except Refused:
        abort(404)
