"""Patterns in the cards: an open vault and a choice enter; reporters and contacts by theme, category, unit and route leave.

Which theme somebody looks at stands in no address: choices are sent as forms. A picture's address holds two quarters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from app.core.signals import counting
from app.core.signals.card import BadCard, Card, Quarter
from app.core.signals.counting import BY_CATEGORY, BY_QUARTER, BY_ROUTE, BY_THEME, BY_UNIT, Table
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
    """A table to show: `says` names a row; a row of themes has a button that tells all about it."""

    title: str
    table: Table
    names: dict[str, str]
    by_theme: bool = False


@blueprint.route("/<slug>/patterns", methods=["GET", "POST"])
def patterns(slug: str) -> Page:
    """The last eight quarters, unless the form asks for others."""
    offer = offer_opened(slug)
    form = NarrowForm()
    form.offer(offer)
    asked = request.method == "POST" and form.validate()
    if not asked:
        form.since.data = str(_since()) if str(_since()) in [one.value for one in form.since.choices] else ""
    cards = [entry.card for entry in form.fits(offer)]
    quarters = _quarters(cards, form.since.data, form.until.data)
    return render_template(
        "adviser/patterns.html", here=offer.here, offer=offer, form=form, narrowed=asked and form.narrowed(),
        total=counting.count(cards), quarters=quarters, tables=_tables(offer, cards, quarters), says=pattern_words, words=words,
        rises=pattern_words.rising_says(_rising(offer), _names(offer, BY_THEME)), brief=_brief,
        pictured=bool(quarters) and len(quarters) <= 3 * QUARTERS and not form.by_more_than_time(),
    )  # fmt: skip


@blueprint.post("/<slug>/patterns/theme")
def theme(slug: str) -> Page:
    """How many of such signals came in."""
    offer = offer_opened(slug)
    id = request.form.get("theme", "")
    cards = [card for card in offer.cards if id in card.themes]
    if not cards:
        return redirect(url_for("adviser.patterns", slug=slug))
    recent = [card for card in cards if card.quarter >= _since()]
    quarters = counting.quarters_of([*offer.cards])[-QUARTERS:]
    found = _rising(offer)
    risen = found.of(id)
    by_quarter = counting.table(
        cards, counting.keys(BY_THEME), counting.keys(BY_QUARTER), column_order=quarters
    )
    over = [one for one in quarters if Quarter.read(one) <= found.last]
    done = [card for card in cards if str(card.quarter) in over]
    yearly = rate(counting.count(done).reporters, headcount=offer.places.people or 0, quarters=len(over))
    return render_template(
        "adviser/theme.html", here=offer.here, offer=offer, id=id, name=offer.theme_says(id), total=counting.count(cards),
        recent=counting.count(recent), quarters=quarters, by_quarter=by_quarter, rate=yearly, over=over, brief=_brief,
        risen=pattern_words.rise_says(risen, found.quarters, offer.theme_says(id)) if risen else "", says=pattern_words,
        tables=[shown for shown in _tables(offer, cards, quarters) if not shown.by_theme],
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
    quarters = _quarters(cards, since, until)
    table = _tables(offer, cards, quarters)[0].table
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
    return rising(offer.cards, last=last)


def _quarters(cards: list[Card], since: str | None, until: str | None) -> tuple[str, ...]:
    """Every quarter of the period, also those without a card."""
    found = counting.quarters_of(cards)
    if not found:
        return ()
    first = min(since or found[0], found[0])
    last = max(until or found[-1], found[-1])
    ends = Quarter.read(first).index, Quarter.read(last).index
    return tuple(str(Quarter.at(index)) for index in range(ends[0], ends[1] + 1))


def _tables(offer: Offer, cards: list[Card], quarters: tuple[str, ...]) -> list[Shown]:
    titles = {
        BY_THEME: _("By theme"),
        BY_CATEGORY: _("By category"),
        BY_UNIT: _("By part of the organisation"),
        BY_ROUTE: _("By route"),
    }
    return [
        Shown(
            title,
            counting.table(
                cards,
                counting.keys(which, offer.places.tree),
                counting.keys(BY_QUARTER),
                column_order=quarters,
            ),
            _names(offer, which),
            by_theme=which == BY_THEME,
        )
        for which, title in titles.items()
    ]


def _names(offer: Offer, which: str) -> dict[str, str]:
    if which == BY_THEME:
        return {one.id: offer.theme_says(one.id) for one in offer.choices.themes}
    if which == BY_CATEGORY:
        return {one.id: offer.category_says(one.id) for one in offer.choices.categories}
    if which == BY_UNIT:
        return {**offer.places.names, counting.WHOLE: _("the whole organisation, or not known")}
    return {id: str(name) for id, name in words.ROUTES.items()}


def _brief(quarter: str) -> str:
    return words.quarter_brief(Quarter.read(quarter))
