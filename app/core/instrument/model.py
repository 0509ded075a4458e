"""A questionnaire as frozen values: what a checked instrument file becomes; nothing is read here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

CLOSED = "closed"
BACKGROUND = "background"
COMMENT = "comment"
MEAN = "mean"
INCIDENCE = "incidence"
# A screen with more questions than this makes people on a phone lose their place.
MOST_ON_A_SCREEN = 8
FEWEST_ON_A_SCREEN = 3


def text(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in the instrument's first language, else ""."""
    return texts[language] if language in texts else next(iter(texts.values()), "")


@dataclass(frozen=True)
class Options:
    """The answers somebody can choose from, by whole-number codes in rising order.

    `missing` holds the codes that mean "don't know": they can be chosen and count as no answer. `labels` has
    per language one label a code. `ordered` is False where the codes are names and no amounts.
    """

    id: str
    codes: tuple[int, ...]
    favourable: tuple[int, ...]
    unfavourable: tuple[int, ...]
    missing: tuple[int, ...]
    ordered: bool
    labels: dict[str, tuple[str, ...]] = field(hash=False)

    @cached_property
    def scored(self) -> tuple[int, ...]:
        """The codes that count as an answer, rising."""
        return tuple(code for code in self.codes if code not in self.missing)

    @property
    def low(self) -> int:
        return self.scored[0]

    @property
    def high(self) -> int:
        return self.scored[-1]

    def label(self, code: int, language: str) -> str:
        """Raises ValueError for a code that is not in this set."""
        labels = self.labels[language] if language in self.labels else next(iter(self.labels.values()))
        return labels[self.codes.index(code)]


@dataclass(frozen=True)
class Scale:
    """Items that are counted together: "mean" is averaged per person, "incidence" is a share "at least once".

    `min_answered` is the share (above 0, at most 1) of its items a person must have answered to get a score;
    `rates_a_person` is True where a unit's score would judge one identifiable leader.
    """

    id: str
    theme: str
    kind: str
    min_answered: float
    rates_a_person: bool
    title: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Item:
    """One question: closed ones have scale and options, background ones options only, comments neither."""

    id: str
    kind: str
    scale: str | None
    options: str | None
    reversed: bool
    text: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Section:
    """Items shown together on one screen. `title` is {} where the file names no sections: number the screens
    then, because the title of a scale would tell people what is measured and colour the answers."""

    id: str
    items: tuple[Item, ...]
    title: dict[str, str] = field(hash=False, default_factory=dict)


@dataclass(frozen=True, eq=False)
class Instrument:
    """A checked questionnaire; two are equal when their source text is. `languages[0]` is the fallback,
    `minutes` the time to fill it in; `starts` holds (section id, title, first item id) of each section."""

    id: str
    version: int
    languages: tuple[str, ...]
    minutes: int
    licence: str
    source: str
    validated: bool
    outcome: str | None
    title: dict[str, str]
    intro: dict[str, str] | None
    options: dict[str, Options]
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    text: str
    starts: tuple[tuple[str, dict[str, str], str], ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instrument) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the source text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def coded(self) -> tuple[Item, ...]:
        """Closed and background items in file order: the columns of a ballot and of a dataset."""
        return tuple(item for item in self.items if item.kind != COMMENT)

    @cached_property
    def comments(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == COMMENT)

    @cached_property
    def backgrounds(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == BACKGROUND)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _scales(self) -> Mapping[str, Scale]:
        return {scale.id: scale for scale in self.scales}

    @cached_property
    def _items_of(self) -> Mapping[str, tuple[Item, ...]]:
        return {scale.id: tuple(i for i in self.items if i.scale == scale.id) for scale in self.scales}

    def item(self, id: str) -> Item:
        """Raises KeyError for an unknown id."""
        return self._items[id]

    def scale(self, id: str) -> Scale:
        """Raises KeyError for an unknown id."""
        return self._scales[id]

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """The items of a scale in file order; raises KeyError for an unknown id."""
        return self._items_of[scale_id]

    def options_of(self, item: Item) -> Options:
        """Raises KeyError for a comment, which has no options."""
        return self.options[item.options or ""]

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The items in file order, cut into screens by the file, else where scale or kind changes."""
        return _named_sections(self) if self.starts else _plain_sections(self.items)


def _named_sections(instrument: Instrument) -> tuple[Section, ...]:
    places = {item.id: place for place, item in enumerate(instrument.items)}
    firsts = [places[first] for _, _, first in instrument.starts]
    ends = [*firsts[1:], len(instrument.items)]
    return tuple(
        Section(id, instrument.items[first:end], title)
        for (id, title, _), first, end in zip(instrument.starts, firsts, ends, strict=True)
    )


def _plain_sections(items: tuple[Item, ...]) -> tuple[Section, ...]:
    """A change of kind always starts a screen, a change of scale only once a few questions stand on it."""
    runs: list[list[Item]] = []
    for item in items:
        last = runs[-1] if runs else []
        same_kind = bool(last) and last[-1].kind == item.kind
        if same_kind and (last[-1].scale == item.scale or len(last) < FEWEST_ON_A_SCREEN):
            last.append(item)
        else:
            runs.append([item])
    screens = [screen for run in runs for screen in _evenly(run)]
    return tuple(Section(str(place + 1), tuple(screen)) for place, screen in enumerate(screens))


def _evenly(run: list[Item]) -> list[list[Item]]:
    """Cut a long run into screens of nearly equal length."""
    parts = -(-len(run) // MOST_ON_A_SCREEN)
    cuts = [len(run) * part // parts for part in range(parts + 1)]
    return [run[start:end] for start, end in pairwise(cuts)]
