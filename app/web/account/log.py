"""The audit log in words: an act and its detail enter, sentences in the reader's language leave."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.access import Role
from app.web.account.refusals import role_name

_ABOUT_ROLES = ("invite", "accept-invitation", "change-roles", "deactivate")
_ROLES = {role.value for role in Role}


def act_name(act: str) -> str:
    """What was done, for the log; the id itself where this table has no words for it."""
    words: dict[str, str] = {
        "set-up": _("set up the organisation"),
        "change-settings": _("changed the settings of the organisation"),
        "invite": _("invited a colleague"),
        "withdraw-invitation": _("withdrew an invitation"),
        "accept-invitation": _("accepted an invitation"),
        "change-roles": _("changed the roles of a colleague"),
        "deactivate": _("took away the access of a colleague"),
        "new-password": _("set a new password"),
        "add-second-factor": _("set up a second step of signing in"),
        "remove-second-factor": _("removed a passkey or app from their account"),
        "renew-spare-codes": _("made new spare codes"),
        "reset-second-factor": _("reset the second step of a colleague"),
        "print-slips": _("made slips"),
        "open-link": _("made an open link"),
        "load-addresses": _("loaded addresses"),
        "clear-addresses": _("took all addresses of a scan away"),
        "send-invitations": _("sent invitations"),
        "send-reminder": _("sent a reminder to everybody"),
        "plan-reminder": _("planned a reminder to everybody"),
        "call-off-reminder": _("called off a reminder"),
        "replace-link": _("had a new link sent"),
        "create-scan": _("planned a scan"),
        "rename-scan": _("renamed a scan"),
        "discard-scan": _("threw a draft away"),
        "set-dates": _("set the dates of a scan"),
        "complete-step": _("completed a step of the checklist"),
        "confirm-scan": _("confirmed the settings for the works council"),
        "open-scan": _("opened a scan"),
        "certify-scan": _("made the keys of a scan"),
        "extend-scan": _("extended a scan"),
        "postpone-results": _("promised results for a later day"),
        "seal": _("sealed a scan"),
        "release": _("released results"),
        "correct-release": _("made a corrected edition of results"),
        "attack-release": _("tested whether anybody can be found in results"),
        "map-units": _("said what became of units between two scans"),
        "archive": _("archived a scan"),
        "import": _("took in answers from a file"),
        "import-register": _("imported a register of signals"),
        "undo-import": _("took back an import of signals"),
        "export-cards": _("exported own signals"),
        "give-advice": _("gave advice"),
        "repeat-advice": _("repeated advice"),
        "withdraw-advice": _("withdrew advice"),
        "answer-advice": _("answered advice"),
        "move-decision": _("changed how far a decision is"),
        "draft-agreement": _("wrote a version of the sharing agreement"),
        "sign-agreement": _("signed the sharing agreement"),
        "begin-consultation": _("began a consultation"),
        "close-consultation": _("closed a consultation"),
        "record-decision": _("recorded what a team talk came to"),
        **_board(),
    }
    return words.get(act, act)


def _board() -> dict[str, str]:
    return {
        "draft-update": _("began an update of the board"),
        "publish-update": _("published an update on the board"),
        "schedule-update": _("set the day on which an update comes out"),
        "offer-update": _("offered an update to a second reader"),
        "approve-update": _("approved an update as second reader"),
        "hold-update": _("held an update back"),
        "drop-draft": _("threw the draft of an update away"),
        "withdraw-update": _("withdrew an update from the board"),
        "remark-update": _("put a remark beside an update"),
        "ask-about-updates": _("chose which updates a scan asks about"),
        "set-board": _("changed the settings of the board"),
        "renew-board-address": _("made a new address for the board"),
    }


def _vault() -> dict[str, str]:
    return {
        "make-adviser-key": _("chose a passphrase for the vaults"),
        "change-passphrase": _("changed the passphrase of the vaults"),
        "new-recovery-code": _("made a new recovery code"),
        "recover-key": _("set a new passphrase with the recovery code"),
        "drop-adviser-key": _("lost passphrase and recovery code, and started over"),
        "make-vault": _("made the vault"),
        "confirm-vault": _("confirmed the key of the vault for the works council"),
        "refuse-vault": _("refused the key of the vault for the works council"),
        "give-up-vault": _("gave up a vault that no adviser could open"),
        "ask-admission": _("asked to be let into the vault"),
        "compare-vault": _("compared the key of the vault"),
        "admit-adviser": _("let a colleague into the vault"),
        "remove-adviser": _("took a colleague out of the vault"),
        "renew-vault-key": _("renewed the key of the vault"),
        "choose-retention": _("chose how long signals are kept"),
        "reduce-signals": _("made counts of signals whose time had come"),
        "drop-unopened-signals": _("deleted signals that nobody opened in time"),
    }


def detail_says(act: str, detail: str) -> str:
    """The detail with roles and settings in the reader's words; any other detail as it was written down."""
    if act in _ABOUT_ROLES:
        who, colon, roles = detail.partition(": ")
        return who + colon + " → ".join(_in_words(part) for part in roles.split(" -> "))
    if act == "attack-release":
        found = detail.partition(" ")[0]
        said: str = _("found: %(num)s", num=found) if found != "0" else _("found nothing")
        return said
    if act == "change-settings":
        return ", ".join(_setting(word) for word in detail.split(", "))
    return detail


def _in_words(roles: str) -> str:
    return ", ".join(role_name(Role(word)) if word in _ROLES else word for word in roles.split())


def _setting(word: str) -> str:
    words: dict[str, str] = {
        "name": _("name"),
        "operator": _("who runs the server"),
        "report_elsewhere": _("where to make a report"),
        "help_lines": _("help lines"),
        "coordinator_prints_slips": _("coordinators may make slips"),
        "quick_exit": _("quick exit"),
        "advice_reminders": _("reminders about advice"),
    }
    return words.get(word, word)
