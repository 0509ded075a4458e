"""Forms of the pages that set up and run a scan."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.checklist import LONGEST_ANSWER
from app.core.lifecycle import KINDS
from app.core.plan import MOST_MATTERS, OPEN_LINK, PERSONAL, SLIPS, UNIT
from app.core.strata import LEAST_GROUP
from app.services.planning import FOLLOWS_UP, LONGEST_NAME
from app.web.manage.say import _
from app.web.manage.texts import kind_says

OWN = "own"
MOST_GROUP = 100
LEAST_MATTERS = 0.5


def checkboxes(label: str, description: str = "") -> SelectMultipleField:
    """Several choices as a list of checkboxes."""
    boxes = {"option_widget": widgets.CheckboxInput(), "widget": widgets.ListWidget(prefix_label=False)}
    return SelectMultipleField(label, description=description, **boxes)


class NothingForm(FlaskForm):
    """Only the proof that the request comes from our own page."""


class AskAboutForm(FlaskForm):
    """Updates of the board to ask about; the page offers them."""

    updates = checkboxes(lazy_gettext("Ask about"))


class SureForm(FlaskForm):
    """One box to tick before something that can't be taken back."""

    sure = BooleanField(validators=[InputRequired(lazy_gettext("Tick the box if you are sure."))])


class OpenForm(SureForm):
    """Opening a scan; the reason is asked for while promises of the scan before it are late."""

    overdue_reason = StringField(
        lazy_gettext("Why does a new scan start all the same?"),
        description=lazy_gettext("Everybody reads this on the board, beside this scan."),
    )


class ScanForm(FlaskForm):
    """Name and kind of a scan, and the scan it follows."""

    name = StringField(
        lazy_gettext("Name of the scan"),
        [
            InputRequired(lazy_gettext("Give the scan a name.")),
            Length(max=LONGEST_NAME, message=lazy_gettext("At most %(max)d characters.")),
        ],
        description=lazy_gettext(
            "Everybody who takes part sees it. For example: How do we work together? 2027"
        ),
    )
    kind = RadioField(
        lazy_gettext("Kind"), [InputRequired(lazy_gettext("Choose a kind."))], default="baseline"
    )
    previous = SelectField(lazy_gettext("The scan it follows"), [Optional()])

    def offer(self, earlier: list[tuple[str, str]]) -> None:
        """Fill in the choices: `earlier` holds id and name of opened scans."""
        self.kind.choices = [SelectChoice(value=kind, label=kind_says(kind)) for kind in KINDS]
        none = SelectChoice(value="", label=_("None"))
        self.previous.choices = [none, *(SelectChoice(value=id, label=name) for id, name in earlier)]

    def validate_previous(self, field: SelectField) -> None:
        if self.kind.data == FOLLOWS_UP and not field.data:
            raise ValidationError(_("A follow-up follows an earlier scan: choose it here."))


class UnitsForm(FlaskForm):
    """The unit tree, as a file or pasted."""

    file = FileField(lazy_gettext("CSV file"))
    text = TextAreaField(
        lazy_gettext("Or paste the rows here"), render_kw={"rows": 12, "spellcheck": "false"}
    )


class InstrumentForm(FlaskForm):
    """A questionnaire of the bank, or one's own."""

    chosen = RadioField(
        lazy_gettext("Questionnaire"), [InputRequired(lazy_gettext("Choose a questionnaire."))]
    )
    file = FileField(lazy_gettext("Your own questionnaire (TOML file)"))
    text = TextAreaField(lazy_gettext("Or paste it here"), render_kw={"rows": 10, "spellcheck": "false"})


