"""The poster: one tagged page of the paper asked for, in both languages, whose code leads to the board."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdf
import pypdfium2
import pytest
import zxingcpp

from app.core.access import Role
from app.core.feedback import Decision
from app.render import poster
from tests.factories import an_account, an_app, an_organisation
from tests.posted import ADDRESS, a_board, content, publish

NOW = datetime(2026, 11, 23, 9, 0)
LONG = (
    "Veel mensen zeggen dat zij het lastig vinden om iets te melden, omdat zij denken dat er niets mee gebeurt. "
    * 8
)


def codes(pdf: bytes) -> list[str]:
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil().convert("L")
    return [found.text for found in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("a3", 842)])
def test_the_code_on_the_page_leads_to_the_board(tmp_path: Path, paper: str, width: int) -> None:
    with an_app(tmp_path, WEERKLANK_ADDRESS="https://scan.example") as app:
        store = app.extensions["store"]
        by = an_account(store, an_organisation(store), Role.COORDINATOR)
        a_board(store, by.organisation)
        told = content("Meer rust", heard=LONG, why=LONG, decision=Decision.PARTLY)
        for number in range(4):
            publish(store, by, NOW + timedelta(hours=number), told)
        publish(store, by, NOW + timedelta(hours=9))
        for language, title in (("nl", "Wat er verandert bij"), ("en", "What changes at")):
            answer = app.test_client().get(f"/b/{ADDRESS}/poster-{paper}.pdf?language={language}")
            assert answer.status_code == 200 and answer.mimetype == "application/pdf"
            assert "Set-Cookie" not in answer.headers
            made = pypdf.PdfReader(io.BytesIO(answer.data))
            assert len(made.pages) == 1 and round(float(made.pages[0].mediabox.width)) == width
            assert (
                made.trailer["/Root"]["/MarkInfo"]["/Marked"] and made.trailer["/Root"]["/Lang"] == language
            )
            text = made.pages[0].extract_text()
            assert title in text.replace("\n", " ") and f"scan.example/b/{ADDRESS}" in text.replace("\n", "")
            assert codes(answer.data) == [f"https://scan.example/b/{ADDRESS}/"]


@pytest.mark.parametrize("length", [20, 80])
def test_however_long_the_words_the_code_stands_on_the_one_page(length: int) -> None:
    title = ("We zoeken uit hoe leidinggevenden kritiek beter kunnen horen en wat " * 3)[:length]
    told = poster.told(
        [content(title, heard=LONG, why=LONG, decision=Decision.PARTLY)] * 3,
        organisation="Stichting Zorggroep De Linde en De Beuk", link="https://scan.zorggroep.example/b/pn2mg079ycvz43j92245/",
        language="nl", paper="a4", today=date(2026, 11, 23),
    )  # fmt: skip
    made = poster.pdf(told)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1
    assert codes(made) == ["https://scan.zorggroep.example/b/pn2mg079ycvz43j92245/"]


def test_an_empty_board_has_a_poster_that_says_so() -> None:
    told = poster.told([], organisation="De Linde", link="https://a.example/b/x/", language="nl", paper="a4",
                       today=date(2026, 11, 23))  # fmt: skip
    text = pypdf.PdfReader(io.BytesIO(poster.pdf(told))).pages[0].extract_text().replace("\n", " ")
    assert "Er is nog niets besloten" in text


@pytest.mark.parametrize(
    "text", ["", "Kort.", "Een zin van behoorlijke lengte. " * 9, "woord " * 60, "x" * 400]
)
def test_what_is_too_long_ends_in_a_whole_sentence_or_word(text: str) -> None:
    made = poster.short(text, 100)
    assert len(made) <= 100 and (made == text.strip() or made.endswith((".", "…")))
