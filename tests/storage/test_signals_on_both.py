"""Vault, cards, drafts, reports and renewed keys on SQLite and on PostgreSQL: the same journey through the services."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.access import Role
from app.core.refusal import Refused
from app.core.signals.card import encode
from app.services import keeping, remembering_themes, reporting, retaining_signals, rotating, signalling
from app.storage.database import Store
from app.storage.office import vaults
from tests.core.signal_cards import cards
from tests.factories import NOW, a_vault, an_actor, an_adviser, an_organisation
from tests.storage.stores import an_app

BACKENDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
WINDOW = "2025-Q1--2025-Q4"
LATER = NOW.replace(year=2028, month=2)


@pytest.mark.parametrize("backend", BACKENDS)
def test_from_cards_to_a_report_a_renewed_key_and_counts(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        store: Store = app.extensions["store"]
        organisation = an_organisation(store)
        by = an_adviser(store, organisation)
        opened = a_vault(store, organisation, by.account or 0)
        signals = cards(seed=4, reporters=30, quarters=4)
        for card in signals[:5]:
            signalling.add(store, card=card, by=by)
        with store.office() as session:
            bodies = [encode(card) for card in signals[5:]]
            keeping.keep(session, organisation=organisation, kind=keeping.CARD, bodies=bodies)
        assert len(signalling.cards(store, opened=opened, by=by)) == len(signals)
        assert in_key_order(store, backend), "the order of rows tells when cards came"

        id = reporting.draft(
            store, opened, kind="yearly", window=WINDOW, language="nl", names={}, draw=False, by=by, now=NOW
        )
        digest = reporting.preview(store, opened, id=id, by=by, now=NOW).document["digest"]
        reporting.release(store, opened, id=id, digest=digest, confirmed=True, by=by, now=NOW)
        manager = an_actor(organisation, Role.MANAGER)
        assert [one.digest for one in reporting.released(store, by=manager)] == [digest]
        assert reporting.document(store, digest=digest, by=manager)["figures"]["reporters"]["low"] >= 5
        with pytest.raises(Refused, match="released"):
            reporting.draft(
                store,
                opened,
                kind="yearly",
                window=WINDOW,
                language="nl",
                names={},
                draw=False,
                by=by,
                now=NOW,
            )
        with store.office() as session:
            (known,) = remembering_themes.earlier(session, opened)
            assert known.came and known.named
            vaults.put(session, organisation, keeping.CARD, {b"x" * 16: b"put here by other means"})

        renewed = rotating.rotate(store, opened, by=by, now=NOW)
        assert len(signalling.cards(store, opened=renewed, by=by)) == len(signals)
        assert rotating.unread(store, renewed, by=by) == 1
        assert retaining_signals.reduce_due(store, renewed, by=by, now=LATER) == len(signals)
        assert signalling.cards(store, opened=renewed, by=by) == ()
        assert [*retaining_signals.earlier(store, renewed, by=by).years] == [2025]
        assert (
            date.fromisoformat(reporting.document(store, digest=digest, by=manager)["released_on"])
            == NOW.date()
        )


def in_key_order(store: Store, backend: str) -> bool:
    place = "ctid" if backend == "postgresql" else "key"
    with store.reading() as session:
        keys = [bytes(row[0]) for row in session.execute(text(f"SELECT key FROM sealed ORDER BY {place}"))]
    return keys == sorted(keys)
