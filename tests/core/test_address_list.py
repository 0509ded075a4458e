"""Lists of addresses: what a spreadsheet or a mail program gives is understood, and each bad row is named with what to do."""

from __future__ import annotations

import pytest

from app.core.address_list import AddressList, Groups, read
from app.core.refusal import Refused
from app.core.strata import propose
from app.core.units import read_tree

TREE = read_tree(
    "code,parent,name,headcount\norg,,Org,40\nnoord,org,Team Noord,12\nzuid,org,Team Zuid,12\n"
    "west,org,Team West,3\noost,org,Team Oost,13\n"
)
GROUPS = Groups(propose(TREE, 8), TREE)


def clean(text: str) -> str:
    if text.count("@") != 1:
        raise Refused("email", "no")
    return text.strip().lower()


def check(text: str, *, all_of: int | None = None, known: tuple[str, ...] = (), **taken: int) -> AddressList:
    groups = Groups(GROUPS.strata, TREE, {number(name): used for name, used in taken.items()})
    return read(
        text, groups=groups, all_of=all_of, languages=("nl", "en"), language="nl", clean=clean,
        is_there=lambda address: address in known,
    )  # fmt: skip


def number(code: str) -> int:
    return GROUPS.strata.of_cell[code]


def test_a_spreadsheet_names_groups_by_name_code_or_unit() -> None:
    found = check(
        "Groep;E-mail;Taal\nnoord;a@x.example;en\nTEAM  ZUID;B@x.example;\nwest;c@x.example;NL\n0;d@x.example;\n"
    )
    assert found.faults == ()
    assert [(row.address, row.stratum, row.language) for row in found.rows] == [
        ("a@x.example", number("noord"), "en"),
        ("b@x.example", number("zuid"), "nl"),
        ("c@x.example", number("west"), "nl"),
        ("d@x.example", 0, "nl"),
    ]


def test_pasted_addresses_of_one_group_need_no_header() -> None:
    found = check("\n a@x.example \r\nb@x.example\n\n", all_of=number("zuid"))
    assert [row.stratum for row in found.rows] == [number("zuid")] * 2 and not found.faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", {1: "empty"}),
        ("naam;groep\nAnne;noord\n", {1: "no-address-column"}),
        ("adres\na@x.example\n", {1: "no-group-column"}),
        ("adres;groep\n;noord\nanne;noord\n", {2: "address", 3: "address"}),
        ("adres;groep\na@x.example;noord\nA@X.example;zuid\n", {3: "again"}),
        ("adres;groep\nold@x.example;noord\n", {2: "there"}),
        ("adres;groep\na@x.example;midden\nb@x.example;\n", {2: "group", 3: "no-group"}),
        ("adres;groep;taal\na@x.example;noord;fr\n", {2: "language"}),
    ],
)
def test_each_bad_row_is_named(text: str, faults: dict[int, str]) -> None:
    found = check(text, known=("old@x.example",))
    assert {fault.line: fault.reason for fault in found.faults} == faults
    assert found.rows == () or set(faults) == {3}


def test_no_group_gets_more_addresses_than_people() -> None:
    rows = "".join(f"p{place}@x.example;oost\n" for place in range(4))
    found = check(f"adres;groep\n{rows}", oost=11)
    assert [row.line for row in found.rows] == [2, 3]
    assert [(fault.line, fault.reason) for fault in found.faults] == [(4, "over"), (5, "over")]
