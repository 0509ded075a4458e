"""Reaching people, for staff: poster, feeds and mail of the own board, and an update as a text to share with a team."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.days import local_day
from app.core.reach import LEAST, About
from app.core.refusal import Refused
from app.render import news, poster
from app.services import digesting
from app.storage.office import digests, updates
from app.web.changes import blueprint
from app.web.changes.here import enter
from app.web.changes.links import update_link
from app.web.ui import LANGUAGES, settings, store
from app.web.ui.asking import now, public_address
from app.web.ui.languages import choose


@blueprint.route("/<slug>/reach", methods=["GET", "POST"])
def reach(slug: str) -> str | Response:
    here = enter(slug)
    if request.method == "POST":
        try:
            digesting.choose_often(store(), often=request.form.get("often", ""), by=here.actor, now=now())
        except Refused:
            abort(400)  # the page offers two choices; this was neither
        flash(_("Saved."), "done")
        return redirect(url_for("changes.reach", slug=slug))
    with store().reading() as session:
        board = updates.board(session, here.organisation.id)
        found = digests.published(session, here.organisation.id, most=10)
    language = choose()
    return render_template(
        "changes/reach.html",
        here=here,
        board=board,
        newest=[(row.id, version.content.in_language(language)) for row, version, _begun in found],
        reached=digesting.reached(store(), by=here.actor),
        people=people,
        papers=poster.PAPERS,
        languages=(("nl", "Nederlands"), ("en", "English")),
        can_mail=settings().can_mail,
        day=lambda moment: news.day(local_day(moment), language),
    )


def people(count: About) -> str:
    """A rough number in words."""
    if count.few:
        return str(_("fewer than %(least)s", least=LEAST))
    return str(_("%(least)s or more", least=count.least)) if count.least else str(_("none"))


@blueprint.get("/<slug>/<int:update>/share")
def share(slug: str, update: int) -> str:
    """The published version as plain text, in each language."""
    here = enter(slug)
    with store().reading() as session:
        row, board = (
            updates.get(session, here.organisation.id, update),
            updates.board(session, here.organisation.id),
        )
        version = next(
            (
                one
                for one in updates.versions(session, update)
                if row is not None and one.version == row.version
            ),
            None,
        )
    if row is None or row.withdrawn or version is None or board is None:
        abort(404)
    texts = {
        language: news.share_text(
            version.content,
            organisation=here.organisation.name,
            link=public_address() + update_link(board.address, update, language),
            language=language,
            today=local_day(now()),
        )
        for language in LANGUAGES
    }
    return render_template("changes/share.html", here=here, texts=texts)
