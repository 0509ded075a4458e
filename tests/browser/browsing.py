"""A served application and a Chromium to look at it with; used by the browser tests."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 360, "height": 640}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Skips, saying why, where no Chromium is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium found; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the application, on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def a_phone(browser: Browser, *, script: bool = True, locale: str = "nl-NL") -> Iterator[Page]:
    """A page of 360 x 640 with touch; afterwards it fails on any error the page met."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale=locale, java_script_enabled=script)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [error for error in errors if "status of 4" not in error] == []


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, by rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def fits(page: Page) -> bool:
    """Whether nothing stands beyond the width of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
