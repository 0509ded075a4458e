"""An adviser's existing register: a file enters, is looked over column by column and value by value, and becomes cards."""

from __future__ import annotations

import random
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.refusal import Refused
from app.core.signals import nicknames, notes
from app.core.signals.choices import CATEGORY, THEME, Choices
from app.core.signals.register import FIELDS, Held, Lexicon, as_csv, lexicon
from app.core.signals.register.columns import PERSONAL
from app.core.signals.register.dates import read_year
from app.core.signals.register.failing import HEADINGS
from app.services import importing_cards, signalling
from app.services.importing_cards import Seen
from app.services.signing_in import mark
from app.services.unlocking import IDLE
from app.web.adviser import blueprint, words
from app.web.adviser.forms import NothingForm
from app.web.adviser.here import Opened, opened, token
from app.web.adviser.register_words import FIELDS as FIELD_NAMES
from app.web.adviser.register_words import fault_says, refusal_says, shown
from app.web.adviser.say import _, ngettext
from app.web.ui import asking, store

Page = str | tuple[str, int] | Response
EXAMPLES = 3
MOST_FAULTS = 100


@dataclass(frozen=True)
class Desk:
    """An adviser in one open vault, with the names a register is read by."""

    here: Opened
    lexicon: Lexicon

    @property
    def held(self) -> Held | None:
        return importing_cards.under_way(store(), opened=self.here.vault, by=self.here.actor)

    @property
    def sign_in(self) -> str:
        return mark(token()).hex()[:16]

    def see(self) -> Seen:
        """Raises Refused("no-import")."""
        here = self.here
        return importing_cards.see(
            store(), lexicon=self.lexicon, draw=draw, opened=here.vault, by=here.actor, now=asking.now()
        )


def at_desk(slug: str) -> Desk:
    """For signed-in advisers with an open vault; else the page to unlock it."""
    here = opened(slug)
    return Desk(here, names(here))


def names(here: Opened) -> Lexicon:
    """Categories, themes and broad units of this organisation, in both languages."""
    choices: Choices = signalling.choices(
        store(), themes=words.standard_themes(), opened=here.vault, by=here.actor
    )
    places = signalling.places(store(), by=here.actor)
    tree = places.tree
    now = {unit.code: unit.name for unit in tree.units if unit.parent is not None} if tree else {}
    earlier = {
        code: name for code, name in places.names.items() if code not in now and name not in now.values()
    }
    if tree:
        earlier.pop(tree.root.code, None)
    return lexicon(
        categories={one.id: {"nl": one.nl, "en": one.en} for one in choices.of(CATEGORY)},
        themes={one.id: {"nl": one.nl, "en": one.en} for one in choices.of(THEME)},
        units={**now, **earlier},
        inside=importing_cards.broad_units(store(), by=here.actor),
        language=words.language(),
    )


def draw(taken: frozenset[str]) -> str:
    return nicknames.draw(random.SystemRandom(), taken)


@blueprint.route("/<slug>/register/", methods=["GET", "POST"])
def register(slug: str) -> Page:
    desk = at_desk(slug)
    form, fault = NothingForm(), ""
    if form.validate_on_submit():
        file = request.files.get("file")
        try:
            importing_cards.upload(
                store(),
                raw=file.read() if file else b"",
                lexicon=desk.lexicon,
                opened=desk.here.vault,
                by=desk.here.actor,
            )
        except Refused as error:
            fault = refusal_says(error)
        else:
            return redirect(url_for("adviser.register_columns", slug=slug))
    return start_page(desk, form, fault)


