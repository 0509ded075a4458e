"""Roles by name, for everything that tells of the board: who sees to something, who said it; never a person."""

from __future__ import annotations

from app.render.texts import speak


def name(role: str, language: str) -> str:
    """As it stands in a sentence; a role that is none of these as it was written."""
    _ = speak(language)
    names = {
        "manager": _("the management"),
        "coordinator": _("HR"),
        "works-council": _("the works council"),
        "adviser": _("the confidential adviser"),
        "other": _("somebody else"),
    }
    return names.get(role, role)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
