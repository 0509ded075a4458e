"""Forms about accounts and the organisation; what is right or wrong is judged by the services."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    URLField,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.access import Role
from app.crypto.passwords import LEAST, MOST
from app.web.account.refusals import role_says

EMPTY_ROWS = 2
LANGUAGE_NAMES = (SelectChoice(value="nl", label="Nederlands"), SelectChoice(value="en", label="English"))
_HOW_STRONG = lazy_gettext(
    "At least %(least)s characters. Four words that have nothing to do with each other "
    "work well. You may paste it.",
    least=LEAST,
)


def _email() -> EmailField:
    return EmailField(
        lazy_gettext("E-mail address"),
        [
            InputRequired(lazy_gettext("Fill in an e-mail address, such as name@example.org.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        lazy_gettext("New password"),
        [InputRequired(lazy_gettext("Choose a password.")), Length(max=MOST)],
        description=_HOW_STRONG,
        render_kw={"autocomplete": "new-password"},
    )


def _own_name() -> StringField:
    return StringField(
        lazy_gettext("Your name"),
        [InputRequired(lazy_gettext("Fill in your name, in at most 200 characters.")), Length(max=200)],
        description=lazy_gettext("Your colleagues see it with what you do here."),
        render_kw={"autocomplete": "name"},
    )


def _present_password() -> PasswordField:
    return PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class SignInForm(FlaskForm):
    email = _email()
    password = _present_password()


class CodeForm(FlaskForm):
    """A code of the app, or a spare code where one is taken."""

    code = StringField(
        lazy_gettext("Code"),
        [InputRequired(lazy_gettext("Fill in a code.")), Length(max=80)],
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
        },
    )


class PasskeyForm(FlaskForm):
    """Filled in by the browser."""

    answer = HiddenField()


class RenamePasskeyForm(FlaskForm):
    name = StringField(
        lazy_gettext("Name of this passkey"),
        [
            InputRequired(lazy_gettext("Give it a name, in at most 60 characters.")),
            Length(max=60, message=lazy_gettext("Give it a name, in at most 60 characters.")),
        ],
        description=lazy_gettext("So that you know which it is. For example: phone, or laptop at work."),
        render_kw={"autocomplete": "off"},
    )


class NewPasskeyForm(RenamePasskeyForm):
    answer = HiddenField()


class AskResetForm(FlaskForm):
    email = _email()


class ResetForm(FlaskForm):
    password = _new_password()


class AcceptForm(FlaskForm):
    """For somebody without an account here."""

    name = _own_name()
    password = _new_password()


class AcceptKnownForm(FlaskForm):
    """For somebody who has an account already."""

    password = _present_password()


class IntroduceForm(FlaskForm):
    name = _own_name()
    language = RadioField(lazy_gettext("Language"), [InputRequired()], choices=list(LANGUAGE_NAMES))


class PasswordForm(FlaskForm):
    old = PasswordField(
        lazy_gettext("Present password"),
        [InputRequired(lazy_gettext("Fill in your password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = _new_password()


class RolesForm(FlaskForm):
    roles = SelectMultipleField(
        lazy_gettext("Roles"),
        description=lazy_gettext(
            "Somebody can have several. The works council can't be combined with the roles it watches over."
        ),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )

    def offer(self, offered: list[Role]) -> None:
        self.roles.choices = [SelectChoice(value=role.value, label=role_says(role)) for role in offered]

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or ())


class InviteForm(RolesForm):
    email = EmailField(
        lazy_gettext("E-mail address"),
        [
            InputRequired(lazy_gettext("Fill in an e-mail address, such as name@example.org.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class HelpLineForm(Form):
    """One row; an empty one is left out."""

    name = StringField(lazy_gettext("Who"), [Length(max=120)])
    contact = StringField(lazy_gettext("How to reach them"), [Length(max=120)])
    hours = StringField(lazy_gettext("When"), [Length(max=120)])
    own = BooleanField(lazy_gettext("Our own adviser (listed first)"))


class HelpForm(FlaskForm):
    """What an adviser may change."""

    lines = FieldList(FormField(HelpLineForm), min_entries=0, max_entries=40)


class OrganisationForm(HelpForm):
    name = StringField(
        lazy_gettext("Name of the organisation"),
        [InputRequired(lazy_gettext("Fill in the name of the organisation.")), Length(max=200)],
        render_kw={"autocomplete": "organization"},
    )
    operator = StringField(
        lazy_gettext("Who runs the server"),
        [Length(max=200)],
        description=lazy_gettext(
            "Everybody who takes part reads this on the first page. For example: our own IT department."
        ),
    )
    report_elsewhere = StringField(
        lazy_gettext("Where to make a report"),
        [Length(max=500)],
        description=lazy_gettext(
            "A scan is not a report. Say where people can make one, for example: the reporting "
            "desk, intranet/report."
        ),
    )
    quick_exit = URLField(
        lazy_gettext("Quick exit"),
        [
            InputRequired(lazy_gettext("Fill in a web page whose address starts with https://")),
            Length(max=300),
        ],
        description=lazy_gettext(
            "The page people land on when they leave a questionnaire in a hurry. Choose something ordinary."
        ),
    )
    coordinator_prints_slips = BooleanField(lazy_gettext("Coordinators may make slips too"))
    advice_reminders = BooleanField(lazy_gettext("Remind management by mail of advice without an answer"))
