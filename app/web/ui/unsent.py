"""What somebody wrote while a sign-in or an open vault came to its end: a form enters, a page that holds it for them leaves.

Nothing of it is kept here. The page gives the browser back what it sent, to send once more after signing in or unlocking.
"""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from app.web.ui import asking

# Pages with words that take time to write. Never one with a passphrase.
WRITTEN = frozenset(
    f"{package}.{name}"
    for package, names in {
        "adviser": (
            "new_card", "change_card", "report", "choices", "comments_read", "comments_words", "register_columns",
            "register_check",
        ),
        "advice": (
            "give", "repeat", "withdraw", "answer", "change_decision", "write_note", "change_note", "agree",
            "close_consultation", "draft_agreement",
        ),
    }.items()
    for name in names
)  # fmt: skip
# Buttons that only open a form.
OPENS = frozenset({"start", "again"})
PROOF = "csrf_token"
SIGN_IN, UNLOCK, AGAIN = "sign-in", "unlock", "again"


def hold(step: str) -> None:
    """End this request with what was written, if anything was; `step` is what has to be done first."""
    if _wrote():
        abort(_page(step))


def stale() -> Response | None:
    """For a form of an earlier sign-in in this browser: who sends it has to do so once more, from a page of ours."""
    if not _wrote():
        return None
    return _page(SIGN_IN if asking.signed_in() is None else AGAIN)


def _wrote() -> bool:
    sent = request.form
    return (
        request.method == "POST"
        and request.endpoint in WRITTEN
        and not request.files
        and not OPENS & sent.keys()
        and any(value.strip() for name, value in sent.items() if name != PROOF)
    )


def _page(step: str) -> Response:
    slug = (request.view_args or {}).get("slug", "")
    vault = request.blueprint == "adviser"
    unlock = url_for("adviser.unlock", slug=slug)
    onward = unlock if vault else url_for("advice.register", slug=slug)
    words = render_template(
        "ui/unsent.html",
        step=step,
        vault=vault,
        organisation=_organisation(slug) if step != SIGN_IN else "",
        first={SIGN_IN: url_for("account.sign_in", next=onward), UNLOCK: unlock}.get(step, ""),
        sent=[pair for pair in request.form.items(multi=True) if pair[0] != PROOF],
    )
    return make_response(words, 400 if step == AGAIN else 403)


def _organisation(slug: str) -> str:
    """Its name; "" for who has no role there, who learns no more than before."""
    try:
        return asking.enter(slug).organisation.name
    except HTTPException:
        return ""
