"""Refusals about advice: a reason enters, the field it belongs to and a sentence in the reader's language leave."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.core.refusal import Refused

# Reason -> the fields it can belong to; the first that a form has is marked.
FIELDS = {
    "no-theme": ("theme",),
    "no-what": ("what",),
    "no-why-now": ("why_now",),
    "given-on": ("given_on",),
    "no-reason": ("reason", "note"),
    "no-date": ("until",),
    "no-decision": ("decision", "what"),
    "no-owner": ("owner",),
    "no-due": ("due",),
    "no-note": ("text",),
    "next-on": ("next_on",),
    "signal_min": ("signal_min",),
    "words_min": ("words_min",),
    "answer_weeks": ("answer_weeks",),
    "shares": ("shares",),
    "keeps": ("keeps",),
}


def put(form: FlaskForm, error: Refused) -> None:
    """Mark the field that is refused, or the form as a whole."""
    for name in FIELDS.get(error.reason, ()):
        if name in form:
            form[name].errors = [sentence(error)]
            return
    form.form_errors = [sentence(error)]


def sentence(error: Refused) -> str:
    facts = error.facts
    words: dict[str, str] = {
        "no-theme": _("Choose a theme, or write one."),
        "no-what": _("Write down what you advise."),
        "no-why-now": _("Write down why you advise this now."),
        "given-on": _("Choose today or an earlier day."),
        "too-long": _("At most %(most)s characters fit.", most=facts.get("most", "")),
        "withdrawn": _("This advice was withdrawn. Nothing more can happen with it."),
        "repeated-today": _("You gave or repeated this advice today already. Choose another day."),
        "no-reason": _("Write down why."),
        "no-date": _("Choose a day that is still to come."),
        "no-decision": _("Write down what will be done."),
        "no-owner": _("Choose who sees to it."),
        "no-due": _("Choose by when: today or later."),
        "decision-over": _("This decision is done or stopped already."),
        "own-advice": _("An adviser can't answer advice. Somebody else of management does."),
        "no-note": _("Write something first."),
        "next-on": _("Choose today or a later day."),
        "one-open": _("A consultation is still open. Close it first."),
        "closed": _("This consultation is closed. Its notes stay as they are."),
        "not-yours": _("Only who wrote a note can change it."),
        "signal_min": _between(facts),
        "answer_weeks": _between(facts),
        "words_min": _(
            "Fill in a number from %(least)s up, no higher than the one for counts.", **_least(facts)
        ),
        "shares": _("Write down what the adviser shares, in at most 6,000 characters."),
        "keeps": _("Write down what the adviser does not share, in at most 6,000 characters."),
        "unchanged": _("This is what the newest version says already. Change something first."),
        "not-newest": _("There is a newer version. Read and sign that one."),
        "signed-already": _("Your side has signed this version already."),
        "own-account": _("Each side signs from its own account. You have signed for the other side."),
    }
    return words.get(error.reason, error.message)


def _between(facts: dict[str, object]) -> str:
    least, most = facts.get("least", ""), facts.get("most", "")
    return str(_("Fill in a number from %(least)s to %(most)s.", least=least, most=most))


def _least(facts: dict[str, object]) -> dict[str, object]:
    return {"least": facts.get("least", "")}
