"""Sealed answers: independent of order, exact in and out; and files that name their faults by line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import dataset
from app.core.instrument import parse
from app.core.strata import propose
from app.core.units import FileFaults
from tests.core.measured import an_instrument
from tests.core.trees import a_tree_of

TREE = a_tree_of({"a": 12, "b": {"b1": 9, "b2": 10}, "empty": 0})
STRATA = propose(TREE, 8)
TEXT = an_instrument((("safety", "mean", 2, "agree", "false"),)) + (
    '\n[[items]]\nid = "words"\nkind = "comment"\ntext.nl = "w"\ntext.en = "w"\n'
)
FORM = parse(TEXT)


@given(st.integers(0, 60), st.integers(1, 19), st.randoms(use_true_random=False))
def test_the_same_answers_give_the_same_bytes_in_any_order(rows, items, random):
    rng = np.random.default_rng(random.randrange(1 << 30))
    strata = rng.integers(0, 300, rows)
    answers = rng.integers(-1, 3, (rows, items)).astype(np.int8)
    order = rng.permutation(rows)
    parts = dataset.pack(strata, answers)
    assert parts == dataset.pack(strata[order], answers[order])
    if rows:
        out, back = dataset.unpack(parts[0], items)
        pairs = [(int(s), *map(int, row)) for s, row in zip(out, back, strict=True)]
        assert pairs == sorted((int(s), *map(int, row)) for s, row in zip(strata, answers, strict=True))
        assert back.T.flags.c_contiguous
        assert not back.flags.owndata


def test_parts_hold_at_most_a_million_rows(monkeypatch):
    monkeypatch.setattr(dataset, "MOST_ROWS", 10)
    parts = dataset.pack(np.arange(25), np.zeros((25, 2), dtype=np.int8))
    assert [part.rows for part in parts] == [10, 10, 5]


def test_a_stratum_that_two_bytes_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="16383"):
        dataset.pack(np.array([16_384]), np.zeros((1, 1), dtype=np.int8))


def test_ballots_become_indexes():
    strata, answers = dataset.from_ballots([(2, b"\x00\x01"), (0, b"\x05\x00")], 2)
    assert strata.tolist() == [2, 0]
    assert answers.tolist() == [[-1, 0], [4, -1]]
    with pytest.raises(ValueError, match="2 bytes"):
        dataset.from_ballots([(0, b"\x01")], 2)


def read(tmp_path, text: str | bytes):
    path = tmp_path / "answers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return dataset.read_answers_csv(path, FORM, TREE, STRATA)


def faults(tmp_path, text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(FileFaults) as raised:
        read(tmp_path, text)
    return [(fault.line, fault.message) for fault in raised.value.faults]


@pytest.mark.parametrize("text", [
    "unit,safety0,safety1,tenure\na,1,5,2\nb1,,9,\n",
    "\ufeffunit;tenure;safety1;safety0\r\na;2;5;1\r\nb1;;9;\r\n",
    " unit , safety0 , safety1 , tenure \n a , 1 , 5 , 2 \n\n b1 ,, 9 ,\n",
    "unit,safety0,safety1,tenure\na,1.0,5,2\nb1,  ,9,\n",
    'UNIT,Safety0,safety1,tenure,\n"a","1",5,2,\n"b1",,9,,\n',
    "\ufeff\n\r\nunit;tenure;safety1;safety0\na;2;5;1\nb1;;9;\n",
    '\nunit;tenure;safety1;safety0\n"a";2;5;1\n"b1";;9;\n',
])  # fmt: skip
def test_files_as_spreadsheets_write_them(tmp_path, text):
    strata, answers = read(tmp_path, text)
    assert strata.tolist() == [STRATA.of_cell["a"], STRATA.of_cell["b1"]]
    assert answers.tolist() == [[0, 4, 1, -1], [-1, 5, -1, -1]]  # work is left out of the file


def test_each_bad_cell_is_named_by_line_and_column(tmp_path):
    found = faults(tmp_path, "unit,safety0,safety1\na,1,2\n\nb,1,7\nc,x,\n,2,2\na,1\nempty,1,1\n")
    assert [line for line, _ in found] == [4, 4, 5, 5, 6, 7, 8]
    messages = "\n".join(message for _, message in found)
    for part in ("“b” has nobody placed directly", "“safety1”: “7”", "“c” is not in this scan", "“safety0”: “x”",
                 "column “unit” is empty", "2 cells", "“empty” has nobody"):  # fmt: skip
        assert part in messages


def test_a_line_break_inside_quotes_keeps_the_count_of_lines(tmp_path):
    assert faults(tmp_path, 'unit,safety0,safety1\n"a\n",1,2\na,8,1\n') == [
        (
            4,
            "column “safety0”: “8” is not one of the answers 1, 2, 3, 4, 5, 9; leave the cell empty for no answer",
        )
    ]


@pytest.mark.parametrize(("header", "part"), [
    ("unit,safety0,safety1,words", "own words"),
    ("unit,safety0,safety1,other", "“other” is not a question"),
    ("unit,safety0", "misses safety1"),
    ("safety0,safety1", "misses unit"),
    ("unit,safety0,safety1,safety0", "twice"),
])  # fmt: skip
def test_a_header_that_does_not_fit(tmp_path, header, part):
    ((line, message),) = faults(tmp_path, header + "\n")
    assert line == 1
    assert part in message


def test_an_empty_file_and_one_without_rows(tmp_path):
    assert "empty" in faults(tmp_path, "")[0][1]
    assert "no answers" in faults(tmp_path, "unit,safety0,safety1\n")[0][1]


def test_many_faults_are_cut_short_and_counted(tmp_path):
    found = faults(tmp_path, "unit,safety0,safety1\n" + "a,7,1\n" * 500)
    assert len(found) == 51
    assert found[-1][1].startswith("450 more")


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b1", "b2"]), *[st.sampled_from([None, 1, 2, 5, 9])] * 2), min_size=1
    )
)
def test_quick_and_careful_reading_agree(tmp_path_factory, rows):
    text = "unit,safety0,safety1\n" + "".join(
        ",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows
    )
    folder = tmp_path_factory.mktemp("csv")
    quick = read(folder, text)
    careful = read(folder, text + '"",,\n')  # an empty row makes the reading careful and is passed over
    assert quick[0].tolist() == careful[0].tolist()
    assert quick[1].tolist() == careful[1].tolist()
