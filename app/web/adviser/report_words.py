"""Forms and words of the pages of signal reports: the adviser's own words enter, checked values leave."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.refusal import Refused
from app.core.signal_report import document as parts
from app.core.signal_report import kinds
from app.core.signal_report.document import Decision, Draft
from app.core.signal_report.kinds import Kind
from app.render import signal_words
from app.web.adviser.say import _
from app.web.ui import LANGUAGES

MOST_DECISION = 300
_TOO_LONG = lazy_gettext("At most %(max)d characters.")


def _words(label: str, rows: int = 4, **more: str) -> TextAreaField:
    checks = [Length(max=parts.MOST_CHARACTERS, message=_TOO_LONG)]
    return TextAreaField(label, checks, render_kw={"rows": rows}, **more)


class NewForm(FlaskForm):
    """Which report: kind and window in one choice, and its language."""

    what = SelectField(lazy_gettext("Report and period"), [InputRequired(lazy_gettext("Choose a report."))])
    language = RadioField(lazy_gettext("Language of the report"), default="nl")

    def offer(self, today: date, employees: int | None, language: str, counted: Collection[int] = ()) -> None:
        """The kind that fits this organisation stands first. Nothing of the years that are `counted` only."""
        first = kinds.first_kind(employees)
        order = sorted(Kind, key=lambda kind: kind is not first)
        self.what.choices = {
            signal_words.kind(kind, language): [
                SelectChoice(value=f"{kind}|{window.id}", label=signal_words.named(kind, window.id, language))
                for window in kinds.offered(kind, today)
                if not any(kinds.touches(window, year) for year in counted)
            ]
            for kind in order
        }
        self.what.choices = {name: windows for name, windows in self.what.choices.items() if windows}
        names = {"nl": "Nederlands", "en": "English"}
        self.language.choices = [SelectChoice(value=code, label=names[code]) for code in LANGUAGES]
        if not self.is_submitted():
            self.language.data = language


class WordsForm(FlaskForm):
    """All words of a report. Figures stand beside them and can't be edited."""

    finding_1 = _words(lazy_gettext("Finding 1"))
    finding_2 = _words(lazy_gettext("Finding 2"))
    finding_3 = _words(lazy_gettext("Finding 3"))
    decision_1 = StringField(lazy_gettext("Decision 1"), [Length(max=MOST_DECISION, message=_TOO_LONG)])
    by_1 = DateField(lazy_gettext("By when"), [Optional()])
    decision_2 = StringField(lazy_gettext("Decision 2"), [Length(max=MOST_DECISION, message=_TOO_LONG)])
    by_2 = DateField(lazy_gettext("By when"), [Optional()])
    decision_3 = StringField(lazy_gettext("Decision 3"), [Length(max=MOST_DECISION, message=_TOO_LONG)])
    by_3 = DateField(lazy_gettext("By when"), [Optional()])
    themes = SelectMultipleField(
        lazy_gettext("Themes to name"),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    heard = _words(lazy_gettext("What was heard"), rows=8)
    numbers = _words(lazy_gettext("Words beside the numbers"))
    activities = _words(lazy_gettext("What you did"))
    advice = _words(lazy_gettext("Words beside the advice"))
    risk_1 = SelectField(lazy_gettext("First risk"), [Optional()])
    risk_2 = SelectField(lazy_gettext("Second risk"), [Optional()])
    risk_3 = SelectField(lazy_gettext("Third risk"), [Optional()])
    risk_reason = _words(lazy_gettext("Why in this order?"), rows=2)
    next_due = DateField(lazy_gettext("Next report due on"), [InputRequired(lazy_gettext("Fill in a date."))])
    seen = HiddenField()

    def begin(self, draft: Draft) -> None:
        """Offer what can be chosen; before anything is sent, fill in the words as they are."""
        self.themes.choices = [SelectChoice(value=one.id, label=one.name) for one in draft.themes]
        for place, field in enumerate(self.risks):
            field.choices = [
                SelectChoice(value=str(one["id"]), label=str(one["title"])) for one in draft.risks
            ]
            if not self.is_submitted() and place < len(draft.risks):
                field.data = draft.risks[place]["id"]
        if self.is_submitted():
            return
        self.seen.data = mark(draft)
        for id, text in draft.texts.items():
            self[id.replace("-", "_")].data = text
        for place, one in enumerate(draft.decisions, 1):
            self[f"decision_{place}"].data = one.text
            self[f"by_{place}"].data = date.fromisoformat(one.by) if one.by else None
        self.themes.data = [one.id for one in draft.themes if one.chosen]
        self.risk_reason.data = draft.risk_reason
        self.next_due.data = date.fromisoformat(draft.next_due)

    def overtaken(self, draft: Draft) -> bool:
        """Whether somebody else, or another tab, changed the draft since this page was opened. Said once."""
        sent, self.seen.data = self.seen.data, mark(draft)
        return bool(sent) and sent != mark(draft)

    @property
    def risks(self) -> tuple[SelectField, ...]:
        return (self.risk_1, self.risk_2, self.risk_3)

    def words(self) -> dict[str, object]:
        """As services.reporting.edit takes them."""
        return {
            "texts": {id: self[id.replace("-", "_")].data or "" for id in parts.SECTIONS},
            "decisions": [
                Decision(self[f"decision_{place}"].data or "", _written(self[f"by_{place}"].data))
                for place in range(1, parts.DECISIONS + 1)
            ],
            "themes": self.themes.data or [],
            "next_due": self.next_due.data,
            "risks": [field.data for field in self.risks if field.data],
            "risk_reason": self.risk_reason.data or "",
        }


class ReleaseForm(FlaskForm):
    """`confirmed` when words of the adviser ask for another look."""

    confirmed = BooleanField(lazy_gettext("I looked at these words again, and they may leave."))


def mark(draft: Draft) -> str:
    """Tells whether a draft is still the one that a page showed."""
    return hashlib.sha256(parts.to_json(draft).encode()).hexdigest()[:16]


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def marked_as(kind: str) -> str:
    """What words look like that ask for another look."""
    return {
        "few": _("a small number of people"),
        "e-mail": _("an e-mail address"),
        "date": _("a date"),
        "telephone": _("a telephone number"),
        "name": _("a name"),
        "unfinished": _("a sentence that is not finished"),
        "left-out": _("a theme that this report doesn't name"),
        "falls-away": _(
            "named in an earlier report that shares quarters with this one. Leaving it out tells that it came up in the other "
            "quarters, from one or two people. Ask who spoke of it whether it may be named, or wait with this report"
        ),
    }.get(kind, kind)


def sentence(error: Refused) -> str:
    """What went wrong and what to do."""
    words: Mapping[str, str] = {
        "not-over": _("A report is made of a period that is over."),
        "released-already": _("This report was released already. It can't be changed or released again."),
        "counts-only": _("Of this period only counts are left. A report can't be made of those any more."),
        "no-draft": _("This draft is gone: it was released or thrown away."),
        "changed": _("This is not what you looked at before. Look at it again, and then release it."),
        "overtaken": _(
            "This draft was changed since you opened this page, by a colleague or in another tab. Look in a new tab at how it "
            "stands. If you keep this page once more, your words take its place."
        ),
        "look-again": _("Some words may tell of a person. Change them, or tick the box that they may leave."),
        "tells-too-much": _(
            "Another report was released since. Together with it these numbers tell too much. Throw this draft away "
            "and make it anew."
        ),
        "other-language": _(
            "This report left in another language with other numbers or themes. Throw this draft away and make it anew: then it "
            "says the same."
        ),
        "reason-needed": _("Say why the risks stand in another order than the rule gives."),
        "too-long": _(
            "A section is longer than 2,000 characters. Make it shorter: a director reads all of it in five minutes."
        ),
    }
    return words.get(error.reason, error.message)


def sections(fields: Iterable[str]) -> Iterator[str]:
    """Names of marked sections, for people."""
    names = {f"finding-{at}": _("Finding %(number)s", number=at) for at in range(1, 4)}
    names |= {f"decision-{at}": _("Decision %(number)s", number=at) for at in range(1, 4)}
    names |= {
        "heard": _("What was heard"),
        "numbers": _("Words beside the numbers"),
        "activities": _("What you did"),
        "advice": _("Words beside the advice"),
        "risks": _("Why in this order?"),
        "themes": _("Themes to name"),
    }
    return (names.get(field, field) for field in fields)
