"""Personal links through the real server, killed half-way: what was acknowledged is in the sealed dataset, and nobody is lost."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import create_app
from app.core import manifest
from app.crypto import blind, codes
from app.services import certifying
from app.settings import load as settings
from bench import load
from bench.intake import Instance
from bench.issuing import _ask, prepare

PEOPLE, CLIENTS, KILLED_AFTER = 40, 6, 15


@dataclass
class Person:
    """A browser: what it asks with, and what it got."""

    token: str
    nonce: bytes
    prefix: bytes
    made: blind.Blinded
    signature: bytes = b""
    receipt: str = ""

    def answers(self, signature: bytes) -> dict[str, Any]:
        sent = {"nonce": self.nonce, "prefix": self.prefix, "signature": signature}
        return {name: manifest.text(raw) for name, raw in sent.items()} | {"stratum": 0, "answers": {}}


def people(tokens: list[str], key: blind.Public) -> list[Person]:
    found = []
    for token in tokens:
        nonce, prefix = secrets.token_bytes(32), secrets.token_bytes(blind.PREFIX_BYTES)
        salt, factor = secrets.token_bytes(blind.SALT_BYTES), secrets.randbelow(key.modulus - 2) + 1
        made = blind.blind(key, blind.prepare(nonce, prefix), salt=salt, factor=factor)
        found.append(Person(token, nonce, prefix, made))
    return found


async def take_part(port: int, scan: str, key: blind.Public, person: Person) -> None:
    """Ask for the stamp and send the answers, each again with the same values when this is called again."""
    if not person.signature:
        asked = {"token": person.token, "stratum": 0, "blinded": manifest.text(person.made.message)}
        status, said = await _ask(port, f"/u/{scan}/issue", asked)
        raw = manifest.unpacked(said.get("signature"), blind.KEY_BYTES)
        assert status == 200 and raw is not None, said
        message = blind.prepare(person.nonce, person.prefix)
        person.signature = blind.finalize(key, message, raw, person.made.inverse)
    status, said = await _ask(port, f"/u/{scan}/receive", person.answers(person.signature))
    assert status == 200, said
    person.receipt = said["receipt"]


async def all_of(instance: Instance, scan: str, key: blind.Public, crowd: list[Person], *, kill: bool) -> int:
    """How many were cut off; with `kill` the server dies when so many have their receipt."""
    waiting, done, cut_off = iter(crowd), 0, 0

    async def client() -> None:
        nonlocal done, cut_off
        for person in waiting:
            try:
                await asyncio.wait_for(take_part(instance.port, scan, key, person), 30)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                cut_off += 1
                continue
            done += 1
            if kill and done == KILLED_AFTER:
                instance.kill()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return cut_off


async def at_once(instance: Instance, scan: str, crowd: list[Person]) -> list[int]:
    """What each of these gets, who all have the same link."""
    asked = [{"token": one.token, "stratum": 0, "blinded": manifest.text(one.made.message)} for one in crowd]
    given = await asyncio.gather(*(_ask(instance.port, f"/u/{scan}/issue", content) for content in asked))
    return [status for status, _ in given]


def test_a_killed_server_keeps_what_it_acknowledged_and_everybody_can_try_again(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    linked = prepare(instance, PEOPLE + 1)
    store = create_app(settings(instance.environment)).extensions["store"]
    served = certifying.served(store, linked.scan)
    store.dispose()
    assert served is not None
    *invited, last = linked.tokens
    crowd, spare = people(invited, served.keys[0]), [last]
    instance.start()
    try:
        cut_off = asyncio.run(all_of(instance, linked.scan, served.keys[0], crowd, kill=True))
        assert cut_off, "the server was killed too late to matter"
        acknowledged = {person.receipt for person in crowd if person.receipt}
        instance.start()
        left = [person for person in crowd if not person.receipt]
        assert asyncio.run(all_of(instance, linked.scan, served.keys[0], left, kill=False)) == 0
        again = asyncio.run(all_of(instance, linked.scan, served.keys[0], crowd, kill=False))
        assert again == 0 and acknowledged <= {person.receipt for person in crowd}
        asked = asyncio.run(at_once(instance, linked.scan, people(spare * 16, served.keys[0])))
        assert sorted(asked) == [200] + [409] * 15
        instance.run("scan", "seal", linked.scan)
        assert json.loads(instance.run("scan", "list", "--json"))[0]["state"] == "sealed"
        listed = receipts(instance, linked.scan)
    finally:
        instance.stop()
    assert len(listed) == len(set(listed)) == PEOPLE
    assert set(listed) == {person.receipt for person in crowd}
    assert all(
        person.receipt == (codes.ballot_key(manifest.text(person.nonce)) or b"").hex() for person in crowd
    )
    assert not (tmp_path / "instance" / "scan-keys" / f"{linked.scan}.key").exists()


def receipts(instance: Instance, scan: str) -> list[str]:
    page = load.fetch(instance.port, f"/u/{scan}/")[2].decode()
    found = re.search(r'href="(/v/[^"]+/r/[^"]+)"', page)
    assert found
    return load.fetch(instance.port, f"{found[1]}.txt")[2].decode().split()
