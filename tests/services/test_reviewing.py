"""What people write: sealed at receipt, read by an adviser alone, never on a disk, and out only as themes of enough people."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.answers import COMMENT_BLOCK, pack_comment
from app.core.refusal import Refused
from app.crypto import vault
from app.services import resealing, responding, retaining, reviewing, rotating, sealing, voicing
from app.services.facing import face
from app.services.keeping import OpenVault
from app.storage import comments, mixing
from app.storage.comments import Written
from app.storage.database import Store
from app.storage.office import comment_themes, vaults
from app.storage.office.frozen import Frozen
from app.storage.quick import transaction
from tests import factories
from tests.services.journeys import NOW, Place, an_open_scan, with_vault
from tests.storage.stores import an_app

MARKER = "Pimpelpaars"
UNITS = "code,parent,name,headcount\norg,,De Linde,70\na,org,Team A,35\nb,org,Team B,35\n"
NAMES = {"gossip": {"nl": "roddelen", "en": "gossip"}, "sexism": {"nl": "seksisme", "en": "sexism"}}


def an_open_vault(place: Place) -> tuple[OpenVault, Actor]:
    by = factories.an_adviser(place.store, place.organisation, name="Samira")
    assert by.account is not None
    return factories.a_vault(place.store, place.organisation, by.account), by


def written_by(place: Place, number: int, text: str = "Er wordt geroddeld", item: str = "change") -> None:
    """Comments of so many people, over both teams in turn."""
    codes = place.codes()
    for each in range(number):
        team = each % 2
        answer = place.fill_in(codes[team][each // 2], {item: f"{text} {each}"})
        assert isinstance(answer, responding.Received)


def sealed(place: Place) -> None:
    sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)


def found_on_disk(folder: Path, marker: str = MARKER) -> list[str]:
    wanted = marker.encode()
    return [str(path) for path in folder.rglob("*") if path.is_file() and wanted in path.read_bytes()]


def all_read(place: Place, opened: OpenVault, by: Actor, themes: tuple[str, ...] = ("gossip",)) -> None:
    for entry in reviewing.entries(place.store, opened, place.scan):
        reviewing.review(
            place.store,
            opened,
            scan=place.scan,
            comment=entry.key,
            words=entry.text,
            dropped="",
            chosen=themes,
            themes=NAMES,
            by=by,
        )


def say(place: Place, opened: OpenVault, by: Actor, theme: str = "gossip", approved: bool = True) -> None:
    voicing.paraphrase(
        place.store,
        opened,
        scan=place.scan,
        theme=theme,
        words={"nl": "Mensen horen veel over elkaar, en weinig van elkaar."},
        approved=approved,
        names=NAMES,
        by=by,
    )


def test_fifty_comments_are_read_redacted_and_worded_and_no_file_holds_a_word_of_them(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        written_by(place, 50, f"Mijn chef {MARKER} roddelt")
        sealed(place)
        all_read(place, opened, by)
        entry = reviewing.page(place.store, opened, scan=place.scan, item="change", by=by, done=True).entries[
            0
        ]
        assert MARKER in entry.text
        reviewing.review(
            place.store,
            opened,
            scan=place.scan,
            comment=entry.key,
            words=f"Mijn chef […] roddelt, zegt {MARKER}",
            dropped="",
            chosen=["gossip"],
            themes=NAMES,
            by=by,
        )
        voicing.paraphrase(
            place.store,
            opened,
            scan=place.scan,
            theme="sexism",
            words={"nl": f"over {MARKER}"},
            approved=False,
            names=NAMES,
            by=by,
        )
        assert found_on_disk(tmp_path) == []
        lengths = sqlite3.connect(tmp_path / "ballots.db").execute(
            "SELECT DISTINCT length(body) FROM comment"
        )
        assert lengths.fetchall() == [(COMMENT_BLOCK + vault.SEAL_BYTES,)]
        reviews = sqlite3.connect(tmp_path / "office.db").execute(
            "SELECT DISTINCT length(body), count(*) FROM sealed WHERE kind LIKE 'c:%'"
        )
        assert reviews.fetchall() == [(3_072 + vault.SEAL_BYTES, 50)]
        retaining_is_complete(place, opened, tmp_path)


def retaining_is_complete(place: Place, opened: OpenVault, folder: Path) -> None:
    """Archiving takes the comments and everything advisers made of them, without the vault."""
    from app.services import releasing

    releasing.release(place.store, scan=place.scan, by=place.command_line, now=NOW)
    retaining.archive(place.store, scan=place.scan, by=place.command_line, now=NOW)
    left = sqlite3.connect(folder / "office.db").execute("SELECT kind FROM sealed").fetchall()
    assert left == [] and reviewing.entries(place.store, opened, place.scan) == []


def test_without_a_confirmed_vault_nothing_is_asked_and_nothing_is_taken(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, vault=False)
        shown = face(place.store, place.scan)
        assert shown is not None and not shown.asks_comments
        code = place.codes()[0][0]
        assert isinstance(place.fill_in(code, {"change": MARKER}), responding.Received)
        assert 'name="change"' not in app.test_client().get(f"/v/{place.slug}/{place.codes()[1][0]}").text
        with place.store.reading_ballots() as connection:
            assert comments.of_scan(connection, place.scan) == []
        assert found_on_disk(tmp_path) == []


def test_comments_can_be_read_from_sealing_on_by_an_adviser_with_the_vault_only(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        written_by(place, 3)
        with pytest.raises(Refused, match="sealing"):
            reviewing.page(place.store, opened, scan=place.scan, item="change", by=by)
        sealed(place)
        assert len(reviewing.page(place.store, opened, scan=place.scan, item="change", by=by).entries) == 3
        for role in set(Role) - {Role.ADVISER}:
            with pytest.raises(NotAllowed):
                reviewing.page(place.store, opened, scan=place.scan, item="change", by=place.actor(role))
        with pytest.raises(NotAllowed):
            reviewing.readable(place.store, by=place.command_line)
        other = OpenVault(place.organisation, by.account or 0, bytes(32))
        assert reviewing.entries(place.store, other, place.scan) == []
        (progress, *_) = reviewing.progress(place.store, opened, scan=place.scan, by=by)
        assert [one.total for one in reviewing.progress(place.store, opened, scan=place.scan, by=by)] == [
            None,
            None,
        ]
        assert progress.done is None


def test_what_may_speak_of_danger_comes_first_and_order_of_coming_in_leaves_no_trace(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        texts = [f"tekst {number:02}" for number in range(11)] + ["Ik denk aan zelfmoord"]
        codes = place.codes()[0]
        for code, text in zip(codes, texts, strict=False):
            place.fill_in(code, {"change": text})
        sealed(place)
        entries = reviewing.entries(place.store, opened, place.scan)
        first = reviewing.page(place.store, opened, scan=place.scan, item="change", by=by).entries[0]
        assert first.danger == ("suicide",)
        assert [entry.key for entry in entries] == sorted(entry.key for entry in entries)
        assert sorted(entry.written for entry in entries) == sorted(texts)
        assert [entry.written for entry in entries] != texts


def test_comments_in_plain_bytes_are_sealed_as_soon_as_there_is_a_vault(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, vault=False)
        in_plain(place, [f"{MARKER} {number}" for number in range(12)])
        assert found_on_disk(tmp_path) and resealing.seal_everywhere(place.store) == 0
        opened, _by = an_open_vault(place)
        assert resealing.seal_everywhere(place.store) == 12
        assert found_on_disk(tmp_path) == []
        sealed(place)
        texts = {entry.written for entry in reviewing.entries(place.store, opened, place.scan)}
        assert texts == {f"{MARKER} {number}" for number in range(12)}
        assert resealing.seal_everywhere(place.store) == 0


def in_plain(place: Place, texts: list[str]) -> None:
    """As an earlier version stored them: zero bytes up to whole blocks of 256."""
    with transaction(place.store.engine("ballots"), writes=True) as ballots:
        for number, text in enumerate(texts):
            raw = text.encode()
            body = raw + bytes(-len(raw) % 256)
            comments.put(ballots, place.scan, Written(bytes([number]) * 16, "change", 0, body))
    mixing.mix(place.store)


def test_a_new_key_of_the_vault_seals_comments_anew_and_late_ones_still_open(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        written_by(place, 4)
        renewed = rotating.rotate(place.store, opened, by=by, now=NOW)
        late = vault.seal(vault.Pair.of(opened.private).public, pack_comment("een late"))
        with transaction(place.store.engine("ballots"), writes=True) as ballots:
            comments.put(ballots, place.scan, Written(b"z" * 16, "change", 0, late))
        sealed(place)
        assert len(reviewing.entries(place.store, renewed, place.scan)) == 5
        with pytest.raises(vault.NotOpened):  # the key of somebody who was taken out
            reviewing.entries(place.store, opened, place.scan)


def test_themes_of_enough_people_leave_for_good_and_nothing_of_fewer(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        written_by(place, 30)
        sealed(place)
        all_read(place, opened, by)
        few = reviewing.entries(place.store, opened, place.scan)[:7]
        for entry in few:
            reviewing.review(
                place.store,
                opened,
                scan=place.scan,
                comment=entry.key,
                words=entry.text,
                dropped="",
                chosen=["gossip", "sexism"],
                themes=NAMES,
                by=by,
            )
        with pytest.raises(Refused, match="enough people"):
            release(place, opened, by)
        say(place, opened, by, "sexism")
        say(place, opened, by, "gossip", approved=False)
        with pytest.raises(Refused, match="enough people"):
            release(place, opened, by)
        say(place, opened, by)
        assert release(place, opened, by) == ["gossip"]
        (voiced,) = voicing.of_scan(place.store, scan=place.scan)
        assert voiced.people == {"value": 30, "low": 28, "high": 32}
        assert dict(voiced.parts) == {
            "Team A": {"value": 15, "low": 13, "high": 17},
            "Team B": {"value": 15, "low": 13, "high": 17},
        }
        with pytest.raises(Refused, match="can't be changed"):
            say(place, opened, by)
        immutable(place.store, tmp_path)


def release(place: Place, opened: OpenVault, by: Actor) -> list[str]:
    return voicing.release(place.store, opened, scan=place.scan, names=NAMES, by=by, now=NOW)


def immutable(store: Store, folder: Path) -> None:
    with store.reading() as session:
        row = session.query(comment_themes.CommentTheme).first()
        assert row is not None
        row.words_nl = "anders"
        with pytest.raises(Frozen):
            session.flush()
    for statement in ("UPDATE comment_theme SET value = 1", "DELETE FROM comment_theme"):
        with sqlite3.connect(folder / "office.db") as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_a_dropped_comment_counts_for_nothing_and_a_quote_is_refused(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=UNITS, vault=False)
        opened, by = an_open_vault(place)
        written_by(place, 8, "De chef lacht ons elke week hardop uit in de gang")
        sealed(place)
        all_read(place, opened, by)
        assert [
            theme.leaves is not None for theme in voicing.themes(place.store, opened, scan=place.scan, by=by)
        ] == [True]
        with pytest.raises(Refused, match="stand in a comment"):
            voicing.paraphrase(
                place.store,
                opened,
                scan=place.scan,
                theme="gossip",
                words={"nl": "Men zegt: de chef lacht ons elke week hardop uit."},
                approved=True,
                names=NAMES,
                by=by,
            )
        entry = reviewing.entries(place.store, opened, place.scan)[0]
        reviewing.review(
            place.store,
            opened,
            scan=place.scan,
            comment=entry.key,
            words=entry.text,
            dropped="recognisable",
            chosen=["gossip"],
            themes=NAMES,
            by=by,
        )
        assert [theme.leaves for theme in voicing.themes(place.store, opened, scan=place.scan, by=by)] == [
            None
        ]


def test_a_vault_that_nobody_holds_the_key_of_takes_nothing(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, vault=False)
        with_vault(place.store, place.organisation)
        with place.store.office() as session:
            assert vaults.public_key(session, place.organisation) is not None
            for held, *_ in vaults.holders(session, place.organisation):
                session.delete(held)
            session.flush()
            assert vaults.public_key(session, place.organisation) is None
