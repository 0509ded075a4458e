"""Themes and categories of an organisation: added, renamed, retired, and kept."""

from __future__ import annotations

import pytest

from app.core.instrument import load_themes
from app.core.refusal import Refused
from app.core.signals import choices as choosing
from app.core.signals.choices import CATEGORY, THEME, Choices, standard
from app.core.signals.kinds import CATEGORIES
from tests.factories import SURVEYS

STANDARD = load_themes((SURVEYS / "themes.toml").read_text("utf-8"))


@pytest.fixture
def found() -> Choices:
    return standard(STANDARD)


def test_an_organisation_starts_with_the_known_ones(found: Choices):
    assert found.ids(THEME) == set(STANDARD)
    assert [one.id for one in found.categories] == list(CATEGORIES)
    assert found.name(CATEGORY, "bullying", "nl") == "pesten"
    assert found.name(THEME, "gossip", "en") == "gossip"
    assert found.name(THEME, "of another", "en") == "of another"


def test_a_theme_of_ones_own(found: Choices):
    more = found.add(THEME, nl="Onveilig in de nacht", en="Unsafe at night")
    assert more.offered(THEME)[-1].id == "onveilig-in-de-nacht"
    assert more.by_name(THEME, "  UNSAFE at night ") == more.themes[-1]
    assert found.by_name(THEME, "unsafe at night") is None


def test_ids_stay_apart_and_a_new_name_changes_no_id(found: Choices):
    more = (
        found.add(THEME, nl="Café", en="Bar")
        .rename(THEME, "cafe", nl="Kroeg", en="Pub")
        .add(THEME, nl="Café", en="Bar")
    )
    assert [one.id for one in more.themes[-2:]] == ["cafe", "cafe-2"]
    assert more.name(THEME, "cafe", "nl") == "Kroeg"


def test_retired_is_not_offered_and_keeps_its_name(found: Choices):
    less = found.retire(THEME, "gossip")
    assert "gossip" not in {one.id for one in less.offered(THEME)}
    assert less.name(THEME, "gossip", "nl") == "roddelen"
    assert less.restore(THEME, "gossip") == found


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda it: it.add(THEME, nl="Roddelen", en="Other"), "name-taken"),
        (lambda it: it.add(CATEGORY, nl="Iets", en="BULLYING"), "name-taken"),
        (lambda it: it.add(THEME, nl=" ", en="Other"), "name"),
        (lambda it: it.add(THEME, nl="x" * 61, en="Other"), "name"),
        (lambda it: it.rename(THEME, "gossip", nl="Pesten", en="Teasing"), "name-taken"),
        (lambda it: it.rename(THEME, "nothing", nl="a", en="b"), "no-choice"),
        (lambda it: it.retire(CATEGORY, "nothing"), "no-choice"),
    ],
)
def test_what_is_refused(found: Choices, act, reason: str):
    with pytest.raises(Refused) as refused:
        act(found)
    assert refused.value.reason == reason


def test_the_last_one_stays(found: Choices):
    for one in found.categories[1:]:
        found = found.retire(CATEGORY, one.id)
    with pytest.raises(Refused) as refused:
        found.retire(CATEGORY, "aggression")
    assert refused.value.reason == "last-choice"


def test_not_without_end(found: Choices):
    for number in range(choosing.MOST - len(found.themes)):
        found = found.add(THEME, nl=f"thema {number}", en=f"theme {number}")
    with pytest.raises(Refused) as refused:
        found.add(THEME, nl="nog een", en="one more")
    assert refused.value.reason == "too-many"


def test_what_is_kept_comes_back_and_does_not_tell_how_much_it_is(found: Choices):
    more = found.add(THEME, nl="Één", en="One").retire(THEME, "gossip")
    assert choosing.decode(choosing.encode(more), STANDARD) == more
    assert len(choosing.encode(more)) == len(choosing.encode(found)) == choosing.BYTES


def test_a_standard_theme_that_came_later_is_offered_too(found: Choices):
    kept = choosing.encode(found)
    later = choosing.decode(kept, {**STANDARD, "noise": {"nl": "lawaai", "en": "noise"}})
    assert later.themes[-1].id == "noise"
