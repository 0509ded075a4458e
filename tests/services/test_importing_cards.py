"""Importing a register on a real database: nothing is lost, what is held lies sealed, and an import can be taken back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.core.signals.card import decode
from app.core.signals.register import Lexicon, as_csv, as_rows, key, lexicon, words
from app.render.workbooks import xlsx as written_xlsx
from app.services import importing_cards, keeping
from app.services.importing_cards import Seen
from app.services.keeping import OpenVault
from app.services.reading_workbook import read_file
from app.storage.database import Store
from app.storage.office import audit
from tests import workbooks
from tests.factories import NOW, a_store, a_vault, an_actor, an_adviser, an_organisation

CATEGORIES = {id: {"nl": names[0], "en": names[1]} for id, names in words.CATEGORIES.items()}
THEMES = {
    id: {"nl": nl, "en": id}
    for id, nl in {"gossip": "roddelen", "exclusion": "buitensluiten", "sexism": "seksisme"}.items()
}
FIRST = ("stille", "rode", "hoge", "zachte", "koperen", "blauwe", "ronde", "gouden", "kleine", "wilde")


def the_lexicon() -> Lexicon:
    return lexicon(categories=CATEGORIES, themes=THEMES, units={"thuis": "Thuiszorg", "kliniek": "Kliniek"})


def drawn(taken: frozenset[str]) -> str:
    rng = random.Random(len(taken))
    while True:
        letters = "".join(rng.choice("abcdefghij") for _ in range(6))
        if (found := f"{rng.choice(FIRST)} {letters}") not in taken:
            return found


class Desk:
    """One adviser with an open vault."""

    def __init__(self, store: Store, organisation: int) -> None:
        self.store = store
        self.by: Actor = an_adviser(store, organisation)
        self.vault: OpenVault = a_vault(store, organisation, self.by.account or 0)
        self.open = {"opened": self.vault, "by": self.by}

    def upload(self, raw: bytes) -> None:
        importing_cards.upload(self.store, raw=raw, lexicon=the_lexicon(), **self.open)

    def see(self) -> Seen:
        return importing_cards.see(self.store, lexicon=the_lexicon(), draw=drawn, now=NOW, **self.open)

    def keep(self, sign_in: str = "s") -> tuple[int, int]:
        return importing_cards.keep_cards(
            self.store, lexicon=the_lexicon(), draw=drawn, sign_in=sign_in, now=NOW, **self.open
        )

    def mend(self, **mends: str) -> None:
        """unit__filiaal_zuid="*" for the value “filiaal zuid” of the unit."""
        given = {tuple(each.replace("_", " ") for each in at.split("__")): to for at, to in mends.items()}
        importing_cards.mend(self.store, mends={key(*at): to for at, to in given.items()}, **self.open)  # type: ignore[arg-type]

    def bodies(self, kind: str = keeping.CARD) -> dict[bytes, bytes]:
        with self.store.reading() as session:
            return keeping.kept(session, self.vault, kind)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_store(tmp_path) as store:
        yield Desk(store, an_organisation(store))


def test_a_messy_register_of_1000_rows_is_imported_and_no_row_is_lost(desk: Desk) -> None:
    desk.upload(workbooks.a_messy_register(NOW.date()))
    seen = desk.see()
    assert seen.held.table.sheet == "Registratie" and seen.held.line == 4
    fields = (
        "date",
        "categories",
        "themes",
        "unit",
        "number",
        "reporter",
        "personal",
        "source",
        "route",
        "note",
    )
    assert seen.held.columns == fields
    assert seen.held.never_taken == ("E-mail",)
    assert len(seen.outcome.cards) + len(seen.outcome.faults) == 1_000
    assert {(each.field, each.value, each.rows) for each in seen.unknown} == {
        ("unit", "Filiaal Zuid (opgeheven)", 20),
        ("date", "in het voorjaar", 11),
    }
    assert all(fault.message for faults in seen.outcome.faults.values() for fault in faults)
    kept, left = desk.keep()
    assert (kept, left) == (len(seen.outcome.cards), len(seen.outcome.faults)) and left in (30, 31)
    assert len(desk.bodies()) == kept
    again = desk.see()
    assert set(again.outcome.faults) == set(seen.outcome.faults) and not again.outcome.cards
    desk.mend(unit__filiaal_zuid_opgeheven="*", date__in_het_voorjaar="2024-Q2")
    assert desk.keep() == (left, 0)
    cards = [decode(body) for body in desk.bodies().values()]
    assert len(cards) == 1_000
    held = importing_cards.under_way(desk.store, **desk.open)
    assert held is not None and not held.book.sheets and len(held.undo) == left


def test_rows_mended_later_get_the_nickname_of_their_reporter(desk: Desk) -> None:
    desk.upload(b"datum;categorie;meldernummer\n3-3-2025;pesten;7\nooit;pesten;7\n")
    desk.keep()
    desk.mend(date__ooit="2025-Q2")
    desk.keep()
    first, second = sorted((decode(body) for body in desk.bodies().values()), key=lambda card: card.quarter)
    assert first.nickname == second.nickname and (first.continues, second.continues) == (False, True)


def test_what_is_held_is_sealed_without_names_and_gone_when_thrown_away(desk: Desk, tmp_path: Path) -> None:
    desk.upload(b"datum;categorie;naam melder;opmerking\n3-3-2025;pesten;Klaas MARKER;BAKEN\n")
    (body,) = desk.bodies(keeping.IMPORT).values()
    assert b"BAKEN" in body and b"MARKER" not in body and len(body) % 65_536 == 0
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"BAKEN" not in path.read_bytes(), path
    importing_cards.throw_away(desk.store, **desk.open)
    assert not desk.bodies(keeping.IMPORT)
    with pytest.raises(Refused, match="no import"):
        desk.see()


def test_a_new_upload_takes_the_place_of_an_earlier_one_and_advisers_hold_their_own(desk: Desk) -> None:
    desk.upload(b"datum;categorie\n3-3-2025;pesten\n")
    desk.upload(b"datum;categorie\n3-3-2025;pesten\n4-3-2025;pesten\n")
    assert len(desk.bodies(keeping.IMPORT)) == 1 and len(desk.see().outcome.cards) == 2
    other = an_adviser(desk.store, desk.by.organisation, name="Omar")
    opened = OpenVault(desk.vault.organisation, other.account or 0, desk.vault.private)
    assert importing_cards.under_way(desk.store, opened=opened, by=other) is None


def test_an_import_is_taken_back_in_the_same_sign_in_only(desk: Desk) -> None:
    desk.upload(b"datum;categorie\n3-3-2025;pesten\n")
    desk.keep("one")
    desk.upload(b"datum;categorie\n4-6-2025;werkdruk\nooit;pesten\n")
    desk.keep("two")
    assert len(desk.bodies()) == 2
    held = importing_cards.under_way(desk.store, **desk.open)
    for sign_in, count in (("two", 1), ("one", 0)):
        assert importing_cards.can_undo(desk.store, held=held, sign_in=sign_in, **desk.open) == count
    with pytest.raises(Refused):
        importing_cards.undo(desk.store, sign_in="one", now=NOW, **desk.open)
    assert importing_cards.undo(desk.store, sign_in="two", now=NOW, **desk.open) == 1
    (left,) = (decode(body) for body in desk.bodies().values())
    assert left.categories == ("bullying",)
    with desk.store.reading() as session:
        acts = [(row.act, row.detail) for row in audit.rows(session, desk.by.organisation)]
    assert ("import-register", "") in acts and ("undo-import", "") in acts


def test_sent_twice_it_imports_once(desk: Desk) -> None:
    desk.upload(b"datum;categorie\n3-3-2025;pesten\nooit;pesten\n")
    assert desk.keep() == (1, 1)
    with pytest.raises(Refused) as error:
        desk.keep()
    assert error.value.reason == "nothing-to-import" and len(desk.bodies()) == 1


def test_a_register_that_was_imported_before_is_noticed(desk: Desk) -> None:
    raw = b"datum;categorie\n3-3-2025;pesten\n4-6-2025;werkdruk\n"
    desk.upload(raw)
    desk.keep()
    desk.upload(raw)
    assert desk.see().alike == 2


def test_cards_older_than_the_vault_keeps_are_counted_beforehand(desk: Desk) -> None:
    desk.upload(b"datum;categorie\n3-3-2019;pesten\n3-3-2026;pesten\n")
    assert desk.see().old == 1


def test_columns_are_chosen_by_hand_and_personal_ones_never(desk: Desk) -> None:
    desk.upload(b"wanneer het was;wat;e-mail\n3-3-2025;pesten;a@b.nl\n")
    for columns, reason in (
        (("", "categories", ""), "no-time"),
        (("date", "date", ""), "twice"),
        (("x",), "bad-columns"),
    ):
        with pytest.raises(Refused) as error:
            importing_cards.map_columns(desk.store, columns=columns, year=None, **desk.open)
        assert error.value.reason == reason
    held = importing_cards.map_columns(
        desk.store, columns=("date", "categories", "note"), year=None, **desk.open
    )
    assert held.columns == ("date", "categories", "personal")
    (card,) = desk.see().outcome.cards.values()
    assert card.note == ""


def test_only_an_adviser_imports(desk: Desk) -> None:
    coordinator = an_actor(desk.by.organisation, Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        importing_cards.under_way(desk.store, opened=desk.vault, by=coordinator)
    elsewhere = an_actor(desk.by.organisation + 1, Role.ADVISER)
    with pytest.raises(Refused, match="another organisation"):
        importing_cards.under_way(desk.store, opened=desk.vault, by=elsewhere)


def test_files_that_hold_too_much_or_cannot_be_read_are_refused_by_name() -> None:
    far = workbooks.xlsx({"a": [["datum"]]}).replace(b"", b"")
    assert read_file(far).sheets[0].rows == (("datum",),)
    wide = workbooks._parts({"a": []}, ())
    sheet = (
        f'<worksheet xmlns="{workbooks.MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    huge = packed({**wide, "xl/worksheets/sheet1.xml": sheet})
    zeros = packed({**wide, "xl/worksheets/sheet1.xml": " " * 200_000_000})
    for raw, reason in (
        (b"", "empty-file"),
        (b"PK\x03\x04 nothing", "unreadable"),
        (b"\xd0\xcf\x11\xe0 nothing", "unreadable"),
        (b"\x00\x01\x02", "unreadable"),
        (b"a" * 7_000_000, "file-too-large"),
        (huge, "file-too-large"),
        (zeros, "file-too-large"),
    ):
        with pytest.raises(Refused) as error:
            read_file(raw)
        assert error.value.reason == reason, (raw[:20], reason)


def packed(parts: dict[str, str]) -> bytes:
    import io
    import zipfile

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return raw.getvalue()


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None)
def test_a_written_workbook_is_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    read = read_file(written_xlsx([["kop"], *rows], sheet="A & B")).sheets[0]
    assert read.name == "A & B"
    wanted = [["kop"], *rows]
    for row in wanted:
        while row and not row[-1]:
            row.pop()
    while wanted and not wanted[-1]:
        wanted.pop()
    assert [list(row) for row in read.rows] == wanted


def test_an_exported_workbook_imports_without_loss(desk: Desk) -> None:
    desk.upload(workbooks.a_messy_register(NOW.date(), 60))
    desk.mend(unit__filiaal_zuid_opgeheven="*", date__in_het_voorjaar="2024-Q2")
    desk.keep()
    before = desk.bodies()
    cards = [decode(body) for body in before.values()]
    rows = as_rows(cards, the_lexicon())
    with desk.store.office() as session:
        keeping.forget(session, desk.vault, kind=keeping.CARD, keys=before)
    for raw in (written_xlsx(rows, sheet="Signalen"), as_csv(rows)):
        desk.upload(raw)
        assert not desk.see().outcome.faults
        assert sorted(map(repr, desk.see().outcome.cards.values())) == sorted(map(repr, cards))
