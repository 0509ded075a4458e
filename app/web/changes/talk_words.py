"""Words of team talks and of the action plan: ids and refusals enter, texts in the reader's language leave."""

from __future__ import annotations

from functools import cache

from flask_babel import gettext as _

from app.core.refusal import Refused
from app.core.team_talk import Guide, load_guide
from app.settings import ROOT

SURVEYS = ROOT / "surveys"


@cache
def guide() -> Guide:
    """What leads a talk. Raises core.team_talk.GuideFault when somebody spoilt the file."""
    return load_guide((SURVEYS / "guides" / "team-talk.toml").read_text("utf-8"))


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
