"""Refusals: an error of core or services enters, a sentence in the reader's language with a status leaves."""

from __future__ import annotations

from flask import render_template

from app.core.checklist import BadDate
from app.core.lifecycle import WrongState
from app.core.plan import BadPlan
from app.core.refusal import Refused
from app.core.strata import TooFewInvited
from app.core.units import RowFault
from app.storage.office.frozen import Frozen
from app.web.manage import blueprint
from app.web.manage.say import _
from app.web.manage.texts import state_name

Page = tuple[str, int]
NOT_FOUND = ("no-scan",)


def sentence(error: Exception) -> str:
    """What went wrong and what to do, for a field or a page."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, BadDate):
        return _date(error)
    if isinstance(error, TooFewInvited):
        return _(
            "“%(name)s” has %(invited)s people; a group needs at least %(least)s. Join it with another.",
            name=error.name,
            invited=error.invited,
            least=error.least,
        )
    if isinstance(error, WrongState):
        return _("This can't be done now: this scan is %(state)s.", state=state_name(error.state))
    if isinstance(error, Frozen):
        return _("The settings were frozen when the scan opened. Nobody can change them any more.")
    if isinstance(error, BadPlan):
        return _("These settings can't be used together. Check them and save again.")
    return str(error)


def _refused(error: Refused) -> str:
    found = {
        "no-scan": _("There is no such scan in this organisation."),
        "no-step": _("This step isn't filled in by hand."),
        "too-long": _("Keep it shorter: at most %(most)s characters.", most=error.facts.get("most", "")),
        "plan-incomplete": _(
            "The settings aren't complete yet. Choose a questionnaire and load the units first."
        ),
        "settings-changed": _(
            "The settings were changed since you opened this page. Read them again, then confirm."
        ),
        "promises-overdue": _("Say why a new scan starts while promises of the last one are late."),
        "checklist": _("The checklist isn't complete yet."),
        "needs-previous": _("Choose the scan that this one follows."),
        "bad-previous": _("Choose a scan that was opened before."),
        "not-open": _("This can only be done while the scan is open."),
        "no-slips": _("This scan uses an open link. It has no slips."),
        "no-open-link": _("This scan uses slips. An open link would let people in twice."),
        "imported": _("The answers of this scan were imported. That closed every other way in."),
        "local-address": _(
            "Slips would carry an address that phones can't reach. "
            "Ask the administrator to set the public address first."
        ),
        "not-released": _("Only results that are out, and whose answers are still there, can be corrected."),
        "destroyed": _("The answers of this scan were destroyed. Nothing can be made of them any more."),
        "nobody": _("Nobody filled in this scan, so there are no results. You can archive it."),
        "no-reason": _("Say in a sentence what was wrong. Readers see it."),
        "no-promise": _("There is no promise to move: the results are open, or no day was promised yet."),
        "not-later": _("Choose a day after the day that is promised now."),
        "in-the-past": _("Choose a day after today."),
        "after-destruction": _("Choose an earlier day: the answers are destroyed before that."),
        "other-questions": _other_questions(error),
        "other-kind": _("Only a follow-up or a pulse can ask about what was decided before."),
        "too-many": _(
            "Choose at most %(most)s updates: every question costs answers.", most=error.facts.get("most", "")
        ),
        "no-update": _("One of these is not on the board any more. Choose again."),
        "no-questionnaire": _("Choose a questionnaire first."),
        "no-task": _("This work was finished already, so there was nothing to stop."),
        "reserve": _("That is too many spare slips. At most a tenth of the group."),
        **_about_mail(error),
    }
    return found.get(error.reason, error.message)


def _about_mail(error: Refused) -> dict[str, str]:
    return {
        "meanwhile": _("Addresses were loaded meanwhile. Nothing was printed that works; print again."),
        "letters-out": _("Letters went out to these addresses. They can't be taken back."),
        "no-links": _("This scan has no personal links."),
        "no-https": _(
            "Links by mail need a public address that begins with https. Ask the administrator to set up https and the address "
            "(in the manual: operations)."
        ),
        "no-mail": _(
            "No mail can go out yet. Ask the administrator to fill in the mail server (in the manual: operations)."
        ),
        "closed": _("The last day of this scan has passed. Give people more days first."),
        "no-manifest": _("The keys of this scan are still being made. Try again in a minute."),
        "no-scan-key": _("The keys of this scan are still being made. Try again in a minute."),
        "no-addresses": _("There are no addresses yet. Load them first."),
        "all-invited": _("Every address has its invitation already."),
        "not-invited": _("Send the invitation first."),
        "too-many-reminders": _(
            "At most %(most)s reminders: more would be nagging.", most=error.facts.get("most", "")
        ),
        "too-soon": _(
            "Leave at least %(days)s days between two letters to everybody.", days=error.facts.get("days", "")
        ),
        "after-closing": _("Choose a day on which the scan is still open."),
        "no-round": _("This reminder has gone out, or was called off already."),
        "email": _("This is not an e-mail address. It needs a name, an @ and a domain."),
    }


def address_sentence(fault: RowFault) -> str:
    """What is wrong with one row of a list of addresses and what to do."""
    found = {
        "empty": _("there are no addresses. Put one on each line."),
        "no-address-column": _(
            "no column is called “address”. Name it so in the first line, or leave that line out."
        ),
        "no-group-column": _(
            "no column is called “stratum”. Add it, or choose the group of all of these below."
        ),
        "too-many-rows": _("more than %(most)s rows. Split the list.", **_facts(fault, "most")),
        "not-csv": _("this row can't be read as CSV. Save the list as CSV again."),
        "address": _(
            "“%(address)s” is not an e-mail address. It needs a name, an @ and a domain.",
            **_facts(fault, "address"),
        ),
        "again": _(
            "“%(address)s” stands in line %(first)s already. Keep one of the two.",
            **_facts(fault, "address", "first"),
        ),
        "there": _("“%(address)s” was loaded already. Leave it out.", **_facts(fault, "address")),
        "no-group": _("the group is empty. Fill in the name of a group, team or department."),
        "group": _(
            "“%(group)s” is no group, team or department of this scan. Use one of their names or codes.",
            **_facts(fault, "group"),
        ),
        "two-groups": _(
            "“%(group)s” is the name of units in several groups. Use the code of the unit.",
            **_facts(fault, "group"),
        ),
        "language": _(
            "“%(language)s” is no language of the letters. Use %(languages)s, or leave it empty.",
            **_facts(fault, "language", "languages"),
        ),
        "over": _(
            "“%(group)s” has %(invited)s people, and with this address there would be more. Does it belong to another group?",
            **_facts(fault, "group", "invited"),
        ),
    }
    return found.get(fault.reason, fault.message)


def _other_questions(error: Refused) -> str:
    if not error.facts.get("item"):
        return _("The background questions must stay the same.")
    return _(
        "Question “%(item)s” isn't what people were asked. Keep every question, its place and its answers.",
        item=error.facts["item"],
    )


def _date(error: BadDate) -> str:
    return {
        "closes-in-the-past": _("Choose a day after today."),
        "promise-before-closing": _("Choose a day after the closing date."),
        "destroyed-before-promise": _("Choose a day after the results: until then the answers are needed."),
        "not-later": _(
            "Choose a day after the present closing date. A scan can't close earlier than was said."
        ),
        "after-promise": _("Choose a day before the promised results."),
    }[error.reason]


def row_sentence(fault: RowFault) -> str:
    """What is wrong with one row of a file of units."""
    found = {
        "extra-cells": _("this row has more cells than the header. Remove the extra cells."),
        "not-csv": _("this row can't be read as CSV. Save the file as CSV again."),
        "empty": _("the file is empty. It needs the columns %(columns)s.", **_facts(fault, "columns")),
        "header": _(
            "the header misses %(missing)s. It needs %(columns)s.", **_facts(fault, "missing", "columns")
        ),
        "no-units": _("there are no units below the header. Add a row for each unit."),
        "too-many": _("more than %(most)s units. Leave out the smallest level.", **_facts(fault, "most")),
        "parent": _(
            "parent “%(parent)s” isn't a code in this file. Add it or correct the parent.",
            **_facts(fault, "parent"),
        ),
        "code": _(
            "code “%(code)s” must be 1 to 40 letters, digits, dots, dashes or underscores.",
            **_facts(fault, "code"),
        ),
        "code-again": _(
            "code “%(code)s” was already used in line %(first)s. Each unit needs its own code.",
            **_facts(fault, "code", "first"),
        ),
        "own-parent": _(
            "unit “%(code)s” is its own parent. Leave parent empty for the top unit.", **_facts(fault, "code")
        ),
        "name": _("the name is empty. Give the unit a name people know."),
        "headcount": _(
            "headcount “%(count)s” must be a whole number of people, such as 14.", **_facts(fault, "count")
        ),
        "loop": _("units %(loop)s are each other's parent. Correct one of them.", **_facts(fault, "loop")),
        "overfull": _(
            "headcount %(count)s of “%(code)s” is less than the %(inside)s of the units below it. "
            "Headcount counts the unit and everything below it.",
            **_facts(fault, "count", "code", "inside"),
        ),
    }
    return found.get(fault.reason, fault.message)


def _facts(fault: RowFault, *names: str) -> dict[str, object]:
    return {name: fault.facts.get(name, "") for name in names}


def _page(error: Exception, status: int) -> Page:
    return render_template("manage/refused.html", sentence=sentence(error)), status


@blueprint.errorhandler(Refused)
def _on_refused(error: Refused) -> Page:
    return _page(error, 404 if error.reason in NOT_FOUND else 409)


@blueprint.errorhandler(Frozen)
@blueprint.errorhandler(WrongState)
@blueprint.errorhandler(BadPlan)
@blueprint.errorhandler(BadDate)
@blueprint.errorhandler(TooFewInvited)
def _on_conflict(error: Exception) -> Page:
    return _page(error, 409)
