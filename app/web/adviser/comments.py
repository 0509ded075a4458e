"""Pages on which an adviser reviews the comments of a scan: an open vault enters, pages that nobody else gets leave.

Nothing of a comment is ever in an address: what is typed and searched comes in the body of a form.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.comments.review import DROPS, Paraphrase, Review
from app.core.instrument import text as said
from app.core.instrument.model import Item
from app.core.plan import Plan
from app.core.refusal import Refused
from app.services import reviewing, signalling, voicing
from app.services.reviewing import Entry
from app.storage.office.scans import Scan
from app.web.adviser import blueprint, marking
from app.web.adviser.comment_texts import danger_name, drop_name, mark_name, sentence
from app.web.adviser.forms import NothingForm
from app.web.adviser.here import Opened, opened
from app.web.adviser.say import _
from app.web.adviser.words import language, standard_themes
from app.web.ui import store

ACT = "review-comments"


@blueprint.get("/<slug>/comments/")
def comments(slug: str) -> str:
    here = opened(slug, ACT)
    return render_template(
        "adviser/comments.html", here=here, scans=reviewing.readable(store(), by=here.actor)
    )


@blueprint.get("/<slug>/comments/<scan>/")
def comments_of_scan(slug: str, scan: str) -> str:
    here = opened(slug, ACT)
    row = _at(here, scan)
    plan = _plan(row)
    names = _names(here)
    return render_template(
        "adviser/comments_scan.html",
        here=here,
        scan=scan,
        name=row.name,
        progress=reviewing.progress(store(), here.vault, scan=scan, by=here.actor),
        questions={item.id: _text(item) for item in plan.questionnaire.comments},
        themes=voicing.themes(store(), here.vault, scan=scan, by=here.actor),
        title=lambda id: _title(names, id),
        part_name=lambda part: voicing.part_name(plan, part),
        least=plan.min_group,
        form=NothingForm(),
    )


@blueprint.route("/<slug>/comments/<scan>/question/<item>", methods=["GET", "POST"])
def comments_read(slug: str, scan: str, item: str) -> str | Response | tuple[str, int]:
    """Some comments on one question. A form of the page decides on one of them, or shows it with everything marked taken out."""
    here = opened(slug, ACT)
    row = _at(here, scan)
    question = next((one for one in _plan(row).questionnaire.comments if one.id == item), None)
    if question is None:
        abort(404)
    if request.method == "GET":
        return _reading(here, row, question)
    form = NothingForm()
    typed = _typed()
    if not form.validate_on_submit():
        return _reading(here, row, question, typed=typed, fault=_("Send the form again.")), 400
    if "mask" in request.form:
        return _reading(here, row, question, typed=typed, mask=True)
    try:
        reviewing.review(
            store(),
            here.vault,
            scan=scan,
            comment=typed.comment,
            words=typed.words or "",
            dropped=typed.dropped,
            chosen=typed.themes,
            themes=_names(here),
            by=here.actor,
            done="later" not in request.form,
        )
    except Refused as error:
        return _reading(here, row, question, typed=typed, fault=sentence(error)), 400
    _say_kept(here)
    return redirect(
        url_for(
            "adviser.comments_read", slug=slug, scan=scan, item=item, page=_number(), done=_done() or None
        )
    )


@blueprint.post("/<slug>/comments/<scan>/words")
def comments_words(slug: str, scan: str) -> str | Response | tuple[str, int]:
    """The words for one theme, beside the comments that were given it; opened by a form, so that no theme is in an address."""
    here = opened(slug, ACT)
    row = _at(here, scan)
    names, theme = _names(here), request.form.get("theme", "")
    if theme not in names or not NothingForm().validate_on_submit():
        abort(400)
    if "start" in request.form:
        return _wording(here, row, theme, names)
    typed = Paraphrase(
        theme,
        {each: request.form.get(f"words_{each}", "") for each in voicing.LANGUAGES},
        "approved" in request.form,
    )
    try:
        voicing.paraphrase(
            store(),
            here.vault,
            scan=scan,
            theme=theme,
            words=typed.words,
            approved=typed.approved,
            names=names,
            by=here.actor,
        )
    except Refused as error:
        return _wording(here, row, theme, names, typed=typed, fault=sentence(error)), 400
    _say_kept(here)
    return redirect(url_for("adviser.comments_of_scan", slug=slug, scan=scan))


def _wording(
    here: Opened,
    row: Scan,
    theme: str,
    names: dict[str, dict[str, str]],
    *,
    typed: Paraphrase | None = None,
    fault: str = "",
) -> str:
    found = voicing.themes(store(), here.vault, scan=row.id, by=here.actor)
    one = next((each for each in found if each.id == theme), None)
    if one is None:
        abort(404)
    texts = [
        entry.text
        for entry in reviewing.entries(store(), here.vault, row.id)
        if entry.review.counts and theme in entry.review.themes
    ]
    shown = typed or one.paraphrase
    return render_template(
        "adviser/comments_words.html",
        here=here,
        scan=row.id,
        name=row.name,
        theme=one,
        title=_title(names, theme),
        shown=shown,
        texts=texts,
        marked=[mark_name(mark) for mark in marking.kinds(" ".join(shown.words.values()))],
        most=voicing.MOST_WORDS,
        fault=fault,
    )


@blueprint.route("/<slug>/comments/<scan>/release", methods=["GET", "POST"])
def comments_release(slug: str, scan: str) -> str | Response | tuple[str, int]:
    """Exactly what leaves, then a button; it can't be taken back."""
    here = opened(slug, ACT)
    row = _at(here, scan)
    plan = _plan(row)
    names = _names(here)
    form, fault = NothingForm(), ""
    if form.validate_on_submit():
        try:
            if "sure" not in request.form:
                raise Refused("again", _("Tick the box if you are sure."))
            left = voicing.release(
                store(),
                here.vault,
                scan=scan,
                names=names,
                by=here.actor,
                now=datetime.now(UTC).replace(tzinfo=None),
            )
        except Refused as error:
            fault = sentence(error)
        else:
            flash(_("%(number)s themes now stand with the results.", number=len(left)), "done")
            return redirect(url_for("adviser.comments_of_scan", slug=slug, scan=scan))
    found = voicing.themes(store(), here.vault, scan=scan, by=here.actor)
    page = render_template(
        "adviser/comments_release.html",
        here=here,
        scan=scan,
        name=row.name,
        ready=[theme for theme in found if theme.ready],
        title=lambda id: _title(names, id),
        part_name=lambda part: voicing.part_name(plan, part),
        fault=fault,
        form=form,
    )
    return (page, 400) if fault else page


