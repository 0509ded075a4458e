import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.units import FileFaults, Tree, decode, read_tree
from tests.core.trees import a_tree_of, trees

HEADER = "code,parent,name,headcount\n"


def faults_of(rows: str) -> dict[int, str]:
    with pytest.raises(FileFaults) as caught:
        read_tree(HEADER + rows)
    return {fault.line: fault.message for fault in caught.value.faults}


def as_csv(tree: Tree) -> str:
    return HEADER + "".join(f"{u.code},{u.parent or ''},{u.name},{u.headcount}\n" for u in tree.units)


@given(trees(), st.randoms(use_true_random=False))
def test_a_tree_read_back_is_the_same_units_whatever_the_order_of_rows(tree: Tree, random) -> None:
    header, *rows = as_csv(tree).splitlines(keepends=True)
    random.shuffle(rows)
    found = read_tree(header + "".join(rows))
    assert set(found.units) == set(tree.units)
    places = {unit.code: place for place, unit in enumerate(found.units)}
    assert all(unit.parent is None or places[unit.parent] < places[unit.code] for unit in found.units)


@given(trees())
def test_the_rests_add_up_to_everybody(tree: Tree) -> None:
    assert sum(tree.rest(unit.code) for unit in tree.units) == tree.root.headcount


def test_headcount_counts_what_is_below_and_the_rest_is_directly_in_the_unit() -> None:
    tree = read_tree(HEADER + "org,,Zorg,20\na,org,A,9\nb,org,B,8\n")
    assert tree.rest("org") == 3
    assert [unit.code for unit in tree.below("org")] == ["org", "a", "b"]
    assert tree.depth("a") == 1
    assert tree.ancestors("a") == ("a", "org")


def test_several_tops_get_one_root_with_the_organisations_name() -> None:
    tree = read_tree(HEADER + "a,,A,9\nb,,B,8\n", organisation="De Linde")
    assert (tree.root.name, tree.root.headcount, tree.rest(tree.root.code)) == ("De Linde", 17, 0)


def test_the_implied_root_never_takes_a_code_of_the_file() -> None:
    tree = read_tree(HEADER + "organisation,,A,9\nb,,B,8\n")
    assert tree.root.code == "organisation-1"
    assert [unit.code for unit in tree.children(tree.root.code)] == ["organisation", "b"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separators_of_spreadsheets_are_understood(separator: str) -> None:
    text = (HEADER + "org,,Zorg,20\na,org,A,9\n").replace(",", separator)
    for before in ("\ufeff", "\ufeff\r\n", "\n\n"):
        assert [unit.code for unit in read_tree(before + text).units] == ["org", "a"]


def test_a_name_is_one_line_without_marks_that_turn_what_stands_after_it() -> None:
    tree = read_tree(HEADER + 'org,,"Zorg\nen \u202emeer\u202c",20\n')
    assert tree.root.name == "Zorg en meer"


def test_columns_come_in_any_order_and_others_are_ignored() -> None:
    tree = read_tree("Name;Headcount;Note;Code;Parent\nZorg;1.200;x;org;\n")
    assert tree.root.headcount == 1200


def test_text_saved_by_an_old_spreadsheet_keeps_its_accents() -> None:
    assert decode("Cliënten".encode("cp1252")) == decode("Cliënten".encode("utf-8-sig")) == "Cliënten"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a b,org,A,9", "must be 1 to 40 letters"),
        ("org,,A,9", "already used in line 2"),
        ("a,a,A,9", "its own parent"),
        ("a,nowhere,A,9", "parent “nowhere” is not a code in this file"),
        ("a,org,,9", "the name is empty"),
        ("a,org,A,", "must be a whole number"),
        ("a,org,A,-3", "must be a whole number"),
        ("a,org,A,9.5", "must be a whole number"),
        ("a,org,A,many", "must be a whole number"),
        ("a,org,A,9,extra", "more cells than the header"),
    ],
)
def test_each_bad_row_is_named_by_its_line(row: str, says: str) -> None:
    found = faults_of(f"org,,Zorg,20\n{row}\nc,org,C,3\n")
    assert list(found) == [3]
    assert says in found[3]


def test_all_bad_rows_are_named_at_once() -> None:
    assert set(faults_of("org,,Zorg,20\na,org,,9\n\nb,org,B,x\nc,gone,C,1\n")) == {3, 5, 6}


def test_children_of_a_bad_row_are_not_blamed_for_it() -> None:
    assert set(faults_of("org,,Zorg,20\na,org,A,x\na1,a,A1,3\n")) == {3}


def test_units_that_are_each_others_parent_are_named() -> None:
    found = faults_of("org,,Zorg,20\na,b,A,9\nb,a,B,9\n")
    assert "a > b > a" in next(iter(found.values()))


def test_a_loop_without_any_top_is_named() -> None:
    assert "a > b > a" in faults_of("a,b,A,9\nb,a,B,9\n")[2]


def test_a_unit_smaller_than_what_is_below_it_is_named() -> None:
    assert "less than the 21" in faults_of("org,,Zorg,20\na,org,A,21\n")[2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("code,parent,name\na,,A\n", "misses headcount"),
        (HEADER, "no units below the header"),
    ],
)
def test_a_file_without_what_is_needed_says_so(text: str, says: str) -> None:
    with pytest.raises(FileFaults, match=says):
        read_tree(text)


def test_too_many_units_are_refused_where_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.units.MOST_UNITS", 2)
    assert "leave out the smallest level" in faults_of("org,,Zorg,20\na,org,A,9\nb,org,B,9\n")[4]


@given(st.text(max_size=200))
def test_no_text_is_read_by_halves(text: str) -> None:
    try:
        tree = read_tree(text)
    except FileFaults as error:
        found = error.faults
    else:
        assert sum(tree.rest(unit.code) for unit in tree.units) == tree.root.headcount
        return
    assert found
    assert all(fault.line >= 1 and fault.message for fault in found)


@given(st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "c", "org", "7", "x y"])] * 4), max_size=8))
def test_rows_of_any_kind_make_a_sound_tree_or_faults(rows: list[tuple[str, ...]]) -> None:
    try:
        tree = read_tree(HEADER + "".join(",".join(row) + "\n" for row in rows))
    except FileFaults as error:
        found = error.faults
    else:
        assert all(tree.rest(unit.code) >= 0 for unit in tree.units)
        assert [unit.parent for unit in tree.units].count(None) == 1
        return
    assert all(1 <= fault.line <= len(rows) + 1 for fault in found)


def test_a_hand_written_tree_counts_what_is_below() -> None:
    assert a_tree_of({"a": 9, "b": {"b1": 8, "": 3}}).root.headcount == 20
