"""A whole run through the real server, mail and all: no file holds an address, browser, cookie, link or where one came from."""

from __future__ import annotations

import http.client
import json
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core import manifest
from app.core.access import Role, at_command_line
from app.crypto import blind
from app.services import certifying, inviting_by_mail, planning, reissuing, sealing
from app.services.inviting_by_mail import Site
from app.settings import load
from app.web.ui.asking import now
from tests.factories import SURVEYS, an_account, an_app, an_organisation, ballots, signed_in
from tests.posted import Post, a_mail_server
from tests.server.test_serving import a_free_port, serving, wait_for
from tests.services.journeys import Place
from tests.services.linked import Visitor

pytestmark = [pytest.mark.xdist_group("server"), pytest.mark.slow]

PEOPLE = [f"merkteken{number}@zeldzaam.example" for number in range(4)]
LOST = PEOPLE[0]
UNITS = "code,parent,name,headcount\norg,,De Linde,40\nnoord,org,Team Noord,20\nzuid,org,Team Zuid,20\n"
TRACES = {
    "User-Agent": "merkteken-browser/1.0 (zeldzaam)",
    "Cookie": "merkteken=zeldzaamkoekje; language=nl",
    "Referer": "https://merkteken.webmail.example/zeldzaam?inbox",
    "X-Forwarded-For": "203.0.113.77",
    "Accept-Language": "nl-merkteken",
}
MARKERS = (b"merkteken", b"zeldzaam", b"203.0.113.77")
_LINK = re.compile(r"/u/(\w+)/#([\w-]{22})\.(\d+)\.([\w-]{22})\b")


class Door:
    """The server over HTTP, as a browser meets it."""

    def __init__(self, port: int, scan: str) -> None:
        self._port, self.scan = port, scan
        self.given = self.logged = ""

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        found = answer.status, answer.read()
        self.given = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        line.close()
        return found

    def visit(self, name: str = "") -> bytes:
        status, body = self.ask("GET", f"/u/{self.scan}/{name}", **TRACES)
        assert status == 200, (name, status)
        return body

    def send(self, what: str, content: dict[str, object]) -> dict[str, str]:
        body = json.dumps({**content, "pad": " " * 100}).encode()
        status, said = self.ask(
            "POST", f"/u/{self.scan}/{what}", body, **TRACES, **{"Content-Type": "text/plain"}
        )
        assert status == 200, said
        return dict(json.loads(said))

    def as_staff(self, cookie: str, page: str, path: str, **fields: str) -> int:
        """Fill in a form of a page, a file among it, with the proof of origin that the page gives."""
        _status, form = self.ask("GET", page, Cookie=f"staff={cookie}")
        proof, session = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', form), self.given
        assert proof is not None
        bound, parts = secrets.token_hex(8), []
        for name, value in {"csrf_token": proof[1].decode(), **fields}.items():
            file = '; filename="lijst.csv"' if name == "file" else ""
            parts.append(
                f'--{bound}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n'
            )
        body = ("".join(parts) + f"--{bound}--\r\n").encode()
        kind = f"multipart/form-data; boundary={bound}"
        return self.ask("POST", path, body, **{"Cookie": session or f"staff={cookie}", "Content-Type": kind})[
            0
        ]


@contextmanager
def a_served_scan(folder: Path, post: Post) -> Iterator[tuple[Door, Place, str]]:
    """With an adviser's cookie; temporary files of the server land in the folder as well."""
    instance = folder / "instance"
    instance.mkdir()
    (folder / "tmp").mkdir()
    (instance / "settings.toml").write_text(
        'address = "https://scan.example"\n[smtp]\nhost = "127.0.0.1"\n'
        f'port = {post.port}\nstarttls = false\nsender = "Scan <scan@zorg.example>"\n',
        "utf-8",
    )
    with an_app(instance) as app:
        store = app.extensions["store"]
        organisation = an_organisation(store)
        by = at_command_line(organisation)
        scan = planning.create_scan(
            store, name="Baseline", kind="baseline", units=UNITS, way="personal-links", by=by, now=now(),
            instrument=(SURVEYS / "social-safety.toml").read_text("utf-8"),
        )  # fmt: skip
        planning.open_scan(store, scan=scan, checklist_confirmed=True, by=by, now=now())
        certifying.certify(store, scan=scan, pages=app.extensions["personal_pages"], by=by, now=now())
        cookie = signed_in(app, an_account(store, organisation, Role.ADVISER).account).get_cookie("staff")
        assert cookie is not None
        place = Place(store, scan, "zorggroep-de-linde", organisation)
        port = a_free_port()
        door = Door(port, scan)
        with serving(instance, port) as server:
            yield door, place, cookie.value
        assert server.stderr is not None
        door.logged = server.stderr.read()


