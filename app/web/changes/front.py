"""The board itself: an address enters; what was heard, decided, done, turned down and is late leaves, for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_babel import get_locale

from app.core import noticed, shelf
from app.core.days import local_day
from app.core.feedback import is_late
from app.core.shelf import Entry, Section, Sought
from app.render import news, story
from app.render.reading import Reading
from app.services import boarding, promising
from app.services.boarding import Shelf
from app.storage.office import board_reading
from app.storage.office.scans import Scan
from app.web.changes import board_words, public, ready, released
from app.web.changes.board import Here, at
from app.web.ui import asking, store

ON_FRONT = 4
SCANS_ON_FRONT = 2
FIELDS = ("theme", "unit", "section", "q", "page")
MOST_FIELD = 80
WHOLE = "-"


@dataclass(frozen=True)
class Around:
    """What every page of a board is made with: whose it is, and the results that everybody may read."""

    here: Here
    newest: tuple[Scan, Reading] | None

    @property
    def reading(self) -> Reading | None:
        return self.newest[1] if self.newest else None

    @cached_property
    def units(self) -> dict[str, str]:
        return released.shown_units(self.reading)

    @cached_property
    def shelf(self) -> Shelf:
        return boarding.shelf(store(), organisation=self.here.organisation.id)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.shelf.entries

    @cached_property
    def themes(self) -> list[tuple[str, str, int]]:
        """(theme, its name, number of updates) of what is on the board and what the newest results ask about, by name."""
        counts = dict(self.shelf.themes)
        for theme in scales_by_theme(self.reading):
            counts.setdefault(theme, 0)
        return sorted(
            ((one, board_words.theme_name(one), n) for one, n in counts.items()), key=lambda one: one[1]
        )


def around(address: str) -> Around:
    here = at(address)
    return Around(here, released.newest(here.organisation.id, str(get_locale()), asking.now()))


def show(template: str, found: Around, **facts: Any) -> str:
    today = local_day(asking.now())
    return render_template(
        f"changes/{template}.html",
        here=found.here,
        around=found,
        to=lambda endpoint, **values: to(found.here, endpoint, **values),
        words=board_words,
        tell=lambda content: news.tell(content, str(get_locale()), today),
        late=lambda content: is_late(content, today),
        today=today,
        **facts,
    )


def to(here: Here, endpoint: str, **values: Any) -> str:
    """A page of this board, in the language that the address asked for."""
    return url_for(f"board.{endpoint}", **{"address": here.address, "language": ready.chosen(), **values})


def scales_by_theme(reading: Reading | None) -> dict[str, list[str]]:
    """Theme -> ids of the scales of a release that are about it."""
    found: dict[str, list[str]] = {}
    for scale in reading.instrument["scales"] if reading else ():
        if scale.get("theme") and not noticed.asks(scale):
            found.setdefault(str(scale["theme"]), []).append(str(scale["id"]))
    return found


@public.get("/<address>/")
def front(address: str) -> Response:
    return ready.page(lambda: _front(address))


def _front(address: str) -> str:
    found = around(address)
    standings = boarding.standings(store(), organisation=found.here.organisation.id, now=asking.now())
    held = shelf.sections(found.entries, local_day(asking.now()))
    return show(
        "board",
        found,
        scans=standings[:SCANS_ON_FRONT],
        earlier=[one for one in standings[SCANS_ON_FRONT:] if one.results],
        sections=[(one, held[one][:ON_FRONT], len(held[one])) for one in board_words.SECTIONS],
        said=story.sentences(found.reading) if found.reading else (),
        lines=promising.timeline(
            store(), organisation=found.here.organisation.id, today=local_day(asking.now())
        ),
    )


@public.get("/<address>/updates/")
def listing(address: str) -> Response:
    """What fits the form in the address: it holds what anybody may read, and nothing of who looks for it."""
    asked = {name: request.args.get(name, "")[:MOST_FIELD] for name in FIELDS}
    return ready.page(lambda: _listing(address, asked), *asked.values())


def _listing(address: str, asked: dict[str, str]) -> str:
    found = around(address)
    unit = asked["unit"]
    sought = Sought(
        section=asked["section"] if asked["section"] in set(Section) else "",
        theme=asked["theme"],
        units=released.inside(found.reading, unit) if unit and unit != WHOLE else (),
        words=asked["q"],
        whole=unit == WHOLE,
    )
    fits = shelf.find(found.entries, sought, local_day(asking.now()), words=lambda: found.shelf.words)
    number = int(asked["page"]) if asked["page"].isdecimal() else 1
    number = min(max(1, number), shelf.pages(fits))
    kept = {name: value for name, value in asked.items() if value and name != "page"}
    return show(
        "board-list", found, entries=shelf.page(fits, number), count=len(fits), page=number, pages=shelf.pages(fits),
        asked=asked, kept=kept, sections=list(board_words.SECTIONS), whole=WHOLE,
    )  # fmt: skip


@public.get("/<address>/withdrawn/")
def withdrawn(address: str) -> Response:
    """What was taken off the board, and why: nothing that was said goes without a word."""
    return ready.page(lambda: _withdrawn(address))


def _withdrawn(address: str) -> str:
    found = around(address)
    with store().reading() as session:
        rows = board_reading.withdrawn(session, found.here.organisation.id)
    gone = [(row, version.content, local_day(row.withdrawn_at)) for row, version in rows if row.withdrawn_at]
    return show("board-withdrawn", found, gone=gone)


@public.get("/<address>/theme/<theme>/")
def theme(address: str, theme: str) -> Response:
    return ready.page(lambda: _theme(address, theme))


def _theme(address: str, theme: str) -> str:
    """What the newest results say of a theme, and everything that happened with it."""
    found = around(address)
    entries = shelf.find(found.entries, Sought(theme=theme), local_day(asking.now()))
    scales = scales_by_theme(found.reading).get(theme, [])
    if not entries and not scales:
        abort(404)
    said = []
    for id in scales:
        scale = found.reading.scale(id) if found.reading else None
        if found.reading and scale:
            said.append((scale.title, story.of_scale(found.reading, scale)))
    return show(
        "board-theme", found, theme=theme, said=said, entries=entries[: shelf.A_PAGE], count=len(entries)
    )
