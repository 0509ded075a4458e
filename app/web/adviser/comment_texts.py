"""Names and refusals of the comment pages in the reader's language."""

from __future__ import annotations

from app.core.refusal import Refused
from app.web.adviser.say import _


def danger_name(id: str) -> str:
    """What a word of danger.toml may point to."""
    return {
        "suicide": _("suicide or self-harm"),
        "violence": _("violence or a threat"),
        "sexual": _("sexual violence"),
        "dependants": _("harm to clients, patients or children"),
        "fear": _("fear"),
        "acute": _("something acute"),
    }.get(id, id)


def drop_name(id: str) -> str:
    """Why a comment is left out."""
    return {
        "recognisable": _("somebody could be recognised, also after redaction"),
        "private": _("it tells private things of somebody"),
        "insult": _("it only insults somebody"),
        "nothing": _("it says nothing"),
        "elsewhere": _("it belongs elsewhere, not in the results"),
    }.get(id, id)


def mark_name(kind: str) -> str:
    """What core.signals.notes thinks a piece of text is."""
    return {
        "email": _("an e-mail address"),
        "link": _("a link"),
        "iban": _("a bank account"),
        "bsn": _("a citizen service number"),
        "telephone": _("a telephone number"),
        "date": _("a date"),
        "address": _("an address"),
        "name": _("a name"),
    }.get(kind, kind)


def sentence(error: Refused) -> str:
    """What went wrong and what to do; the English sentence where this table has none."""
    facts = error.facts
    return {
        "no-comment": _("This comment is not there any more. Open the list again."),
        "no-drop": _("Choose a reason from the list."),
        "no-theme": _("Choose themes from the list."),
        "too-many-themes": _("Choose at most %(most)s themes.", most=facts.get("most", "")),
        "too-long": _("At most %(most)s characters fit. Make it shorter.", most=facts.get("most", "")),
        "no-words": _("Write what the comments say before you approve it."),
        "quoted": _(
            "These words stand in a comment: “%(quote)s”. Say it in your own words, so that nobody "
            "recognises who wrote it.",
            quote=facts.get("quote", ""),
        ),
        "released-already": _("This theme stands with the results already and can't be changed."),
        "nothing-ready": _("No theme has enough people and approved words yet."),
    }.get(error.reason, error.message)
