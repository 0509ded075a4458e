"""Before a register is imported: what each row becomes is shown, and unknown values are given a meaning for all rows at once."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from app.core.refusal import Refused
from app.core.signals.register import Lexicon, key, read_quarter
from app.core.signals.register.lexicon import AXES, WHOLE
from app.core.signals.register.reading import CUT, SKIP
from app.services import importing_cards
from app.services.importing_cards import Seen
from app.web.adviser import blueprint, words
from app.web.adviser.forms import NothingForm
from app.web.adviser.register import MOST_FAULTS, Desk, Page, at_desk, careful_notes, to
from app.web.adviser.register_words import fault_says, field_name, shown
from app.web.adviser.say import _
from app.web.ui import store

MOST_ASKED = 60
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One value to give a meaning. `groups` are options under a heading; without any, a quarter is typed."""

    field: str
    value: str
    rows: int
    chosen: str
    groups: tuple[tuple[str, Options], ...]
    fault: str = ""

    @property
    def title(self) -> str:
        if self.field == "note":
            return _("Notes that are too long")
        return f"“{shown(self.value)}”" if self.value else _("Empty")

    @property
    def field_says(self) -> str:
        return field_name(self.field)


@blueprint.route("/<slug>/register/check", methods=["GET", "POST"])
def register_check(slug: str) -> Page:
    desk = at_desk(slug)
    form = NothingForm()
    faults: dict[tuple[str, str], str] = {}
    typed: dict[tuple[str, str], str] = {}
    try:
        if form.validate_on_submit():
            typed = _typed()
            mends, faults = _judged(desk.lexicon, typed)
            if not faults:
                importing_cards.mend(store(), mends=mends, opened=desk.here.vault, by=desk.here.actor)
                return to(slug, "register_check")
        seen = desk.see()
    except Refused:
        return to(slug, "register")
    page = _page(desk, seen, form, faults, typed)
    return (page, 400) if faults else page


def _typed() -> dict[tuple[str, str], str]:
    count = request.form.get("count", "")
    numbers = range(min(int(count), 2 * MOST_ASKED) if count.isdecimal() and len(count) < 5 else 0)
    return {
        (request.form.get(f"field-{at}", ""), request.form.get(f"value-{at}", "")): request.form.get(
            f"choice-{at}", ""
        ).strip()
        for at in numbers
    }


def _judged(
    lexicon: Lexicon, typed: dict[tuple[str, str], str]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Mends that can be used, and a fault for each that can't."""
    mends, faults = {}, {}
    for (field, value), choice in typed.items():
        if field in ("date", "quarter", "month") and choice:
            quarter = read_quarter(choice)
            if quarter is None:
                faults[field, value] = _("Write a quarter such as 2025-Q1.")
                continue
            choice = str(quarter)
        elif choice and not _offered(lexicon, field, choice):
            continue
        mends[field, value] = choice
    return mends, faults


def _offered(lexicon: Lexicon, field: str, choice: str) -> bool:
    if field == "note":
        return choice == CUT
    if field not in AXES:
        return False
    to_axis, colon, id = choice.partition(":")
    if colon and to_axis in ("categories", "themes"):
        return id in lexicon[to_axis].names
    return choice == SKIP or choice in lexicon[field].names


def _page(
    desk: Desk,
    seen: Seen,
    form: NothingForm,
    faults: dict[tuple[str, str], str],
    typed: dict[tuple[str, str], str],
) -> str:
    open_values = seen.unknown
    asked = [
        Asked(
            each.field,
            each.value,
            each.rows,
            typed.get((each.field, each.value), ""),
            _groups(desk.lexicon, each.field, each.value, each.proposals),
            faults.get((each.field, each.value), ""),
        )
        for each in open_values[:MOST_ASKED]
    ]
    known = {key(each.field, each.value) for each in asked}
    settled = [
        Asked(field, value, 0, choice, _groups(desk.lexicon, field, value, ()))
        for (field, value), choice in seen.held.mends.items()
        if (field, value) not in known
    ]
    wrong = [
        (line, [fault_says(fault) for fault in found]) for line, found in sorted(seen.outcome.faults.items())
    ]
    return render_template(
        "adviser/register-check.html",
        here=desk.here,
        form=form,
        seen=seen,
        cards=len(seen.outcome.cards),
        failed=len(wrong),
        asked=asked,
        more_asked=max(0, len(open_values) - MOST_ASKED),
        settled=settled[:MOST_ASKED],
        wrong=wrong[:MOST_FAULTS],
        more_wrong=max(0, len(wrong) - MOST_FAULTS),
        faults=faults,
        careful=careful_notes(seen),
        words=words,
        others=[each for each in seen.held.left if each[0] != seen.held.sheet],
    )


def _groups(
    lexicon: Lexicon, field: str, value: str, proposals: tuple[str, ...]
) -> tuple[tuple[str, Options], ...]:
    """The closest names first, then everything; a category may turn out to be a theme, and the other way round."""
    if field == "note":
        return ((_("Every note that is too long"), [(CUT, _("cut it off"))]),)
    if field not in AXES:
        return ()
    closest = [(id, lexicon[field].name(id)) for id in proposals]
    groups: list[tuple[str, Options]] = [(_("Looks like"), closest)] if closest else []
    everything = [(id, lexicon[field].name(id)) for id in lexicon[field].names if id != WHOLE]
    if field == "unit":
        groups.append((_("Everybody"), [(WHOLE, lexicon["unit"].name(WHOLE))]))
    groups.append((field_name(field), everything))
    if field in ("categories", "themes"):
        other = "themes" if field == "categories" else "categories"
        groups.append(
            (field_name(other), [(f"{other}:{id}", lexicon[other].name(id)) for id in lexicon[other].names])
        )
        if value:
            groups.append((_("Neither"), [(SKIP, _("leave this value out"))]))
    return tuple(groups)
