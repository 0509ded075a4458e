"""How long an adviser waits for a register: reading a messy workbook, seeing what becomes of its rows, and importing them.

python bench/register.py [ROWS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.core.signals import nicknames  # noqa: E402
from app.core.signals.register import lexicon, words  # noqa: E402
from app.services import importing_cards  # noqa: E402
from tests.factories import NOW, a_store, a_vault, an_adviser, an_organisation  # noqa: E402
from tests.workbooks import a_messy_register  # noqa: E402


def main(rows: int) -> None:
    raw = a_messy_register(date(2026, 11, 1), rows)
    names = lexicon(
        categories={id: {"nl": each[0], "en": each[1]} for id, each in words.CATEGORIES.items()},
        themes={"gossip": {"nl": "roddelen", "en": "gossip"}, "exclusion": {"nl": "buitensluiten", "en": ""},
                "sexism": {"nl": "seksisme", "en": "sexism"}},
        units={"t": "Thuiszorg", "k": "Kliniek"},
    )  # fmt: skip
    randomness = random.SystemRandom()
    with tempfile.TemporaryDirectory() as folder, a_store(Path(folder)) as store:
        by = an_adviser(store, an_organisation(store))
        vault = a_vault(store, by.organisation, by.account or 0)
        common = {"lexicon": names, "opened": vault, "by": by}
        drawn = {**common, "draw": lambda taken: nicknames.draw(randomness, taken), "now": NOW}
        print(f"a workbook of {rows:,} rows, {len(raw) / 1024:,.0f} KiB")
        _timed("read, kept sealed", lambda: importing_cards.upload(store, raw=raw, **common))
        _timed("seen the first time", lambda: importing_cards.see(store, **drawn))
        _timed("seen again", lambda: importing_cards.see(store, **drawn))
        kept, left = _timed("imported", lambda: importing_cards.keep_cards(store, sign_in="s", **drawn))
        print(f"{kept:,} cards + {left:,} rows to mend = {kept + left:,}")


def _timed(what: str, act):
    started = time.perf_counter()
    found = act()
    print(f"{what:<22}{time.perf_counter() - started:6.2f} s")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
