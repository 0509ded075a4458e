"""Forms of team talks: which figures to talk about, and what was agreed; the services judge what is filled in."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from app.core.decision import MOST_TEXT, OWNERS
from app.services.talking import MOST_AT_ONCE, Agreed
from app.web.changes import texts


class ChooseForm(FlaskForm):
    """A question in the address: it changes nothing, so it carries no proof of origin."""

    class Meta:
        csrf = False

    unit = SelectField(lazy_gettext("Whose figures?"), [Optional()], validate_choice=False)
    theme = SelectField(lazy_gettext("Which theme?"), [Optional()], validate_choice=False)

    def offer(self, units: Sequence[tuple[str, str]], themes: Sequence[tuple[str, str]]) -> None:
        """(value, name) of every unit and theme of the scan."""
        for field, named in ((self.unit, units), (self.theme, themes)):
            field.choices = [
                SelectChoice(value="", label=_("Choose")),
                *(SelectChoice(value=value, label=name) for value, name in named),
            ]


class AgreedForm(FlaskForm):
    """Up to three things that were agreed; a row that is left empty is none."""

    text0 = TextAreaField(lazy_gettext("What will you do?"), [Length(max=MOST_TEXT)], render_kw={"rows": 3})
    owner0 = SelectField(lazy_gettext("Which role sees to it?"), [Optional()])
    due0 = DateField(lazy_gettext("Done by"), [Optional()], render_kw={"class_": "medium"})
    text1 = TextAreaField(lazy_gettext("What will you do?"), [Length(max=MOST_TEXT)], render_kw={"rows": 3})
    owner1 = SelectField(lazy_gettext("Which role sees to it?"), [Optional()])
    due1 = DateField(lazy_gettext("Done by"), [Optional()], render_kw={"class_": "medium"})
    text2 = TextAreaField(lazy_gettext("What will you do?"), [Length(max=MOST_TEXT)], render_kw={"rows": 3})
    owner2 = SelectField(lazy_gettext("Which role sees to it?"), [Optional()])
    due2 = DateField(lazy_gettext("Done by"), [Optional()], render_kw={"class_": "medium"})

    def offer(self) -> None:
        for place in range(MOST_AT_ONCE):
            self[f"owner{place}"].choices = [
                SelectChoice(value="", label=_("Choose a role")),
                *(SelectChoice(value=role, label=texts.role_name(role)) for role in OWNERS),
            ]

    def rows(self) -> list[tuple[int, Agreed]]:
        """What was filled in, each with the number of its row."""
        found = []
        for place in range(MOST_AT_ONCE):
            one = Agreed(
                self[f"text{place}"].data or "", self[f"owner{place}"].data or "", self[f"due{place}"].data
            )
            if one.text.strip() or one.owner or one.due:
                found.append((place, one))
        return found

    def mark(self, reason: str, row: int, said: str) -> None:
        """Put a refusal at the field of that row."""
        name = {"no-owner": "owner", "no-due": "due"}.get(reason, "text")
        self[f"{name}{row}"].errors = [said]
