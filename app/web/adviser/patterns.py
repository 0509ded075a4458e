"""Patterns in the cards: an open vault and a choice enter; reporters and contacts by theme, category, unit and route leave.

Which theme somebody looks at stands in no address: choices are sent as forms. A picture's address holds two quarters only, and
unless somebody chose others always the same ones: the first or last quarter with a card would tell when somebody came.
Quarters whose cards are counts by now stand in the tables too, and the page says which they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from app.core.signals import counting
from app.core.signals.card import BadCard, Card, Quarter
from app.core.signals.counting import BY_CATEGORY, BY_QUARTER, BY_ROUTE, BY_THEME, BY_UNIT, Cell, Table
from app.core.signals.earlier import CROSSED, NO_YEARS, Between, Earlier
from app.core.signals.rates import rate
from app.core.signals.rising import Rising, rising
from app.web.adviser import blueprint, figuring, pattern_words, words
from app.web.adviser.cards import Page
from app.web.adviser.narrow_form import NarrowForm
from app.web.adviser.offering import Offer, offer_opened
from app.web.adviser.say import _
from app.web.ui import asking

QUARTERS = 8
MOST_IN_PICTURE = 15


@dataclass(frozen=True)
class Shown:
    """A table to show: `names` names a row; a row of themes has a button that tells all about it."""

    title: str
    table: Table
    quarters: tuple[str, ...]
    names: dict[str, str]
    by_theme: bool = False


@blueprint.route("/<slug>/patterns", methods=["GET", "POST"])
def patterns(slug: str) -> Page:
    """The last eight quarters, unless the form asks for others."""
    offer = offer_opened(slug)
    form = NarrowForm()
    form.offer(offer, _counted(offer.earlier))
    asked = request.method == "POST" and form.validate()
    if not asked:
        known = [one.value for one in form.since.choices if one.value >= str(_since())]
        form.since.data = min(known, default="")
    cards = [entry.card for entry in form.fits(offer)]
    # What is counted can't be searched or filtered any more.
    earlier = NO_YEARS if form.by_more_than_time() else offer.earlier
    quarters = _quarters(cards, earlier, form.since.data, form.until.data)
    left_out = _quarters([], offer.earlier, form.since.data, form.until.data) if earlier is NO_YEARS else ()
    return render_template(
        "adviser/patterns.html", here=offer.here, offer=offer, form=form, narrowed=asked and form.narrowed(),
        total=_whole(cards, earlier, quarters), quarters=quarters, tables=_tables(offer, cards, quarters, earlier),
        says=pattern_words, words=words, names=offer.places.names, units=earlier.units(quarters),
        rises=pattern_words.rising_says(_rising(offer), _names(offer, BY_THEME)), brief=_brief,
        ends=_ends(form) if asked else _ends(), reduced=_years(earlier, quarters), left_out=_years(offer.earlier, left_out),
        pictured=bool(quarters) and len(quarters) <= 3 * QUARTERS and not form.by_more_than_time(),
    )  # fmt: skip


@blueprint.post("/<slug>/patterns/theme")
def theme(slug: str) -> Page:
    """How many of such signals came in."""
    offer = offer_opened(slug)
    id, earlier = request.form.get("theme", ""), offer.earlier
    cards = [card for card in offer.cards if id in card.themes]
    known = _quarters([*offer.cards], earlier, "", "")
    if not cards and id not in earlier.themes(known):
        return redirect(url_for("adviser.patterns", slug=slug))
    quarters = known[-QUARTERS:]
    found = _rising(offer)
    risen = found.of(id)
    by_quarter = earlier.added(
        counting.table(cards, counting.keys(BY_THEME), counting.keys(BY_QUARTER), column_order=quarters),
        BY_THEME,
        quarters,
    )
    over = tuple(one for one in quarters if Quarter.read(one) <= found.last)
    people, _contacts = _of_theme(id, cards, earlier, over)
    yearly = rate(
        people.least, headcount=offer.places.people or 0, quarters=len(over), perhaps=people.perhaps
    )
    recent = tuple(one for one in known if one >= str(_since()))
    return render_template(
        "adviser/theme.html", here=offer.here, offer=offer, id=id, name=offer.theme_says(id), brief=_brief,
        total=_of_theme(id, cards, earlier, known), recent=_of_theme(id, cards, earlier, recent),
        quarters=quarters, by_quarter=by_quarter, rate=yearly, over=over,
        risen=pattern_words.rise_says(risen, found.quarters, offer.theme_says(id)) if risen else "", says=pattern_words,
        tables=[shown for shown in _tables(offer, cards, quarters, NO_YEARS) if not shown.by_theme],
        reduced=_years(earlier, known), reduced_here=_years(earlier, quarters),
    )  # fmt: skip


@blueprint.get("/<slug>/pictures/themes/<since>/<until>/<any(wide,narrow):width>.svg")
def themes_picture(slug: str, since: str, until: str, width: str) -> Response:
    """Reporters by theme and quarter."""
    offer = offer_opened(slug)
    try:
        first, last = Quarter.read(since), Quarter.read(until)
    except BadCard:
        return Response(status=404)
    cards = [card for card in offer.cards if first <= card.quarter <= last]
    known = [str(one) for one in _known(cards, offer.earlier, since, until)]
    quarters = _quarters(cards, offer.earlier, min(known), max(known)) if known else ()
    table = _tables(offer, cards, quarters, offer.earlier)[0].table
    payload: dict[str, Any] = {
        "heads": [_brief(quarter) for quarter in quarters],
        "note": _("Reporters by theme and quarter; a dot is nobody"),
        "rows": [
            {
                "label": offer.theme_says(row),
                "counts": [table.cell(row, column).reporters for column in quarters],
            }
            for row in table.rows[:MOST_IN_PICTURE]
        ],
    }
    if not payload["rows"] or len(quarters) > 3 * QUARTERS:
        return Response(status=404)
    return figuring.drawn("signal-themes", payload, width)


def _since() -> Quarter:
    return Quarter.at(Quarter.of(asking.now().date()).index - QUARTERS + 1)


def _rising(offer: Offer) -> Rising:
    """Up to the last quarter that is over."""
    last = Quarter.at(Quarter.of(asking.now().date()).index - 1)
    return rising(offer.cards, last=last, before=offer.earlier.firsts())


def _counted(earlier: Earlier) -> set[Quarter]:
    """Quarters with contacts that are counts by now."""
    return {Quarter.read(one) for counts in earlier.years.values() for one in counts.quarters}


def _ends(form: NarrowForm | None = None) -> tuple[str, str]:
    """Two quarters for the address of a picture, whatever is in the vault; those that were chosen where a form chose."""
    now = Quarter.of(asking.now().date())
    since = Quarter.at(now.index - 3 * QUARTERS + 1) if form else _since()
    return (form and form.since.data) or str(since), (form and form.until.data) or str(now)


def _known(cards: list[Card], earlier: Earlier, since: str | None, until: str | None) -> set[Quarter]:
    """Quarters with something in them: of the cards, and of what is counted in the period."""
    return {card.quarter for card in cards} | {
        one
        for one in _counted(earlier)
        if (not since or since <= str(one)) and (not until or str(one) <= until)
    }


def _quarters(cards: list[Card], earlier: Earlier, since: str | None, until: str | None) -> tuple[str, ...]:
    """Every quarter of the period, also those without a card."""
    known = _known(cards, earlier, since, until)
    if not known:
        return ()
    first = min(since or str(min(known)), str(min(known)))
    last = max(until or str(max(known)), str(max(known)))
    ends = Quarter.read(first).index, Quarter.read(last).index
    return tuple(str(Quarter.at(index)) for index in range(ends[0], ends[1] + 1))


def _years(earlier: Earlier, quarters: tuple[str, ...]) -> list[str]:
    """The years in it that are counts by now."""
    return sorted({str(one.year) for one in earlier.among(Quarter.read(quarter) for quarter in quarters)})


def _whole(cards: list[Card], earlier: Earlier, quarters: tuple[str, ...]) -> Cell:
    now, then = counting.count(cards), earlier.total(quarters)
    return Cell(now.reporters + then.reporters, now.contacts + then.contacts)


def _of_theme(id: str, cards: list[Card], earlier: Earlier, quarters: tuple[str, ...]) -> tuple[Between, int]:
    """Reporters and contacts of one theme in these quarters."""
    now = counting.count([card for card in cards if str(card.quarter) in quarters])
    then, contacts = earlier.theme(id, quarters)
    return Between(now.reporters, now.reporters).and_also(then), now.contacts + contacts


def _tables(offer: Offer, cards: list[Card], quarters: tuple[str, ...], earlier: Earlier) -> list[Shown]:
    titles = {
        BY_THEME: _("By theme"),
        BY_CATEGORY: _("By category"),
        BY_UNIT: _("By part of the organisation"),
        BY_ROUTE: _("By route"),
    }
    counted = {str(one) for one in offer.earlier.among(Quarter.read(quarter) for quarter in quarters)}
    cards_only = tuple(one for one in quarters if one not in counted)
    found = []
    for which, title in titles.items():
        own = quarters if which in CROSSED and earlier is not NO_YEARS else cards_only
        table = counting.table(
            cards, counting.keys(which, offer.places.tree), counting.keys(BY_QUARTER), column_order=own
        )
        if which in CROSSED:
            table = earlier.added(table, which, quarters)
        found.append(Shown(title, table, own, _names(offer, which), by_theme=which == BY_THEME))
    return found


def _names(offer: Offer, which: str) -> dict[str, str]:
    if which == BY_THEME:
        used = {one for _, one in offer.earlier.firsts()}
        return {id: offer.theme_says(id) for id in (*(one.id for one in offer.choices.themes), *used)}
    if which == BY_CATEGORY:
        return {one.id: offer.category_says(one.id) for one in offer.choices.categories}
    if which == BY_UNIT:
        return {**offer.places.names, counting.WHOLE: _("the whole organisation, or not known")}
    return {id: str(name) for id, name in words.ROUTES.items()}


def _brief(quarter: str) -> str:
    return words.quarter_brief(Quarter.read(quarter))
