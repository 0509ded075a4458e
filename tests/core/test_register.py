"""An adviser's register: every row ends as a card or as an error that says what to do, and exports read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.signals import kinds
from app.core.signals.card import Card, Quarter
from app.core.signals.register import (
    Book,
    Lexicon,
    Outcome,
    Reading,
    Sheet,
    Table,
    as_csv,
    as_rows,
    failed_rows,
    guess,
    lexicon,
    read,
    read_csv,
    suggest,
    table,
    words,
)
from app.core.signals.register.book import TooLarge, guarded, tidy, unguarded
from app.core.signals.register.columns import recognised
from app.core.signals.register.reading import key

NOW = Quarter(2026, 4)
NAMES = {id: {"nl": names[0], "en": names[1]} for id, names in words.CATEGORIES.items()}
THEMES = {
    "fear-to-report": {"nl": "bang om te melden", "en": "fear to report"},
    "gossip": {"nl": "roddelen", "en": "gossip"},
    "own": {"nl": "Zorg, tempo en toon; ’s nachts", "en": "Care"},
    "twin-1": {"nl": "dubbel", "en": "twin one"},
    "twin-2": {"nl": "dubbel", "en": "twin two"},
}
UNITS = {"thuis": "Thuiszorg", "kliniek": "Kliniek & Dagbehandeling", "staf": "=Staf"}


def words_for(language: str = "nl") -> Lexicon:
    return lexicon(
        categories=NAMES, themes=THEMES, units=UNITS, inside={"Team Noord": "thuis"}, language=language
    )


def drawing() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"stille wilg{'x' * next(numbers)}"


def two_words(text: str) -> bool:
    return len(text.split()) == 2


def taken(sheet: Sheet, *, mends: dict[tuple[str, str], str] | None = None) -> tuple[Table, Reading, Outcome]:
    """The sheet as the pages read it before anybody chooses anything."""
    _, line = guess(Book((sheet,)))
    found = table(sheet, line)
    columns = [found.column(at) for at in range(len(found.names))]
    fields = ["" if each == "personal" else each for each in suggest(found.names, columns)]
    reading = Reading(tuple(fields), found.year)
    outcome = read(
        found, reading, words_for(), draw=drawing(), is_nickname=two_words, now=NOW, mends=mends or {}
    )
    return found, reading, outcome


def a_sheet(*rows: tuple[str, ...], name: str = "") -> Sheet:
    return tidy(name, rows)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Datum melding", "date"),
        ("Kwartaal", "quarter"),
        ("Jaar", "year"),
        ("Maand", "month"),
        ("Soort melding", "categories"),
        ("CATEGORIE (meerdere mogelijk)", "categories"),
        ("Aard van de melding", "categories"),
        ("Thema's", "themes"),
        ("Afdeling / locatie", "unit"),
        ("Naam afdeling", "unit"),
        ("Team", "unit"),
        ("Contactvorm", "contact"),
        ("Functie van de melder", "reporter"),
        ("Veroorzaker", "source"),
        ("Bron", "source"),
        ("Rol beschuldigde", "source"),
        ("Vervolg", "route"),
        ("Afhandeling", "route"),
        ("Toelichting", "note"),
        ("Opmerkingen:", "note"),
        ("Meldernummer", "number"),
        ("Casusnr.", "number"),
        ("bijnaam", "nickname"),
        ("Schuilnaam melder", "nickname"),
        ("Schuilnaam", "nickname"),
        ("Naam melder", "personal"),
        ("E-mail", "personal"),
        ("Telefoonnummer", "personal"),
        ("Beschuldigde", "personal"),
        ("Naam dader", "personal"),
        ("Accused", "personal"),
        ("Personeelsnummer", "personal"),
        ("Naam teamleider", "personal"),
        ("Date", "date"),
        ("Category", "categories"),
        ("Department", "unit"),
        ("Reporter no.", "number"),
        ("Follow-up", "route"),
        ("Remarks", "note"),
        ("wat er mis is", None),
        ("regel", None),
        ("nr", None),
        ("Ik voelde mij in het gesprek met mijn teamleider niet gehoord en ging weg", None),
    ],
)
def test_a_column_is_known_by_its_name(name: str, field: str | None) -> None:
    assert recognised(name) == field


def test_a_column_of_addresses_is_never_taken_whatever_its_name() -> None:
    assert suggest(["wie", "thema"], [["a@b.nl", "c@d.org"], ["roddelen"]]) == ["personal", "themes"]


def test_the_second_date_is_left_out_and_the_one_of_the_report_is_taken() -> None:
    names = ["Datum afgerond", "Datum melding", "Kwartaal"]
    assert suggest(names, [["1-1-2025"], ["1-1-2025"], ["Q1"]]) == ["", "date", ""]


def test_a_merged_header_below_a_title_is_read_as_one() -> None:
    sheet = a_sheet(
        ("Registratie vertrouwenspersoon 2025",),
        (),
        ("", "Datum", "Melding", "", "", "Melder"),
        ("", "", "Categorie", "Thema", "Afdeling", "Functie"),
        ("", "3-3", "Pesten", "Roddelen", "Thuiszorg", "Medewerker"),
    )
    found, reading, outcome = taken(sheet)
    assert found.line == 4 and found.names == ("Datum", "Categorie", "Thema", "Afdeling", "Functie")
    assert reading == Reading(("date", "categories", "themes", "unit", "reporter"), 2025)
    assert outcome.cards[5].quarter == Quarter(2025, 1) and outcome.cards[5].unit == "thuis"


def test_the_sheet_that_looks_most_like_a_register_is_chosen() -> None:
    cover = a_sheet(("Toelichting",), ("Dit bestand is van ons",), name="Voorblad")
    signals = a_sheet(("datum", "categorie"), ("3-3-2025", "pesten"), name="Meldingen")
    lists = a_sheet(("categorie",), *[(name["nl"],) for name in NAMES.values()], name="Lijsten")
    assert guess(Book((cover, signals, lists))) == (1, 1)
    assert guess(Book(())) == (0, 0)


def test_values_are_known_in_any_case_and_several_in_one_cell() -> None:
    _, _, outcome = taken(
        a_sheet(
            ("datum", "categorie", "thema", "afdeling", "bron", "vervolg", "functie melder"),
            ("3 mrt. 2025", "PESTEN; Agressie en Geweld / roddelen", "bang om te melden", "team noord", "Teamleider",
             "Bedrijfsarts", "ZZP'er"),
        )
    )  # fmt: skip
    card = outcome.cards[2]
    assert card.categories == ("bullying", "aggression")
    assert card.themes == ("gossip", "fear-to-report")
    assert (card.unit, card.source, card.route, card.reporter) == ("thuis", "manager", "referral", "temp")


def test_rows_of_one_reporter_are_joined_and_the_number_is_gone() -> None:
    _, _, outcome = taken(
        a_sheet(
            ("datum", "categorie", "meldernummer", "contactvorm"),
            ("3-3-2025", "pesten", "M-17", "intake"),
            ("4-6-2025", "pesten", "m 17", ""),
            ("5-6-2025", "pesten", "", ""),
        )
    )
    first, second, third = (outcome.cards[line] for line in (2, 3, 4))
    assert first.nickname == second.nickname != third.nickname
    assert (first.continues, second.continues, third.continues) == (False, True, False)
    assert (second.contact, third.contact) == ("follow-up-talk", "first-contact")
    assert "17" not in repr(outcome.cards)


def test_a_part_of_a_name_is_proposed_first() -> None:
    axis = lexicon(
        categories={},
        themes={},
        units={"v1": "Verpleeghuis Lindenhof", "v2": "Lindenlaan", "v3": "Huis Linde"},
    )["unit"]
    assert axis.closest("lindenhof ")[0] == "v1"
    assert axis.closest("Verpleeghuis Lindenhof, begane grond")[0] == "v1"
    assert axis.closest("de") == []


def test_an_unknown_unit_is_an_error_with_proposals_and_is_mended_for_all_its_rows() -> None:
    sheet = a_sheet(
        ("datum", "categorie", "afdeling"),
        ("3-3-2025", "pesten", "Thuiszrg"),
        ("3-3-2025", "pesten", "THUISZRG "),
        ("3-3-2025", "pestn", "Kliniek en Dagbehandeling"),
    )
    _, _, outcome = taken(sheet)
    assert not outcome.cards
    assert [(f.line, f.field, f.reason) for f in outcome.faults[2]] == [(2, "unit", "unknown")]
    unknown = {(each.field, each.rows): each for each in outcome.unknown(words_for())}
    assert unknown["unit", 2].proposals[0] == "thuis"
    assert unknown["categories", 1].proposals[0] == "bullying"
    mends = {
        key("unit", "thuiszrg"): "*",
        key("unit", "Kliniek en Dagbehandeling"): "kliniek",
        key("categories", "pestn"): "themes:gossip",
    }
    _, _, mended = taken(sheet, mends=mends)
    assert [mended.cards[line].unit for line in (2, 3, 4)] == [None, None, "kliniek"]
    assert mended.cards[4].themes == ("gossip",) and mended.cards[4].categories == ()


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (("volgend jaar", "pesten", "", ""), "date", "bad-quarter"),
        (("", "pesten", "", ""), "quarter", "no-quarter"),
        (("1-1-2031", "pesten", "", ""), "date", "future"),
        (("1-1-2025", "", "", ""), "categories", "empty"),
        (("1-1-2025", "pesten", "a" * 601, ""), "note", "long-note"),
        (("1-1-2025", "pesten", "", "misschien"), "agrees", "yes-no"),
        (("1-1-2025", ";".join(name["nl"] for name in NAMES.values()), "", ""), "categories", "too-many"),
        (("1-1-2025", "pesten", "\N{GRINNING FACE}" * 600, ""), "note", "does-not-fit"),
    ],
)
def test_each_fault_names_its_line_column_and_what_to_do(
    row: tuple[str, ...], field: str, reason: str
) -> None:
    _, _, outcome = taken(a_sheet(("datum", "categorie", "toelichting", "akkoord"), row))
    if reason == "does-not-fit":
        assert outcome.cards  # 600 of four bytes do fit; only signs that JSON writes longer don't
        _, _, outcome = taken(
            a_sheet(
                ("datum", "categorie", "toelichting", "thema"),
                (row[0], row[1], "\x01" * 600, "roddelen"),
            )
        )
    (fault,) = outcome.faults[2]
    assert (fault.line, fault.field, fault.reason) == (2, field, reason)
    assert fault.message and not outcome.cards


def test_an_unknown_date_and_an_empty_category_can_be_mended_for_all_rows() -> None:
    sheet = a_sheet(("datum", "categorie", "toelichting"), ("begin 2025", "", "a" * 700))
    mends = {
        key("date", "Begin 2025"): "2025-Q1",
        key("categories", ""): "other",
        key("note", "anything"): "cut",
    }
    _, _, outcome = taken(sheet, mends=mends)
    card = outcome.cards[2]
    assert card.quarter == Quarter(2025, 1) and card.categories == ("other",) and len(card.note) <= 600


def test_failed_rows_come_back_mended_with_the_nickname_of_their_reporter() -> None:
    sheet = a_sheet(
        ("datum", "categorie", "meldernummer", "e-mail"),
        ("3-3-2025", "pesten", "17", "ik@zorg.example"),
        ("ooit", "pesten", "17", "ik@zorg.example"),
    )
    found, reading, outcome = taken(sheet)
    rows = failed_rows(
        found,
        reading,
        outcome,
        say=lambda fault: fault.message,
        headings=("regel", "bijnaam", "wat er mis is"),
    )
    assert rows[0] == ["regel", "datum", "categorie", "bijnaam", "wat er mis is"]
    assert rows[1][:4] == ["3", "ooit", "pesten", outcome.cards[2].nickname] and "ooit" in rows[1][4]
    assert "zorg.example" not in repr(rows)
    rows[1][1] = "4-4-2025"
    _, again, later = taken(read_csv(as_csv(rows)).sheets[0])
    assert again.columns == ("", "date", "categories", "nickname", "")
    assert later.cards[2].nickname == outcome.cards[2].nickname


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_file_is_read_as_spreadsheets_save_it(separator: str, encoding: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerows(
        [["Meldingen, alle; 2025"], [], ["datum", "categorie", "toelichting"],
         ["3-3-2025", "pesten", "Café, daarna; één\nregel"]]
    )  # fmt: skip
    sheet = read_csv(text.getvalue().encode(encoding)).sheets[0]
    assert sheet.rows[3] == ("3-3-2025", "pesten", "Café, daarna; één\nregel")
    assert guess(Book((sheet,))) == (0, 3)


def test_what_is_too_large_is_refused() -> None:
    for rows in ([["a"] * 81], [["a" * 20_001]], [["a"]] * 10_002):
        with pytest.raises(TooLarge):
            tidy("", rows)
    with pytest.raises(TooLarge):
        read_csv(b'"' + b"a" * 140_000)


@given(st.text(max_size=12))
@settings(deadline=None)
def test_no_exported_cell_is_a_formula_and_guarding_loses_nothing(cell: str) -> None:
    assert guarded(cell)[:1] not in tuple("=+-@\t\r")
    assert unguarded(guarded(cell)) == cell


CELLS = st.one_of(
    st.sampled_from(
        ["datum", "Categorie", "3-3-2025", "Q1 2025", "pesten", "Roddelen; pesten", "Thuiszorg", "Team X", "", "ja", "17"]
    ),
    st.text(max_size=8),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
@settings(max_examples=200, deadline=None)
def test_every_row_ends_as_a_card_or_as_an_error(rows: list[list[str]]) -> None:
    sheet = tidy("", [["datum", "categorie", "thema", "afdeling", "meldernummer", "akkoord"], *rows])
    found, _, outcome = taken(sheet)
    assert set(outcome.cards).isdisjoint(outcome.faults)
    assert {line for line, _ in found.rows} == set(outcome.cards) | set(outcome.faults)
    assert all(outcome.faults.values())


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_no_bytes_make_the_reading_fail(raw: bytes) -> None:
    sheet = read_csv(raw).sheets[0]
    assert taken(sheet)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60).map(
    lambda text: text.replace("\r\n", "\n").strip()
)
CARDS = st.builds(
    Card,
    quarter=st.builds(Quarter, st.integers(2000, 2026), st.integers(1, 4)).filter(lambda each: each <= NOW),
    categories=st.lists(st.sampled_from(kinds.CATEGORIES), min_size=1, max_size=4, unique=True).map(tuple),
    themes=st.lists(st.sampled_from(tuple(THEMES)), max_size=3, unique=True).map(tuple),
    unit=st.sampled_from([None, *UNITS]),
    contact=st.sampled_from(kinds.CONTACTS),
    reporter=st.sampled_from(kinds.REPORTERS),
    source=st.sampled_from(kinds.SOURCES),
    route=st.sampled_from(kinds.ROUTES),
    nickname=st.sampled_from(["stille wilg", "rode vos", "hoge brug"]),
    continues=st.booleans(),
    agrees=st.booleans(),
    note=TEXTS,
)


@given(st.lists(CARDS, min_size=1, max_size=5), st.sampled_from(["nl", "en"]))
@settings(max_examples=200, deadline=None)
def test_an_exported_file_imports_as_the_same_cards(cards: list[Card], language: str) -> None:
    raw = as_csv(as_rows(cards, words_for(language), language=language))
    _, _, outcome = taken(read_csv(raw).sheets[0])
    assert not outcome.faults
    assert sorted(map(repr, outcome.cards.values())) == sorted(map(repr, cards))


def test_every_fixed_choice_has_two_names_that_are_read_back() -> None:
    for axis, ids in (
        ("contact", kinds.CONTACTS),
        ("reporter", kinds.REPORTERS),
        ("source", kinds.SOURCES),
        ("route", kinds.ROUTES),
    ):
        assert set(words_for()[axis].names) == set(ids)
        for language in ("nl", "en"):
            for id in ids:
                assert words_for("nl")[axis].find(words_for(language)[axis].label(id)) == id
    assert set(words.CATEGORIES) == set(kinds.CATEGORIES)
