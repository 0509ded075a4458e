"""Pictures and documents: the same release gives the same bytes, with words and pages as promised."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import datetime
from xml.etree import ElementTree

import numpy as np
import pypdf
import pytest

from app.core.answers import Encoder
from app.core.dataset import pack
from app.core.disclosure.protect import build_release
from app.core.release import canonical
from app.crypto.codes import new_code
from app.render import child, documents, figures, naming, numbers, qr, sheets, tables
from app.render.documents import About
from app.render.reading import MEAN, Reading
from tests import factories
from tests.services.renderings import a_reading

ABOUT = About("Nulmeting", "De Linde", datetime(2026, 12, 3, 9, 0), imported=True, confirmed=False)


@pytest.mark.parametrize(
    "name", [*figures.main_names(a_reading()), "unit-a", "group-tenure~1", "group-stratum~0"]
)
def test_every_picture_is_sound_and_the_same_each_time(name: str) -> None:
    for narrow in (False, True):
        picture = figures.draw(a_reading(), name, narrow=narrow)
        assert ElementTree.fromstring(picture.svg).tag.endswith("svg")
        assert picture.svg == figures.draw(a_reading(), name, narrow=narrow).svg
        assert picture.alt.endswith(".")
        assert all(len(row) == len(picture.table.heads) for row in picture.table.rows)


def test_a_picture_of_nothing_published_is_refused() -> None:
    with pytest.raises(figures.NoFigure):
        figures.draw(a_reading(), "unit-c")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_has_two_tagged_pages_in_its_language(language: str) -> None:
    made = documents.report(a_reading(language), ABOUT)
    assert made == documents.report(a_reading(language), ABOUT)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 2
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == language
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "ab" * 32 in text
    assert ("imported answers" if language == "en" else "ingelezen antwoorden") in text
    assert "Team C" in text  # withheld, with its reason


def test_a_release_of_the_protector_becomes_pictures_and_two_pages() -> None:
    """220 people of a care organisation, as the core makes the release; every published score is in a table."""
    plan = factories.a_plan(groupings=("unit", "tenure"))
    people = [stratum.number for stratum in plan.strata for _ in range(stratum.invited * 3 // 5)]
    encode = Encoder(plan.questionnaire).encode
    blocks = [
        np.frombuffer(encode(values), dtype=np.int8) - 1 for values in factories.ballots(len(people), 3)
    ]
    made = build_release(plan, pack(np.array(people), np.array(blocks, dtype=np.int8)))
    for language in ("nl", "en"):
        reading = Reading(language, str(made["digest"]), made)
        for name in figures.main_names(reading):
            ElementTree.fromstring(figures.draw(reading, name).svg)
        assert len(pypdf.PdfReader(io.BytesIO(documents.report(reading, ABOUT))).pages) == 2
        for group in (group for group in reading.groups if group.published):
            said = dict(row[:2] for row in tables.overview(reading, group).table.rows)
            for scale in tables.of_kind(reading, MEAN):
                assert (
                    (said[scale.title] == numbers.words(score, language))
                    if (score := group.number(scale.id, "score"))
                    else not any(character.isdigit() for character in said[scale.title])
                )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_picture_table_report_and_data_show_the_same_numbers(language: str) -> None:
    """Every score of the organisation: as published, in the table, in the drawing (its texts are its comments) and on paper."""
    reading = a_reading(language)
    published = json.loads(canonical(reading.document))["groups"][0]["scales"]
    described = naming.figure(reading, "overview")
    assert described is not None
    told = {row[0]: row[1:] for row in described.described.table.rows}
    drawn = re.findall(r"<!-- (.*?) -->", figures.draw(reading, "overview").svg.decode())
    paper = pypdf.PdfReader(io.BytesIO(documents.report(reading, ABOUT)))
    printed = " ".join(page.extract_text() for page in paper.pages)
    scales = [scale for scale in tables.of_kind(reading, MEAN) if "score" in published[scale.id]]
    assert len(scales) > 1
    for scale in scales:
        score = published[scale.id]["score"]
        short = numbers.short(score, language)
        assert told[scale.title][0] == numbers.words(score, language)
        assert short in drawn
        assert short in printed
        for low_or_high in ("low", "high"):
            assert score[low_or_high] == reading.whole.scales[scale.id]["score"][low_or_high]


def a_payload(codes: list[str], reserve: list[str]) -> dict[str, object]:
    return {
        "organisation": "De Linde",
        "slug": "linde",
        "address": "https://scan.linde.example/",
        "closes_on": "2026-12-18",
        "minutes": 7,
        "min_group": 8,
        "help_lines": [{"name": "Eva", "contact": "06-1"}, {"name": "112", "contact": "112"}],
        "sheets": [{"name": "Team <Noord> #1", "codes": codes, "reserve_codes": reserve}],
    }


def test_slips_keep_the_order_of_the_codes_and_reserves_stand_apart() -> None:
    codes, reserve = [new_code() for _ in range(10)], [new_code() for _ in range(2)]
    pages = [
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(sheets.slips_pdf(a_payload(codes, reserve)))).pages
    ]
    assert len(pages) == 3
    said = "".join(pages)
    places = [said.index(sheets.in_fours(code)) for code in (*codes, *reserve)]
    assert places == sorted(places)
    assert "vertrouwenspersoon" in pages[2]
    assert not any(sheets.in_fours(code) in pages[2] for code in codes)


def test_a_slip_does_not_name_its_stratum() -> None:
    made = sheets.document(a_payload([new_code()], []))
    assert "Noord" not in json.dumps([made["slip"], made["help"], made["pages"][0]["slips"]])


def test_a_qr_code_holds_the_address_and_the_code() -> None:
    """Drawn again by the maker of QR codes and compared module by module."""
    import segno

    address = "https://scan.linde.example/v/linde/0123456789ABCDEF"
    drawn = sheets.qr(address)
    dark = sum(int(run.split("v")[0]) for run in drawn.split("h")[1:] if "v1" in run)
    again = segno.make(address, error="m", micro=False, mask=qr.MASK)
    assert dark == sum(map(sum, again.matrix))


def test_the_child_makes_the_same_sheets_and_writes_nothing_but_the_pdf() -> None:
    payload = a_payload([new_code() for _ in range(3)], [])
    assert child.pdf("sheets", payload) == sheets.slips_pdf(payload)


def test_a_child_that_fails_says_so_without_the_payload() -> None:
    secret = new_code()
    with pytest.raises(child.NotMade) as failure:
        child.pdf("sheets", {"sheets": secret})
    assert secret not in str(failure.value)
    with pytest.raises(KeyError):
        child.pdf("os", {})


def test_words_and_tables_load_without_drawing() -> None:
    """The web process imports these; drawing and typesetting would cost it 200 MB."""
    code = (
        "import sys; from app.render import child, naming, numbers, story, tables; "
        "print(sorted({'matplotlib', 'numpy', 'pandas', 'seaborn', 'typst', 'segno'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
