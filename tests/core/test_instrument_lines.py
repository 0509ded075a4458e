"""Lines of faults must be right for every way TOML can be written, and no text may crash the check."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.instrument import InstrumentFaults, check, parse
from app.core.instrument.lines import Path as Place
from app.core.instrument.lines import lines_of

SURVEYS = Path(__file__).parents[2] / "surveys"
WRITTEN = (SURVEYS / "social-safety.toml").read_text()
HEAD = """# an instrument without questions
id = "x"
version = 1
languages = ["nl"]
minutes = 7
source = "own"
licence = "none"
title.nl = "Proef"
"""
# Lines that hold a whole key and value.
WHOLE = [
    n for n, line in enumerate(WRITTEN.split("\n")) if re.match(r'[\w.]+ = ("|\d|true|false|\[.*\])', line)
]


def places(value: Any, path: Place = ()) -> set[Place]:
    """The path of everything in a TOML document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {path} if path else set()
    return found.union(*(places(child, (*path, key)) for key, child in inner))


def leaves(value: Any, path: Place = ()) -> dict[Place, Any]:
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        return {place: leaf for key, child in inner for place, leaf in leaves(child, (*path, key)).items()}
    return {path: value}


# In the texts below @ stands for the number of the line it is on, so each value says where it is.
KEY = st.sampled_from(["a", "b", "c-1", "1", '"a b"', "'x.y'", '"\\u00e9#"', '"[a]"', '""'])
DOTTED = st.lists(KEY, min_size=1, max_size=3).map(lambda keys: " . ".join(keys))
FILLER = st.sampled_from(
    [
        "",
        "# [a] = 1",
        "   ",
        "z{n} = '''\n[[a]]\nb = 1 \"'''",
        'z{n} = """\\"""\n[a]\n x = 2"""""',
        "z{n} = '[['",
    ]
)
VALUE = st.recursive(
    st.just("@"),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: "[" + ", ".join(values) + "]"),
        st.lists(inner, max_size=3).map(lambda values: "[ # ]\n" + ",\n\n".join(values) + "\n]"),
        st.lists(inner, max_size=3).map(
            lambda values: "{" + ", ".join(f"k{n}.'v w' = {v}" for n, v in enumerate(values)) + "}"
        ),
    ),
    max_leaves=5,
)
PAIR = st.builds("{} = {} # ]}}".format, DOTTED, VALUE)
HEADER = st.one_of(st.builds("[{}]".format, DOTTED), st.builds(" [[ {} ]]".format, DOTTED))
DOCUMENT = st.lists(st.one_of(PAIR, HEADER, FILLER), max_size=8)


def numbered(parts: list[str]) -> str:
    lines = "\n".join(part.replace("{n}", str(n)) for n, part in enumerate(parts)).split("\n")
    return "\n".join(line.replace("@", str(number)) for number, line in enumerate(lines, 1))


@given(DOCUMENT, st.booleans())
def test_the_scanner_finds_what_tomllib_finds_at_the_right_lines(parts: list[str], windows: bool) -> None:
    written = numbered(parts)
    if windows:
        written = written.replace("\n", "\r\n")
    try:
        data = tomllib.loads(written)
    except tomllib.TOMLDecodeError:
        return
    found = lines_of(written)
    assert set(found) == places(data)
    for path, leaf in leaves(data).items():
        if type(leaf) is int:
            assert found[path] == leaf


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("a = 1\n\nb.c = 2\nb.d = 3", {"a": 1, "b": 3, "b c": 3, "b d": 4}),
        (
            "[[t]]\nx = 1\n[[t]]\n[t.s]\ny = 2",
            {"t": 1, "t 0": 1, "t 0 x": 2, "t 1": 3, "t 1 s": 4, "t 1 s y": 5},
        ),
        ('l = [\n "a",\n "b" ]', {"l": 1, "l 0": 2, "l 1": 3}),
        ('m = """\n[no]\n"""\nn = 1979-05-27 07:32:00', {"m": 1, "n": 4}),
        ("i = {p = 1, q = [\n{r = 2}]}", {"i": 1, "i p": 1, "i q": 1, "i q 0": 2, "i q 0 r": 2}),
    ],
)
def test_lines_by_hand(written: str, lines: dict[str, int]) -> None:
    assert {" ".join(map(str, path)): line for path, line in lines_of(written).items()} == lines


WORDS = ["[[items]]\n", 'id = "a"\n', '"""', "'''", "\r\n", "options.a.", "\ud800", "é"]
ALPHABET = st.sampled_from([*"ab1.=[]{}\"'#,\n\\ _-", *WORDS])