def _say_kept(here: Opened) -> None:
    flash(_("Kept in the vault of %(organisation)s.", organisation=here.organisation.name), "done")


def _names(here: Opened) -> dict[str, dict[str, str]]:
    """Theme id -> its name in each language, as this organisation calls its themes."""
    found = signalling.choices(store(), themes=standard_themes(), opened=here.vault, by=here.actor)
    return {one.id: {"nl": one.nl, "en": one.en} for one in found.themes}


def _title(names: dict[str, dict[str, str]], id: str) -> str:
    return names.get(id, {}).get(language(), id)


def _at(here: Opened, scan: str) -> Scan:
    """404 for what is no scan of this organisation or can't be read (now)."""
    try:
        return reviewing.scan_of(store(), scan, here.actor, here.vault)
    except Refused:
        abort(404)


def _plan(row: Scan) -> Plan:
    assert row.settings is not None
    return row.settings


def _reading(
    here: Opened,
    row: Scan,
    question: Item,
    *,
    typed: Review | None = None,
    fault: str = "",
    mask: bool = False,
) -> str:
    page = reviewing.page(
        store(), here.vault, scan=row.id, item=question.id, by=here.actor, done=_done(), number=_number()
    )
    entries = [_as_typed(entry, typed, mask=mask) for entry in page.entries]
    return render_template(
        "adviser/comments_read.html",
        here=here,
        scan=row.id,
        name=row.name,
        question=_text(question),
        item=question.id,
        page=page,
        entries=entries,
        done=_done(),
        typed=typed,
        fault=fault,
        pieces=marking.pieces,
        marked=lambda text: [mark_name(mark) for mark in marking.kinds(text)],
        dangers=lambda found: ", ".join(danger_name(one) for one in found),
        drops=[(drop, drop_name(drop)) for drop in DROPS],
        themes=sorted(
            ((id, name[language()]) for id, name in _names(here).items()), key=lambda pair: pair[1]
        ),
        form=NothingForm(),
    )


def _as_typed(entry: Entry, typed: Review | None, *, mask: bool) -> Entry:
    """The entry as it stands in the form that came back."""
    if typed is None or entry.key != typed.comment:
        return entry
    words = marking.masked(typed.words or "") if mask else typed.words
    return Entry(
        entry.key,
        entry.item,
        entry.written,
        entry.danger,
        Review(entry.key, words, typed.dropped, typed.themes, entry.review.done),
    )


def _typed() -> Review:
    sent = request.form
    return Review(
        sent.get("comment", ""),
        sent.get("words", ""),
        sent.get("dropped", ""),
        tuple(sent.getlist("themes")),
    )


def _number() -> int:
    return request.args.get("page", 1, type=int)


def _done() -> bool:
    return request.args.get("done") == "True"


def _text(item: Item) -> str:
    return str(said(item.text, language()))
