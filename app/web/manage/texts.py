"""Names of states, kinds, steps and ways in, in the reader's language."""

from __future__ import annotations

from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, SLIPS
from app.web.manage.say import _


def state_name(state: str) -> str:
    return {
        State.DRAFT: _("being prepared"),
        State.READY: _("ready to open"),
        State.OPEN: _("open"),
        State.SEALED: _("sealed"),
        State.RELEASED: _("released"),
        State.ARCHIVED: _("archived"),
    }[State(state)]


def kind_name(kind: str) -> str:
    return {
        "baseline": _("Baseline"),
        "follow-up": _("Follow-up"),
        "pulse": _("Pulse"),
        "feedback": _("Feedback"),
    }[kind]


def kind_says(kind: str) -> str:
    return {
        "baseline": _("Baseline: the first measurement, 7 minutes or so"),
        "follow-up": _("Follow-up: the same questions later, to see what changed"),
        "pulse": _("Pulse: a few questions in between"),
        "feedback": _("Feedback: what goes well and what should change"),
    }[kind]


def way_name(way: str) -> str:
    return {SLIPS: _("Paper slips"), OPEN_LINK: _("Open link")}[way]


def step_name(step: str) -> str:
    return {
        "settings": _("Settings complete"),
        "dates": _("Dates"),
        "dpia": _("Privacy assessment (DPIA)"),
        "notice": _("Notice to staff"),
        "help": _("Advisers and help lines"),
        "report-elsewhere": _("Where to report"),
        "council": _("Works council"),
    }[step]


def step_says(step: str) -> str:
    """Why the step is there and what to do."""
    return {
        "settings": _("Choose the questionnaire and load the units."),
        "dates": _(
            "When the scan closes, when everybody gets the results, and when the answers are destroyed."
        ),
        "dpia": _("Asking about the work climate needs a privacy assessment. We filled in a draft for you."),
        "notice": _("Tell everybody what the scan is for, that it is voluntary, and when the results come."),
        "help": _(
            "Every page of the questionnaire shows who can help. Add at least one adviser of your own."
        ),
        "report-elsewhere": _(
            "Filling in a scan isn't reporting. The questionnaire points to the place to report."
        ),
        "council": _("The works council reads the settings and confirms them from its own account."),
    }[step]


def step_asks(step: str) -> str:
    """The label of the field of a step that asks for a sentence."""
    return {
        "dpia": _("Who carried out the assessment, and on which day?"),
        "notice": _("How and when did you tell staff?"),
    }[step]


def task_name(act: str) -> str:
    return {
        "seal": _("Sealing the scan"),
        "release": _("Releasing the results"),
        "archive": _("Archiving the scan"),
        "pictures": _("Drawing the pictures"),
    }.get(act, act)