@settings(deadline=None)
@given(st.lists(ALPHABET, max_size=60).map("".join))
@example("a = " + "[" * 20_000)
@example("a = " + "{b=" * 20_000)
@example("a = " + "9" * 5_000)
@example("languages = [0x" + "f" * 6_000 + "]\nid = 0x" + "f" * 6_000)
@example("\ufeffid = 1")
@example("a = 2000-13-45")
def test_no_text_crashes_the_check(written: str) -> None:
    faults = check(written)
    assert any(not fault.notice for fault in faults)
    assert all(1 <= fault.line <= written.count("\n") + 1 for fault in faults)
    with pytest.raises(InstrumentFaults):
        parse(written)


@given(st.text())
def test_what_tomllib_reads_the_scanner_reads(written: str) -> None:
    try:
        data = tomllib.loads(written)
    except ValueError:
        return
    assert set(lines_of(written)) == places(data)


@settings(deadline=None)
@given(st.sets(st.sampled_from(WHOLE), min_size=1, max_size=6), st.sampled_from(["[[]]", "[{}]", "{a = []}"]))
def test_all_values_of_a_wrong_type_are_named_at_once(wrong: set[int], value: str) -> None:
    lines = WRITTEN.split("\n")
    for number in wrong:
        lines[number] = f"{lines[number].split(' = ')[0]} = {value}"
    assert {number + 1 for number in wrong} <= {
        fault.line for fault in check("\n".join(lines)) if not fault.notice
    }


@settings(deadline=None)
@given(st.sets(st.sampled_from(WHOLE), min_size=1, max_size=6))
def test_all_misspelt_keys_are_named_at_once(wrong: set[int]) -> None:
    lines = WRITTEN.split("\n")
    for number in wrong:
        lines[number] = f"x{number}-{lines[number]}"
    named = {fault.line for fault in check("\n".join(lines)) if "no meaning here" in fault.message}
    assert named == {number + 1 for number in wrong}


@settings(deadline=None)
@given(st.sampled_from([n for n in WHOLE if WRITTEN.split("\n")[n].endswith('"')]))
def test_a_missing_quote_is_named_at_its_line(wrong: int) -> None:
    lines = WRITTEN.split("\n")
    lines[wrong] = lines[wrong][:-1]
    (fault,) = check("\n".join(lines))
    assert fault.line == wrong + 1


@settings(deadline=None)
@given(
    st.sampled_from([n for n in WHOLE if re.match("id|scale|options|outcome|first", WRITTEN.split("\n")[n])])
)
def test_a_changed_reference_is_named_at_its_line_or_where_it_is_referred_to(wrong: int) -> None:
    lines = WRITTEN.split("\n")
    key, _, value = lines[wrong].partition(' = "')
    lines[wrong] = f'{key} = "zz-{value}'
    faults = [fault for fault in check("\n".join(lines)) if not fault.notice]
    referred = re.compile(rf'= "{re.escape(value)}')
    allowed = {wrong + 1} | {n + 1 for n, line in enumerate(lines) if referred.search(line)}
    assert {fault.line for fault in faults} <= allowed
    assert faults or key == "id"


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_leaving_out_a_line_names_its_own_table(wrong: int, data: st.DataObject) -> None:
    """Where the key is required, the fault lies in the table the line was taken from."""
    lines = WRITTEN.split("\n")
    key = lines[wrong].split(" = ")[0]
    start = max((n for n in range(wrong) if lines[n].startswith("[")), default=0)
    faults = check("\n".join(lines[:wrong] + lines[wrong + 1 :]))
    if key.startswith(("title", "text", "labels")):
        assert any(start < fault.line <= wrong + 1 or start == 0 for fault in faults)
    if key in ("theme", "codes", "version", "minutes", "languages", "licence", "source"):
        assert start + 1 in {fault.line for fault in faults}


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({2: "version = "}, [3]),
        ({2: "version = ", 3: "languages = [nl]", 4: "minutes = 7 7"}, [3, 4, 5]),
        ({2: "version = 1\nversion = 2", 5: "source = own"}, [4, 7]),
        ({3: 'languages = ["nl", "en"'}, [4]),
        ({3: 'languages = [\n"nl"'}, [4]),
        ({4: 'minutes = """', 2: "version = "}, [3, 5]),
        ({2: f"version = {'9' * 5000}"}, [3]),
        ({2: "version = 2026-13-45"}, [3]),
    ],
)
def test_texts_that_are_no_toml_are_named_where_trouble_starts(
    changes: dict[int, str], lines: list[int]
) -> None:
    written = [changes.get(number, line) for number, line in enumerate(HEAD.split("\n"))]
    assert [fault.line for fault in check("\n".join(written))] == lines


def test_two_equal_ids_on_one_line_are_found() -> None:
    written = (
        HEAD
        + "items = ["
        + ", ".join(f'{{id = "{id}", kind = "comment", text.nl = "?"}}' for id in "aA")
        + "]"
    )
    (fault,) = check(written)
    assert "already used" in fault.message
