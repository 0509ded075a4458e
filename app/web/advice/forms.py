"""Forms about advice, decisions, consultations and the sharing agreement; what is right or wrong is judged by the services."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core import advice as core
from app.core.agreement import RHYTHMS
from app.core.decision import OWNERS
from app.core.decision import State as DecisionState
from app.web.advice import texts

_DAY = lazy_gettext("Fill in a day, such as 31-12-2027.")
_NUMBER = lazy_gettext("Fill in a whole number.")


def _day(label: str, description: str = "") -> DateField:
    """Empty or a day; whether it may be empty is for the service to say."""
    return DateField(label, [Optional()], description=description, render_kw={"class_": "medium"})


def _words(label: str, most: int, description: str = "", rows: int = 5) -> TextAreaField:
    return TextAreaField(label, [Length(max=most)], description=description, render_kw={"rows": rows})


def _choices(field: SelectField | RadioField, named: list[tuple[str, str]]) -> None:
    field.choices = [SelectChoice(value=value, label=label) for value, label in named]


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class GiveForm(FlaskForm):
    theme = SelectField(lazy_gettext("Theme"), [Optional()])
    own_theme = StringField(
        lazy_gettext("Or a theme in your own words"),
        [Length(max=core.MOST_THEME)],
        description=lazy_gettext("Management reads it. Name no person and no small team."),
    )
    what = _words(lazy_gettext("What do you advise?"), core.MOST_TEXT)
    why_now = _words(
        lazy_gettext("Why now?"),
        core.MOST_TEXT,
        lazy_gettext("What you see in general, without anything that leads to a reporter."),
        rows=3,
    )
    asked = RadioField(lazy_gettext("Did management ask for it?"), default="no")
    to_role = RadioField(lazy_gettext("To whom?"), default="manager")
    audience = RadioField(lazy_gettext("Who may read it?"), default=core.COUNCIL_TOO)
    given_on = _day(
        lazy_gettext("Given before, by word of mouth?"),
        lazy_gettext(
            "Then fill in the day. Empty means today. Management gets the full time to answer either way."
        ),
    )
    source = SelectField(lazy_gettext("What did it grow out of?"), [Optional()], default="")
    source_ref = HiddenField()

    def offer(self) -> None:
        """Fill in the choices, in the language of the page."""
        named = sorted(((id, texts.theme_name(id)) for id in texts.known_themes()), key=lambda one: one[1])
        _choices(self.theme, [("", _("Choose a theme")), *named])
        _choices(self.asked, [("no", _("No, I give it unasked")), ("yes", _("Yes"))])
        _choices(self.to_role, [(role, texts.role_name(role)) for role in core.TO])
        _choices(self.audience, [(one, texts.audience_name(one)) for one in core.AUDIENCES])
        _choices(self.source, [(one, texts.source_name(one)) for one in core.SOURCES])


class RepeatForm(FlaskForm):
    text = _words(
        lazy_gettext("Why now? (need not be filled in)"),
        core.MOST_TEXT,
        lazy_gettext("For example: the new results are out, or the budget is being made."),
        rows=3,
    )


class WithdrawForm(FlaskForm):
    reason = _words(lazy_gettext("Why do you withdraw it?"), core.MOST_TEXT, rows=3)


class AnswerForm(FlaskForm):
    """One answer; fields that it doesn't need are taken out."""

    reason = _words(lazy_gettext("Why?"), core.MOST_TEXT, rows=4)
    decision = _words(
        lazy_gettext("What will be done?"),
        core.MOST_TEXT,
        lazy_gettext("One or two sentences that anybody understands."),
        3,
    )
    owner = SelectField(lazy_gettext("Who sees to it?"), [Optional()])
    due = _day(lazy_gettext("By when is it done?"))
    until = _day(lazy_gettext("By when do you answer?"))

    def offer(self, answer: core.Answer) -> None:
        _choices(self.owner, [("", _("Choose a role")), *((one, texts.role_name(one)) for one in OWNERS)])
        for name in {"decision", "owner", "due"} if answer not in core.DECIDES else ():
            del self[name]
        if answer is not core.Answer.LATER:
            del self["until"]
        if answer in (core.Answer.DO, core.Answer.LATER):
            self.reason.label.text = _("Explanation (need not be filled in)")
        if answer is core.Answer.PARTLY:
            self.reason.label.text = _("Why not all of it?")


class DecisionForm(FlaskForm):
    state = RadioField(lazy_gettext("How far is it?"), [InputRequired(lazy_gettext("Choose how far it is."))])
    due = _day(lazy_gettext("By when is it done?"), lazy_gettext("A later day needs an explanation."))
    note = _words(
        lazy_gettext("Explanation"), 2_000, lazy_gettext("Needed when it stops or takes longer."), 3
    )

    def offer(self) -> None:
        named = {
            DecisionState.DECIDED: _("decided, not begun"),
            DecisionState.UNDER_WAY: _("under way"),
            DecisionState.DONE: _("done"),
            DecisionState.STOPPED: _("stopped"),
        }
        _choices(self.state, [(state.value, name) for state, name in named.items()])


class NoteForm(FlaskForm):
    text = _words(lazy_gettext("Note"), 6_000, rows=4)


class AgreedForm(FlaskForm):
    what = _words(lazy_gettext("What did you agree?"), 1_000, rows=2)
    owner = SelectField(lazy_gettext("Who sees to it?"), [Optional()])
    due = _day(lazy_gettext("By when?"))

    def offer(self) -> None:
        _choices(self.owner, [("", _("Choose a role")), *((one, texts.role_name(one)) for one in OWNERS)])


class CloseForm(FlaskForm):
    next_on = _day(
        lazy_gettext("When is the next consultation?"), lazy_gettext("Leave it empty if you don't know yet.")
    )


class AgreementForm(FlaskForm):
    shares = _words(lazy_gettext("What the adviser shares"), 6_000, rows=9)
    keeps = _words(lazy_gettext("What the adviser does not share"), 6_000, rows=9)
    signal_min = IntegerField(
        lazy_gettext("Numbers from how many reporters?"),
        [InputRequired(_NUMBER)],
        description=lazy_gettext("Never fewer than 5. Below it a report says “fewer than”."),
        render_kw={"class_": "short", "inputmode": "numeric"},
    )
    words_min = IntegerField(
        lazy_gettext("A theme in words from how many reporters?"),
        [InputRequired(_NUMBER)],
        description=lazy_gettext("Never fewer than 3, unless a reporter agrees that it is named."),
        render_kw={"class_": "short", "inputmode": "numeric"},
    )
    rhythm = SelectField(lazy_gettext("How often does a report come?"))
    answer_weeks = IntegerField(
        lazy_gettext("Within how many weeks does management answer advice?"),
        [InputRequired(_NUMBER)],
        render_kw={"class_": "short", "inputmode": "numeric"},
    )

    def offer(self) -> None:
        _choices(self.rhythm, [(one, texts.rhythm_name(one)) for one in RHYTHMS])
