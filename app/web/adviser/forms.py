"""Forms about keys and the vault; what is right or wrong is judged by the services."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from app.crypto.passwords import MOST


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class UnlockForm(FlaskForm):
    passphrase = PasswordField(
        lazy_gettext("Passphrase of your vaults"),
        [InputRequired(lazy_gettext("Fill in your passphrase.")), Length(max=MOST)],
        description=lazy_gettext("Not the password you sign in with. You may paste it."),
        render_kw={"autocomplete": "off"},
    )
