"""Refusals of the board: a reason enters, the field it belongs to and a sentence in the reader's language leave."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.core.refusal import Refused
from app.web.changes import texts
from app.web.changes.forms import UpdateForm

# Reason -> the fields it can belong to; the first that a form has is marked. Those of a text are looked for by language.
FIELDS = {
    "no-decision": ("decision",),
    "no-owner": ("owner",),
    "no-due": ("due_on",),
    "no-next": ("next_on",),
    "no-theme": ("theme",),
    "no-unit": ("unit",),
    "withheld": ("unit",),
    "past": ("publish_on",),
    "no-reason": ("reason",),
    "no-text": ("text",),
    "taken": ("public",),
}
TEXTS = {"no-title": "title", "no-heard": "heard", "no-why": "why"}


def put(form: FlaskForm, error: Refused) -> None:
    """Mark the field that is refused, or the form as a whole."""
    name = TEXTS.get(error.reason)
    if name and isinstance(form, UpdateForm):
        name = f"{name}_{_language(form, name)}"
    for field in (name,) if name else FIELDS.get(error.reason, ()):
        if field in form:
            form[field].errors = [sentence(error)]
            return
    form.form_errors = [sentence(error)]


def _language(form: UpdateForm, name: str) -> str:
    """In which language this text is missing; the one that stands open first."""
    both = (form.main, form.other)
    return next((one for one in both if not getattr(form.typed(one), name)), form.main)


def sentence(error: Refused) -> str:
    facts = error.facts
    words: dict[str, str] = {
        "no-title": _("Give it a title."),
        "no-heard": _("Write down what was heard, in your own words."),
        "no-why": _("Write down why. People want to know."),
        "too-long": _("At most %(most)s characters fit.", most=facts.get("most", "")),
        "no-decision": _("Choose what was decided."),
        "no-owner": _("Choose who sees to it."),
        "no-due": _("Fill in by when it is done."),
        "no-next": _("Fill in when people hear more."),
        "no-theme": _("Choose a theme that stands in it."),
        "no-unit": _("Choose a part that the results show."),
        "no-source": _("What this would begin from is not there, or not for you."),
        "not-yet": _("These results are not open to everybody yet."),
        "no-report": _("There is no such report."),
        "withheld": str(facts.get(texts.spoken(), error.message)),
        "past": _("Choose today or a day to come."),
        "withdrawn": _("This update was withdrawn. Nothing more can happen with it."),
        "changed": _("Somebody changed this in the meantime. Look at it again before you go on."),
        "no-draft": _("There is no draft. What is on the board is the newest version."),
        "not-published": _("This is not on the board yet."),
        "not-offered": _("Who writes this has not offered it to be read yet."),
        "own-draft": _("Somebody else than who wrote it reads it before it comes out."),
        "no-reason": _("Write down why."),
        "no-text": _("Write something first."),
        "taken": _("This address can't be used. Choose the one that nobody guesses."),
        "public": _("A public address has no part to make anew."),
    }
    return words.get(error.reason, error.message)
