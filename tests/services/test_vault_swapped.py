"""Somebody who may write in the database, and runs the program as it is, puts keys of their own in the place of others."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.access import Actor
from app.core.refusal import Refused
from app.core.signals.card import encode
from app.core.signals.choices import standard
from app.crypto.vault import NotOpened, Pair, fingerprint, seal
from app.services import (
    founding,
    joining,
    keeping,
    reporting,
    retaining_signals,
    rotating,
    signalling,
    unlocking,
)
from app.services.keeping import CARD, OpenVault
from app.storage.database import Store
from app.storage.office import vaults
from tests.core.signal_cards import cards
from tests.factories import (
    NOW,
    a_key,
    a_store,
    a_vault,
    an_adviser,
    an_organisation,
)
from tests.services.test_vault import opens, own, refused, second

CARD_OF_ONE = cards(seed=3, reporters=1, quarters=1)[0]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as made:
        an_organisation(made)
        yield made


def a_pair() -> Pair:
    return Pair.of(secrets.token_bytes(32))


def put_in_place(store: Store, pair: Pair, by: Actor) -> None:
    """The whole vault's key: sealing it to an adviser needs nothing but the public key that stands in the database."""
    with store.office() as session:
        row, held = vaults.vault(session, 1), vaults.key_of(session, 1, by.account or 0)
        key = vaults.adviser_key(session, by.account or 0)
        assert row is not None and held is not None and key is not None
        fresh = rotating.key_for(pair.private, 1, by.account or 0, key.public)
        row.public, row.confirmed, held.sealed, held.proof = pair.public, True, fresh.sealed, fresh.proof


def test_a_pair_put_in_the_place_of_a_new_vault_is_not_taken_for_it(store: Store) -> None:
    by = an_adviser(store, 1)
    founding.found(store, private=a_key(store, by.account or 0), by=by, now=NOW)
    theirs = a_pair()
    put_in_place(store, theirs, by)
    refused("key-changed", opens, store, by)
    seen = joining.standing(store, by=by, private=own(store, by))
    assert seen.fingerprint == "", "the adviser would read the intruder's characters out to the works council"


def test_without_its_mark_a_vault_asks_to_be_compared_and_never_just_opens(store: Store) -> None:
    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    put_in_place(store, a_pair(), by)
    with store.office() as session:
        held = vaults.key_of(session, 1, by.account or 0)
        assert held is not None
        held.known = None
    refused("not-compared", opens, store, by)


def test_an_own_key_that_was_exchanged_is_not_read_out_nor_used(store: Store) -> None:
    first = an_adviser(store, 1)
    opened = a_vault(store, 1, first.account or 0)
    by, theirs = an_adviser(store, 1, name="Marijke"), a_pair()
    mine = a_key(store, by.account or 0)
    with store.office() as session:
        key = vaults.adviser_key(session, by.account or 0)
        assert key is not None
        key.public = theirs.public
    joining.ask(store, by=by, now=NOW)
    seen = joining.standing(store, by=by, private=mine)
    assert seen.changed and seen.own_fingerprint == fingerprint(Pair.of(mine).public)
    refused(
        "other-fingerprint",
        joining.admit,
        store,
        opened,
        account=by.account,
        typed=seen.own_fingerprint,
        by=first,
        now=NOW,
    )
    assert joining.standing(store, by=by).own_fingerprint == "", "while locked, only the database speaks"


def test_an_own_key_that_was_exchanged_makes_no_vault(store: Store) -> None:
    by = an_adviser(store, 1)
    mine = a_key(store, by.account or 0)
    with store.office() as session:
        key = vaults.adviser_key(session, by.account or 0)
        assert key is not None
        key.public = a_pair().public
    refused("own-key-changed", founding.found, store, private=mine, by=by, now=NOW)


def test_a_renewed_key_is_known_because_the_one_before_lies_inside(store: Store) -> None:
    first = an_adviser(store, 1)
    opened = a_vault(store, 1, first.account or 0)
    other = second(store, first)
    rotating.rotate(store, rotating.rotate(store, opened, by=first, now=NOW), by=first, now=NOW)
    for by in (first, other):
        found = opens(store, by)
        with store.office() as session:
            unlocking.know(session, found, own(store, by))
        assert opens(store, by).private == found.private


def test_a_pair_that_brings_no_earlier_key_is_no_renewal(store: Store) -> None:
    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    theirs = a_pair()
    put_in_place(store, theirs, by)
    with store.office() as session:
        from app.services import keeping

        keeping.keep(session, organisation=1, kind=keeping.EARLIER_KEY, bodies=[secrets.token_bytes(32)])
    refused("key-changed", opens, store, by)


def test_the_key_of_another_organisation_opens_nothing_here(store: Store) -> None:
    elsewhere = an_organisation(store, "Zorg Elders")
    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    there = a_vault(store, elsewhere, by.account or 0)
    put_in_place(store, Pair.of(there.private), by)
    refused("key-changed", opens, store, by)


def test_who_is_not_in_a_vault_adds_nothing_to_it(store: Store) -> None:
    """An administrator makes every adviser coordinator for a moment, lets a works council of their own give the vault up and an
    adviser of their own make another: the advisers who come back must not fill that."""
    from tests.core.handful import a_card

    by = an_adviser(store, 1)
    a_vault(store, 1, by.account or 0)
    absent = an_adviser(store, 1, name="Marijke")
    signalling.add(store, card=a_card(), by=by)
    with pytest.raises(Refused) as error:
        signalling.add(store, card=a_card(), by=absent)
    assert error.value.reason == "not-admitted"


def test_what_was_put_in_a_vault_by_other_means_stops_nothing_and_loses_nothing(store: Store) -> None:
    by = an_adviser(store, 1)
    opened = a_vault(store, 1, by.account or 0)
    with store.office() as session:
        keeping.keep(session, organisation=1, kind=CARD, bodies=[encode(CARD_OF_ONE)])
        public = Pair.of(opened.private).public
        forged = {b"0" * 16: b"no ciphertext", b"1" * 16: b"x" * 900, b"2" * 16: seal(public, b"no card")}
        vaults.put(session, 1, CARD, forged)
        vaults.put(session, 1, keeping.DRAFT, {b"3" * 16: seal(public, b"[]"), b"4" * 16: b"no ciphertext"})
        for at, kind in enumerate((keeping.CHOICES, keeping.COUNTS)):
            vaults.put(session, 1, kind, {bytes([at]) * 16: seal(public, b"[]")})
    assert rotating.unread(store, opened, by=by) == 4
    renewed = rotating.rotate(store, opened, by=by, now=NOW)
    assert [one.card for one in signalling.cards(store, opened=renewed, by=by)] == [CARD_OF_ONE]
    assert reporting.drafts(store, renewed, by=by) == []
    assert rotating.unread(store, renewed, by=by) == 4
    with store.reading() as session:
        rows = {one.key: one.body for one in vaults.everything(session, 1)}
    assert rows[b"0" * 16] == b"no ciphertext" and len(rows) == 1 + 5 + 2 + 1
    assert signalling.choices(store, themes={}, opened=renewed, by=by) == standard({})
    assert not retaining_signals.earlier(store, renewed, by=by).years


def test_with_another_key_a_vault_does_not_seem_empty(store: Store) -> None:
    by = an_adviser(store, 1)
    opened = a_vault(store, 1, by.account or 0)
    with store.office() as session:
        keeping.keep(session, organisation=1, kind=CARD, bodies=[encode(CARD_OF_ONE)])
    with pytest.raises(NotOpened):
        signalling.cards(store, opened=OpenVault(1, opened.account, a_pair().private), by=by)
