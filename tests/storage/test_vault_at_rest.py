"""With a vault unlocked in a running session, no file holds a word of it, and its rows tell nothing of when they came."""

from __future__ import annotations

import contextlib
import random
import secrets
import shutil
import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import Actor, at_command_line
from app.core.refusal import Refused
from app.core.signals import choices as choosing
from app.core.signals.card import BYTES, Card, Quarter, encode
from app.crypto import vault as sealing
from app.crypto.vault import NotOpened
from app.services import joining, keeping, reviewing, safeguarding, signalling, unlocking
from app.services import sealing as closing
from app.services.keeping import CARD, OpenVault
from app.storage.database import Store
from app.storage.office import vaults
from tests.factories import (
    CHEAP,
    NOW,
    PASSPHRASE,
    a_scan,
    a_vault,
    an_adviser,
    an_app,
    an_open_adviser,
    an_organisation,
    ballots,
    send,
    signed_in,
    unlock,
)

MARKER = "zwartgalligheid"
SLUG = "zorggroep-de-linde"
CARDS = f"/adviser/{SLUG}/cards/"


def a_card(number: int) -> Card:
    """Cards of very different length."""
    return Card(
        quarter=Quarter(2026, 1 + number % 4),
        categories=("bullying",),
        themes=("exclusion", MARKER)[: 1 + number % 2],
        unit=MARKER if number % 3 else None,
        contact="first-contact",
        reporter="employee",
        source="colleague",
        route="listening",
        nickname=f"{MARKER} {number}",
        note=f"{MARKER} " * (number % 30),
    )


def files_with(folder: Path, text: str) -> list[str]:
    """Every file below that holds this text as it would be written, in capitals or in UTF-16."""
    wanted = [text.encode(), text.upper().encode(), text.encode("utf-16-le")]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in wanted)
    ]


def backup(folder: Path, to: Path) -> Path:
    """As the manual says: a copy of each database by SQLite itself, with the secrets and all other files."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.db", "*.db-*", "*.lock"))
    for path in folder.glob("*.db"):
        with sqlite3.connect(path) as source, sqlite3.connect(to / path.name) as target:
            source.backup(target)
    return to


def test_no_database_folder_backup_or_secret_holds_a_word_while_a_vault_is_unlocked(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    with an_app(folder) as app:
        store: Store = app.extensions["store"]
        organisation = an_organisation(store)
        client, opened = an_open_adviser(app, organisation)
        with store.reading() as session:
            ((_, who, _, roles),) = vaults.holders(session, organisation)
        by = Actor(who.name, organisation, roles, who.id)
        for number in range(200):
            signalling.add(store, card=a_card(number), by=by)
        own = signalling.choices(store, themes={}, opened=opened, by=by)
        own = own.add(choosing.THEME, nl=MARKER, en=MARKER)
        signalling.choose(store, choices=own, opened=opened, by=by)
        scan = comments_of_fifty(store, organisation)
        # A page that shows it all, and one that draws it: both in this process.
        assert client.get(CARDS).text.count(MARKER) > 20
        client.post(f"/adviser/{SLUG}/patterns", data={})
        assert MARKER in {word for card in cards(store, opened, by) for word in card.themes}
        assert files_with(folder, MARKER) == []
        assert files_with(backup(folder, tmp_path / "backup"), MARKER) == []
        assert {path.name for path in folder.iterdir()} >= {"office.db", "ballots.db", "issuing.db"}
        it_opens_with_the_passphrase_and_not_without(tmp_path / "backup", by)
        removing_and_recovering(app, opened, by, scan)
        assert files_with(folder, MARKER) == []


def cards(store: Store, opened: OpenVault, by: Actor) -> list[Card]:
    return [entry.card for entry in signalling.cards(store, opened=opened, by=by)]


def comments_read(store: Store, opened: OpenVault, scan: str) -> int:
    return sum(MARKER in entry.written for entry in reviewing.entries(store, opened, scan))


def comments_of_fifty(store: Store, organisation: int) -> str:
    """The scan they were written in, sealed, so that advisers may read them."""
    scan = a_scan(store, organisation=organisation)
    codes = [code for of_stratum in scan.codes.values() for code in of_stratum][:50]
    comment = scan.instrument.comments[0].id
    for number, (code, values) in enumerate(zip(codes, ballots(50), strict=True)):
        send(store, scan, code, {**values, comment: f"mijn {MARKER} {number}"})
    closing.seal(store, scan=scan.id, by=at_command_line(organisation), now=NOW)
    return scan.id


def it_opens_with_the_passphrase_and_not_without(copy: Path, by: Actor) -> None:
    """A backup on another machine: the passphrase opens it; the secrets beside it and the unlocked half don't."""
    with an_app(copy) as app:
        store: Store = app.extensions["store"]
        private = unlocking.private_key(store, passphrase=PASSPHRASE, by=by, now=NOW)
        with store.reading() as session:
            there = unlocking.opened_with(session, private, by)
            assert len(keeping.kept(session, there, CARD)) == 200
            unlocked = session.query(vaults.Unlocked).all()
            key = vaults.adviser_key(session, by.account or 0)
            bodies = [row.body for row in vaults.everything(session, by.organisation)]
        with pytest.raises(Refused, match="not the passphrase"):
            unlocking.private_key(store, passphrase="een verkeerde lange zin", by=by, now=NOW)
        assert len(unlocked) == 1 and key is not None
        for secret in secrets_in(copy):
            for locked in (unlocked[0].wrapped, key.locked, key.recovery_locked):
                with pytest.raises(NotOpened):
                    sealing.unwrap(locked, secret)
            with pytest.raises(NotOpened):
                sealing.unseal(secret, bodies[0])


