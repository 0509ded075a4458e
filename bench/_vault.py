"""Through an adviser's pages, in a browser of the same process, with documents made by the child they are always made by: how
long unlocking and opening the overview takes, and a report from the click to its PDF. For bench/signals.py.

Each is done a few times; the quickest and the middle one are given, with the CPU seconds of the process and its children, for
others on the same machine can make the rest slow.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from app.core.signals.card import Card

if TYPE_CHECKING:
    from flask.testing import FlaskClient

OPEN_WITHIN, PDF_WITHIN = 1.0, 3.0
SLUG = "linde"
ADVISER = f"/adviser/{SLUG}/"
PROOF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')


@dataclass(frozen=True)
class Took:
    """Seconds of a clock, and of CPU with children."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Browser:
    """An adviser who is signed in, of an organisation with these cards in its vault."""

    client: FlaskClient
    passphrase: str

    def send(self, path: str, page: str = "", **fields: Any) -> Any:
        """The form as a browser sends it; the page it stands on was open already."""
        proof = PROOF.search(self.client.get(page or path).text)
        assert proof, f"{page or path} has no form"
        return lambda: self.client.post(path, data={"csrf_token": proof[1], **fields})


def measure(cards: Sequence[Card], times: int) -> bool:
    """Print the seconds; whether one was over its limit even at the quickest."""
    with tempfile.TemporaryDirectory() as folder:
        browser = _browser(Path(folder), cards)
        opening = [_timed(_opening(browser)) for _ in range(times)]
        drafts, pdfs, releases = [], [], []
        for what in _windows(times):
            drafted, address = _drafting(browser, what)
            drafts.append(_timed(drafted))
            draft = address()
            pdfs.append(_timed(lambda draft=draft: _ok(browser.client.get(f"{draft}draft.pdf"), b"%PDF")))
            releases.append(_timed(_releasing(browser, draft)))
    print(
        f"\nThrough the pages, with {len(cards):,} cards, {times} times         wall: quickest  middle | CPU: middle"
    )
    slow = _said("unlock, and open the overview", opening, OPEN_WITHIN)
    slow |= _said("a report: click to a draft with its figures", drafts, PDF_WITHIN)
    slow |= _said("a report: click to the PDF of a draft", pdfs, PDF_WITHIN)
    both = [Took(one.wall + other.wall, one.cpu + other.cpu) for one, other in zip(drafts, pdfs, strict=True)]
    slow |= _said("  both: nothing yet to the PDF", both, PDF_WITHIN)
    return slow | _said("a report: click on release to its PDF", releases, PDF_WITHIN)


def _said(what: str, took: Sequence[Took], within: float) -> bool:
    quickest = min(one.wall for one in took)
    print(
        f"{what:<46} {quickest:>20.2f} s {median(one.wall for one in took):>6.2f} s | {median(one.cpu for one in took):>6.2f} s"
        f"   {'under' if quickest < within else 'NOT UNDER'} {within:.0f} s"
    )
    return quickest >= within


def _timed(act: Callable[[], object]) -> Took:
    before, start = os.times(), time.perf_counter()
    act()
    wall, after = time.perf_counter() - start, os.times()
    return Took(wall, sum(after[:4]) - sum(before[:4]))


def _ok(answer: Any, begins: bytes = b"") -> Any:
    assert answer.status_code in (200, 302) and answer.data.startswith(begins), answer.text[:2000]
    return answer


def _opening(browser: Browser) -> Callable[[], object]:
    _ok(browser.send(f"{ADVISER}lock", ADVISER)())
    unlock = browser.send(f"{ADVISER}unlock", passphrase=browser.passphrase)

    def act() -> None:
        _ok(unlock())
        page = _ok(browser.client.get(f"{ADVISER}patterns"))
        assert "<table" in page.text

    return act


def _windows(times: int) -> list[str]:
    """The half-years that are over, the latest first, and quarters after them: what a report is made of first."""
    from app.core.signal_report import kinds
    from app.core.signal_report.kinds import Kind

    today = datetime.now(UTC).date()
    found = [
        f"{kind}|{window.id}"
        for kind in (Kind.QUARTERLY, Kind.HALF_YEARLY)
        for window in reversed(kinds.offered(kind, today))
    ]
    return found[:times]


def _drafting(browser: Browser, what: str) -> tuple[Callable[[], object], Callable[[], str]]:
    post, answers = browser.send(f"{ADVISER}reports/", what=what, language="nl"), []

    def act() -> None:
        answers.append(_ok(post()))
        _ok(browser.client.get(answers[-1].location))

    return act, lambda: str(answers[-1].location)


def _releasing(browser: Browser, draft: str) -> Callable[[], object]:
    shown = browser.client.get(f"{draft}preview").text
    digest = DIGEST.search(shown)
    assert digest, "nothing to release"
    release = browser.send(f"{draft}preview", digest=digest[1], confirmed="y")

    def act() -> None:
        answer = _ok(release())
        _ok(browser.client.get(f"{answer.location}report.pdf"), b"%PDF")

    return act


def _browser(folder: Path, cards: Sequence[Card]) -> Browser:
    """De Linde of the demo without its scans, and these cards."""
    from app import create_app, demo
    from app.demo import organisation, second_step, signals
    from app.settings import load
    from app.storage import upgrading

    settings = load({"WEERKLANK_INSTANCE": str(folder)})
    app = create_app(settings)
    with app.app_context():
        upgrading.upgrade(app)
    store, email, council = app.extensions["store"], demo.PEOPLE[1][0], demo.PEOPLE[2][0]
    before = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=9)
    scene = organisation.found(store, settings, before)
    second = second_step.set_up(store, email=email, secret=settings.secret, now=before)
    opened = signals.found(
        store, organisation=scene.organisation, adviser=email, council=council, founded=before
    )
    signals.keep(store, opened, cards)
    browser = Browser(app.test_client(), signals.PASSPHRASE)
    _ok(browser.send("/account/sign-in", email=email, password=demo.PASSWORD)())
    code = second_step.code_now({"second": second}, datetime.now(UTC).replace(tzinfo=None))
    _ok(browser.send("/account/second", code=code)())
    return browser
