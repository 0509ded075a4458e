"""Counting: tallying and scoring 1,000,000 x 40 answers in 240 groups, beside the plainest fast numpy.

Both ways run in processes of their own, each several times on the same answers. The plain way has the matrix of answers
in memory and does one `bincount` over group x answer per item and one product of the matrix with itself. The
product's way starts from the sealed blocks and ends at every group's scores, shares, spreads, agreement and correlations
with the outcome, and at the reliability of scales.
Memory is how far the peak of resident memory rises above what holding the answers takes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

OPTIONS = 5
TOML = """
id = "bench"
version = 1
languages = ["en"]
minutes = 9
licence = "none"
source = "bench"
validated = false
outcome = "s0"
title.en = "Bench"
[options.agree]
codes = [1, 2, 3, 4, 5]
favourable = [4, 5]
unfavourable = [1, 2]
labels.en = ["1", "2", "3", "4", "5"]
"""


def instrument(items: int) -> str:
    """Scales of five items, the last of each reversed."""
    text = TOML
    for scale in range(-(-items // 5)):
        text += f'[[scales]]\nid = "s{scale}"\ntheme = "exclusion"\nkind = "mean"\nmin_answered = 0.5\n'
        text += f'rates_a_person = false\ntitle.en = "s{scale}"\n'
    for item in range(items):
        text += f'[[items]]\nid = "i{item}"\nscale = "s{item // 5}"\noptions = "agree"\n'
        text += f'reversed = {"true" if item % 5 == 4 else "false"}\ntext.en = "i{item}"\n'
    return text


def answers(rows: int, items: int, groups: int, missing: float):  # type: ignore[no-untyped-def]
    """Groups (rows,), sorted as sealing leaves them, and answers (items, rows) of int8, -1 for none."""
    rng = np.random.default_rng(20261123)
    group = np.sort(rng.integers(0, groups, rows, dtype=np.int16))
    matrix = np.empty((items, rows), dtype=np.int8)
    for column in matrix:
        column[:] = rng.integers(0, OPTIONS, rows, dtype=np.int8)
        if missing:
            column[rng.random(rows, dtype=np.float32) < missing] = -1
    return group, matrix


def peak() -> float:
    """MiB of resident memory at its highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now() -> float:
    """MiB of resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def forget_peak() -> None:
    """Start the peak anew from here."""
    Path("/proc/self/clear_refs").write_text("5")


def high() -> float:
    """MiB of the highest resident memory since `forget_peak`."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def plain(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    group, matrix = answers(options.rows, options.items, options.groups, options.missing)
    width = OPTIONS + 1
    base = group.astype(np.int64) * width + 1

    def run() -> None:
        for column in matrix:
            np.bincount(base + column, minlength=options.groups * width)
        floats = matrix.astype(np.float32)
        floats @ floats.T

    return run


def product(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    from app.core.dataset import MOST_ROWS, Part
    from app.core.instrument import parse
    from app.core.scoring import (
        agreement,
        correlation,
        group_shares,
        grouping,
        item_rest,
        reliability,
        scores,
        spreads,
    )
    from app.core.tally import layout_of, points_of, tally

    group, matrix = answers(options.rows, options.items, options.groups, options.missing)
    parts = []
    for start in range(0, options.rows, MOST_ROWS):
        own = slice(start, start + MOST_ROWS)
        columns = [(group[own] >> 7).astype(np.int8), (group[own] & 127).astype(np.int8), *matrix[:, own]]
        parts.append(Part(len(columns[0]), b"".join(column.tobytes() for column in columns)))
    del group, matrix
    form = parse(instrument(options.items))

    def run() -> None:
        layout = layout_of(form)
        found = tally(parts, layout)
        for scale, counted in zip(layout.scales, found.scales, strict=True):
            scores(counted.n, counted.total, scale.span)
            spreads(counted.n, counted.total, counted.squares, scale.span)
            reliability(counted.moments)
            item_rest(counted.moments)
            grouping(counted.n, counted.total, counted.squares, scale.span)
            points = np.array([points_of(form, form.coded[column])[1:] for column in scale.columns])
            agreement(found.items[:, list(scale.columns), 1:], points)
            for sums in counted.with_outcome:
                if len(sums):
                    correlation(sums)
            for column in scale.columns:
                item = form.coded[column]
                group_shares(found.items[:, column], form.options_of(item), item.reversed)

    return run


def measure(way: str, options: argparse.Namespace) -> dict[str, float]:
    run = {"plain": plain, "product": product}[way](options)
    before = now()
    try:
        forget_peak()
        highest = high
    except OSError:
        highest = peak
    run()
    risen = highest() - before
    times = []
    for _ in range(options.repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "middle": sorted(times)[len(times) // 2], "mebibytes": risen}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=40)
    parser.add_argument("--groups", type=int, default=240)
    parser.add_argument("--missing", type=float, default=0.02, help="share of answers that are missing")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--way", choices=["plain", "product"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(measure(options.way, options)))
        return
    found = {}
    for way in ("plain", "product"):
        command = [sys.executable, __file__, "--way", way]
        for name in ("rows", "items", "groups", "missing", "repeats"):
            command += [f"--{name}", str(getattr(options, name))]
        found[way] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(
        f"{options.rows:,} rows x {options.items} items x {options.groups} groups, {options.missing:.0%} missing"
    )
    for way, result in found.items():
        times = f"best {result['seconds']:6.3f} s   middle {result['middle']:6.3f} s"
        print(f"  {way:8} {times}   memory +{result['mebibytes']:.0f} MiB")
    faster = found["product"]["seconds"] / found["plain"]["seconds"]
    larger = found["product"]["mebibytes"] / max(1.0, found["plain"]["mebibytes"])
    print(
        f"  the product takes {faster:.2f} times the time (at most 4) and {larger:.2f} times the memory (at most 3)"
    )


if __name__ == "__main__":
    main()
