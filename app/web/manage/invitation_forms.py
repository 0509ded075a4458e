"""Forms of the pages about invitations by mail."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from app.mail.invitations import LANGUAGES
from app.web.manage.say import _, language_name

EACH = ""


class AddressesForm(FlaskForm):
    """A list of addresses, as a file or pasted."""

    file = FileField(
        lazy_gettext("CSV file"),
        description=lazy_gettext(
            "With the columns address and stratum: the name of a group, team or department. A column language is optional."
        ),
    )
    text = TextAreaField(
        lazy_gettext("Or paste the addresses here"),
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off"},
    )
    all_of = SelectField(
        lazy_gettext("Are they all of one group?"),
        description=lazy_gettext("Then a list without groups will do: one address on each line."),
    )
    language = RadioField(lazy_gettext("Language of the letters, where the list names none"))
    only_good = SubmitField(lazy_gettext("Store the good rows only"))

    def offer(self, strata: list[tuple[int, str]]) -> None:
        several = SelectChoice(value=EACH, label=_("No, the list says the group of each"))
        self.all_of.choices = [
            several,
            *(SelectChoice(value=str(number), label=name) for number, name in strata),
        ]
        self.language.choices = [
            SelectChoice(value=code, label=language_name(code).capitalize()) for code in LANGUAGES
        ]


class SendForm(FlaskForm):
    """Before letters go out, which nobody can take back."""

    sure = BooleanField(validators=[InputRequired(lazy_gettext("Tick the box if you are sure."))])


class ReminderForm(FlaskForm):
    """The day of a reminder."""

    day = DateField(
        lazy_gettext("Day of the reminder"),
        [InputRequired(lazy_gettext("Fill in a date."))],
    )


class NewLinkForm(FlaskForm):
    """The address of somebody who lost the link."""

    email = StringField(
        lazy_gettext("E-mail address of the person"),
        [InputRequired(lazy_gettext("Fill in the address."))],
        description=lazy_gettext("The address at which this person was invited."),
        render_kw={"type": "email", "autocomplete": "off", "maxlength": 254},
    )
    sure = BooleanField(
        lazy_gettext("This person told me that they lost the link, or the browser in which they started."),
        validators=[InputRequired(lazy_gettext("Tick the box if this is so."))],
    )