def start_page(desk: Desk, form: NothingForm, fault: str = "") -> Page:
    held = desk.held
    page = render_template(
        "adviser/register.html",
        here=desk.here,
        form=form,
        fault=fault,
        left=sum(rows for _place, _name, rows in held.left) if held and held.book.sheets else 0,
        undo=importing_cards.can_undo(
            store(), held=held, sign_in=desk.sign_in, opened=desk.here.vault, by=desk.here.actor
        ),
        minutes=int(IDLE.total_seconds() // 60),
    )
    return (page, 400) if fault else page


@blueprint.route("/<slug>/register/columns", methods=["GET", "POST"])
def register_columns(slug: str) -> Page:
    desk = at_desk(slug)
    held = desk.held
    if held is None or not held.book.sheets:
        return to(slug, "register")
    form, fault = NothingForm(), ""
    chosen: list[str] = list(held.columns)
    year = str(held.year or "")
    if form.validate_on_submit():
        if "look" in request.form:
            _look(desk, held)
            return to(slug, "register_columns")
        chosen = [request.form.get(f"column-{at}", "") for at in range(len(held.columns))]
        year = request.form.get("year", "").strip()
        try:
            importing_cards.map_columns(
                store(), columns=chosen, year=read_year(year), opened=desk.here.vault, by=desk.here.actor
            )
        except Refused as error:
            fault = refusal_says(error)
        else:
            return to(slug, "register_check")
    return _columns_page(desk, held, form, fault, chosen, year)


def _look(desk: Desk, held: Held) -> None:
    """Another sheet at its likeliest header, or another header line of the same sheet."""
    sheet, line = (request.form.get(name, "") for name in ("sheet", "line"))
    place = int(sheet) if sheet.isdecimal() and len(sheet) < 4 else held.sheet
    number = int(line) if line.isdecimal() and len(line) < 6 else held.line
    importing_cards.place(
        store(),
        sheet=place,
        line=number if place == held.sheet else None,
        lexicon=desk.lexicon,
        opened=desk.here.vault,
        by=desk.here.actor,
    )


def _columns_page(
    desk: Desk, held: Held, form: NothingForm, fault: str, chosen: list[str], year: str
) -> Page:
    table = held.table
    columns = [
        {
            "at": at,
            "name": name or _("Column without a name"),
            "field": chosen[at] if chosen[at] != PERSONAL else "",
            "examples": [shown(cell) for cell in dict.fromkeys(table.column(at))][:EXAMPLES],
        }
        for at, name in enumerate(table.names)
        if held.columns[at] != PERSONAL
    ]
    page = render_template(
        "adviser/register-columns.html",
        here=desk.here,
        form=form,
        fault=fault,
        held=held,
        table=table,
        columns=columns,
        year=year,
        fields=[(field, FIELD_NAMES[field]) for field in FIELDS],
        sheets=list(enumerate(sheet.name for sheet in held.book.sheets)),
    )
    return (page, 400) if fault else page


@blueprint.post("/<slug>/register/import")
def register_import(slug: str) -> Page:
    desk = at_desk(slug)
    if not NothingForm().validate_on_submit():
        return to(slug, "register_check")
    here = desk.here
    try:
        kept, left = importing_cards.keep_cards(
            store(),
            lexicon=desk.lexicon,
            draw=draw,
            sign_in=desk.sign_in,
            opened=here.vault,
            by=here.actor,
            now=asking.now(),
        )
    except Refused as error:
        flash(refusal_says(error), "error")
        return to(slug, "register")
    flash(ngettext("%(num)s card was imported.", "%(num)s cards were imported.", kept), "done")
    if left:
        flash(
            ngettext(
                "%(num)s row is left. It stays here, sealed, until you mend it or throw it away.",
                "%(num)s rows are left. They stay here, sealed, until you mend them or throw them away.",
                left,
            ),
            "warn",
        )
    return to(slug, "register")


@blueprint.post("/<slug>/register/undo")
def register_undo(slug: str) -> Page:
    desk = at_desk(slug)
    if NothingForm().validate_on_submit():
        try:
            gone = importing_cards.undo(
                store(), sign_in=desk.sign_in, opened=desk.here.vault, by=desk.here.actor, now=asking.now()
            )
        except Refused as error:
            flash(refusal_says(error), "error")
        else:
            flash(
                ngettext("%(num)s card was removed again.", "%(num)s cards were removed again.", gone), "done"
            )
    return to(slug, "register")


@blueprint.post("/<slug>/register/throw-away")
def register_throw_away(slug: str) -> Page:
    desk = at_desk(slug)
    if NothingForm().validate_on_submit():
        importing_cards.throw_away(store(), opened=desk.here.vault, by=desk.here.actor)
        flash(
            _("What was left of your file was destroyed. Cards that were imported are still there."), "done"
        )
    return to(slug, "register")


@blueprint.get("/<slug>/register/failed.csv")
def register_failed(slug: str) -> Page:
    """The rows that are no card yet, made in memory for this answer."""
    desk = at_desk(slug)
    try:
        seen = desk.see()
    except Refused:
        return to(slug, "register")
    headings = HEADINGS["nl" if words.language() == "nl" else "en"]
    rows = importing_cards.failed(seen, say=fault_says, headings=headings)
    name = _("rows-to-mend")
    return download(as_csv(rows), f"{slug}-{name}.csv", "text/csv; charset=utf-8")


def download(raw: bytes, name: str, kind: str) -> Response:
    """A file to save; nothing keeps a copy on the way."""
    answer = Response(raw, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def careful_notes(seen: Seen) -> int:
    """How many notes hold what may tell who somebody is."""
    return sum(bool(card.note and notes.find(card.note)) for card in seen.outcome.cards.values())


def to(slug: str, endpoint: str) -> Response:
    return redirect(url_for(f"adviser.{endpoint}", slug=slug))
