"""The board with 10,000 updates: pages are asked for through the real server, beside a static file from the same server.

    .venv/bin/python bench/board.py [--updates 10000] [--requests 4000] [--clients 8]

A warm page is one that was asked for before and that nothing changed since. Prints requests a second, p50 and p95 over new
connections; exit code 1 when the front page has a p95 of 50 ms or more, or answers 500 requests a second or fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import intake, load  # noqa: E402

ADDRESS = "bench0board"
MOST_MILLISECONDS, LEAST_A_SECOND = 50.0, 500.0
WARM_UP = 40


def fill(environment: dict[str, str], updates: int) -> None:
    """An organisation with a board of so many published updates, seeded."""
    os.environ.update(environment)
    from app import create_app
    from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
    from app.services import setting_up
    from app.storage import upgrading
    from app.storage.office.updates import Board, Update, UpdateVersion
    from app.web.changes.board_words import known_themes

    app = create_app()
    upgrading.upgrade_if_needed(app, lock=Path(environment["WEERKLANK_INSTANCE"]) / "upgrade.lock")
    store, chance, now = app.extensions["store"], random.Random(7), datetime(2026, 11, 1)
    made, _ = setting_up.set_up(
        store,
        organisation="Bench",
        email="bench@example.org",
        name="Bench",
        password="een lang wachtwoord",
        now=now,
    )
    themes = sorted(known_themes())
    with store.office() as session:
        session.add(Board(organisation_id=made, address=ADDRESS, public=False, second_reader=False))
        for number in range(updates):
            words = Words(
                f"Maatregel {number}",
                "Mensen zeiden dat dit beter moet. " * 6,
                "Omdat het kan. " * 4,
                "Het rooster verandert. " * 5,
            )
            state = chance.choice(list(State))
            day = date(2027, 1, 1) + timedelta(days=chance.randrange(-90, 400))
            content = Content(
                chance.choice(themes), {"nl": words}, Source(SourceKind.OTHER), state,
                None if state is State.HEARD else chance.choice(list(Decision)), "manager", day, day,
            )  # fmt: skip
            row = Update(organisation_id=made, by_account=1, by_role="manager", version=1)
            session.add(row)
            session.flush()
            session.add(
                UpdateVersion(
                    update_id=row.id, version=1, content_json=content.to_json(), by_role="manager",
                    published_at=now + timedelta(seconds=number),
                )
            )  # fmt: skip
    store.dispose()


async def _ask(port: int, path: str) -> tuple[float, int]:
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection(load.HOST, port)
    writer.write(load.request("GET", path))
    status, _headers, _body, size = await load._answer(reader)
    writer.close()
    if status != 200:
        raise SystemExit(f"{path}: {status}")
    return time.perf_counter() - started, size


async def _many(port: int, paths: list[str], clients: int) -> tuple[list[float], float, int]:
    waiting, seconds, sizes = iter(paths), [], []

    async def client() -> None:
        for path in waiting:
            took, size = await _ask(port, path)
            seconds.append(took)
            sizes.append(size)

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return sorted(seconds), time.perf_counter() - started, max(sizes)


def measure(port: int, name: str, paths: list[str], clients: int) -> tuple[float, float]:
    """(requests a second, p95 in milliseconds), printed."""
    first = max(asyncio.run(_ask(port, path))[0] for path in paths[:4])
    asyncio.run(_many(port, paths[:WARM_UP], 4))
    seconds, wall, size = asyncio.run(_many(port, paths, clients))
    middle, high = (1000 * seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.95))
    print(
        f"{name:<34} {1000 * first:>8.0f} {len(paths) / wall:>10.0f} {middle:>8.1f} {high:>8.1f} {size / 1024:>8.1f}",
        flush=True,
    )
    return len(paths) / wall, high


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--updates", type=int, default=10_000)
    options.add_argument("--requests", type=int, default=4_000)
    options.add_argument("--clients", type=int, default=8)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="weerklank-bench-"))
    instance = intake.Instance(folder)
    Path(instance.environment["WEERKLANK_INSTANCE"]).mkdir(parents=True, exist_ok=True)
    # In a process of its own: the server must not be forked from one that holds the databases open.
    filling = [sys.executable, __file__, "--fill", str(chosen.updates)]
    subprocess.run(filling, env=instance.environment, check=True, cwd=ROOT)
    server = subprocess.Popen(
        [sys.executable, "-m", "app.serving.web", load.HOST, str(instance.port), "2"],
        env=instance.environment,
        cwd=ROOT,
    )
    try:
        intake.wait_for(instance.port)
        front, static = f"/b/{ADDRESS}/", _stylesheet(instance.port)
        few = max(200, chosen.requests // 10)
        print(
            f"{chosen.updates} updates, {chosen.clients} clients, 2 processes; "
            f"load of the machine before {os.getloadavg()[0]:.1f}"
        )
        print(f"\n{'page':<34} {'first':>8} {'a second':>10} {'p50':>8} {'p95':>8} {'KiB':>8}   milliseconds")
        measure(instance.port, "static file", [static] * chosen.requests, chosen.clients)
        rate, high = measure(instance.port, "front page, warm", [front] * chosen.requests, chosen.clients)
        measure(
            instance.port,
            "list, 500 pages in turn",
            [f"{front}updates/?page={1 + n % 500}" for n in range(few)],
            chosen.clients,
        )
        measure(instance.port, "a theme", [f"{front}theme/gossip/"] * few, chosen.clients)
        measure(
            instance.port,
            "search, another word each time",
            [f"{front}updates/?q=maatregel+{n}" for n in range(few)],
            chosen.clients,
        )
        measure(
            instance.port,
            "one update, another each time",
            [f"{front}{1 + n}/" for n in range(few)],
            chosen.clients,
        )
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if high >= MOST_MILLISECONDS or rate <= LEAST_A_SECOND else 0


def _stylesheet(port: int) -> str:
    page = load.fetch(port, f"/b/{ADDRESS}/")[2].decode()
    return page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(dict(os.environ), int(sys.argv[2]))
        raise SystemExit(0)
    raise SystemExit(main())
