"""From text to parts: TOML enters, the parts of an instrument leave, with what is wrong in each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.core.instrument.lines import lines_of
from app.core.instrument.model import BACKGROUND, CLOSED, COMMENT, INCIDENCE, MEAN, Item, Options, Scale
from app.core.instrument.syntax import syntax_faults
from app.core.instrument.table import LANGUAGE, Findings, InstrumentFaults, Table

ID = r"[a-z0-9][a-z0-9-]{0,39}"
ID_WORDS = "1 to 40 lower-case letters, digits and dashes, and start with a letter or digit"
# Real surveys name their items AF06 or q_12; a first underscore is left to fields of the form itself.
ITEM_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"
ITEM_ID_WORDS = "1 to 40 letters, digits, dashes and underscores, and start with a letter or digit"
HIGHEST_CODE = 99
MOST_MINUTES = 120
KEYS = (
    "id",
    "version",
    "languages",
    "minutes",
    "licence",
    "source",
    "validated",
    "outcome",
    "title",
    "intro",
    "options",
    "scales",
    "items",
    "sections",
)


@dataclass(frozen=True)
class Draft:
    """Everything in the file that could be read; ids are "" and codes () where they are faulty."""

    head: Table
    languages: tuple[str, ...]
    options: tuple[tuple[Table, Options], ...]
    scales: tuple[tuple[Table, Scale], ...]
    items: tuple[tuple[Table, Item], ...]
    starts: tuple[tuple[Table, tuple[str, dict[str, str], str]], ...]


def open_text(text: str) -> tuple[dict[str, Any], Findings]:
    """The data of a TOML text and an empty list of findings. Raises InstrumentFaults for invalid TOML."""
    text = text.removeprefix("\ufeff")
    try:
        return tomllib.loads(text), Findings(lines_of(text))
    except (ValueError, RecursionError):
        raise InstrumentFaults(syntax_faults(text)) from None


def read(data: dict[str, Any], findings: Findings) -> Draft:
    """Every part of the file by itself; what one part says about another is for the rules."""
    head = Table(data, (), findings)
    head.only(KEYS)
    languages = _languages(head)
    return Draft(
        head,
        languages,
        tuple((table, _options(table, languages)) for table in _named(head, "options")),
        tuple((table, _scale(table, languages)) for table in _listed(head, "scales")),
        tuple((table, _item(table, languages)) for table in _listed(head, "items")),
        tuple((table, _section(table, languages)) for table in _listed(head, "sections")),
    )


def _languages(head: Table) -> tuple[str, ...]:
    value = head.data.get("languages")
    if not isinstance(value, list) or not value:
        head.fault('languages must be a list with at least one language, such as ["nl", "en"]', "languages")
        return ()
    good: list[str] = []
    for place, language in enumerate(value):
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            shown = f"language “{language}”" if isinstance(language, str) else "a language"
            head.fault(f"{shown} must be a code such as nl, en or pt-BR", "languages", place)
        elif language in good:
            head.fault(f"language “{language}” is listed twice; keep one", "languages", place)
        else:
            good.append(language)
    return tuple(good)


def _named(head: Table, key: str) -> list[Table]:
    value = head.data.get(key, {})
    if not isinstance(value, dict):
        head.fault(f"write {key} as tables: [{key}.agree] and its keys below it", key)
        return []
    for name, table in value.items():
        if not isinstance(table, dict):
            head.fault(f"write {key} as tables: [{key}.{name}] and its keys below it", key, name)
    return [
        Table(table, (key, name), head.findings) for name, table in value.items() if isinstance(table, dict)
    ]


def _listed(head: Table, key: str) -> list[Table]:
    value = head.data.get(key, [])
    if not isinstance(value, list):
        head.fault(f"write {key} as a list of tables, each below its own [[{key}]]", key)
        return []
    for place, table in enumerate(value):
        if not isinstance(table, dict):
            head.fault(f"write {key} as a list of tables, each below its own [[{key}]]", key, place)
    return [
        Table(table, (key, place), head.findings)
        for place, table in enumerate(value)
        if isinstance(table, dict)
    ]


def _options(table: Table, languages: tuple[str, ...]) -> Options:
    table.only(("codes", "favourable", "unfavourable", "missing", "ordered", "labels"))
    id = str(table.path[-1])
    if not re.fullmatch(ID, id):
        table.fault(f"option set “{id}” must be {ID_WORDS}")
    codes = _codes(table)
    groups = {key: _some_codes(table, key, codes) for key in ("favourable", "unfavourable", "missing")}
    for key, other in (
        ("unfavourable", "favourable"),
        ("missing", "favourable"),
        ("missing", "unfavourable"),
    ):
        for code in sorted(set(groups[key]) & set(groups[other])):
            table.fault(f"code {code} is both {other} and {key}; keep it in one of them", key)
    if len(codes) >= 2 and len(set(codes) - set(groups["missing"])) < 2:
        table.fault(
            "fewer than 2 codes are left beside missing; people need something to choose from", "missing"
        )
    count = len(table.data["codes"]) if isinstance(table.data.get("codes"), list) else None
    labels = table.labels("labels", languages, count)
    return Options(
        id,
        codes,
        groups["favourable"],
        groups["unfavourable"],
        groups["missing"],
        table.flag("ordered", True),
        labels,
    )


def _codes(table: Table) -> tuple[int, ...]:
    """The codes in rising order, or () when they are faulty."""
    value = table.data.get("codes")
    if not isinstance(value, list):
        table.fault(
            "codes is missing or no list; write the codes to choose from, such as codes = [1, 2, 3, 4, 5]",
            "codes",
        )
        return ()
    for place, code in enumerate(value):
        if type(code) is not int or not 0 <= code <= HIGHEST_CODE:
            table.fault(
                f"code {place + 1} must be a whole number from 0 to {HIGHEST_CODE}, without quotes",
                "codes",
                place,
            )
    if not all(type(code) is int and 0 <= code <= HIGHEST_CODE for code in value):
        return ()
    if len(value) < 2:
        table.fault("codes needs at least 2 codes to choose from", "codes")
        return ()
    for place, (code, after) in enumerate(pairwise(value)):
        if after <= code:
            why = "is there twice" if after in value[: place + 1] else f"stands after {code}"
            table.fault(
                f"code {after} {why}; list the codes in rising order, each once",
                "codes",
                place + 1,
            )
            return ()
    return tuple(value)


def _some_codes(table: Table, key: str, codes: tuple[int, ...]) -> tuple[int, ...]:
    value = table.data.get(key, [])
    if not isinstance(value, list):
        table.fault(f"{key} must be a list of codes, such as {key} = [1, 2]", key)
        return ()
    found: list[int] = []
    for place, code in enumerate(value):
        if type(code) is not int or not 0 <= code <= HIGHEST_CODE:
            table.fault(
                f"{key}: code {place + 1} must be a whole number from 0 to {HIGHEST_CODE}, without quotes",
                key,
                place,
            )
        elif codes and code not in codes:
            table.fault(
                f"{key}: {code} is not one of codes; choose from {', '.join(map(str, codes))}", key, place
            )
        elif code in found:
            table.fault(f"{key}: {code} is there twice; keep one", key, place)
        else:
            found.append(code)
    return tuple(found)


def _scale(table: Table, languages: tuple[str, ...]) -> Scale:
    table.only(("id", "theme", "kind", "min_answered", "rates_a_person", "title"))
    return Scale(
        id=table.string("id", pattern=ID, what=ID_WORDS),
        theme=table.string("theme", pattern=ID, what=ID_WORDS),
        kind=table.choice("kind", (MEAN, INCIDENCE), MEAN),
        min_answered=table.share("min_answered", 0.5),
        rates_a_person=table.flag("rates_a_person", False),
        title=table.texts("title", languages),
    )


def _item(table: Table, languages: tuple[str, ...]) -> Item:
    table.only(("id", "kind", "scale", "options", "reversed", "text"))
    return Item(
        id=table.string("id", pattern=ITEM_ID, what=ITEM_ID_WORDS),
        kind=table.choice("kind", (CLOSED, BACKGROUND, COMMENT), CLOSED),
        scale=table.string("scale", "") or None,
        options=table.string("options", "") or None,
        reversed=table.flag("reversed", False),
        text=table.texts("text", languages),
    )


def _section(table: Table, languages: tuple[str, ...]) -> tuple[str, dict[str, str], str]:
    table.only(("id", "title", "first"))
    return (
        table.string("id", pattern=ID, what=ID_WORDS),
        table.texts("title", languages),
        table.string("first"),
    )
