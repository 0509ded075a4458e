"""Asks a running server for stamps on personal links as fast as it can, with gmpy2 and without; then clicks “Start” in Chromium.

    .venv/bin/python bench/issuing.py [--links 600] [--clients 16] [--no-browser]

Prints signatures a second through the whole server, and milliseconds from the click to the first question on a phone (a CPU
slowed down 6 times). Exit code 1 under 150 a second with gmpy2, or from 1 second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import load  # noqa: E402
from bench.intake import Instance, Spent  # noqa: E402

UNITS = "code,parent,name,headcount\norg,,De Linde,35\na,org,Team A,15\nb,org,Team B,20\n"
LEAST_A_SECOND = 150
MOST_MILLISECONDS = 1000
SLOWER = 6


@dataclass(frozen=True)
class Linked:
    """An open scan and links of its first stratum; `blinded` as a browser makes it, one a token."""

    scan: str
    tokens: list[str]
    blinded: list[str]
    fingerprint: str


def prepare(instance: Instance, links: int) -> Linked:
    """Without mail: tokens are put in the database as the service that invites does."""
    (instance.folder / "units.csv").write_text(UNITS, "utf-8")
    instance.run("init", "--email", "bench@example.org")
    made = instance.run(
        "scan", "create", "--name", "Bench", "--kind", "baseline", "--instrument", "social-safety",
        "--units", str(instance.folder / "units.csv"), "--way", "personal-links", "--json",
    )  # fmt: skip
    scan = str(json.loads(made)["scan"])
    started = time.monotonic()
    instance.run("scan", "open", scan, "--checklist-confirmed")
    print(f"opened, with two keys of 3072 bits, in {time.monotonic() - started:.1f} s")
    return invite(instance, scan, links)


def invite(instance: Instance, scan: str, links: int) -> Linked:
    from app import create_app
    from app.core import manifest
    from app.crypto import blind, personal
    from app.services import certifying
    from app.settings import load as settings
    from app.storage import invitations

    store = create_app(settings(instance.environment)).extensions["store"]
    served = certifying.served(store, scan)
    assert served is not None
    tokens = [manifest.text(secrets.token_bytes(16)) for _ in range(links)]
    with store.issuing() as connection:
        invitations.put_invitations(connection, scan, 0, map(personal.invitation_mark, tokens))
    store.dispose()
    key = served.keys[0]
    blinded = [
        blind.blind(
            key,
            secrets.token_bytes(64),
            salt=secrets.token_bytes(blind.SALT_BYTES),
            factor=secrets.randbelow(key.modulus - 2) + 1,
        )
        for _ in tokens
    ]
    return Linked(scan, tokens, [manifest.text(one.message) for one in blinded], served.fingerprint)


async def _ask(port: int, path: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    reader, writer = await asyncio.open_connection(load.HOST, port)
    try:
        writer.write(load.request("POST", path, json.dumps(content).ljust(4096).encode()))
        status, _, body, _ = await load._answer(reader)
        return status, json.loads(body)
    finally:
        writer.close()


async def _run(port: int, linked: Linked, clients: int) -> tuple[int, float, list[float]]:
    waiting = iter(zip(linked.tokens, linked.blinded, strict=True))
    done, seconds = 0, []

    async def client() -> None:
        nonlocal done
        for token, blinded in waiting:
            started = time.perf_counter()
            status, said = await _ask(
                port, f"/u/{linked.scan}/issue", {"token": token, "stratum": 0, "blinded": blinded}
            )
            seconds.append(time.perf_counter() - started)
            done += status == 200 and "signature" in said

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return done, time.perf_counter() - started, seconds


def measure(instance: Instance, linked: Linked, clients: int, name: str) -> float:
    spent = Spent(instance)
    done, wall, seconds = asyncio.run(_run(instance.port, linked, clients))
    cpu = spent.until_now()
    ordered = sorted(seconds)
    print(
        f"{name:<8} {done} of {len(linked.tokens)} stamps, {clients} at a time: {done / wall:>5.0f}/s, "
        f"CPU of the server {1000 * cpu / done:.1f} ms each, "
        f"p50 {1000 * statistics.median(ordered):.0f} ms, p95 {1000 * ordered[int(0.95 * len(ordered))]:.0f} ms"
    )
    return done / wall


def without_gmpy2(folder: Path) -> str:
    """A folder in which gmpy2 is not to be found, for the front of the module path."""
    hidden = folder / "plain"
    hidden.mkdir()
    (hidden / "gmpy2.py").write_text('raise ImportError("hidden for a measurement")\n', "utf-8")
    return f"{hidden}:{ROOT}"


def click(address: str, link: str, browser: Any) -> float:
    """Milliseconds from the click on “Start” to the first question on the screen."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL")
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(link)
    page.wait_for_selector("#next:visible")
    took = page.evaluate("""() => new Promise((done) => {
        const part = document.getElementById("part-1").closest(".step"), started = performance.now();
        new MutationObserver(() => {
            if (!part.hidden) requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
        }).observe(part, { attributes: true });
        document.getElementById("next").click();
    })""")
    context.close()
    return float(took)


def in_chromium(instance: Instance, linked: Linked, times: int) -> float | None:
    """The median; None where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    from app.crypto import personal

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        print("no Chromium found")
        return None
    address = f"http://{load.HOST}:{instance.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        took = [
            click(address, personal.link(address, linked.scan, token, 0, linked.fingerprint), browser)
            for token in linked.tokens[:times]
        ]
        browser.close()
    print(
        f"click to first question, CPU {SLOWER} times slower, {len(took)} phones: "
        f"median {statistics.median(took):.0f} ms, slowest {max(took):.0f} ms"
    )
    return statistics.median(took)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--links", type=int, default=600)
    options.add_argument("--clients", type=int, default=16)
    options.add_argument("--no-browser", action="store_true")
    chosen = options.parse_args()
    from app.crypto import integers

    folder = Path(tempfile.mkdtemp(prefix="weerklank-bench-"))
    instance = Instance(folder)
    good = True
    try:
        linked = prepare(instance, chosen.links)
        if integers.fast() is not None:
            instance.start()
            good &= measure(instance, linked, chosen.clients, "gmpy2") >= LEAST_A_SECOND
            if not chosen.no_browser:
                took = in_chromium(instance, invite(instance, linked.scan, 7), 7)
                good &= took is None or took < MOST_MILLISECONDS
            instance.stop()
        instance.environment["PYTHONPATH"] = without_gmpy2(folder)
        more = invite(instance, linked.scan, max(chosen.links // 4, chosen.clients))
        instance.start()
        measure(instance, more, chosen.clients, "plain")
    finally:
        instance.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
