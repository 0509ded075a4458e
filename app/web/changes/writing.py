"""Writing an update: what it begins from and what is typed enter; a draft, an update on the board or a preview leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from app.core import heard_numbers, reading_level
from app.core.access import Role, speaks_as
from app.core.feedback import (
    LANGUAGES,
    MOST_TITLE,
    Content,
    Decision,
    Source,
    SourceKind,
    State,
    Words,
    check_content,
)
from app.core.reading_level import Level
from app.core.refusal import Refused
from app.render import markdown
from app.services import hearing, placing, posting, talking
from app.services.hearing import Begun
from app.services.posting import Outcome
from app.web.changes import blueprint, refusals, starting, texts
from app.web.changes.forms import UpdateForm, from_content
from app.web.changes.here import At, Here, at_update, enter, now, today
from app.web.ui import store

Page = str | Redirect | tuple[str, int]
ACT = "post-update"
PUBLISH, DRAFT, PREVIEW = "publish", "draft", "preview"
NEXT = timedelta(weeks=4)


@dataclass(frozen=True)
class Hint:
    """About one language of what is typed: how it reads, and numbers that were not filled in from what was released."""

    language: str
    level: Level
    numbers: tuple[str, ...]


@blueprint.get("/<slug>/new")
def new(slug: str) -> str:
    here = enter(slug, ACT)
    return render_template(
        "changes/new.html", here=here, starts=starting.starts(here), texts=texts, refused=""
    )


@blueprint.route("/<slug>/write", methods=["GET", "POST"])
def write(slug: str) -> Page:
    """A link from anywhere says what to begin from: ?from=scan&ref=...&theme=...&unit=... (see core.feedback.SourceKind).

    With &decision=... it tells of what a team talk about that scan came to.
    """
    here = enter(slug, ACT)
    try:
        begun = _begin(here)
    except Refused as error:
        page = render_template(
            "changes/new.html",
            here=here,
            starts=starting.starts(here),
            texts=texts,
            refused=refusals.sentence(error),
            chosen=request.args,
        )
        return page, 400
    form = UpdateForm(data=_first(here, begun)) if request.method == "GET" else UpdateForm()
    form.offer(texts.spoken(), theme=begun.theme, units=_units(here, begun.source))
    decision = begun.decision.id if begun.decision else None

    def save(content: Content) -> int:
        return posting.save(store(), content=content, decision=decision, by=here.actor, now=now())

    return _page(here, form, begun.source, begun.heard, save)


@blueprint.route("/<slug>/<int:update>/change", methods=["GET", "POST"])
def change(slug: str, update: int) -> Page:
    at = at_update(slug, update, ACT)
    if not at.changes:
        abort(403)
    here, before = at.here, at.content
    form = (
        UpdateForm(data={**from_content(before), "seen": at.seen})
        if request.method == "GET"
        else UpdateForm()
    )
    main = before.in_language(texts.spoken())[0]
    form.offer(main, theme=before.theme, units=_units(here, before.source))
    filled = _filled_in(here, before)

    def save(content: Content) -> int:
        seen = form.seen.data or ""
        return posting.save(store(), content=content, update=update, seen=seen, by=here.actor, now=now())

    return _page(here, form, before.source, filled, save, at=at)


@blueprint.post("/<slug>/preview")
def preview(slug: str) -> Response:
    """What is typed as it will look, with its hints; for the script of the page. Nothing is kept."""
    here = enter(slug, ACT)
    form, source = UpdateForm(), Source(SourceKind.OTHER)
    filled: dict[str, str] = {}
    try:
        if request.args.get("update", "").isdigit():
            at = at_update(slug, int(request.args["update"]), ACT)
            source, filled = at.content.source, _filled_in(here, at.content)
        else:
            begun = _begin(here)
            source, filled = begun.source, dict(begun.heard)
    except Refused:
        pass
    main = request.args.get("main", "")
    form.offer(main if main in LANGUAGES else texts.spoken(), theme=form.theme.data or "", units={})
    return Response(_preview(form, source, filled), content_type="text/html; charset=utf-8")


def _page(
    here: Here,
    form: UpdateForm,
    source: Source,
    filled: Mapping[str, str],
    save: Callable[[Content], int],
    *,
    at: At | None = None,
) -> Page:
    """Show the form, look at what is typed, or keep it; what is refused leaves everything as it was typed."""
    asked = request.form.get("act", "")
    if request.method == "POST" and form.validate() and asked in (PUBLISH, DRAFT):
        try:
            return _keep(here, form, form.content(source, filled), save, asked)
        except Refused as error:
            refusals.put(form, error)
    page = render_template(
        "changes/write.html",
        here=here,
        form=form,
        at=at,
        source=source,
        texts=texts,
        board=placing.board_of(store(), organisation=here.actor.organisation),
        preview=_preview(form, source, filled) if asked == PREVIEW else "",
        asked=_asked() if at is None else {"update": at.row.id},
    )
    return (page, 400) if form.errors else page


def _asked() -> dict[str, str]:
    """What the address says to begin from, and nothing else of it."""
    return {
        name: request.args[name]
        for name in ("from", "ref", "theme", "unit", "decision")
        if name in request.args
    }


def _keep(
    here: Here, form: UpdateForm, content: Content, save: Callable[[Content], int], asked: str
) -> Redirect:
    if asked == PUBLISH:
        check_content(content)
        if form.publish_on.data is not None and form.publish_on.data < today():
            raise Refused("past", "choose today or a day to come")
    update = save(content)
    if asked == DRAFT:
        flash(_("The draft is kept. Nobody sees it but who writes on the board."), "done")
    else:
        said = posting.publish(
            store(),
            update=update,
            on=form.publish_on.data,
            seen=posting.digest_of(content),
            by=here.actor,
            now=now(),
        )
        flash(outcome_says(said), "done")
    return redirect(url_for("changes.one", slug=here.slug, update=update))


def outcome_says(outcome: Outcome) -> str:
    says: dict[Outcome, str] = {
        Outcome.PUBLISHED: _("It stands on the board. Everybody can read it."),
        Outcome.SCHEDULED: _("It comes out by itself on the day you chose."),
        Outcome.WAITING: _("It comes out once a second reader has approved it."),
    }
    return says[outcome]


def _preview(form: UpdateForm, source: Source, filled: Mapping[str, str]) -> str:
    content = form.content(source, filled)
    hints = [_hint(language, words, filled) for language, words in content.words.items()]
    return render_template("changes/_preview.html", content=content, hints=hints, texts=texts)


def _hint(language: str, words: Words, filled: Mapping[str, str]) -> Hint:
    typed = (words.heard, words.why, words.changes)
    read = "\n\n".join(markdown.lines(one) for one in typed)
    said = " ".join((words.title, words.heard))
    return Hint(
        language,
        reading_level.measure(read, language),
        heard_numbers.from_elsewhere(said, filled.values()),
    )


def _begin(here: Here) -> Begun:
    kind = request.args.get("from", SourceKind.OTHER)
    if kind not in list(SourceKind):
        abort(404)
    begun = hearing.begin(
        store(),
        kind=SourceKind(kind),
        ref=request.args.get("ref", ""),
        theme=request.args.get("theme", ""),
        unit=request.args.get("unit") or None,
        names=texts.known_themes(),
        by=here.actor,
        now=now(),
    )
    decision = request.args.get("decision", "")
    if kind != SourceKind.SCAN or not decision.isdecimal():
        return begun
    found = talking.decided(store(), scan=begun.source.ref, decision=int(decision), by=here.actor)
    return replace(begun, decision=found, answer=Decision.DO)


def _filled_in(here: Here, content: Content) -> dict[str, str]:
    """What was filled in from released numbers when this update was begun; nothing where that is no more to be had."""
    try:
        begun = hearing.begin(
            store(),
            kind=content.source.kind,
            ref=content.source.ref,
            theme=content.theme,
            unit=content.unit,
            names=texts.known_themes(),
            by=here.actor,
            now=now(),
        )
    except Refused:
        return {}
    return dict(begun.heard)


def _first(here: Here, begun: Begun) -> dict[str, object]:
    """What the form begins with; an owner by role and a next date are proposed, to be changed."""
    role = speaks_as(here.actor)
    data: dict[str, object] = {
        "theme": begun.theme,
        "unit": begun.unit or "",
        "state": State.DECIDED.value,
        "owner": "" if role is Role.ADVISER else role.value,
        "next_on": today() + NEXT,
        "decision": begun.answer.value if begun.answer else None,
        **{f"heard_{language}": text for language, text in begun.heard.items()},
    }
    if begun.decision is not None:
        data |= {
            "owner": begun.decision.owner,
            "due_on": begun.decision.due_on,
            "state": begun.decision.state,
            f"changes_{texts.spoken()}": begun.decision.text,
        }
        if begun.decision.advice_id is None and len(begun.decision.text) <= MOST_TITLE:
            # What a team agreed is a sentence already; an answer to an advice is not.
            data[f"title_{texts.spoken()}"] = begun.decision.text
    return data


def _units(here: Here, source: Source) -> dict[str, str]:
    scan = source.ref if source.kind in (SourceKind.SCAN, SourceKind.COMMENTS) else ""
    return hearing.published_units(store(), by=here.actor, now=now(), scan=scan)
