"""What may identify in a note is found; what advisers ordinarily write raises no alarm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.signals.notes import Kind, find, kinds


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("mail jan.de.vries@zorg.nl even", Kind.EMAIL, "jan.de.vries@zorg.nl"),
        ("bel 06-12345678 na vijven", Kind.TELEPHONE, "06-12345678"),
        ("bel 06 12 34 56 78", Kind.TELEPHONE, "06 12 34 56 78"),
        ("bel 0612345678", Kind.TELEPHONE, "0612345678"),
        ("bel 020 - 123 45 67", Kind.TELEPHONE, "020 - 123 45 67"),
        ("bel (010) 1234567", Kind.TELEPHONE, "(010) 1234567"),
        ("bel +31 6 1234 5678", Kind.TELEPHONE, "+31 6 1234 5678"),
        ("bel 0032 475 12 34 56", Kind.TELEPHONE, "0032 475 12 34 56"),
        ("gesprek op 12-3 gehad", Kind.DATE, "12-3"),
        ("gesprek op 12/03/2026 gehad", Kind.DATE, "12/03/2026"),
        ("gesprek op 2026-03-12 gehad", Kind.DATE, "2026-03-12"),
        ("gesprek op 3.4.26 gehad", Kind.DATE, "3.4.26"),
        ("gesprek op 3 maart gehad", Kind.DATE, "3 maart"),
        ("gesprek op 3e mrt 2026", Kind.DATE, "3e mrt 2026"),
        ("begon in maart", Kind.DATE, "maart"),
        ("was er dinsdagmiddag bij", Kind.DATE, "dinsdagmiddag"),
        ("talk on March 3rd", Kind.DATE, "March 3rd"),
        ("saw it on Tuesday", Kind.DATE, "Tuesday"),
        ("rekening NL91 ABNA 0417 1643 00 is het", Kind.IBAN, "NL91 ABNA 0417 1643 00"),
        ("rekening BE68539007547034", Kind.IBAN, "BE68539007547034"),
        ("bsn 111222333", Kind.BSN, "111222333"),
        ("bsn 1234.56.782", Kind.BSN, "1234.56.782"),
        ("woont Kerkstraat 12a", Kind.ADDRESS, "Kerkstraat 12a"),
        ("woont op 1234 AB", Kind.ADDRESS, "1234 AB"),
        ("zie https://zorg.nl/team/noord", Kind.LINK, "https://zorg.nl/team/noord"),
        ("sprak mevrouw de Wit", Kind.NAME, "de Wit"),
        ("sprak dhr. El Amrani", Kind.NAME, "El Amrani"),
        ("Mw Janssen belde", Kind.NAME, "Janssen"),
        ("over Jan de Vries gehoord", Kind.NAME, "Jan de Vries"),
        ("Fatima belde gisteren", Kind.NAME, "Fatima"),
        ("volgens yusuf was het zo", Kind.NAME, "yusuf"),
        ("volgens Mark was het zo", Kind.NAME, "Mark"),
        ("de baas van Soerin schold", Kind.NAME, "Soerin"),
        ("Zij noemde Bakker als getuige", Kind.NAME, "Bakker"),
        ("dat Ayşe erbij was", Kind.NAME, "Ayşe"),
        ("the manager of Agnieszka Nowak", Kind.NAME, "Agnieszka Nowak"),
    ],
)
def test_what_identifies_is_found(text: str, kind: Kind, words: str):
    assert (kind, words) in [(found.kind, found.text) for found in find(text)]


ORDINARY = [
    "Melder wordt al 3-4 keer per week belachelijk gemaakt in de groepsapp. Wil geen actie, wel gehoord worden.",
    "Tweede gesprek. Gaat iets beter; leidinggevende heeft excuses gemaakt.",
    "De OR en HR weten er nog niet van. Het MT ook niet.",
    "Twee van de drie collega's doen mee. 2/3 van het team zwijgt, 24/7 spanning.",
    "Roddelen in de pauze, buitensluiten bij het rooster. Werkdruk speelt mee.",
    "Ze durft niets te zeggen: 'Dan krijg ik de nachtdiensten.' Begrijpelijk.",
    "Heeft gebeld met de bedrijfsarts en het Huis voor Klokkenluiders. Wacht af.",
    "Grappen over haar Turkse afkomst. Noemt het seksisme én racisme.",
    "Wil bemiddeling, geen klacht. Can be mended, they think. May come back.",
    "Team van 12, waarvan 7 weg in 1,5 jaar. Verzuim 8.5 procent, rapportcijfer 5.",
    "- Luistert\n- Zoekt een andere baan\n* Mark my words: it will go on",
    "Afspraak om 14.30 uur. Kamer 3.12, code 12345. Zaak 2026-118.",
    "Reporter feels left out; the manager laughs. I listened. She said I'm the first to hear.",
    "Via Teams en WhatsApp buitengesloten. Na Kerst is het erger geworden.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_note_raises_no_alarm(text: str):
    assert find(text) == ()


def test_names_that_are_given_are_found_in_any_case():
    assert [
        found.text for found in find("de wittes doen moeilijk, zei TERPSTRA", frozenset({"Terpstra"}))
    ] == ["TERPSTRA"]


def test_each_kind_is_warned_of_once():
    assert kinds(find("Fatima en Yusuf, 06-12345678")) == (Kind.NAME, Kind.TELEPHONE)


@given(st.text(alphabet=st.sampled_from("abJAN deéş.,:-/ 0123456789@+\n'’("), max_size=120))
def test_spans_are_in_order_apart_and_inside(text: str):
    end = 0
    for found in find(text):
        assert end <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        end = found.end


def test_a_long_text_takes_no_time():
    """No pattern may run away on what somebody pastes."""
    import time

    for text in (
        "a" * 20_000,
        "0" * 20_000,
        "1-" * 10_000,
        "Van de " * 4_000,
        "A1 " * 6_000,
        "NL12" * 5_000,
        "x.@" * 6_000,
    ):
        start = time.process_time()
        find(text)
        assert time.process_time() - start < 2, text[:10]
