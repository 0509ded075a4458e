"""A whole scan on both kinds of database, and what must never come out of it."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from app.core.lifecycle import WrongState
from app.core.refusal import Refused
from app.core.units import FileFaults
from app.services import importing, releasing, responding, retaining, sealing, stamping
from app.services.responding import Received, ScanClosed
from app.storage import ballots, datasets, invitations
from app.storage.office import scans
from tests.services.journeys import NOW, SURVEYS, TODAY, Place, an_open_scan
from tests.services.linked import Visitor, a_linked_scan, invite
from tests.storage.stores import BACKENDS, an_app

LATER = NOW + timedelta(days=30)
FOUR_TEAMS = "code,parent,name,headcount\norg,,De Linde,80\n" + "".join(
    f"t{n},org,Team {n},20\n" for n in range(4)
)


def seal_and_release(place: Place) -> dict:  # type: ignore[type-arg]
    sealing.seal(place.store, scan=place.scan, by=place.command_line, now=LATER)
    releasing.release(place.store, scan=place.scan, by=place.command_line, now=LATER)
    return releasing.document(place.store, scan=place.scan)


def groups(document: dict, grouping: str = "unit") -> dict[str, dict]:  # type: ignore[type-arg]
    return {group["group"]: group for group in document["groups"] if group["grouping"] == grouping}


@pytest.mark.parametrize("backend", BACKENDS)
def test_from_slips_to_protected_results_and_the_archive(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = an_open_scan(app, units=FOUR_TEAMS)
        received = []
        for stratum, codes in place.codes().items():
            for number, code in enumerate(codes[:14]):
                answer = place.fill_in(
                    code, place.answers(100 * stratum + number) | {"keep": "fijne collega's"}
                )
                assert isinstance(answer, Received)
                received.append(answer.receipt)
        late = place.form(place.slips().sheets[0].codes[0])
        assert late is not None and responding.receipts(place.store, place.scan) == []
        document = seal_and_release(place)
        assert responding.receipts(place.store, place.scan) == sorted(received)
        assert document["scan"] == place.scan and len(document["digest"]) == 64
        published = groups(document)
        assert {code for code, group in published.items() if group["status"] == "published"} == {
            "org",
            "t0",
            "t1",
            "t2",
            "t3",
        }
        assert published["org"]["n"] == {"value": 55, "low": 53, "high": 57}
        assert published["t0"]["n"]["low"] <= 14 <= published["t0"]["n"]["high"]
        assert published["t0"]["items"] == {} and published["org"]["items"]
        assert [slip["used"] for slip in document["slips"]] == [published[f"t{n}"]["n"] for n in range(4)]
        assert [slip["printed"] for slip in document["slips"]] == [20] * 4
        with place.store.reading_ballots() as connection:
            assert ballots.is_empty(connection, place.scan) and datasets.exists(connection, place.scan)
        assert "fijne collega" not in json.dumps(document)
        retaining.archive(place.store, scan=place.scan, by=place.command_line, now=LATER)
        assert datasets.parts(place.store, place.scan) == []
        assert releasing.document(place.store, scan=place.scan) == document


def test_after_sealing_a_form_is_told_so_and_what_was_sent_is_still_received(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        codes = place.codes()[1]
        forms = [place.form(code) for code in codes[:12]]
        for code, form in zip(codes[:11], forms[:11], strict=True):
            assert form is not None
            assert isinstance(place.send(code, form, {}), Received)
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=LATER)
        assert forms[0] is not None and forms[11] is not None
        assert isinstance(place.send(codes[0], forms[0], {}, today=TODAY), Received)
        assert isinstance(place.send(codes[11], forms[11], {}, today=TODAY), ScanClosed)
        with pytest.raises(WrongState):
            sealing.seal(place.store, scan=place.scan, by=place.command_line, now=LATER)


def test_few_ballots_publish_no_receipts(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        for code in place.codes()[1][:7]:
            place.fill_in(code, {})
        document = seal_and_release(place)
        assert responding.receipts(place.store, place.scan) == []
        assert all(group["status"] == "withheld" and "n" not in group for group in document["groups"])


def assert_nothing_of_either(document: dict) -> None:  # type: ignore[type-arg]
    """Units a (3 answers) and b (20): neither is there, and the whole is not split in a way that yields one of them."""
    for group in document["groups"]:
        if group["group"] == "org":
            assert group["status"] == "published"
            continue
        assert group["status"] == "withheld" and group["reason"]
        assert not group.get("scales") and not group.get("items") and "n" not in group


def test_three_of_fifteen_beside_twenty_of_twenty_stay_hidden(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        codes = place.codes()
        for number, code in enumerate(codes[0][:3] + codes[1]):
            assert isinstance(place.fill_in(code, place.answers(number)), Received)
        document = seal_and_release(place)
        assert_nothing_of_either(document)
        assert groups(document)["a"]["reason"] == groups(document)["b"]["reason"] == "too-few"
        assert [slip["used"] for slip in document["slips"]] == [None, None]


@pytest.mark.parametrize("counts", [(15, 20), (3, 20)])
def test_the_same_by_import(counts: tuple[int, int], tmp_path: Path) -> None:
    units = f"code,parent,name,headcount\norg,,All,{sum(counts)}\na,org,A,{counts[0]}\nb,org,B,{counts[1]}\n"
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, units=units)
        path = a_csv(place, tmp_path / "answers.csv", {"a": 3, "b": 20})
        assert (
            importing.import_answers(place.store, scan=place.scan, path=path, by=place.command_line, now=NOW)
            == 23
        )
        document = seal_and_release(place)
        assert_nothing_of_either(document)


def a_csv(place: Place, path: Path, counts: dict[str, int]) -> Path:
    number = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["unit", *place.answers(0)])
        writer.writeheader()
        for unit, people in counts.items():
            for _ in range(people):
                number += 1
                writer.writerow({"unit": unit, **place.answers(number)})
    return path


def test_an_import_closes_every_other_way_in_and_is_marked(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        path = a_csv(place, tmp_path / "answers.csv", {"a": 12, "b": 20})
        importing.import_answers(place.store, scan=place.scan, path=path, by=place.command_line, now=NOW)
        with pytest.raises(Refused, match="imported"):
            place.slips()
        with pytest.raises(Refused, match="imported"):
            importing.import_answers(place.store, scan=place.scan, path=path, by=place.command_line, now=NOW)
        with place.store.reading() as session:
            row = scans.get(session, place.scan)
        assert row is not None and row.imported
        document = seal_and_release(place)
        assert document["about"]["imported"] is True
        assert groups(document)["a"]["status"] == "published"


def test_an_import_beside_slips_is_refused_and_a_bad_file_stores_nothing(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        path = a_csv(place, tmp_path / "answers.csv", {"a": 12, "b": 20})
        bad = tmp_path / "bad.csv"
        bad.write_text(path.read_text().replace("\nb,", "\nzzz,", 1))
        with pytest.raises(FileFaults) as raised:
            importing.import_answers(place.store, scan=place.scan, path=bad, by=place.command_line, now=NOW)
        assert [fault.line for fault in raised.value.faults] == [14] and "zzz" in raised.value.faults[
            0
        ].message
        with place.store.reading_ballots() as connection:
            assert not datasets.exists(connection, place.scan)
        place.slips()
        with pytest.raises(Refused, match="without slips"):
            importing.import_answers(place.store, scan=place.scan, path=path, by=place.command_line, now=NOW)


def test_an_open_link_publishes_the_whole_only(tmp_path: Path) -> None:
    from app.services import inviting

    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, way="open-link", groupings=("unit", "tenure"))
        code = inviting.make_open_link(place.store, scan=place.scan, by=place.command_line, now=NOW)
        for number in range(40):
            place.fill_in(code, place.answers(number))
        document = seal_and_release(place)
        assert [group["group"] for group in document["groups"] if group["status"] == "published"] == ["org"]
        assert {group["reason"] for group in document["groups"] if group["status"] != "published"} == {
            "open-link"
        }


def test_the_item_banks_are_there() -> None:
    assert {path.stem for path in SURVEYS.glob("*.toml")} == {"feedback", "pulse", "social-safety", "themes"}


def test_rows_of_uneven_length_are_named_and_never_shifted(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app)
        path = a_csv(place, tmp_path / "answers.csv", {"a": 12, "b": 20})
        rows = path.read_text().splitlines()
        rows[3] = rows[3].rsplit(",", 2)[0]
        rows[7] += ",1"
        path.write_text("\n".join(rows) + "\n")
        with pytest.raises(FileFaults) as raised:
            importing.import_answers(place.store, scan=place.scan, path=path, by=place.command_line, now=NOW)
        assert [fault.line for fault in raised.value.faults] == [4, 8]


@pytest.mark.parametrize("backend", BACKENDS)
def test_from_personal_links_to_protected_results(backend: str, tmp_path: Path) -> None:
    with an_app(backend, tmp_path) as app:
        place = a_linked_scan(app, units=FOUR_TEAMS)
        received = []
        for stratum in range(4):
            tokens = invite(place, 14, stratum)
            for number, token in enumerate(tokens):
                visitor = Visitor(place, token, stratum).start()
                answer = visitor.send(place.answers(100 * stratum + number) | {"keep": "fijne collega's"})
                assert isinstance(answer, Received)
                received.append(answer.receipt)
            assert isinstance(Visitor(place, tokens[0], stratum).ask(), stamping.LinkUsed)
        with ThreadPoolExecutor(8) as people:
            token = invite(place, 1)[0]
            answers = list(people.map(lambda _: Visitor(place, token).ask(), range(8)))
        assert sum(isinstance(answer, stamping.Stamped) for answer in answers) == 1
        document = seal_and_release(place)
        jsonschema.validate(
            document, json.loads((SURVEYS.parent / "docs" / "results.schema.json").read_text("utf-8"))
        )
        assert responding.receipts(place.store, place.scan) == sorted(received)
        assert document["rules"]["way"] == "personal-links"
        assert {code for code, group in groups(document).items() if group["status"] == "published"} >= {
            "org",
            "t0",
            "t3",
        }
        with place.store.reading_issuing() as connection:
            assert invitations.keys(connection, place.scan) == []
