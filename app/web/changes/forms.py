"""Forms on which the board is written; what is right or wrong is judged by the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.core.feedback import LANGUAGES, Content, Decision, Source, State, Words
from app.web.changes import texts

TEXTS = ("title", "heard", "why", "changes")
_MARKDOWN = lazy_gettext("**Bold**, *italic*, lists with a dash, and [links](https://example.org) work.")


def _words(rows: int) -> TextAreaField:
    return TextAreaField("", [Optional()], render_kw={"rows": rows})


def _day(label: str, description: str = "") -> DateField:
    return DateField(label, [Optional()], description=description, render_kw={"class_": "medium"})


def _offer(field: SelectField | RadioField, named: list[tuple[str, str]]) -> None:
    field.choices = [SelectChoice(value=value, label=label) for value, label in named]


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class SeenForm(FlaskForm):
    """The proof, and which text was looked at."""

    seen = HiddenField()


class ReasonForm(FlaskForm):
    reason = TextAreaField(lazy_gettext("Why do you withdraw it?"), [Optional()], render_kw={"rows": 3})


class RemarkForm(FlaskForm):
    text = TextAreaField(
        lazy_gettext("Your remark"), [Optional()], description=_MARKDOWN, render_kw={"rows": 5}
    )


class BoardForm(FlaskForm):
    public = RadioField(lazy_gettext("Who can find the board?"))
    second_reader = BooleanField(lazy_gettext("Somebody else reads every update before it comes out"))

    def offer(self) -> None:
        _offer(
            self.public,
            [
                ("no", _("Only who has the address: it has a part that nobody guesses")),
                ("yes", _("Everybody: the address is the name of the organisation")),
            ],
        )


class UpdateForm(FlaskForm):
    """One version of an update. `main` is the language that stands open; the other may stay empty."""

    title_nl = StringField("", [Optional()])
    heard_nl = _words(5)
    why_nl = _words(3)
    changes_nl = _words(4)
    title_en = StringField("", [Optional()])
    heard_en = _words(5)
    why_en = _words(3)
    changes_en = _words(4)
    theme = SelectField(lazy_gettext("Theme"), [Optional()])
    decision = RadioField(lazy_gettext("What was decided?"), [Optional()])
    owner = SelectField(
        lazy_gettext("Who sees to it?"),
        [Optional()],
        description=lazy_gettext("A role, not a name: people move on."),
    )
    due_on = _day(lazy_gettext("By when is it done?"))
    next_on = _day(
        lazy_gettext("When do people hear more?"),
        lazy_gettext("After this day the board says that it is late."),
    )
    state = SelectField(lazy_gettext("How far is it?"), [Optional()])
    unit = SelectField(
        lazy_gettext("For which part of the organisation?"),
        [Optional()],
        description=lazy_gettext("Only parts that the results show can be chosen."),
    )
    publish_on = _day(lazy_gettext("Publish on a later day"), lazy_gettext("Empty means now."))
    seen = HiddenField()

    main: str = LANGUAGES[0]

    @property
    def other(self) -> str:
        return next(one for one in LANGUAGES if one != self.main)

    def offer(self, main: str, *, theme: str, units: Mapping[str, str]) -> None:
        """Fill in the choices, in the language of the page; a theme that is no known one stays a choice."""
        self.main = main
        themes = texts.by_name([*texts.known_themes(), *([theme] if theme else [])])
        _offer(self.theme, [("", _("Choose a theme")), *((one, texts.theme_name(one)) for one in themes)])
        _offer(self.decision, [(one, texts.decision_name(one)) for one in (*Decision, "")])
        _offer(self.owner, [("", _("Choose a role")), *texts.owners()])
        _offer(self.state, [(one.value, texts.state_name(one)) for one in State])
        _offer(self.unit, [("", _("The whole organisation")), *units.items()])
        self._label()

    def _label(self) -> None:
        labels = {
            "title": (_("Title"), _("A sentence that says what changes.")),
            "heard": (_("What we heard"), _("In your own words, without quotes.")),
            "why": (_("Why?"), _("Needed unless you do it: people want to know.")),
            "changes": (_("What changes, and for whom?"), _MARKDOWN),
        }
        for language in LANGUAGES:
            for name, (label, hint) in labels.items():
                field = self[f"{name}_{language}"]
                field.label.text, field.description = label, hint
                field.render_kw = {**(field.render_kw or {}), "lang": language}

    def fields_in(self, language: str) -> list[Field]:
        return [self[f"{name}_{language}"] for name in TEXTS]

    def typed(self, language: str) -> Words:
        """A browser sends each end of a line as two characters; one is kept."""
        typed = {name: self[f"{name}_{language}"].data or "" for name in TEXTS}
        return Words(**{name: text.replace("\r\n", "\n").strip() for name, text in typed.items()})

    def content(self, source: Source, filled_in: Mapping[str, str], scales: tuple[str, ...] = ()) -> Content:
        """`filled_in`: what stood under "heard" by itself; a second language that holds no more than that was not written."""
        words = {self.main: self.typed(self.main)}
        second = self.typed(self.other)
        filled = filled_in.get(self.other, "").split()
        if second != Words(heard=second.heard) or second.heard.split() not in ([], filled):
            words[self.other] = second
        return Content(
            theme=self.theme.data or "",
            words=words,
            source=source,
            state=State(self.state.data or State.DECIDED),
            decision=Decision(self.decision.data) if self.decision.data else None,
            owner=self.owner.data or "",
            due_on=self.due_on.data,
            next_on=self.next_on.data,
            unit=self.unit.data or None,
            scales=scales,
        )


def from_content(content: Content) -> dict[str, str | date | None]:
    """What the form begins with for a version that is there."""
    data: dict[str, str | date | None] = {
        "theme": content.theme,
        "decision": content.decision.value if content.decision else "",
        "owner": content.owner,
        "due_on": content.due_on,
        "next_on": content.next_on,
        "state": content.state.value,
        "unit": content.unit or "",
    }
    for language, words in content.words.items():
        data |= {f"{name}_{language}": getattr(words, name) for name in TEXTS}
    return data
