"""Refusals about the vault: a reason enters, a sentence in the reader's language leaves."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.refusal import Refused


def sentence(error: Refused) -> str:
    """What went wrong and what to do; the English sentence where this table has none."""
    facts = error.facts
    words = {
        "throttled": _(
            "There were too many wrong tries. Try again in %(minutes)s minutes.",
            minutes=facts.get("minutes", ""),
        ),
        "wrong-passphrase": _(
            "This is not the passphrase of your vaults. It is not the password you sign in with. Check it and try again."
        ),
        "no-vault": _("There is no vault here yet. An adviser makes it first."),
        "vault-unconfirmed": _("The works council has not confirmed the key of this vault yet."),
        "not-admitted": _("Another adviser has to let you into this vault first."),
        "key-changed": _(
            "The key of this vault is not the one you hold. Somebody changed it outside the program. Don't add "
            "signals, and call the works council."
        ),
        "apart": _(
            "You are also coordinator, manager or administrator here. Who has one of those roles can't open the "
            "vault, so that reporters know who reads what they say."
        ),
        "no-key": _("Choose a passphrase first."),
        "locked": _("Your vaults are locked. Fill in your passphrase."),
    }
    found: str = words.get(error.reason, error.message)
    return found


def why(reason: str) -> str:
    """The sentence of a reason without facts."""
    return sentence(Refused(reason, reason))