class PointsField(FloatField):
    """A number of points, with a point or a comma."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])


class ChoicesForm(FlaskForm):
    """Smallest group, groupings, crossings, way in, and what difference matters."""

    min_group = IntegerField(
        lazy_gettext("Smallest group"),
        [
            InputRequired(lazy_gettext("Fill in a number, such as 8.")),
            NumberRange(
                min=LEAST_GROUP,
                max=MOST_GROUP,
                message=lazy_gettext(
                    "Choose a number from %(min)s to %(max)s: below 5 answers a person can be recognised."
                ),
            ),
        ],
        description=lazy_gettext(
            "Of a group with fewer answers nothing is published. We advise 8; the least is 5."
        ),
        render_kw={"inputmode": "numeric"},
    )
    matters = PointsField(
        lazy_gettext("A difference matters from"),
        [
            InputRequired(lazy_gettext("Fill in a number, such as 5.")),
            NumberRange(
                min=LEAST_MATTERS,
                max=MOST_MATTERS,
                message=lazy_gettext("Choose a number from %(min)s to %(max)s points."),
            ),
        ],
        description=lazy_gettext(
            "In points of the score from 0 to 100. Comparisons with an earlier scan say “clearly better” or “clearly worse” "
            "only from this difference up. We advise 5."
        ),
        render_kw={"inputmode": "decimal"},
    )
    groupings = checkboxes(
        lazy_gettext("Show the results also by"),
        lazy_gettext("Background questions are compared for the organisation as a whole only."),
    )
    crossings = checkboxes(lazy_gettext("Show these two together"))
    way = RadioField(
        lazy_gettext("How do people come in?"), [InputRequired(lazy_gettext("Choose a way in."))]
    )
    exchange = BooleanField(
        lazy_gettext("With personal links: also let browsers without JavaScript in by their link"),
        description=lazy_gettext(
            "Weaker: the server then makes the exchange, and people have to take your word that it doesn't remember whose form "
            "it was. The first page says that you chose this. A paper slip protects better."
        ),
    )

    def offer(self, backgrounds: list[tuple[str, str]], crossings: list[tuple[str, str]]) -> None:
        """Fill in the choices: `backgrounds` holds id and text of each background question, `crossings` likewise."""
        self.groupings.choices = [
            SelectChoice(value=UNIT, label=_("Unit (departments and teams)")),
            *(SelectChoice(value=id, label=text) for id, text in backgrounds),
        ]
        self.crossings.choices = [SelectChoice(value=id, label=text) for id, text in crossings]
        self.way.choices = [
            SelectChoice(value=SLIPS, label=_("Paper slips: everybody draws one slip, each works once")),
            SelectChoice(
                value=PERSONAL,
                label=_(
                    "Personal links by mail: each works once, and nobody can see whose answers are whose"
                ),
            ),
            SelectChoice(value=OPEN_LINK, label=_("Open link: one address for everybody")),
        ]


class CorrectionForm(FlaskForm):
    """The corrected questionnaire, as a file or changed in place, and what was wrong."""

    file = FileField(lazy_gettext("The corrected questionnaire (TOML file)"))
    text = TextAreaField(lazy_gettext("Or change it here"), render_kw={"rows": 10, "spellcheck": "false"})
    reason = StringField(
        lazy_gettext("What was wrong?"),
        [
            InputRequired(lazy_gettext("Say in a sentence what was wrong. Readers see it.")),
            Length(max=LONGEST_ANSWER, message=lazy_gettext("At most %(max)d characters.")),
        ],
        description=lazy_gettext(
            "Everybody who reads the results sees this sentence. For example: one question was scored the wrong way round."
        ),
    )
    sure = BooleanField(validators=[InputRequired(lazy_gettext("Tick the box if you are sure."))])


class DatesForm(FlaskForm):
    """Closing, promised results, destruction."""

    closes_on = DateField(
        lazy_gettext("Last day to fill in"),
        [InputRequired(lazy_gettext("Fill in a date."))],
        description=lazy_gettext("Three weeks is usual."),
    )
    promise_on = DateField(
        lazy_gettext("Everybody gets the results by"),
        [InputRequired(lazy_gettext("Fill in a date."))],
        description=lazy_gettext(
            "You promise this date to everybody who takes part. Within four weeks of closing is good."
        ),
    )
    destroy_on = DateField(
        lazy_gettext("The answers are destroyed on"),
        [InputRequired(lazy_gettext("Fill in a date."))],
        description=lazy_gettext("The protected results stay. A year after the results is usual."),
    )


class StepForm(FlaskForm):
    """The sentence a step of the checklist asks for."""

    answer = StringField(
        "",
        [
            InputRequired(lazy_gettext("Fill this in, so that everybody can see that it was done.")),
            Length(max=LONGEST_ANSWER, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )


class ConfirmForm(SureForm):
    """The works council's word, on exactly the settings that were shown."""

    digest = HiddenField()


class ExtendForm(FlaskForm):
    """A later closing date."""

    closes_on = DateField(
        lazy_gettext("New last day to fill in"), [InputRequired(lazy_gettext("Fill in a date."))]
    )


class SlipsForm(FlaskForm):
    """For which strata slips are made; a second run needs the word that it may void the first."""

    strata = checkboxes(lazy_gettext("Make slips for"))
    again = BooleanField(lazy_gettext("I know that slips printed earlier and not used yet stop working."))

    def offer(self, strata: list[tuple[int, str]]) -> None:
        self.strata.choices = [SelectChoice(value=str(number), label=name) for number, name in strata]

    def validate_strata(self, field: SelectMultipleField) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one group."))
