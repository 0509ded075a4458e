"""The manual's pictures: a demo is made and served, Chromium looks at it, docs/pictures/*.png leave.

python -m tools.pictures
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app import demo

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SECONDS = 240


def main() -> int:
    chromium = next(
        (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
    )
    if chromium is None:
        print("Chromium is needed: apt-get install chromium", file=sys.stderr)
        return 2
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "WEERKLANK_INSTANCE": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            look(f"http://127.0.0.1:{port}", Path(folder) / demo.FOLDER, chromium)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    return 0


def look(address: str, instance: Path, chromium: str) -> None:
    wait(address, instance)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        wide = browser.new_page(viewport={"width": 1200, "height": 1000}, locale="nl-NL")
        sign_in(wide, address)
        wide.goto(results(instance, address))
        wide.screenshot(path=PICTURES / "results.png")
        browser.close()


def results(instance: Path, address: str) -> str:
    notes = json.loads((instance / demo.NOTES).read_text("utf-8"))
    return f"{address}/results/{notes['slug']}/{notes['baseline']}/"


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("input[type=email]", demo.PEOPLE[0][0])
    page.fill("input[type=password]", demo.PASSWORD)
    page.click("main button[type=submit]")


def wait(address: str, instance: Path) -> None:
    """Until it answers and the pictures of the results are drawn."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.5)
            continue
        if list((instance / "files").glob("*/nl/*.pdf")):
            return
        time.sleep(0.5)
    raise SystemExit("the demo was not ready in time")


if __name__ == "__main__":
    sys.exit(main())
