"""Reading: a release of 1,000,000 answers x 40 items x 240 groups is made and served; every kind of page is asked for.

    .venv/bin/python bench/results.py [--rows 1000000] [--visits 200] [--keep FOLDER]

Prints per kind of page the first visit (the slowest of a fresh server's first four, so both processes are met) and p50 and p95
of later ones, one reader at a time over a new connection each, a new unit or scale each time. The worker doesn't run: no
picture is drawn, so every page also asks for its pictures, which is the dearer way. Exit code 1 when a p95 is 50 ms or more.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import intake, load, tally  # noqa: E402

DIVISIONS, TEAMS, ITEMS = 12, 19, 40
EMAIL = "bench@example.org"
MOST_MILLISECONDS = 50.0
FIRST_VISITS = 4


def units(rows: int) -> tuple[list[str], str]:
    """Codes of the teams, and the tree: 12 divisions of 19 teams, 240 groups below the organisation."""
    each = rows // (DIVISIONS * TEAMS) + 1
    lines, codes = [f"all,,Everybody,{each * DIVISIONS * TEAMS}"], []
    for division in range(DIVISIONS):
        lines.append(f"d{division},all,Division {division},{each * TEAMS}")
        for team in range(TEAMS):
            codes.append(f"d{division}t{team}")
            lines.append(f"{codes[-1]},d{division},Team {division}.{team},{each}")
    return codes, "code,parent,name,headcount\n" + "\n".join(lines) + "\n"


def write_answers(path: Path, codes: list[str], rows: int) -> None:
    """Seeded answers, 2 % missing; teams answer differently, so that pages have something to say."""
    rng = np.random.default_rng(20261124)
    names = ",".join(f"i{item}" for item in range(ITEMS))
    cells = np.array(["", "1", "2", "3", "4", "5"])
    with path.open("w", encoding="utf-8") as file:
        file.write(f"unit,{names}\n")
        for place, code in enumerate(codes):
            mine = rows // len(codes) + (place < rows % len(codes))
            chosen = rng.binomial(4, rng.uniform(0.35, 0.75), (mine, ITEMS)) + 1
            chosen[rng.random((mine, ITEMS)) < 0.02] = 0
            file.writelines(f"{code},{','.join(row)}\n" for row in cells[chosen].tolist())


def make_release(instance: intake.Instance, rows: int) -> str:
    """The id of a released scan, all through the command line."""
    folder = instance.folder
    codes, tree = units(rows)
    (folder / "instrument.toml").write_text(tally.instrument(ITEMS), "utf-8")
    (folder / "units.csv").write_text(tree, "utf-8")
    write_answers(folder / "answers.csv", codes, rows)
    instance.run("init", "--email", EMAIL)
    made = instance.run(
        "scan", "create", "--name", "Bench", "--kind", "baseline", "--instrument", str(folder / "instrument.toml"),
        "--units", str(folder / "units.csv"), "--json",
    )  # fmt: skip
    scan = re.findall(r'"scan": "(\w+)"', made)[0]
    instance.run("scan", "open", scan, "--checklist-confirmed")
    for act in (("import", scan, str(folder / "answers.csv")), ("seal", scan), ("release", scan)):
        started = time.monotonic()
        instance.run("scan", *act)
        print(f"scan {act[0]}: {time.monotonic() - started:.1f} s")
    (folder / "answers.csv").unlink()
    return scan


class Site:
    """The web processes alone, and one reader who is signed in."""

    def __init__(self, instance: intake.Instance) -> None:
        self.instance, self.cookie = instance, ""
        self.server: subprocess.Popen[bytes] | None = None

    def restart(self) -> None:
        self.stop()
        self.server = subprocess.Popen(
            [sys.executable, "-m", "app.serving.web", load.HOST, str(self.instance.port), "2"],
            env=self.instance.environment,
            cwd=ROOT,
        )
        while True:
            try:
                http.client.HTTPConnection(load.HOST, self.instance.port).connect()
                return
            except OSError:
                time.sleep(0.05)

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            self.server.wait(20)

    def sign_in(self, password: str) -> None:
        page = self.ask("GET", "/account/sign-in")
        token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
        fields = {"csrf_token": token, "email": EMAIL, "password": password}
        self.ask("POST", "/account/sign-in", urlencode(fields), 302)

    def ask(self, method: str, path: str, body: str | None = None, status: int = 200) -> str:
        connection = http.client.HTTPConnection(load.HOST, self.instance.port)
        headers = {"Cookie": self.cookie, "Accept-Language": "nl"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        if answer.status != status:
            raise SystemExit(f"{method} {path}: {answer.status}, not {status}\n{said[:500]}")
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = line.partition(";")[0]
        connection.close()
        return said

    def seconds(self, path: str) -> float:
        started = time.perf_counter()
        self.ask("GET", path)
        return time.perf_counter() - started


def kinds(base: str) -> dict[str, Callable[[], Iterator[str]]]:
    """Every kind of page: its addresses, again and again, one after the other."""
    teams = [f"{base}unit/d{number % DIVISIONS}t{number // DIVISIONS}" for number in range(DIVISIONS * TEAMS)]
    return {
        "all results": lambda: cycle([base.rsplit("/", 2)[0] + "/"]),
        "front page": lambda: cycle([base]),
        "organisation": lambda: cycle([f"{base}unit/all"]),
        "division": lambda: cycle(f"{base}unit/d{number}" for number in range(DIVISIONS)),
        "team": lambda: cycle(teams),
        "scale": lambda: cycle(f"{base}scale/s{number}" for number in range(ITEMS // 5)),
        "what is not shown": lambda: cycle([f"{base}withheld"]),
        "how": lambda: cycle([f"{base}how"]),
        "document (JSON)": lambda: cycle([f"{base}results.json"]),
    }


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--visits", type=int, default=200)
    options.add_argument(
        "--keep", type=Path, help="use this folder, and the release that an earlier run left there"
    )
    chosen = options.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="weerklank-bench-"))
    folder.mkdir(exist_ok=True)
    instance, left = intake.Instance(folder), folder / "scan.txt"
    if not left.exists():
        left.write_text(make_release(instance, chosen.rows))
    site, slowest = Site(instance), 0.0
    try:
        site.restart()
        site.sign_in(instance.environment["WEERKLANK_PASSWORD"])
        slug = re.findall(r"/(?:manage|results)/([\w-]+)/", site.ask("GET", "/account/", status=302))[0]
        print(f"\n{'page':<20} {'first':>8} {'p50':>8} {'p95':>8}   milliseconds")
        for name, addresses in kinds(f"/results/{slug}/{left.read_text()}/").items():
            site.restart()
            asked = addresses()
            first = max(site.seconds(next(asked)) for _ in range(FIRST_VISITS))
            later = np.array([site.seconds(next(asked)) for _ in range(chosen.visits)])
            middle, high = np.percentile(later, (50, 95))
            slowest = max(slowest, 1000 * high)
            print(f"{name:<20} {1000 * first:>8.0f} {1000 * middle:>8.1f} {1000 * high:>8.1f}", flush=True)
    finally:
        site.stop()
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if slowest >= MOST_MILLISECONDS else 0


if __name__ == "__main__":
    raise SystemExit(main())
