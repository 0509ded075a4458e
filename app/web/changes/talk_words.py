"""Words of team talks and of the action plan: ids and refusals enter, texts in the reader's language leave."""

from __future__ import annotations

from datetime import date
from functools import cache

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.instrument import load_themes
from app.core.refusal import Refused
from app.core.team_talk import Guide, load_guide
from app.render import action_list, numbers
from app.settings import ROOT

SURVEYS = ROOT / "surveys"


@cache
def guide() -> Guide:
    """What leads a talk. Raises core.team_talk.GuideFault when somebody spoilt the file."""
    return load_guide((SURVEYS / "guides" / "team-talk.toml").read_text("utf-8"))


@cache
def _themes() -> dict[str, dict[str, str]]:
    path = SURVEYS / "themes.toml"
    return load_themes(path.read_text("utf-8")) if path.exists() else {}


def theme_name(theme: str) -> str:
    """A known theme by its name, one of an adviser's own as it was written."""
    names = _themes().get(theme)
    return names.get(str(get_locale()), names["nl"]) if names else theme


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def owner_name(role: str) -> str:
    return action_list.owner(role, str(get_locale()))


def sentence(error: Refused) -> str:
    facts = error.facts
    words: dict[str, str] = {
        "no-unit": _("Choose a unit of this scan."),
        "no-theme": _("Choose a theme that this scan asked about."),
        "withheld": _("There can be no talk about these figures, because they are not shown. %(why)s", why=facts.get("why", "")),
        "nothing": _("Write down at least one thing that you agreed."),
        "no-decision": _("Write down what you will do."),
        "too-long": _("At most %(most)s characters fit.", most=facts.get("most", "")),
        "no-owner": _("Choose who sees to it."),
        "no-due": _("Choose by when: today or later."),
    }  # fmt: skip
    return words.get(error.reason, error.message)


def day(value: date) -> str:
    return numbers.day(value, str(get_locale()))
