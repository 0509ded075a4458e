"""Cards whose time has come: counts at the next opening, and gone unopened thirty days later, on real databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.core.signals.card import Card, decode, encode
from app.core.signals.counting import Cell
from app.jobs import daily
from app.services import keeping, retaining_signals, rotating
from app.services.keeping import CARD, COUNTS, OpenVault
from app.storage.database import Store
from app.storage.office import audit, vaults
from tests.core.handful import a_card, of_people
from tests.factories import a_store, a_vault, an_actor, an_adviser, an_organisation

BEFORE, ON = datetime(2027, 12, 31, 23, 0), datetime(2028, 1, 1, 9, 0)
DAY_29, DAY_30 = datetime(2028, 1, 30, 23, 0), datetime(2028, 1, 31, 3, 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as found:
        yield found


@pytest.fixture
def by(store: Store) -> Actor:
    return an_adviser(store, an_organisation(store))


@pytest.fixture
def vault(store: Store, by: Actor) -> OpenVault:
    assert by.account is not None
    return a_vault(store, by.organisation, by.account)


def keep(store: Store, vault: OpenVault, *cards: Card) -> None:
    with store.office() as session:
        keeping.keep(
            session, organisation=vault.organisation, kind=CARD, bodies=[encode(card) for card in cards]
        )


def kept(store: Store, vault: OpenVault) -> list[Card]:
    with store.reading() as session:
        return [decode(body) for body in keeping.kept(session, vault, CARD).values()]


def acts(store: Store, by: Actor) -> list[str]:
    with store.reading() as session:
        return [row.act for row in audit.rows(session, by.organisation)]


def test_cards_become_counts_on_their_date_and_not_before(store: Store, by: Actor, vault: OpenVault) -> None:
    keep(store, vault, *of_people(6, "gossip", "2025-Q2"), a_card("blauwe otter", "2026-Q1"))
    assert retaining_signals.reduce_due(store, vault, by=by, now=BEFORE) == 0
    assert len(kept(store, vault)) == 7
    assert retaining_signals.reduce_due(store, vault, by=by, now=ON) == 6
    assert [str(card.quarter) for card in kept(store, vault)] == ["2026-Q1"]
    with store.reading() as session:
        counts = retaining_signals.counts(session, vault)
    assert counts[2025].themes["2025-Q2", "gossip"] == Cell(6, 6)
    assert acts(store, by).count("reduce-signals") == 1


def test_what_came_late_is_added_to_one_and_the_same_counts(
    store: Store, by: Actor, vault: OpenVault
) -> None:
    for quarter in ("2025-Q2", "2025-Q3"):
        keep(store, vault, *of_people(2, "gossip", quarter))
        retaining_signals.reduce_due(store, vault, by=by, now=ON)
    with store.reading() as session:
        assert len(keeping.kept(session, vault, COUNTS)) == 1
        assert retaining_signals.counts(session, vault)[2025].total == Cell(4, 4)


def test_what_nobody_opens_goes_on_the_thirtieth_day(store: Store, by: Actor, vault: OpenVault) -> None:
    keep(store, vault, a_card("blauwe otter", "2025-Q4"), a_card("ronde emmer", "2026-Q1"))
    assert retaining_signals.drop_unopened(store, now=DAY_29) == 0
    assert retaining_signals.drop_unopened(store, now=DAY_30) == 1
    assert [str(card.quarter) for card in kept(store, vault)] == ["2026-Q1"]
    assert acts(store, by).count("drop-unopened-signals") == 1


def test_it_is_done_every_day_without_anybody_asking() -> None:
    assert "drop-unopened-signals" in daily.ACTS


def test_another_term_holds_for_what_is_there(store: Store, by: Actor, vault: OpenVault) -> None:
    keep(store, vault, a_card("blauwe otter", "2025-Q4"))
    retaining_signals.choose_years(store, vault, years=4, by=by, now=BEFORE)
    keep(store, vault, a_card("ronde emmer", "2025-Q1"))
    found = retaining_signals.terms(store, by=by)
    assert found.years == 4
    (going,) = found.going
    assert (going.year, str(going.reduced_on), str(going.gone_on)) == (2025, "2030-01-01", "2030-01-31")
    assert retaining_signals.reduce_due(store, vault, by=by, now=DAY_30) == 0
    assert retaining_signals.drop_unopened(store, now=DAY_30) == 0
    retaining_signals.choose_years(store, vault, years=2, by=by, now=BEFORE)
    assert retaining_signals.drop_unopened(store, now=DAY_30) == 2


def test_a_shorter_term_makes_counts_at_once_so_that_nothing_goes_uncounted(
    store: Store, by: Actor, vault: OpenVault
) -> None:
    keep(store, vault, *of_people(3, "gossip", "2025-Q4"), a_card("blauwe otter", "2026-Q3"))
    assert retaining_signals.choose_years(store, vault, years=1, by=by, now=datetime(2027, 5, 1, 9, 0)) == 3
    assert retaining_signals.drop_unopened(store, now=datetime(2027, 5, 1, 9, 0)) == 0
    with store.reading() as session:
        assert retaining_signals.counts(session, vault)[2025].total == Cell(3, 3)
    assert acts(store, by).count("choose-retention") == 1


@pytest.mark.parametrize("years", [0, 8])
def test_no_term_without_end(store: Store, by: Actor, vault: OpenVault, years: int) -> None:
    with pytest.raises(Refused) as refused:
        retaining_signals.choose_years(store, vault, years=years, by=by, now=ON)
    assert refused.value.reason == "years"


def test_a_renewed_key_and_a_changed_card_keep_the_year(store: Store, by: Actor, vault: OpenVault) -> None:
    keep(store, vault, a_card("blauwe otter", "2025-Q4"), a_card("ronde emmer", "2026-Q4"))
    renewed = rotating.rotate(store, vault, by=by, now=BEFORE)
    with store.reading() as session:
        assert vaults.years_kept(session, by.organisation, CARD) == (2027, 2028)
    with store.office() as session:
        keys = keeping.kept(session, renewed, CARD)
        changed = {key: encode(a_card("a b", "2024-Q1")) for key in keys}
        keeping.change(session, renewed, kind=CARD, bodies=changed)
    with store.reading() as session:
        assert vaults.years_kept(session, by.organisation, CARD) == (2026,)


def test_only_a_year_stands_beside_a_card(store: Store, by: Actor, vault: OpenVault) -> None:
    """Two cards of other quarters of one year differ in nothing but their random key and sealed body."""
    keep(store, vault, a_card("blauwe otter", "2026-Q1", note="x" * 500), a_card("ronde emmer", "2026-Q4"))
    with store.reading() as session:
        one, other = vaults.everything(session, by.organisation)
    assert (one.kind, one.until, len(one.body)) == (other.kind, other.until, len(other.body))
    assert {column.name for column in vaults.Sealed.__table__.columns} == {
        "organisation_id", "kind", "key", "body", "until",
    }  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADVISER])
def test_nobody_else_learns_or_chooses(store: Store, by: Actor, vault: OpenVault, role: Role) -> None:
    other = an_actor(by.organisation, role)
    with pytest.raises(NotAllowed):
        retaining_signals.terms(store, by=other)
    with pytest.raises(NotAllowed):
        retaining_signals.choose_years(store, vault, years=3, by=other, now=ON)
    with pytest.raises(NotAllowed):
        retaining_signals.reduce_due(store, vault, by=other, now=ON)


def test_a_vault_of_another_organisation_is_refused(store: Store, by: Actor, vault: OpenVault) -> None:
    stranger = an_adviser(store, an_organisation(store, "Zorg De Eik"))
    with pytest.raises(Refused):
        retaining_signals.reduce_due(store, vault, by=stranger, now=ON)