def secrets_in(folder: Path) -> list[bytes]:
    """Every run of 32 bytes of every file of secrets, as it stands and as hexadecimal."""
    found = []
    for path in folder.glob("*.key"):
        raw = path.read_bytes().strip()
        forms = [raw]
        with contextlib.suppress(ValueError):
            forms.append(bytes.fromhex(raw.decode()))
        found += [form[at : at + 32] for form in forms for at in range(len(form) - 31)]
    assert found, "no secrets were copied"
    return found


def removing_and_recovering(app: Flask, opened: OpenVault, by: Actor, scan: str) -> None:
    store: Store = app.extensions["store"]
    assert comments_read(store, opened, scan) == 50
    gone = an_adviser(store, by.organisation, name="Marijke")
    code = safeguarding.make_key(store, passphrase=PASSPHRASE, by=gone, now=NOW, effort=CHEAP)
    safeguarding.confirm_code(store, typed=code[-4:], by=gone)
    joining.ask(store, by=gone, now=NOW)
    own = unlocking.private_key(store, passphrase=PASSPHRASE, by=gone, now=NOW)
    typed = joining.standing(store, by=gone, private=own).own_fingerprint
    joining.admit(store, opened, account=gone.account or 0, typed=typed, by=by, now=NOW)
    of_vault = sealing.fingerprint(sealing.Pair.of(opened.private).public)
    joining.compare(store, private=own, typed=of_vault, by=gone, now=NOW)
    # The recovery drill: with the code a new passphrase, and it opens what was there.
    safeguarding.recover(store, code=code, passphrase="weer een andere zin", by=gone, now=NOW, effort=CHEAP)
    client = signed_in(app, gone.account)
    assert unlock(client, SLUG).status_code == 400
    assert unlock(client, SLUG, "weer een andere zin").status_code == 302
    assert MARKER in client.get(CARDS).text
    # Taken out: neither the pages nor the key of before open anything.
    renewed = joining.remove(store, opened, account=gone.account or 0, by=by, now=NOW)
    signalling.add(store, card=a_card(200), by=by)
    assert MARKER not in client.get(CARDS, follow_redirects=True).text
    with store.reading() as session:
        rows = vaults.everything(session, by.organisation)
    for row in rows:
        with pytest.raises(NotOpened):
            sealing.unseal(opened.private, row.body)
    assert len(cards(store, renewed, by)) == 201
    assert comments_read(store, renewed, scan) == 50


def kept(folder: Path, rows: list[tuple[bytes, bytes]]) -> bytes:
    """The office database after these cards came in this order, each in a transaction of its own; its log must hold none."""
    with an_app(folder) as app:
        store: Store = app.extensions["store"]
        for key, body in rows:
            with store.office() as session:
                vaults.put(session, 1, CARD, {key: body})
        log = folder / "office.db-wal"
        held = log.read_bytes() if log.exists() else b""
        assert not any(body in held for _, body in rows), "the log of the database holds the order of cards"
    return (folder / "office.db").read_bytes()


def test_two_hundred_cards_cannot_be_ordered_or_told_apart_by_size(tmp_path: Path) -> None:
    folder, other = tmp_path / "one", tmp_path / "other"
    with an_app(folder) as app:
        store: Store = app.extensions["store"]
        an_organisation(store)
        by = an_adviser(store, 1)
        public = sealing.Pair.of(a_vault(store, 1, by.account or 0).private).public
    shutil.copytree(folder, other)
    rows = [(secrets.token_bytes(16), sealing.seal(public, encode(a_card(each)))) for each in range(200)]
    shuffled = random.Random(1).sample(rows, len(rows))
    one, two = kept(folder, rows), kept(other, shuffled)
    # But for how often the file was written, which the header says twice.
    assert _but(one, 24, 92) == _but(two, 24, 92), "the file tells in which order cards came"
    # In one piece, so in the page of its key: pages that a card spills to would be numbered in the order of cards.
    assert all(body in one for _, body in rows)
    with sqlite3.connect(folder / "office.db") as connection:
        sizes = connection.execute("SELECT DISTINCT length(body), length(key), until FROM sealed").fetchall()
        assert sizes == [(BYTES + sealing.SEAL_BYTES, 16, None)]
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            connection.execute("SELECT rowid FROM sealed")


def test_the_keys_of_cards_say_nothing_of_when_they_were_kept(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        store: Store = app.extensions["store"]
        an_organisation(store)
        a_vault(store, 1, an_adviser(store, 1).account or 0)
        with store.office() as session:
            came = keeping.keep(
                session, organisation=1, kind=CARD, bodies=map(encode, map(a_card, range(200)))
            )
    ranks = [sorted(came).index(key) for key in came]
    assert abs(_correlation(ranks)) < 0.3, "keys rise or fall with the order in which cards came"


def _but(raw: bytes, *counters: int) -> bytes:
    """The bytes without the four at each of these places."""
    kept_apart = bytearray(raw)
    for place in counters:
        kept_apart[place : place + 4] = bytes(4)
    return bytes(kept_apart)


def _correlation(ranks: list[int]) -> float:
    """Spearman's, of the order of keys with the order of arrival; beyond 0.3 once in 50,000 for 200 random keys."""
    n = len(ranks)
    return 1 - 6 * sum((rank - at) ** 2 for at, rank in enumerate(ranks)) / (n * (n * n - 1))
