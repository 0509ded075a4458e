"""Names of states, kinds, steps and ways in, in the reader's language."""

from __future__ import annotations

from app.core.instrument import Instrument, text
from app.core.lifecycle import State
from app.core.plan import OPEN_LINK, PERSONAL, SLIPS, UNIT, Plan, sides
from app.web.manage.say import _, language


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


def grouping_name(plan: Plan, grouping: str) -> str:
    """What the results are shown by; an open link shows the organisation only."""
    if grouping == UNIT and plan.way == OPEN_LINK:
        return _("Organisation as a whole only")
    return grouping_says(plan.questionnaire, grouping)


def grouping_says(instrument: Instrument, grouping: str) -> str:
    """A grouping in words: the units, a background question, or the two sides of a crossing."""
    if grouping == UNIT:
        return _("Unit (departments and teams)")
    if len(sides(grouping)) == 1:
        return text(instrument.item(grouping).text, language())
    first, second = (
        _("department or team") if side == UNIT else f"“{text(instrument.item(side).text, language())}”"
        for side in sides(grouping)
    )
    return _("Together: %(first)s and %(second)s", first=first, second=second)


def way_name(way: str) -> str:
    return {SLIPS: _("Paper slips"), OPEN_LINK: _("Open link"), PERSONAL: _("Personal links by mail")}[way]


def step_name(step: str) -> str:
    return {
        "settings": _("Settings complete"),
        "dates": _("Dates"),
        "dpia": _("Privacy assessment (DPIA)"),
        "notice": _("Notice to staff"),
        "help": _("Advisers and help lines"),
        "report-elsewhere": _("Where to report"),
        "rehearsal": _("Rehearsal"),
        "vault": _("Open questions"),
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
        "rehearsal": _(
            "See beforehand what would be published, on answers that the computer makes up. Nothing is opened."
        ),
        "vault": _(
            "People answer open questions in their own words. Only the advisers may read that. So these questions are "
            "asked once the advisers have a vault, which the works council has confirmed."
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
        "certify": _("Making the keys of the scan"),
        "seal": _("Sealing the scan"),
        "release": _("Releasing the results"),
        "fulfil": _("Releasing the results by itself, as promised"),
        "correct": _("Making a corrected edition"),
        "rehearse": _("Rehearsal"),
        "attack": _("Testing whether anybody can be found"),
        "archive": _("Archiving the scan"),
        "pictures": _("Drawing the pictures"),
    }.get(act, act)


def stage_name(stage: str) -> str:
    """What the worker is doing, as it reported it; "" for what has no words of its own."""
    return {
        "keys": _("Making a key for each group."),
        "manifest": _("Making the page that everybody gets."),
        "reading": _("Reading the answers."),
        "protecting": _("Choosing what can be shown safely."),
        "working out sizes": _("Trying to work out how many people there are in small groups."),
        "working out answers": _("Trying to work out what a few people answered."),
        "looking for other ways it could have been": _("Looking for other answers that fit just as well."),
    }.get(stage, "")
