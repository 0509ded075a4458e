"""Workbooks for tests, written sign by sign: rows of cells enter, the bytes of an XLSX file leave; and a messy register."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Cell = str | int | float | date | None
DUTCH = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
LONG = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
ORDINAL = ("eerste", "tweede", "derde", "vierde")


def letters(column: int) -> str:
    """A for 0."""
    return letters(column // 26 - 1) + chr(65 + column % 26) if column >= 26 else chr(65 + column)


def xlsx(sheets: dict[str, Sequence[Sequence[Cell]]], merged: Sequence[str] = ()) -> bytes:
    """Dates are numbers in a date's format, as Excel keeps them; `merged` are ranges of the last sheet."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _parts(sheets, merged).items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)
    return raw.getvalue()


def _parts(sheets: dict[str, Sequence[Sequence[Cell]]], merged: Sequence[str]) -> dict[str, str]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        + f'<Relationship Id="rId99" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, sheets, strict=True)
        )
        + "</sheets></workbook>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    for n, rows in zip(numbers, sheets.values(), strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = _sheet(rows, merged if n == len(sheets) else ())
    return parts


def _sheet(rows: Sequence[Sequence[Cell]], merged: Sequence[str]) -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(cell, f"{letters(at)}{number}") for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, 1)
    )
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    joined = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{joined}</worksheet>'


def _cell(cell: Cell, at: str) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, date):
        return f'<c r="{at}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, (int, float)):
        return f'<c r="{at}"><v>{cell}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


def shouted(text: str, rng: random.Random) -> str:
    """As people type: some in capitals, some with a capital, some with spaces around it."""
    return rng.choice([text, text.upper(), text.capitalize(), f" {text} "])


def written(day: date, rng: random.Random) -> Cell:
    """One of the ways in which one register writes its dates."""
    return rng.choice(
        [
            day,
            f"{day.day} {DUTCH[day.month - 1]}. {day.year}",
            f"{day.day} {LONG[day.month - 1]} {day.year}",
            f"{day:%d-%m-%Y}",
            f"{day:%Y-%m-%d}",
            f"Q{(day.month - 1) // 3 + 1} {day.year}",
            f"{ORDINAL[(day.month - 1) // 3]} kwartaal {day.year}",
            (day - date(1899, 12, 30)).days,
        ]
    )


DAYS = 700
"""How far a messy register goes back: less than the time that a vault keeps cards."""


def a_messy_register(
    last: date, rows: int = 1_000, seed: int = 4, units: Sequence[str] = ("Thuiszorg", "Kliniek")
) -> bytes:
    """Up to this day: a cover, a title, a merged header, dates and names written in every way, unknown units, bad rows."""
    rng = random.Random(seed)
    data: list[Sequence[Cell]] = [
        (None, "Registratie meldingen vertrouwenspersoon"),
        (),
        (None, "Datum", "Melding", None, "Waar", "Melder", None, None, "Bron", "Afhandeling", "Opmerkingen"),
        (None, None, "Categorie", "Thema's", "Afdeling", "Meldernummer", "Functie", "E-mail"),
    ]
    for number in range(rows):
        day = last - timedelta(days=rng.randrange(DAYS))
        kinds = rng.sample(
            ["pesten", "intimidatie", "discriminatie", "seksuele intimidatie", "werkdruk"], rng.randint(1, 2)
        )
        data.append(
            (
                None,
                "in het voorjaar" if number % 97 == 0 else written(day, rng),
                shouted(rng.choice(["; ", ", ", "\n", " / "]).join(kinds), rng),
                rng.choice(["", "roddelen", "Buitensluiten; seksisme"]),
                "Filiaal Zuid (opgeheven)" if number % 50 == 7 else shouted(rng.choice(units), rng),
                rng.choice([None, rng.randint(1, rows // 3), f"M-{rng.randint(1, rows // 3)}"]),
                shouted(rng.choice(["verpleegkundige", "medewerker", "stagiair", "leidinggevende"]), rng),
                f"melder{number}@zorg.example",
                shouted(rng.choice(["collega", "leidinggevende", "cliënt"]), rng),
                rng.choice(["luisteren", "doorverwezen", "bedrijfsarts", "gesprek met leidinggevende", "?"]),
                rng.choice(["", "let op de overdracht", "tweede keer dit jaar"]),
            )
        )
        if number % 200 == 199:
            data.append(())
    cover = [("Toelichting bij dit bestand",), ("Alleen voor de vertrouwenspersoon",)]
    merged = ["B1:K1", "B3:B4", "C3:D3", "F3:H3", "I3:I4", "J3:J4", "K3:K4"]
    return xlsx({"Voorblad": cover, "Registratie": data}, merged)
