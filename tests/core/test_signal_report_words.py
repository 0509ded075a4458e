"""What an adviser types: marked where it may tell of a person, kept within its sections, and read as a little Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.signal_report import watching
from app.render import marked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Er kwamen drie collega’s over pesten.", "few"),
        ("Only 2 people came.", "few"),
        ("In deze periode waren er 4 formele meldingen.", "few"),
        ("Mail naar j.jansen@zorg.example", "e-mail"),
        ("Het gebeurde op 12 maart.", "date"),
        ("Zie 12-03-2026", "date"),
        ("Bel 06 12345678", "telephone"),
        ("Het gesprek met Jan de Vries ging goed.", "name"),
        ("Volgens mevrouw Bakker", "name"),
        ("- **pesten**: …", "unfinished"),
    ],
)
def test_words_that_may_tell_of_a_person_are_marked(text: str, kind: str) -> None:
    assert [mark.kind for mark in watching.marks({"heard": text})] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Aantal mensen dat kwam: 10 tot 14.",
        "Vertel wat je ermee doet, ook als dat “nee, want …” is.",
        "Veel collega’s hoorden niets terug.",
        "fewer than 5 people",
    ],
)
def test_ordinary_sentences_are_not_marked(text: str) -> None:
    assert watching.marks({"heard": text}) == ()


def test_a_little_markdown_is_read() -> None:
    paragraph, listed = marked.blocks("**Vet** en *schuin*, [hier](https://a.example)\n\n- een\n- twee")
    assert [(run["text"], run["bold"], run["italic"], run["link"]) for run in paragraph["items"][0]] == [
        ("Vet", True, False, ""),
        (" en ", False, False, ""),
        ("schuin", False, True, ""),
        (", ", False, False, ""),
        ("hier", False, False, "https://a.example"),
    ]
    assert listed["kind"] == "list" and [item[0]["text"] for item in listed["items"]] == ["een", "twee"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/account/"]
)
def test_links_lead_to_the_web_only(address: str) -> None:
    runs = marked.blocks(f"[klik]({address})")[0]["items"][0]
    assert all(run["link"] == "" for run in runs)


@given(text=st.text(max_size=200))
def test_any_text_is_read_and_html_stays_text(text: str) -> None:
    for block in marked.blocks(text + "\n\n<script>x</script>"):
        assert block["kind"] in ("paragraph", "list") and block["items"]
    assert "<script>x</script>" in marked.plain("<script>x</script>")
