"""What an adviser's pages offer to choose from: a slug enters; names of themes, categories and units, and open cards leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import abort, flash, redirect, url_for
from wtforms.fields import SelectChoice

from app.core.refusal import Refused
from app.core.signals.card import Card
from app.core.signals.choices import CATEGORY, THEME, Choices, standard
from app.core.signals.earlier import Earlier
from app.services import retaining_signals, signalling
from app.services.keeping import OpenVault
from app.services.signalling import Entry, Places
from app.web.adviser import remembering, words
from app.web.adviser.card_form import CardForm
from app.web.adviser.here import Here, look, opened
from app.web.adviser.say import _
from app.web.ui import asking, store, unsent

FIRST_THEMES = 8
INDENT = "\u2003"
# Else there is no key to seal a card with, or not the one this adviser knows.
CAN_ADD = ("", "locked")


@dataclass(frozen=True)
class Offer:
    """One organisation's choices. `entries` and own themes and categories are there only while the vault is open."""

    here: Here
    places: Places
    choices: Choices
    entries: tuple[Entry, ...]

    @property
    def open(self) -> bool:
        return self.here.vault is not None

    @property
    def vault(self) -> OpenVault:
        assert self.here.vault is not None
        return self.here.vault

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        return tuple(entry.card for entry in self.entries)

    @cached_property
    def earlier(self) -> Earlier:
        """Years of which only counts are left; read for the pages that count."""
        return retaining_signals.earlier(store(), self.vault, by=self.here.actor)

    @property
    def first_themes(self) -> int:
        """How many themes a page shows before “more”."""
        return FIRST_THEMES

    def units(self) -> list[SelectChoice]:
        """Below the whole organisation, indented as the tree is."""
        tree = self.places.tree
        if tree is None:
            return []
        return [
            SelectChoice(value=unit.code, label=INDENT * (tree.depth(unit.code) - 1) + unit.name)
            for unit in tree.units[1:]
        ]

    def unit_says(self, unit: str | None) -> str:
        return self.here.organisation.name if unit is None else self.places.names.get(unit, unit)

    def theme_says(self, theme: str) -> str:
        return self.choices.name(THEME, theme, words.language())

    def category_says(self, category: str) -> str:
        return self.choices.name(CATEGORY, category, words.language())

    def offered(self, kind: str) -> dict[str, str]:
        """Id and name of what a new card may hold."""
        return {one.id: one.name(words.language()) for one in self.choices.offered(kind)}

    def fill(self, form: CardForm, kept: Card | None = None) -> None:
        """Give a form its choices, most used first; what a kept card holds stays a choice."""
        units = self.units()
        if kept is not None and kept.unit not in (None, *(one.value for one in units)):
            units.append(SelectChoice(value=kept.unit, label=self.unit_says(kept.unit)))
        form.offer(
            today=asking.now().date(),
            categories=_choices(
                self.offered(CATEGORY),
                [one for card in self.cards for one in card.categories],
                {id: self.category_says(id) for id in (kept.categories if kept else ())},
            ),
            themes=_choices(
                self.offered(THEME),
                [one for card in self.cards for one in card.themes],
                {id: self.theme_says(id) for id in (kept.themes if kept else ())},
            ),
            units=units,
            kept=kept,
        )


def _choices(names: Mapping[str, str], used: Iterable[str], kept: Mapping[str, str]) -> list[SelectChoice]:
    """Most used first; what was never used stays in its own order, after it. What is kept stays a choice when it was retired."""
    counted = Counter(used)
    known = {**names, **kept}
    return [SelectChoice(value=id, label=known[id]) for id in sorted(known, key=lambda id: -counted[id])]


def offer_at(slug: str) -> Offer:
    """For adding: the vault is used when it is open, and not asked for when it is locked."""
    here = look(slug)
    if here.closed not in CAN_ADD:
        abort(redirect(url_for("adviser.vault", slug=slug)))
    if here.vault is None:
        _check_sealed_to(here)
    return _offer(here)


def _check_sealed_to(here: Here) -> None:
    """While the vault is locked only the database says what its key is; this browser remembers which it was."""
    try:
        now = signalling.sealed_to(store(), by=here.actor)
    except Refused:
        abort(redirect(url_for("adviser.vault", slug=here.slug)))
    if remembering.differs(here.actor.organisation, now):
        flash(
            _(
                "The vault of %(organisation)s has another key than when this browser last opened it. Unlock it once, to see "
                "that the key is right; then add your signal.",
                organisation=here.organisation.name,
            ),
            "warn",
        )
        unsent.hold(unsent.UNLOCK)
        abort(
            redirect(
                url_for("adviser.unlock", slug=here.slug, next=url_for("adviser.new_card", slug=here.slug))
            )
        )


def offer_opened(slug: str) -> Offer:
    """For reading: leads to the unlock page while the vault is locked."""
    return _offer(opened(slug))


def _offer(here: Here) -> Offer:
    places, themes = signalling.places(store(), by=here.actor), words.standard_themes()
    if here.vault is None:
        return Offer(here, places, standard(themes), ())
    choices = signalling.choices(store(), themes=themes, opened=here.vault, by=here.actor)
    return Offer(here, places, choices, signalling.cards(store(), opened=here.vault, by=here.actor))
