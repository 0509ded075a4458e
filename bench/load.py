"""People filling in a survey as fast as they can: surveys enter, times, receipts and bytes leave. Loopback only.

Each survey opens a connection of its own, fetches the page, submits the form and reads the closing page.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
SECONDS_EACH = 60.0
_HIDDEN = re.compile(rb'<input[^>]*type="hidden"[^>]*>')
_NAME = re.compile(rb'name="([^"]*)"')
_VALUE = re.compile(rb'value="([^"]*)"')


@dataclass(frozen=True)
class Survey:
    """One person's visit: the address of the page, where the form goes, and the answers as form fields."""

    page: str
    submit: str
    answers: tuple[tuple[str, str], ...]


@dataclass
class Outcome:
    """What happened: seconds per finished survey, the text of each closing page, and surveys that did not finish."""

    seconds: list[float] = field(default_factory=list)
    closing: dict[int, tuple[dict[str, str], str]] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    wall: float = 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Unfinished(Exception):
    pass


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await _chunks(reader)
    return int(lines[0].split()[1]), headers, body, len(head) + len(body)


def unpacked(headers: dict[str, str], body: bytes) -> bytes:
    return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while True:
        length = int((await reader.readline()).split(b";")[0], 16)
        whole += await reader.readexactly(length)
        await reader.readexactly(2)
        if length == 0:
            return whole


def request(method: str, path: str, body: bytes = b"", extra: str = "") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\nAccept-Language: nl\r\n{extra}"
    )
    if body or method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def hidden_fields(page: bytes) -> dict[str, str]:
    found = {}
    for tag in _HIDDEN.findall(page):
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if name:
            found[name.group(1).decode()] = value.group(1).decode() if value else ""
    return found


async def _visit(port: int, survey: Survey, extra: str) -> tuple[dict[str, str], dict[str, str], bytes]:
    """The form's fields, and headers and body of the closing page; nobody reads that here, so it stays packed."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(request("GET", survey.page, extra=extra))
        status, headers, page, _ = await _answer(reader)
        if status != 200:
            raise Unfinished(f"page {status}")
        fields = hidden_fields(unpacked(headers, page))
        body = urlencode([*fields.items(), *survey.answers]).encode()
        writer.write(request("POST", survey.submit, body, extra))
        status, headers, closing, _ = await _answer(reader)
        if status in (302, 303):
            writer.write(request("GET", headers["location"], extra=extra))
            status, headers, closing, _ = await _answer(reader)
        if status != 200:
            raise Unfinished(f"submission {status}")
        return fields, headers, closing
    finally:
        writer.close()


async def _run(
    port: int, surveys: dict[int, Survey], clients: int, extra: str, finished: Callable[[int], None] | None
) -> Outcome:
    outcome = Outcome()
    waiting = iter(surveys.items())
    last: dict[int, tuple[dict[str, str], dict[str, str], bytes]] = {}

    async def client() -> None:
        for number, survey in waiting:
            started = time.perf_counter()
            try:
                last[number] = await asyncio.wait_for(_visit(port, survey, extra), SECONDS_EACH)
            except (OSError, Unfinished, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                outcome.failed[number] = f"{type(error).__name__} {error}"
                continue
            outcome.seconds.append(time.perf_counter() - started)
            if finished:
                finished(len(outcome.seconds))

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    outcome.wall = time.perf_counter() - started
    for number, (fields, headers, body) in last.items():
        outcome.closing[number] = fields, unpacked(headers, body).decode()
    return outcome


def run(
    port: int,
    surveys: dict[int, Survey],
    clients: int,
    *,
    extra: str = "",
    finished: Callable[[int], None] | None = None,
) -> Outcome:
    """Let `clients` people at a time finish all surveys. `extra` are more header lines, each ending in CR LF."""
    return asyncio.run(_run(port, surveys, clients, extra, finished))


def fetch(port: int, path: str) -> tuple[int, dict[str, str], bytes, int]:
    """One GET: status, headers, the body unpacked, and the bytes that came over the line."""

    async def once() -> tuple[int, dict[str, str], bytes, int]:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            writer.write(request("GET", path))
            status, headers, body, size = await _answer(reader)
            return status, headers, unpacked(headers, body), size
        finally:
            writer.close()

    return asyncio.run(once())
