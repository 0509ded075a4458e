"""A personal link on a phone in Chromium: from the mail's link to the receipt, cut off and back, and refused when it must be."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, Route, expect

from app.core import manifest
from app.core.manifest import Pages
from app.crypto import blind, codes, personal
from app.services import certifying, stamping
from tests.browser.browsing import a_phone, chromium, faults, fits, served
from tests.services.journeys import Place
from tests.services.linked import Visitor, a_linked_scan, invite
from tests.services.linked import served as certified
from tests.storage.stores import an_app

ELSEWHERE = re.compile("^https://")
RFC: dict[str, Any] = json.loads((Path(__file__).parent.parent / "vectors" / "rfc9474.json").read_text())
UNITS = "code,parent,name,headcount\norg,,De Linde,35\na,org,Team A,15\nb,org,Team B,20\n"
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser personal")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with an_app("sqlite", tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(scope="module")
def place(app: Flask) -> Place:
    return a_linked_scan(app, units=UNITS)


@pytest.fixture(scope="module")
def address(app: Flask, place: Place) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture
def token(place: Place) -> str:
    return invite(place, 1)[0]


@pytest.fixture
def link(place: Place, address: str, token: str) -> str:
    return personal.link(address, place.scan, token, 0, certified(place).fingerprint)


def received(app: Flask) -> int:
    file = app.extensions["settings"].instance / "ballots.db"
    return int(sqlite3.connect(file).execute("SELECT count(*) FROM ballot").fetchone()[0])


def kept(page: Page) -> dict[str, str]:
    found: dict[str, str] = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    return found


def start(page: Page) -> None:
    page.tap("#next")
    expect(page.locator("#part-1")).to_be_visible()


def to_the_end(page: Page) -> None:
    page.locator("fieldset.item:visible label.choice").nth(1).tap()
    while page.locator("#next").is_visible():
        page.tap("#next")


def test_from_the_link_of_the_mail_to_the_receipt(
    browser: Browser, app: Flask, place: Place, link: str
) -> None:
    requests: list[Request] = []
    with a_phone(browser) as page:
        page.on("request", lambda request: requests.append(request))
        page.goto(link)
        expect(page.locator("#words")).to_have_text(personal.words(certified(place).fingerprint))
        expect(page.locator("#without")).to_be_hidden()
        assert faults(page) == [] and fits(page)
        assert [request.method for request in requests] == ["GET"] * 3 and kept(page) == {}
        start(page)
        assert [request.url.rpartition("/")[2] for request in requests[3:]] == ["manifest.json", "issue"]
        while page.locator("#next").is_visible():
            for group in page.locator("fieldset.item:visible").all():
                group.locator("label.choice").nth(1).tap()
            for box in page.locator("textarea:visible").all():
                box.fill("Ik vind het fijn dat we dit mogen zeggen.")
            assert faults(page) == [] and fits(page)
            page.tap("#next")
        assert len(requests) == 5, "something left the browser before the last click"
        assert "Ik vind het fijn" not in str(kept(page)) and len(kept(page)) == 1
        state = json.loads(next(iter(kept(page).values())))
        page.tap("#send")
        expect(page.locator("#done h1")).to_contain_text("Bedankt")
        expect(page.locator("#done h1")).to_be_focused()
        page.tap("details.receipt summary")
        receipt = "".join(page.locator("#receipt span").all_inner_texts())
        key = codes.ballot_key(state["nonce"])
        assert key is not None and receipt == key.hex()
        assert faults(page) == [] and fits(page)
        assert kept(page) == {} and page.context.cookies() == []
    assert all("#" not in request.url and "cookie" not in request.headers for request in requests)
    assert len({len(request.post_data or "") for request in requests if request.method == "POST"}) == 1
    answers = sqlite3.connect(app.extensions["settings"].instance / "ballots.db").execute(
        "SELECT answers FROM ballot WHERE key = ?", [key]
    )
    assert set(answers.fetchone()[0]) == {2}


def test_nothing_but_the_button_sends(browser: Browser, app: Flask, link: str) -> None:
    before = received(app)
    with a_phone(browser) as page:
        page.goto(link)
        start(page)
        to_the_end(page)
        page.locator("#lang-nl").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(700)
        expect(page.locator("#send")).to_be_visible()
        assert received(app) == before
        page.locator("#send").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#done h1")).to_be_visible()
    assert received(app) == before + 1


def test_no_link_on_the_page_takes_the_answers_away(browser: Browser, link: str) -> None:
    with a_phone(browser) as page:
        page.goto(link)
        start(page)
        page.locator("fieldset.item:visible label.choice").nth(1).tap()
        with page.expect_popup() as elsewhere:
            page.tap(".foot a")
        assert elsewhere.value.url.endswith("/stored")
        expect(page.locator("fieldset.item:visible input:checked")).to_have_count(1)
        assert faults(page) == []


def test_with_the_keyboard_only_and_in_english(browser: Browser, link: str) -> None:
    with a_phone(browser, locale="en-GB") as page:
        page.goto(link)
        assert page.get_attribute("html", "lang") == "en"
        page.locator("#next").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#part-1")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        for _ in range(200):
            at = page.evaluate("document.activeElement.id")
            if at == "send":
                break
            page.keyboard.press("Enter" if at == "next" else "Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#done h1")).to_have_text(
            "Thank you. Your answers are received.", use_inner_text=True
        )


def test_cut_off_while_sending_and_back_it_counts_once(browser: Browser, app: Flask, link: str) -> None:
    tries: list[str] = []

    def cut_off(route: Route) -> None:
        """The first try never arrives; of the second the answer gets lost on its way back."""
        tries.append(route.request.post_data or "")
        if len(tries) == 1:
            route.abort("connectionfailed")
        elif len(tries) == 2:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    before = received(app)
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL")
    page = context.new_page()
    page.goto(link)
    start(page)
    to_the_end(page)
    page.route("**/receive", cut_off)
    page.tap("#send")
    expect(page.locator("#said")).to_contain_text("geen verbinding")
    expect(page.locator("#done h1")).to_be_visible(timeout=15_000)
    context.close()
    assert len(tries) == 3 and len(set(tries)) == 1 and received(app) == before + 1


def test_a_server_that_is_starting_is_not_called_one_that_cheats(browser: Browser, link: str) -> None:
    """What stands before it answers then with a page of its own; the connection may go as well."""
    tries: list[str] = []

    def starting(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.fulfill(status=502, body="<h1>502 Bad Gateway</h1>")
        elif len(tries) == 2:
            route.abort("connectionrefused")
        else:
            route.continue_()

    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL")
    page = context.new_page()
    page.route("**/manifest.json", starting)
    page.goto(link)
    page.tap("#next")
    expect(page.locator("#said")).to_contain_text("De server kan nu niets")
    expect(page.locator("#part-1")).to_be_visible(timeout=10_000)
    context.close()
    assert len(tries) == 3


def test_while_the_server_cannot_store_it_says_so_and_goes_on_trying(
    browser: Browser, app: Flask, link: str
) -> None:
    before, tries = received(app), []

    def unavailable_once(route: Route) -> None:
        tries.append(route.request.post_data)
        if len(tries) == 1:
            route.fulfill(status=503, json={"trouble": "later"})
        else:
            route.continue_()

    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL")
    page = context.new_page()
    page.goto(link)
    start(page)
    to_the_end(page)
    page.route("**/receive", unavailable_once)
    page.tap("#send")
    expect(page.locator("#said")).to_contain_text("kan nu niets bewaren")
    assert page.locator("#done").is_hidden() and page.locator(".item input:checked").count() == 1
    expect(page.locator("#done h1")).to_be_visible(timeout=15_000)
    context.close()
    assert received(app) == before + 1


def test_an_older_browser_without_time_limits_sends_as_well(browser: Browser, app: Flask, link: str) -> None:
    before = received(app)
    with a_phone(browser) as page:
        page.add_init_script(
            "delete AbortSignal.timeout; Object.defineProperty(window, 'localStorage', { get() { throw 1; } });"
        )
        page.goto(link)
        start(page)
        to_the_end(page)
        page.tap("#send")
        expect(page.locator("#done h1")).to_be_visible()
    assert received(app) == before + 1


def test_without_the_browsers_cryptography_it_says_what_to_do(browser: Browser, link: str) -> None:
    with a_phone(browser) as page:
        page.add_init_script("Object.defineProperty(crypto, 'subtle', { get: () => undefined });")
        page.goto(link)
        expect(page.locator("#said")).to_contain_text("nieuwere browser")
        expect(page.locator("#next")).to_be_hidden()


def test_a_closed_tab_left_nothing_and_the_same_link_goes_on(browser: Browser, app: Flask, link: str) -> None:
    before = received(app)
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="nl-NL")
    page = context.new_page()
    page.goto(link)
    start(page)
    page.locator("fieldset.item:visible label.choice").nth(1).tap()
    page.close()
    assert received(app) == before
    page = context.new_page()
    page.goto(link)
    start(page)
    assert page.locator(".item input:checked").count() == 0
    context.close()


def test_a_crash_of_the_page_before_sending_goes_on_with_the_same_link(
    browser: Browser, app: Flask, link: str
) -> None:
    before = received(app)
    with a_phone(browser) as page:
        page.goto(link)
        expect(page.locator("#start")).to_contain_text("je antwoorden weg en is er niets verstuurd")
        start(page)
        page.locator("fieldset.item:visible label.choice").nth(1).tap()
        assert received(app) == before
        state = kept(page)
        page.reload()
        expect(page.locator("#start")).to_be_visible()
        start(page)
        assert kept(page) == state and page.locator(".item input:checked").count() == 0
        page.go_back()
        expect(page.locator("#start")).to_be_visible()
        start(page)
        to_the_end(page)
        page.tap("#send")
        expect(page.locator("#done h1")).to_be_visible()
    assert received(app) == before + 1


def test_on_another_device_the_link_says_that_it_was_used(browser: Browser, link: str) -> None:
    with a_phone(browser) as page:
        page.goto(link)
        start(page)
    with a_phone(browser) as page:
        page.goto(link)
        page.tap("#next")
        expect(page.locator("#said")).to_contain_text("al gebruikt")
        assert faults(page) == [] and kept(page) == {}
        expect(page.locator("#part-1")).to_be_hidden()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda link: link[:-22] + "A" * 22, "andere sleutel"),
        (lambda link: link.replace(".0.", ".7.").replace("127.7.", "127.0."), "andere sleutel"),
        (lambda link: link[:-3], "Een deel van je link ontbreekt"),
        (lambda link: link.partition("#")[0], "Een deel van je link ontbreekt"),
        (lambda link: link.partition("#")[0] + "#" + "x" * 22 + link.partition("#")[2][22:], "werkt hier niet"),
    ],
)  # fmt: skip
def test_a_link_that_is_not_right_is_refused_with_an_explanation(
    browser: Browser, link: str, change: Any, says: str
) -> None:
    with a_phone(browser) as page:
        page.goto(change(link))
        if page.locator("#next").is_visible():
            page.tap("#next")
        expect(page.locator("#said")).to_contain_text(says)
        expect(page.locator("#part-1")).to_be_hidden()


def test_a_changed_key_is_refused_and_nothing_is_sent(browser: Browser, place: Place, link: str) -> None:
    other = blind.generate().public
    said = json.loads(certified(place).document)
    said["strata"][0]["modulus"] = manifest.text(other.raw)
    posted: list[str] = []
    with a_phone(browser) as page:
        page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
        page.route("**/manifest.json", lambda route: route.fulfill(json=said))
        page.goto(link)
        page.tap("#next")
        expect(page.locator("#said")).to_contain_text("gaf een andere sleutel")
        assert posted == [] and faults(page) == []


def test_a_stamp_by_another_key_is_refused(browser: Browser, place: Place, link: str) -> None:
    """The server has the right manifest, and signs with a key that it made for this one person."""
    with a_phone(browser) as page:
        page.route("**/issue", lambda route: route.fulfill(json={"signature": manifest.text(b"\1" * 384)}))
        page.goto(link)
        page.tap("#next")
        expect(page.locator("#said")).to_contain_text("gaf een andere sleutel")


def test_a_changed_script_is_not_run(browser: Browser, place: Place, link: str) -> None:
    changed = certified(place).pages.script + b"\ndocument.title = 'changed';"
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.route("**/personal-*.js", lambda route: route.fulfill(body=changed, content_type="text/javascript"))
    page.goto(link)
    expect(page.locator("#without")).to_be_visible()
    expect(page.locator("#next")).to_be_hidden()
    assert page.title() != "changed" and any("integrity" in line for line in said)
    context.close()


def test_without_javascript_the_page_explains_the_slip(browser: Browser, link: str) -> None:
    with a_phone(browser, script=False) as page:
        page.goto(link)
        expect(page.locator("#without")).to_contain_text("papieren briefje")
        expect(page.locator("#next")).to_be_hidden()
        expect(page.locator("section.step:visible")).to_have_count(1)
        assert fits(page)
        page.tap("#without a")
        expect(page.locator("#code")).to_be_visible()


def test_leaving_quickly_empties_the_form_and_leaves_no_way_back(browser: Browser, link: str) -> None:
    with a_phone(browser) as page:
        page.goto(link)
        start(page)
        page.locator("fieldset.item:visible label.choice").nth(1).tap()
        page.route(ELSEWHERE, lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
        page.tap("#quick-exit")
        expect(page.locator("body")).to_have_text("elsewhere")


def test_the_official_vectors_in_the_browsers_own_script(browser: Browser, place: Place, link: str) -> None:
    with a_phone(browser) as page:
        page.goto(link)
        script = json.loads(certified(place).document)["script"]["name"]
        found = page.evaluate(VECTORS, [script, RFC])
    for vector, (blinded, inverse, signature) in zip(RFC["vectors"], found, strict=True):
        assert blinded == vector["blinded_msg"] and signature == vector["sig"], vector["name"]
        assert int(inverse) == int(RFC["inv"], 16)


VECTORS = """async ([script, rfc]) => {
    const { blind, finalize } = await import("./" + script);
    const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    const hex = (raw) => [...raw].map((one) => one.toString(16).padStart(2, "0")).join("");
    const n = BigInt("0x" + rfc.p) * BigInt("0x" + rfc.q);
    const inverse = (a) => {
        let [r, s, t, u] = [n, a, 0n, 1n];
        while (s) { const q = r / s; [r, s, t, u] = [s, r - q * s, u, t - q * u]; }
        return (t + n) % n;
    };
    const inv = BigInt("0x" + rfc.inv), found = [];
    for (const vector of rfc.vectors) {
        const prepared = bytes(vector.prefix + rfc.msg), salt = bytes(vector.salted ? rfc.salt : "");
        const made = await blind(n, prepared, salt, inverse(inv));
        const signature = await finalize(n, prepared, bytes(vector.blind_sig), made.inv, salt.length);
        found.push([hex(made.blinded), String(made.inv), hex(signature)]);
    }
    return found;
}"""


def test_blindings_made_by_the_browser_are_signed_and_verified_by_the_server(
    browser: Browser, place: Place, link: str, token: str
) -> None:
    sent: list[dict[str, Any]] = []
    with a_phone(browser) as page:
        page.on(
            "request",
            lambda request: (
                sent.append(json.loads(request.post_data or "")) if request.method == "POST" else None
            ),
        )
        page.goto(link)
        start(page)
        state = json.loads(next(iter(kept(page).values())))
    assert set(sent[0]) == {"token", "stratum", "blinded", "pad"} and sent[0]["token"] == token
    public = certified(place).keys[0]
    message = blind.prepare(codes.nonce_bytes(state["nonce"]), manifest.unpacked(state["prefix"], 32) or b"")
    signature = manifest.unpacked(state["signature"], 384)
    assert signature is not None and blind.verify(public, message, signature)
    mine = Visitor(place, token, nonce=codes.nonce_bytes(state["nonce"]))
    assert mine.ask() == stamping.LinkUsed()
    assert signature not in {manifest.unpacked(one["blinded"], 384) for one in sent}


def test_another_page_than_the_manifest_names_is_what_the_check_is_for(place: Place) -> None:
    """Said on the first page, and the reason for docs/check-a-link.md: the browser itself can't see it."""
    real = certified(place)
    altered = Pages(real.pages.page + b"<!-- -->", real.pages.script, real.pages.style)
    assert manifest.digest(altered.page) != json.loads(real.document)["page"]["sha256"]
    assert isinstance(certifying.served(place.store, place.scan), certifying.Served)


def test_axe_finds_nothing_on_the_pages_around_it(browser: Browser, place: Place, address: str) -> None:
    with a_phone(browser) as page:
        for path in (f"{place.scan}/check", "example/"):
            page.goto(f"{address}/u/{path}")
            assert faults(page) == [] and fits(page), path
