"""Refusals about the vault: a reason enters, a sentence in the reader's language leaves."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import Field

from app.core.refusal import Refused


def sentence(error: Refused) -> str:
    """What went wrong and what to do; the English sentence where this table has none."""
    words = _keys(error) | _vault(error) | _passphrase(error)
    return words.get(error.reason, error.message)


def put(field: Field, error: Refused) -> None:
    """Show a refusal at the field it is about."""
    field.errors = [*field.errors, sentence(error)]


def why(reason: str) -> str:
    """The sentence of a reason without facts."""
    return sentence(Refused(reason, reason))


def _keys(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "throttled": _(
            "There were too many wrong tries. Try again in %(minutes)s minutes.",
            minutes=facts.get("minutes", ""),
        ),
        "wrong-passphrase": _(
            "This is not the passphrase of your vaults. It is not the password you sign in with. Check it and "
            "try again."
        ),
        "wrong-code": _("This is not your recovery code. Check it character by character."),
        "code-part": _(
            "These are not the last four characters of your recovery code. Look at the newest code you printed."
        ),
        "code-unconfirmed": _("Confirm first that you have your recovery code."),
        "no-key": _("Choose a passphrase first."),
        "has-key": _("You have a passphrase already. Change it instead."),
        "locked": _("Your vaults are locked. Fill in your passphrase."),
    }


def _passphrase(error: Refused) -> dict[str, str]:
    facts = error.facts
    return {
        "passphrase-short": _(
            "Use at least %(least)s characters. Five words that have nothing to do with each other work well.",
            least=facts.get("least", ""),
        ),
        "passphrase-long": _("Use at most %(most)s characters.", most=facts.get("most", "")),
        "passphrase-address": _("Your passphrase can't be your e-mail address. Choose something else."),
        "passphrase-common": _(
            "This passphrase is easy to guess. Choose five words that have nothing to do with each other."
        ),
        "passphrase-same": _(
            "This is the password you sign in with. Choose another one: the server sees your password at each "
            "sign-in, and your passphrase only when you unlock."
        ),
    }


def _vault(error: Refused) -> dict[str, str]:
    return {
        "no-vault": _("There is no vault here yet. An adviser makes it first."),
        "has-vault": _("There is a vault here already. Ask to be let in."),
        "vault-unconfirmed": _("The works council has not confirmed the key of this vault yet."),
        "vault-confirmed": _("This vault was confirmed already."),
        "own-vault": _(
            "You made this vault yourself. Another member of the works council has to confirm it."
        ),
        "other-fingerprint": _(
            "These are not the characters of this key. Read them out once more. If they stay different, don't go "
            "on: somebody else may have made this key."
        ),
        "other-vault-key": _(
            "These are not the characters of the vault that was given to you. Let your colleague read them out once more. "
            "If they stay different, don't use this vault, and call the works council."
        ),
        "not-compared": _("Compare the characters of this vault with a colleague first."),
        "own-key-changed": _(
            "The key that stands here in your name is not yours. Somebody changed it outside the program. Don't add "
            "signals, and call the works council."
        ),
        "not-admitted": _("Another adviser has to let you into this vault first."),
        "admitted": _("You are in this vault already."),
        "no-request": _("This colleague doesn't ask to be let in any more."),
        "not-inside": _("This colleague is not in the vault any more."),
        "remove-self": _("You can't take yourself out. Another adviser can."),
        "still-held": _("An adviser of this organisation can still open this vault."),
        "key-changed": _(
            "The key of this vault is not the one you hold. Somebody changed it outside the program. Don't add "
            "signals, and call the works council."
        ),
        "apart": _(
            "You are also coordinator, manager or administrator here. Who has one of those roles can't open the "
            "vault, so that reporters know who reads what they say."
        ),
        "colleague-apart": _(
            "This colleague is also coordinator, manager or administrator here, or is no adviser any more. Who "
            "has one of those roles can't be let into the vault."
        ),
    }
