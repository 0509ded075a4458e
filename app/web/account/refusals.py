"""Refusals about accounts and settings: a reason enters, a sentence in the reader's language leaves."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.access import Role
from app.core.refusal import Refused


def sentence(error: Refused) -> str:
    """What went wrong and what to do; the English sentence where this table has none."""
    words = _signing_in(error) | _second_step(error) | _colleagues(error) | _settings(error)
    return words.get(error.reason, error.message)


def _signing_in(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "sign-in-failed": _(
            "This e-mail address and password don't belong together. Check both and try again."
        ),
        "throttled": _(
            "There were too many tries for this address. Try again in %(minutes)s minutes, or ask "
            "for a new password.",
            minutes=facts.get("minutes", ""),
        ),
        "wrong-password": _("This is not your present password. Check it and try again."),
        "password-short": _(
            "Use at least %(least)s characters. Four words that have nothing to do with each "
            "other work well.",
            least=facts.get("least", ""),
        ),
        "password-long": _("Use at most %(most)s characters.", most=facts.get("most", "")),
        "password-address": _("Your password can't be your e-mail address. Choose something else."),
        "password-common": _(
            "This password is easy to guess. Choose four words that have nothing to do with each other."
        ),
        "link-over": _("This link was used already or is too old. Ask for a new one."),
        "own-name": _("Fill in your name, in at most 200 characters."),
        "email": _("Fill in an e-mail address, such as name@example.org."),
    }


def _second_step(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "wrong-code": _(
            "This code is wrong, too old or used already. Wait for the next one in your app. If it stays wrong, check "
            "that the clock of your phone is set by itself."
        ),
        "too-many-codes": _(
            "Too many codes were tried. Try again in %(minutes)s minutes. A passkey works meanwhile, if you have one.",
            minutes=facts.get("minutes", ""),
        ),
        "session-over": _("You were signed out meanwhile. Sign in again."),
        "second-first": _("First finish signing in, then you can change this."),
        "asked-too-long-ago": _("That took too long. Nothing was changed; try again."),
        "passkey-failed": _(
            "Your passkey was not accepted. Try again, or use another one, your app or a spare code."
        ),
        "passkey-name": _("Give it a name, in at most 60 characters."),
        "too-many-passkeys": _(
            "At most %(most)s passkeys fit. Remove one you no longer use.", most=facts.get("most", "")
        ),
        "no-passkey": _("This passkey was removed already."),
        "no-app": _("This app was removed already."),
        "no-factor": _("Nothing is set up as a second step."),
        "last-factor": _(
            "This is your last one, and advisers need one. Set up another one first; then you can remove this."
        ),
    }


def _colleagues(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "no-roles": _("Choose at least one role."),
        "works-council-apart": _(
            "The works council confirms what coordinators, managers and administrators set up. So "
            "it needs an "
            "account of its own: leave those roles out, or invite somebody else for the works council."
        ),
        "only-administrator": _(
            "Only an administrator can invite an adviser, the works council or another administrator."
        ),
        "already-colleague": _(
            "%(email)s already works here. Change the roles in the list of colleagues instead.",
            email=facts.get("email", ""),
        ),
        "not-sent": _(
            "The invitation could not be sent: %(why)s. Ask who runs the server to check the "
            "e-mail settings, "
            "then invite again.",
            why=facts.get("why", ""),
        ),
        "no-invitation": _("This invitation was accepted or withdrawn already, or it has ended."),
        "no-colleague": _("This person has no role here any more."),
        "last-administrator": _(
            "This is the last administrator. Make somebody else administrator first; then you can "
            "change this."
        ),
    }


def _settings(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "no-name": _(
            "Fill in the name of the organisation, in at most %(most)s characters.",
            most=facts.get("most", ""),
        ),
        "quick-exit": _("The quick exit must be a web page whose address starts with https://"),
        "help-line": _(
            "“%(name)s” is not complete: fill in a name and how to reach it, or empty the row.",
            name=facts.get("name", ""),
        ),
        "too-many-help-lines": _("At most %(most)s help lines fit on a page.", most=facts.get("most", "")),
    }


def role_name(role: Role) -> str:
    names: dict[Role, str] = {
        Role.ADVISER: _("adviser"),
        Role.COORDINATOR: _("coordinator"),
        Role.MANAGER: _("manager"),
        Role.WORKS_COUNCIL: _("works council"),
        Role.ADMINISTRATOR: _("administrator"),
    }
    return names[role]


def role_says(role: Role) -> str:
    """What somebody with this role does here."""
    says: dict[Role, str] = {
        Role.ADVISER: _(
            "Adviser: hands out slips, reads results and tests whether anybody can be found in them"
        ),
        Role.COORDINATOR: _("Coordinator: sets up scans, releases and corrects results"),
        Role.MANAGER: _("Manager: reads released results and reports, answers advice"),
        Role.WORKS_COUNCIL: _(
            "Works council: confirms the settings of a scan, reads results and the log, tests whether anybody can be "
            "found in them"
        ),
        Role.ADMINISTRATOR: _("Administrator: accounts and settings"),
    }
    return says[role]
