"""Forms about keys and the vault; what is right or wrong is judged by the services."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.crypto.passwords import LEAST, MOST

_CODE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


def _passphrase(label: str) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(lazy_gettext("Fill in your passphrase.")), Length(max=MOST)],
        description=lazy_gettext("Not the password you sign in with. You may paste it."),
        render_kw={"autocomplete": "off"},
    )


def _new_passphrase(label: str) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(lazy_gettext("Choose a passphrase.")), Length(max=MOST)],
        description=lazy_gettext(
            "At least %(least)s characters, and not the password you sign in with. Five words that have nothing to do "
            "with each other work well.",
            least=LEAST,
        ),
        render_kw={"autocomplete": "off"},
    )


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class UnlockForm(FlaskForm):
    passphrase = _passphrase(lazy_gettext("Passphrase of your vaults"))


class KeyForm(FlaskForm):
    """The first passphrase, after what can be lost was read."""

    passphrase = _new_passphrase(lazy_gettext("Passphrase of your vaults"))
    sure = BooleanField(
        lazy_gettext(
            "I know: whoever loses passphrase and recovery code loses the signals. Nobody can restore them."
        ),
        [InputRequired(lazy_gettext("Tick the box if you have read what can be lost."))],
    )


class PartForm(FlaskForm):
    part = StringField(
        lazy_gettext("The last four characters of your recovery code"),
        [
            InputRequired(lazy_gettext("Fill in the last four characters of the code you printed.")),
            Length(max=20),
        ],
        render_kw=_CODE,
    )


class ChangeForm(FlaskForm):
    old = _passphrase(lazy_gettext("Present passphrase"))
    new = _new_passphrase(lazy_gettext("New passphrase"))


class RecoverForm(FlaskForm):
    code = StringField(
        lazy_gettext("Recovery code"),
        [InputRequired(lazy_gettext("Fill in the recovery code you printed.")), Length(max=80)],
        description=lazy_gettext("Seven groups of four. Spaces, dashes and capitals don't matter."),
        render_kw=_CODE,
    )
    new = _new_passphrase(lazy_gettext("New passphrase"))


class FingerprintForm(FlaskForm):
    typed = StringField(
        lazy_gettext("The twenty characters your colleague reads out"),
        [InputRequired(lazy_gettext("Fill in the characters that are read out to you.")), Length(max=80)],
        description=lazy_gettext("Five groups of four. Call them; don't take the characters from a message."),
        render_kw=_CODE,
    )


class ComparisonForm(FlaskForm):
    typed = StringField(
        lazy_gettext("The twenty characters of the vault that your colleague reads out"),
        [InputRequired(lazy_gettext("Fill in the characters that are read out to you.")), Length(max=80)],
        description=lazy_gettext("Five groups of four. Call them; don't take the characters from a message."),
        render_kw=_CODE,
    )


class SureForm(FlaskForm):
    sure = BooleanField(
        lazy_gettext("I am sure"), [InputRequired(lazy_gettext("Tick the box if you are sure."))]
    )