def take_part(door: Door, place: Place, link: tuple[str, str, str, str]) -> str:
    """From the link in a mail to the receipt, as the script of the page does it."""
    _scan, token, stratum, _fingerprint = link
    door.visit()
    names = json.loads(door.visit("manifest.json"))
    door.visit(names["script"]["name"])
    visitor = Visitor(place, token, int(stratum))
    stamp = door.send(
        "issue",
        {"token": token, "stratum": int(stratum), "blinded": manifest.text(visitor.blinded.message)},
    )
    raw = urlsafe_b64decode(stamp["signature"] + "==")
    signature = blind.finalize(visitor.public, visitor.message, raw, visitor.blinded.inverse)
    said = door.send(
        "receive",
        {
            "nonce": manifest.text(visitor.nonce),
            "prefix": manifest.text(visitor.prefix),
            "signature": manifest.text(signature),
            "stratum": int(stratum),
            "answers": ballots(1)[0],
        },
    )
    return said["receipt"]


def traces(folder: Path, tokens: list[str]) -> list[tuple[str, bytes]]:
    """Files that hold a marker, or a token as text or as bytes."""
    sought = [*MARKERS, *(one.encode() for one in tokens), *(urlsafe_b64decode(one + "==") for one in tokens)]
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            raw = file.read_bytes()
            found += [(file.name, one) for one in sought if one in raw]
    return found


def test_no_file_holds_who_was_invited_or_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with a_mail_server() as post, a_served_scan(tmp_path, post) as (door, place, cookie):
        pages = f"/manage/{place.slug}/{place.scan}/invitations"
        # Longer than what other servers keep in memory, so that a temporary file would be made of it.
        rows = "".join(f"{one};Team Noord\n" for one in PEOPLE) + "\n" * 1_000_000
        given = {"file": f"address;stratum\n{rows}", "text": "", "all_of": "", "language": "nl"}
        assert door.as_staff(cookie, f"{pages}/addresses", f"{pages}/addresses", **given) == 302
        assert traces(tmp_path, []) == []
        assert door.as_staff(cookie, pages, f"{pages}/send", sure="y") == 302
        assert wait_for(lambda: len(post.got) == len(PEOPLE), 60)
        links = [link_of(post, one) for one in PEOPLE]
        tokens = [link[1] for link in links]
        receipts = [take_part(door, place, link) for link in links[1:]]
        site = Site.of(load({"WEERKLANK_INSTANCE": str(tmp_path / "instance")}))
        reissuing.replace_link(
            place.store, scan=place.scan, email=LOST, site=site, by=place.command_line, now=now()
        )
        new = f"/manage/{place.slug}/{place.scan}/new-link"
        assert door.as_staff(cookie, new, new, email=LOST, sure="y") == 302
        assert wait_for(lambda: len(post.to(LOST)) > 1, 60)
        links[0] = link_of(post, LOST)
        tokens.append(links[0][1])
        receipts.append(take_part(door, place, links[0]))
        assert len(set(receipts)) == len(PEOPLE)
        assert traces(tmp_path, tokens) == []
        sealing.seal(place.store, scan=place.scan, by=place.command_line, now=now())
        assert traces(tmp_path, tokens) == []
    assert not [
        one for one in (*MARKERS, *(token.encode() for token in tokens)) if one.decode() in door.logged
    ]
    (tmp_path / "planted").write_bytes(b"..." + urlsafe_b64decode(tokens[-1] + "==") + b"merkteken")
    assert len(traces(tmp_path, tokens)) == 2
    assert inviting_by_mail.EXAMPLE not in {link[0] for link in links}


def link_of(post: Post, receiver: str) -> tuple[str, str, str, str]:
    """The link in the newest letter to this address."""
    body = post.to(receiver)[-1].get_body(("plain",))
    assert body is not None
    found = _LINK.search(body.get_content())
    assert found is not None
    return found[1], found[2], found[3], found[4]
