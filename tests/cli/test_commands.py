"""The command line as somebody in a shell meets it: what is printed, what is refused in one line, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import jsonschema
import pytest

from app.cli import run
from app.core.instrument import parse
from app.services import securing, signing_in
from app.storage.office import accounts, audit
from tests.factories import a_second_factor, an_app, ballots

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "een lange zin als wachtwoord"
UNITS = "code,parent,name,headcount\norg,,De Linde,35\na,org,Team A,15\nb,org,Team B,20\n"


class Shell:
    """Runs commands on one instance folder."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capture = folder, capture

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Exit code, output and error output."""
        code = run([str(argument) for argument in arguments])
        out, error = self._capture.readouterr()
        return code, out, error

    def json(self, *arguments: object) -> dict[str, object]:
        code, out, error = self(*arguments, "--json")
        assert code == 0, error
        found: dict[str, object] = json.loads(out)
        return found

    def refused(self, *arguments: object) -> list[str]:
        """The lines of a refusal; a traceback would not be one line."""
        code, out, error = self(*arguments)
        assert code == 2 and out == ""
        return error.splitlines()

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("WEERKLANK_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("WEERKLANK_PASSWORD", PASSWORD)
    monkeypatch.delenv("WEERKLANK_ADDRESS", raising=False)
    monkeypatch.delenv("WEERKLANK_LOCAL_SLIPS", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())  # no terminal, as in a script
    return Shell(tmp_path, capsys)


@pytest.fixture
def shell(empty: Shell) -> Shell:
    empty.json("init", "--email", "hr@linde.example", "--address", "https://scan.linde.example")
    return empty


@pytest.fixture
def scan(shell: Shell) -> str:
    units = shell.file("units.csv", UNITS)
    made = shell.json(
        "scan", "create", "--name", "Baseline", "--instrument", "social-safety", "--units", units
    )
    shell.json("scan", "open", made["scan"], "--checklist-confirmed")
    return str(made["scan"])


def test_opening_says_that_open_questions_wait_for_the_vault_of_the_advisers(shell: Shell) -> None:
    units = shell.file("units.csv", UNITS)
    for instrument, asked in (("social-safety", False), ("pulse", True)):
        made = shell.json("scan", "create", "--name", "B", "--instrument", instrument, "--units", units)
        opened = shell.json("scan", "open", made["scan"], "--checklist-confirmed")
        assert opened["open_questions"] is asked


def test_a_second_init_is_refused_kindly(shell: Shell) -> None:
    (line,) = shell.refused("init", "--email", "other@linde.example")
    assert "was made before" in line


def test_init_without_a_terminal_needs_a_password(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEERKLANK_PASSWORD")
    (line,) = empty.refused("init", "--email", "hr@linde.example")
    assert "WEERKLANK_PASSWORD" in line


def test_a_weak_password_is_refused(empty: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEERKLANK_PASSWORD", "kort")
    assert len(empty.refused("init", "--email", "hr@linde.example")) == 1


def test_the_address_is_kept_and_other_settings_stay(empty: Shell) -> None:
    settings = empty.folder / "instance" / "settings.toml"
    settings.parent.mkdir()
    settings.write_text('local_slips = false\n\n[smtp]\nhost = "mail.linde.example"\n')
    empty.json("init", "--email", "hr@linde.example", "--address", "https://scan.linde.example/")
    assert settings.read_text() == (
        'address = "https://scan.linde.example"\nlocal_slips = false\n\n[smtp]\nhost = "mail.linde.example"\n'
    )


def test_before_init_a_command_says_what_to_do(empty: Shell) -> None:
    (line,) = empty.refused("scan", "list")
    assert "weerklank init" in line


def test_every_bad_row_of_the_units_is_named_by_line(shell: Shell) -> None:
    units = shell.file(
        "units.csv", "code,parent,name,headcount\norg,,Org,30\na,nowhere,Team A,15\nb,org,,many\n"
    )
    lines = shell.refused("scan", "create", "--name", "N", "--instrument", "social-safety", "--units", units)
    assert [line.split(":")[:2] for line in lines] == [
        [str(units), "3"],
        [str(units), "4"],
        [str(units), "4"],
    ]
    assert json.loads(shell("scan", "list", "--json")[1]) == []


def test_every_fault_of_a_questionnaire_is_named_by_line(shell: Shell) -> None:
    path = shell.file("bad.toml", 'id = "x"\nversion = "one"\n')
    lines = shell.refused("instrument", "check", path)
    assert lines and all(line.startswith(f"{path}:") for line in lines)


def test_a_questionnaire_with_a_mark_in_front_is_read_and_in_another_coding_named(shell: Shell) -> None:
    text = (ROOT / "tests" / "instruments" / "minimal.toml").read_text("utf-8")
    marked = shell.file("marked.toml", "\ufeff" + text)
    units = shell.file("units.csv", UNITS)
    assert shell("instrument", "check", marked)[0] == 0
    create = ("scan", "create", "--name", "N", "--units", units, "--instrument")
    made = shell.json(*create, marked)
    old = shell.folder / "old.toml"
    old.write_bytes(("# één vraag\n" + text).encode("cp1252"))
    for command in (
        ("instrument", "check", old),
        (*create, old),
        ("release", "correct", made["scan"], "--reason", "R", "--instrument", old),
    ):
        assert shell.refused(*command) == [f"{old}:1: the file must be saved as UTF-8"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('address = "https://scan.één.example"', "settings.toml"),
        ('databases = "office.db"', "[databases]"),
        ("[databases]\noffice = 5", "office"),
        ('[databases]\noffice = "mysql://host/office"', "mysql"),
        ('smtp = "mail.example"', "[smtp]"),
        ('[smtp]\nhost = "mail.example"\nport = "587"', "port"),
    ],
)
def test_settings_that_cannot_be_used_are_named(empty: Shell, text: str, says: str) -> None:
    settings = empty.folder / "instance" / "settings.toml"
    settings.parent.mkdir()
    settings.write_bytes(text.encode("cp1252"))
    (line,) = empty.refused("scan", "list")
    assert says in line


def test_a_file_that_is_no_database_is_one_line(empty: Shell) -> None:
    (empty.folder / "instance").mkdir()
    (empty.folder / "instance" / "office.db").write_bytes(b"no database at all " * 500)
    (line,) = empty.refused("scan", "list")
    assert "database" in line


def test_a_scan_that_nobody_filled_in_says_so(shell: Shell, scan: str) -> None:
    assert "must be open" in shell.refused("scan", "import", a_draft(shell), shell.file("a.csv", ""))[0]
    shell.json("scan", "seal", scan)
    assert "nobody filled in this scan" in shell.refused("scan", "release", scan)[0]
    shell.json("scan", "archive", scan)


def a_draft(shell: Shell) -> str:
    units = shell.file("units.csv", UNITS)
    return str(
        shell.json("scan", "create", "--name", "Draft", "--instrument", "pulse", "--units", units)["scan"]
    )


def test_own_questionnaires_have_no_faults_and_can_be_read(empty: Shell) -> None:
    for name in ("social-safety", "pulse", "feedback"):
        assert empty("instrument", "check", name)[0] == 0
        code, out, _ = empty("instrument", "preview", name, "--language", "en")
        assert code == 0 and "Not validated" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("scan", "open"),
        ("scan", "seal", "aaaaaaaaaa"),
        ("scan", "results", "aaaaaaaaaa"),
        ("scan", "list", "--organisation", "elsewhere"),
        ("scan", "create", "--name", "N", "--instrument", "no-such", "--units", "no-such.csv"),
        ("instrument", "check", "no-such.toml"),
        ("serve", "--port", "nine"),
    ],
)
def test_bad_input_is_one_line(shell: Shell, arguments: tuple[str, ...]) -> None:
    (line,) = shell.refused(*arguments)
    assert line.startswith("weerklank")


def test_slips_are_written_for_the_owner_alone(shell: Shell, scan: str) -> None:
    path = shell.file("slips.csv", "something older that all can read")
    path.chmod(0o644)
    shell.json("scan", "slips", scan, "--csv", path)
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    printed = [row for row in rows if not row["reserve"]]
    assert len(printed) == 35 and len({row["code"] for row in rows}) == len(rows)
    assert all(row["address"].startswith("https://scan.linde.example/v/") for row in rows)


def test_slips_in_a_folder_that_is_not_there_void_nothing(shell: Shell, scan: str) -> None:
    (line,) = shell.refused("scan", "slips", scan, "--csv", shell.folder / "nowhere" / "slips.csv")
    assert "no folder" in line
    assert shell.refused("scan", "slips", scan)


def test_slips_need_an_address_that_phones_can_reach(empty: Shell) -> None:
    empty.json("init", "--email", "hr@linde.example")
    units = empty.file("units.csv", UNITS)
    made = empty.json("scan", "create", "--name", "N", "--instrument", "pulse", "--units", units)
    empty.json("scan", "open", made["scan"], "--checklist-confirmed")
    (line,) = empty.refused("scan", "slips", made["scan"], "--csv", empty.folder / "slips.csv")
    assert "public address" in line
    assert not (empty.folder / "slips.csv").exists()


def test_an_earlier_survey_becomes_results(shell: Shell, scan: str) -> None:
    people = [("a", one) for one in ballots(15, seed=1)] + [("b", one) for one in ballots(20, seed=2)]
    columns = sorted({item for _, one in people for item in one} - {"keep", "change"})
    path = shell.folder / "answers.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", *columns])
        writer.writerows([unit, *(one.get(item, "") for item in columns)] for unit, one in people)
    assert shell.json("scan", "import", scan, path)["rows"] == 35
    assert shell.json("scan", "seal", scan)["state"] == "sealed"
    digest = shell.json("scan", "release", scan)["digest"]
    results = shell.json("scan", "results", scan)
    assert results["digest"] == digest and results["scan"] == scan
    _, table, said = shell("scan", "results", scan)
    assert said.startswith(f"scan {scan}: not yet: these results open on 20"), "nobody else reads them yet"
    assert table.splitlines()[0].startswith("grouping") and str(digest) in table
    assert shell.json("scan", "archive", scan)["state"] == "archived"
    assert len(shell.refused("scan", "seal", scan)) == 1


def released(shell: Shell, name: str, units: str, seed: int) -> str:
    """A scan of 15 and 20 people in the first and second unit below the top, imported and released."""
    file = shell.file(f"{name}.csv", units)
    made = shell.json(
        "scan", "create", "--name", name, "--instrument", "social-safety", "--units", file, "--matters", "4"
    )
    scan = str(made["scan"])
    shell.json("scan", "open", scan, "--checklist-confirmed")
    one, other = (row.partition(",")[0] for row in units.splitlines()[2:4])
    people = [(one, each) for each in ballots(15, seed)] + [(other, each) for each in ballots(20, seed + 1)]
    columns = sorted({item for _, each in people for item in each} - {"keep", "change"})
    rows = [",".join([unit, *(each.get(item, "") for item in columns)]) for unit, each in people]
    answers = shell.file(f"{name}-answers.csv", "\n".join([",".join(["unit", *columns]), *rows]) + "\n")
    shell.json("scan", "import", scan, answers)
    shell.json("scan", "seal", scan)
    shell.json("scan", "release", scan)
    return scan


def test_two_imported_scans_are_compared_through_a_reorganisation(shell: Shell) -> None:
    old = released(shell, "old", UNITS, 1)
    new = released(shell, "new", UNITS.replace("\na,", "\nx,"), 5)
    found = shell.json("scan", "compare", old, new)
    jsonschema.validate(found, json.loads((ROOT / "docs" / "comparison.schema.json").read_text("utf-8")))
    assert (found["old"], found["new"], found["matters"]) == (old, new, 4)
    assert {one["group"] for one in found["differences"]} == {"org", "b"}  # type: ignore[attr-defined]
    assert {"grouping": "unit", "group": "a", "reason": "only-old"} in found["not_comparable"]  # type: ignore[operator]
    units = shell.file("map.csv", "old,new\na,x\n")
    mapped = shell.json("scan", "compare", old, new, "--unit-map", units)
    assert {one["group"] for one in mapped["differences"]} == {"org", "b", "x"}  # type: ignore[attr-defined]
    words = shell("scan", "compare", old, new, "--unit-map", units)[1]
    assert words.splitlines()[-1] == "a difference of 4 points or more matters"
    assert sum(line.startswith("unit") for line in words.splitlines()) == len(mapped["differences"]) + len(
        mapped["not_comparable"]
    )  # type: ignore[arg-type]


def test_a_bad_unit_map_is_named_by_line_and_a_scan_is_not_compared_with_itself(shell: Shell) -> None:
    old, new = released(shell, "old", UNITS, 1), released(shell, "new", UNITS, 5)
    units = shell.file("map.csv", "old,new\na,b\nnowhere,b\n")
    (line,) = shell.refused("scan", "compare", old, new, "--unit-map", units)
    assert line.startswith(f"{units}:3: ")
    assert "itself" in shell.refused("scan", "compare", old, old)[0]
    assert len(shell.refused("scan", "compare", old, "aaaaaaaaaa")) == 1


def test_a_bad_row_of_an_import_imports_nothing(empty: Shell) -> None:
    empty.json("init", "--email", "hr@linde.example")
    instrument = ROOT / "tests" / "instruments" / "minimal.toml"
    header = ",".join(["unit", *(item.id for item in parse(instrument.read_text("utf-8")).coded)])
    units = empty.file("units.csv", UNITS)
    made = empty.json("scan", "create", "--name", "N", "--instrument", instrument, "--units", units)
    empty.json("scan", "open", made["scan"], "--checklist-confirmed")
    path = empty.file("answers.csv", f"{header}\na,1,2,3\nnowhere,1,2,3\na,77,2,3\n")
    lines = empty.refused("scan", "import", made["scan"], path)
    assert [line.split(":")[:2] for line in lines] == [[str(path), "3"], [str(path), "4"]]
    path.write_text(f"{header}\n" + "a,1,2,3\n" * 15 + "b,2,,4\n" * 20)
    assert empty.json("scan", "import", made["scan"], path)["rows"] == 35


def test_what_is_stored_needs_no_installation(empty: Shell) -> None:
    assert {kept["table"] for kept in empty.json("what-is-stored")["kept"]} >= {"ballot", "spent", "slip"}  # type: ignore[union-attr,attr-defined]
    assert "Never kept" in empty("what-is-stored")[1]


def test_crossings_are_chosen_with_their_sides(shell: Shell) -> None:
    units = shell.file("units.csv", UNITS)
    create = (
        "scan",
        "create",
        "--name",
        "N",
        "--instrument",
        "social-safety",
        "--units",
        units,
        "--groupings",
    )
    assert shell.json(*create, "unit,tenure,unit*tenure")["scan"]
    assert "add it" in shell.refused(*create, "unit,unit*tenure")[0]


def test_a_lost_second_step_is_reset_and_its_owner_is_told(shell: Shell) -> None:
    reset = ("account", "reset-second-factor", "hr@linde.example")
    assert "no second factor" in shell.refused(*reset)[0]
    assert "no account" in shell.refused(*reset[:2], "nobody@linde.example")[0]
    with an_app(shell.folder / "instance") as app:
        store = app.extensions["store"]
        with store.reading() as session:
            account = accounts.by_email(session, "hr@linde.example")
        assert account is not None
        a_second_factor(app, account.id)
        signed_in = signing_in.begin(store, account=account.id, now=datetime(2026, 11, 24))
    assert shell.json(*reset)["reset"] is True
    with an_app(shell.folder / "instance") as app:
        store = app.extensions["store"]
        assert not securing.factors(store, account=account.id).count
        assert signing_in.standing(store, token=signed_in, now=datetime(2026, 11, 24)) is None
        with store.reading() as session:
            assert next(row.act for row in audit.rows(session, 1)) == "reset-second-factor"
    (letter,) = (shell.folder / "instance" / "outbox").glob("*.eml")
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body().get_content()
    assert "Wie de server beheert" in text
    assert "kluis gaat hier niet van open" in text
