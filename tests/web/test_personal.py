"""The pages of a personal link: the same bytes for whoever asks, nothing of who asks in them, and answers a script can say."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import manifest
from app.crypto import blind, personal
from app.services import certifying, sealing
from app.storage import quick
from app.web.respond import checking
from tests.browser.browsing import served as serving
from tests.services.journeys import NOW, Place, an_open_scan
from tests.services.linked import Visitor, a_linked_scan, invite, served
from tests.storage.stores import an_app

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "app" / "web" / "respond" / "static" / "personal.js"
MOST_BYTES = 8 * 1024


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path_factory.mktemp("personal")) as found:
        yield found


@pytest.fixture(scope="module")
def place(app: Flask) -> Place:
    return a_linked_scan(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_fifty_people_get_the_same_bytes(place: Place, client: FlaskClient) -> None:
    chance = random.Random(5)
    said = json.loads(served(place).document)
    for name in ("", "manifest.json", said["script"]["name"], said["style"]["name"]):
        got = set()
        for number in range(50):
            headers = {
                "Accept-Language": chance.choice(["nl", "en", "ar,fr;q=0.5", ""]),
                "User-Agent": f"browser {number}",
                "Cookie": f"staff=x{number}",
                "Referer": f"https://{number}.example/",
                "Accept-Encoding": chance.choice(["gzip, br", "", "br"]),
                "X-Forwarded-For": f"10.0.0.{number}",
            }
            answer = client.get(f"/u/{place.scan}/{name}", headers=headers)
            assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
            packed = answer.headers.get("Content-Encoding") == "gzip"
            kept = {
                key: value
                for key, value in answer.headers.items()
                if key not in ("Content-Encoding", "Content-Length")
            }
            got.add((gzip.decompress(answer.data) if packed else answer.data, json.dumps(kept)))
        assert len(got) == 1, name


def test_the_script_is_the_repositorys_and_small_and_named_with_its_hash(
    place: Place, client: FlaskClient
) -> None:
    body = SCRIPT.read_bytes()
    assert len(body) < MOST_BYTES
    said = json.loads(client.get(f"/u/{place.scan}/manifest.json").data)
    assert client.get(f"/u/{place.scan}/{said['script']['name']}").data == body
    assert said["script"]["sha256"] == hashlib.sha256(body).hexdigest()
    page = client.get(f"/u/{place.scan}/").text
    assert re.findall(r"<script[^>]*>", page) == [
        f'<script type="module" src="{said["script"]["name"]}" integrity="{manifest.integrity(body)}">'
    ]
    assert "style=" not in page and " onclick" not in page
    assert said["page"]["sha256"] == hashlib.sha256(page.encode()).hexdigest()


def test_the_manifest_says_what_was_agreed(place: Place) -> None:
    said = json.loads(served(place).document)
    assert set(said) == {
        "version", "scan", "organisation", "operator", "name", "title", "opens", "closes", "k", "settings", "strata",
        "page", "script", "style",
    }  # fmt: skip
    assert [one["number"] for one in said["strata"]] == [0, 1] and said["k"] == 8
    assert all(one["exponent"] == blind.EXPONENT for one in said["strata"])
    assert manifest.moduli(served(place).document) == {n: key.raw for n, key in served(place).keys.items()}


def test_nothing_of_the_page_comes_from_elsewhere_or_runs_by_itself(
    place: Place, client: FlaskClient
) -> None:
    answer = client.get(f"/u/{place.scan}/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "script-src 'self'" in policy and "connect-src 'self'" in policy
    assert (
        answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    )
    assert not re.search(r'(?:src|href)="https?://(?!www\.)', answer.text.replace(_exit(answer.text), ""))


def _exit(page: str) -> str:
    found = re.search(r'<a class="exit"[^>]*>', page)
    assert found
    return found[0]


def test_the_first_page_says_what_protects_and_what_does_not(place: Place, client: FlaskClient) -> None:
    page = client.get(f"/u/{place.scan}/").text
    for sentence in (
        "Nothing is sent when you open this page.",
        "from whose link it is",
        "They could learn that you opened it, never what you answered.",
        "Someone who secretly changes this page",
        "Do it in one go, on this device.",
        "Compare these words",
        "You can also take part with a paper slip.",
        "Als je deze pagina opent, wordt er niets verstuurd.",
        "Zorggroep De Linde",
    ):
        assert sentence in page.replace("&#39;", "'"), sentence


def ask(client: FlaskClient, place: Place, visitor: Visitor, **more: object) -> tuple[int, dict[str, str]]:
    body = {
        "token": visitor.token,
        "stratum": visitor.stratum,
        "blinded": manifest.text(visitor.blinded.message),
    }
    answer = client.post(f"/u/{place.scan}/issue", data=json.dumps({**body, **more}))
    return answer.status_code, answer.get_json()


def send(client: FlaskClient, place: Place, visitor: Visitor, **more: object) -> tuple[int, dict[str, str]]:
    body = {
        "nonce": manifest.text(visitor.nonce),
        "prefix": manifest.text(visitor.prefix),
        "signature": manifest.text(visitor.signature),
        "stratum": visitor.stratum,
        "answers": place.answers(1),
    }
    answer = client.post(f"/u/{place.scan}/receive", data=json.dumps({**body, **more}))
    return answer.status_code, answer.get_json()


def test_what_became_of_it_is_said_in_a_word(place: Place, client: FlaskClient) -> None:
    token = invite(place, 1)[0]
    visitor, other = Visitor(place, token), Visitor(place, token)
    status, said = ask(client, place, visitor)
    assert status == 200 and set(said) == {"signature"}
    blinded = manifest.unpacked(said["signature"], 384)
    assert blinded is not None
    visitor.signature = blind.finalize(visitor.public, visitor.message, blinded, visitor.blinded.inverse)
    assert ask(client, place, visitor)[1] == said
    assert ask(client, place, other) == (409, {"trouble": "used"})
    assert ask(client, place, visitor, token="x" * 22) == (404, {"trouble": "unknown"})
    assert ask(client, place, visitor, blinded="é" * 512) == (400, {"trouble": "malformed"})
    assert send(client, place, other) == (403, {"trouble": "forged"})
    item = next(iter(place.answers(1)))
    assert send(client, place, visitor, answers={item: "9"}) == (422, {"trouble": "malformed", "item": item})
    assert send(client, place, visitor, answers={"change": "x" * 3000}) == (
        422,
        {"trouble": "too-long", "item": "change"},
    )
    status, said = send(client, place, visitor)
    assert status == 200 and re.fullmatch("[0-9a-f]{64}", said["receipt"])
    assert send(client, place, visitor, answers={}) == (200, said)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"token": 3}',
        "null",
        "[" * 5000,
        '{"stratum": true}',
        "\udcff".encode("utf-8", "surrogateescape"),
    ],
)
@pytest.mark.parametrize("address", ["issue", "receive"])
def test_what_is_no_message_is_refused_quietly(
    place: Place, client: FlaskClient, address: str, body: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post(f"/u/{place.scan}/{address}", data=body)
    assert 400 <= answer.status_code < 500 and set(answer.get_json()) == {"trouble"}
    assert caplog.text == ""


def test_other_addresses_give_nothing(place: Place, client: FlaskClient) -> None:
    for path in ("x.js", "personal-0000000000000000.js", "manifest", "../manifest.json", "issue"):
        assert client.get(f"/u/{place.scan}/{path}").status_code in (404, 405)
    assert client.get("/u/nothing/").status_code == 404
    assert client.post("/u/nothing/issue", data="{}").status_code == 400
    assert client.get("/u/example/").status_code == 200


def test_before_the_keys_are_made_it_says_so(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place = an_open_scan(app, way="personal-links")
        answer = app.test_client().get(f"/u/{place.scan}/")
        assert answer.status_code == 503 and answer.headers["Retry-After"]
        certifying.certify(
            place.store,
            scan=place.scan,
            pages=app.extensions["personal_pages"],
            by=place.command_line,
            now=NOW,
        )
        assert app.test_client().get(f"/u/{place.scan}/").status_code == 200


def test_every_message_has_room_for_who_writes_most(place: Place) -> None:
    length = int(re.search(r'data-length="(\d+)"', served(place).pages.page.decode())[1])  # type: ignore[index]
    answers = place.answers(1) | {"keep": "😀" * 2000, "change": "é" * 2000}
    body = {
        "nonce": "x" * 43,
        "prefix": "x" * 43,
        "signature": "x" * 512,
        "stratum": 99,
        "answers": answers,
        "pad": "",
    }
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= length


def check(address: str, place: Place, words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", checking.CODE, f"{address}/u/{place.scan}/", words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_published_check_is_ten_lines_and_the_documentation_has_them() -> None:
    assert len(checking.CODE.splitlines()) == 10
    assert checking.CODE in (ROOT / "docs" / "check-a-link.md").read_text("utf-8")


def test_the_check_passes_what_everybody_gets_and_finds_what_was_changed(app: Flask, place: Place) -> None:
    words = personal.words(served(place).fingerprint)
    kept = certifying._kept[place.store]
    real = kept[place.scan]
    with serving(app) as address:
        code, said = check(address, place, words)
        assert code == 0 and hashlib.sha256(SCRIPT.read_bytes()).hexdigest() in said
        assert check(address, place, "lusab-babad-gutih-tugad-gutuk-bisog-mudof-sakat")[0] == 1
        assert check(address, place, served(place).fingerprint)[0] == 0
        assert check(address, place, served(place).fingerprint.swapcase())[0] == 1
        for what, files in {
            "the page": manifest.Pages(
                real.pages.page.replace(b"<h1", b"<h1 ", 1), real.pages.script, real.pages.style
            ),
            "the script": manifest.Pages(
                real.pages.page.replace(b"<script", b"<script data-x", 1), real.pages.script, real.pages.style
            ),
        }.items():
            kept[place.scan] = certifying.Served(real.document, files, real.keys)
            code, said = check(address, place, words)
            assert code == 1 and "the page" in said, what
        other = real.document.replace(b'"version":1', b'"version":2')
        kept[place.scan] = certifying.Served(other, real.pages, real.keys)
        code, said = check(address, place, words)
        assert code == 1 and "the words" in said
        kept[place.scan] = real


@pytest.mark.parametrize(
    "more",
    [b'<SCRIPT src="other.js"></SCRIPT>', b"<iframe srcdoc=x>", b"<p onclick='x()'>", b"<svg/onload=x>"],
)
def test_the_check_finds_another_program_in_a_page_that_everybody_gets(
    app: Flask, place: Place, more: bytes
) -> None:
    """Made when the scan opened, so that page, manifest and words agree."""
    kept = certifying._kept[place.store]
    real = kept[place.scan]
    page = real.pages.page.replace(b"</form>", more + b"</form>", 1)
    document = real.document.replace(*(manifest.digest(each).encode() for each in (real.pages.page, page)))
    false = certifying.Served(document, manifest.Pages(page, real.pages.script, real.pages.style), real.keys)
    kept[place.scan] = false
    try:
        with serving(app) as address:
            code, said = check(address, place, personal.words(false.fingerprint))
    finally:
        kept[place.scan] = real
    assert code == 1 and "link: the script that the page names" in said


def test_the_check_page_shows_the_same_lines(place: Place, client: FlaskClient) -> None:
    page = client.get(f"/u/{place.scan}/check")
    assert page.status_code == 200 and "check-a-link.md" in page.text
    assert shutil.which("python3") and "urllib.request" in page.text


def pragma(place: Place, name: str, asked: str) -> int:
    """Of the connection with which this thread writes."""
    (answer,) = quick.own(place.store.engine(name)).execute(f"PRAGMA {asked}").fetchone()
    return int(answer)


def test_a_full_disk_is_said_and_the_same_message_is_taken_later(tmp_path: Path) -> None:
    with an_app("sqlite", tmp_path) as app:
        place, client = a_linked_scan(app), app.test_client()
        words = {"keep": "é" * 2000, "change": "é" * 2000}
        visitors = [Visitor(place, token).start() for token in invite(place, 4)]
        for visitor in visitors[1:]:  # sealed comments of three people nearly fill a page of the file
            assert send(client, place, visitor, answers=words)[0] == 200
        most = pragma(place, "ballots", "page_count")
        assert pragma(place, "ballots", f"max_page_count={most}") == most
        assert send(client, place, visitors[0], answers=words) == (503, {"trouble": "later"})
        pragma(place, "ballots", "max_page_count=100000")
        status, said = send(client, place, visitors[0], answers=words)
        assert status == 200 and send(client, place, visitors[0], answers=words) == (200, said)
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=NOW)
        assert send(client, place, visitors[0]) == (410, {"trouble": "closed"})


@pytest.mark.parametrize("database", ["ballots", "issuing"])
def test_a_locked_database_is_said_and_the_same_message_is_taken_later(
    app: Flask, place: Place, client: FlaskClient, database: str
) -> None:
    visitor = Visitor(place, invite(place, 1)[0])
    if database == "ballots":
        visitor.start()
    act = send if database == "ballots" else ask
    other = sqlite3.connect(app.extensions["settings"].instance / f"{database}.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    patience = pragma(place, database, "busy_timeout")
    pragma(place, database, "busy_timeout=50")
    assert act(client, place, visitor) == (503, {"trouble": "later"})
    other.execute("ROLLBACK")
    pragma(place, database, f"busy_timeout={patience}")
    assert act(client, place, visitor)[0] == 200


def test_every_sentence_of_the_first_page_has_its_test(place: Place, client: FlaskClient) -> None:
    """The table in docs/privacy.md: what it quotes is on the page, and the tests that it names are there."""
    page = client.get(f"/u/{place.scan}/").text.replace("&#39;", "'")
    told = (
        (ROOT / "docs" / "privacy.md")
        .read_text("utf-8")
        .partition("## Of personal links")[2]
        .partition("\n## ")[0]
    )
    rows = re.findall(r"^\| (.+?) \| `(tests/[\w/.]+)::(\w+)` \|$", told, re.MULTILINE)
    assert len(rows) == 17
    for sentence, path, name in rows:
        assert sentence in page, sentence
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), name
