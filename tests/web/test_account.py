"""Journeys of staff: signing in, inviting, new passwords, settings and the log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services import setting_up, signing_in
from app.settings import load
from app.storage.office import accounts, audit, organisations
from tests.services.staff import EMAIL, PASSWORD, link_in
from tests.storage.stores import migrated
from tests.web.second_step import send, set_up_app

OTHER = "heel andere losse woorden"
SLUG = "zorggroep"
HOME = f"/manage/{SLUG}/"


def a_site(folder: Path, **environment: str) -> Flask:
    app = migrated(load({"WEERKLANK_INSTANCE": str(folder), **environment}))
    now = datetime.now(UTC).replace(tzinfo=None)
    setting_up.set_up(
        app.extensions["store"],
        organisation="Zorggroep",
        email=EMAIL,
        name="Anna",
        password=PASSWORD,
        now=now,
    )
    return app


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return a_site(tmp_path)


def signed_in(site: Flask, email: str = EMAIL, password: str = PASSWORD) -> FlaskClient:
    browser = site.test_client()
    browser.get("/account/sign-in?language=en")
    answer = send(browser, "/account/sign-in", email=email, password=password)
    assert answer.status_code == 302, answer.text
    return browser


def invited(site: Flask, folder: Path, by: FlaskClient, email: str, *roles: str) -> str:
    answer = send(by, f"/account/{SLUG}/colleagues/invite", email=email, roles=list(roles))
    assert answer.status_code == 302, answer.text
    return "/account/invitation/" + link_in(folder / "outbox", "/account/invitation/")


def joined(site: Flask, folder: Path, by: FlaskClient, email: str, *roles: str) -> FlaskClient:
    browser = site.test_client()
    browser.get("/account/sign-in?language=en")
    link = invited(site, folder, by, email, *roles)
    assert send(browser, link, name=email.partition("@")[0].title(), password=PASSWORD).status_code == 302
    if "adviser" in roles:
        set_up_app(browser)
    return browser


def test_signing_in_leads_to_the_scans_and_out_again(site: Flask) -> None:
    browser = signed_in(site)
    assert browser.get("/account/").headers["Location"] == HOME
    assert "Anna" in browser.get("/account/own").text
    assert send(browser, "/account/sign-out", "/account/own").headers["Location"] == "/account/sign-in"
    assert browser.get("/account/own").headers["Location"].startswith("/account/sign-in")


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(site: Flask) -> None:
    pages = []
    for email in (EMAIL, "nobody@zorg.example"):
        answer = send(site.test_client(), "/account/sign-in", email=email, password="iets anders dan dat")
        assert answer.status_code == 400
        pages.append(re.sub(r'value="[^"]*"', "", answer.text))
        assert f'value="{email}"' in answer.text
    assert pages[0] == pages[1]


def test_the_wait_after_many_tries_is_told(site: Flask) -> None:
    browser = site.test_client()
    for _try in range(5):
        send(browser, "/account/sign-in", email=EMAIL, password="mis")
    answer = send(browser, "/account/sign-in?language=en", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 429
    assert "Try again in 1 minutes" in answer.text


@pytest.mark.parametrize(
    ("onward", "leads_to"),
    [
        (f"/manage/{SLUG}/new", f"/manage/{SLUG}/new"),
        ("//evil.example/manage/", "/account/"),
        ("https://evil.example/", "/account/"),
        ("/\\evil.example", "/account/"),
        ("/manage/\\..", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("/v/zorggroep", "/account/"),
    ],
)
def test_after_signing_in_only_our_own_pages_follow(site: Flask, onward: str, leads_to: str) -> None:
    browser = site.test_client()
    page = site.test_client().get("/account/sign-in", query_string={"next": onward}).request.full_path
    answer = send(browser, page, email=EMAIL, password=PASSWORD)
    assert answer.headers["Location"] == leads_to


def test_a_page_that_needs_signing_in_comes_back_after_it(site: Flask) -> None:
    browser = site.test_client()
    sent = browser.get(f"/account/{SLUG}/settings").headers["Location"]
    answer = send(browser, sent, email=EMAIL, password=PASSWORD)
    assert answer.headers["Location"] == f"/account/{SLUG}/settings"


def test_the_cookie_is_new_after_signing_in_and_secure_where_the_address_is(tmp_path: Path) -> None:
    site = a_site(tmp_path, WEERKLANK_ADDRESS="https://scan.example")
    browser = site.test_client()
    here = {"base_url": "https://scan.example"}
    before = browser.get("/account/sign-in", **here).headers["Set-Cookie"]
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/account/sign-in", **here).text)
    answer = browser.post(
        "/account/sign-in",
        data={"csrf_token": proof[1], "email": EMAIL, "password": PASSWORD},
        headers={"Referer": "https://scan.example/account/sign-in"},
        **here,
    )
    after = answer.headers["Set-Cookie"]
    for cookie in (before, after):
        assert cookie.startswith("staff=")
        assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
        assert "Expires" not in cookie
    assert before.split(";")[0] != after.split(";")[0]


def test_a_form_without_its_proof_does_nothing(site: Flask) -> None:
    answer = site.test_client().post("/account/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert signed_in(site).post("/account/own/sign-out-everywhere").status_code == 400


def test_an_invitation_becomes_an_account_and_looking_at_it_changes_nothing(
    site: Flask, tmp_path: Path
) -> None:
    anna = signed_in(site)
    link = invited(site, tmp_path, anna, "vera@zorg.example", "adviser")
    listed = anna.get(f"/account/{SLUG}/colleagues").text
    assert "vera@zorg.example" in listed
    assert "outbox" in listed
    assert link.rpartition("/")[2] not in listed
    browser = site.test_client()
    for _scanner in range(2):
        assert "vera@zorg.example" in browser.get(f"{link}?language=en").text
        browser.head(link)
    weak = send(browser, link, name="Vera", password="welkom2026!!")
    assert weak.status_code == 400
    assert 'aria-describedby="password-hint password-fault"' in weak.text
    assert 'value="Vera"' in weak.text
    answer = send(browser, link, name="Vera", password=PASSWORD)
    assert answer.headers["Location"] == "/account/"
    set_up_app(browser)
    assert browser.get("/account/").headers["Location"] == f"/adviser/{SLUG}/"
    assert site.test_client().get(link).status_code == 410
    assert browser.get(f"/account/{SLUG}/colleagues").status_code == 403
    assert "Vera" in anna.get(f"/account/{SLUG}/colleagues").text


@pytest.mark.parametrize(
    ("role", "door"), [("manager", f"/results/{SLUG}/"), ("administrator", f"/account/{SLUG}/colleagues")]
)
def test_everybody_lands_on_a_page_that_is_theirs(site: Flask, tmp_path: Path, role: str, door: str) -> None:
    somebody = joined(site, tmp_path, signed_in(site), f"{role}@zorg.example", role)
    assert somebody.get("/account/").headers["Location"] == door
    assert somebody.get(door).status_code == 200


def test_a_reset_page_says_the_same_to_everybody_and_shows_no_link(site: Flask, tmp_path: Path) -> None:
    pages = []
    for email in (EMAIL, "nobody@zorg.example"):
        answer = send(site.test_client(), "/account/reset", email=email)
        pages.append(answer.text.replace(email, ""))
        assert answer.status_code == 200
    assert pages[0] == pages[1]
    assert "/account/reset/" not in pages[0]
    site.extensions["mail-later"].wait()
    assert len(list((tmp_path / "outbox").iterdir())) == 1


def test_a_new_password_by_link_ends_every_session(site: Flask, tmp_path: Path) -> None:
    elsewhere = signed_in(site)
    browser = site.test_client()
    send(browser, "/account/reset", email=EMAIL)
    site.extensions["mail-later"].wait()
    link = "/account/reset/" + link_in(tmp_path / "outbox", "/account/reset/")
    for _scanner in range(2):
        assert browser.get(link).status_code == 200
    assert elsewhere.get("/account/own").status_code == 200
    assert send(browser, link, password=OTHER).headers["Location"] == "/account/sign-in"
    assert browser.get(link).status_code == 410
    assert elsewhere.get("/account/own").status_code == 302
    signed_in(site, password=OTHER)


def test_a_link_never_follows_a_forged_host(site: Flask, tmp_path: Path) -> None:
    browser = site.test_client()
    evil = {"base_url": "http://evil.example"}
    shown = browser.get("/account/reset", **evil)
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)
    browser.post("/account/reset", data={"csrf_token": proof[1], "email": EMAIL}, **evil)
    site.extensions["mail-later"].wait()
    letters = list((tmp_path / "outbox").iterdir())
    assert len(letters) == 1
    assert b"evil" not in letters[0].read_bytes()


def test_ones_own_password_name_and_language(site: Flask) -> None:
    browser, elsewhere = signed_in(site), signed_in(site)
    wrong = send(browser, "/account/own/password", "/account/own", old="mis", new=OTHER)
    assert wrong.status_code == 400
    assert "old-fault" in wrong.text
    answer = send(browser, "/account/own/password", "/account/own", old=PASSWORD, new=OTHER)
    assert answer.headers["Location"] == "/account/own"
    assert browser.get("/account/own").status_code == 200
    assert elsewhere.get("/account/own").status_code == 302

    assert '<html lang="en">' in browser.get("/account/own").text
    send(browser, "/account/own", name="Anna de Wit", language="nl")
    page = browser.get("/account/own").text
    assert '<html lang="nl">' in page
    assert "Anna de Wit" in page
    assert '<html lang="en">' in browser.get("/account/own?language=en").text
    assert '<html lang="en">' in browser.get(f"/account/{SLUG}/settings").text


def test_roles_change_at_once_and_the_works_council_stays_apart(site: Flask, tmp_path: Path) -> None:
    anna = signed_in(site)
    wim = joined(site, tmp_path, anna, "wim@zorg.example", "works-council")
    assert wim.get(f"/account/{SLUG}/audit").status_code == 200
    with site.extensions["store"].reading() as session:
        number = accounts.by_email(session, "wim@zorg.example").id
    address = f"/account/{SLUG}/colleagues/{number}"
    both = send(anna, address, roles=["works-council", "coordinator"])
    assert both.status_code == 400
    assert "account of its own" in both.text
    assert both.text.count(" checked") == 2
    assert 'href="#roles-0"' in both.text
    assert send(anna, address, roles=["manager"]).status_code == 302
    assert wim.get(f"/account/{SLUG}/audit").status_code == 403
    assert "wim@zorg.example: works council → manager" in anna.get(f"/account/{SLUG}/audit").text
    assert send(anna, f"{address}/deactivate").status_code == 302
    assert wim.get("/account/own").status_code == 302


def test_the_last_administrator_is_told_why_it_stays(site: Flask) -> None:
    anna = signed_in(site)
    answer = send(anna, f"/account/{SLUG}/colleagues/1/deactivate")
    assert answer.status_code == 409
    assert "last administrator" in answer.text
    assert send(anna, f"/account/{SLUG}/colleagues/1", roles=["coordinator"]).status_code == 400


def test_a_stranger_to_the_organisation_finds_nothing(site: Flask) -> None:
    store, now = site.extensions["store"], datetime.now(UTC).replace(tzinfo=None)
    setting_up.set_up(
        store, organisation="School", email="bob@school.example", name="Bob", password=PASSWORD, now=now
    )
    bob = signed_in(site, "bob@school.example")
    for page in ("settings", "colleagues", "audit", "colleagues/1", "colleagues/invite"):
        assert bob.get(f"/account/{SLUG}/{page}").status_code == 404
        assert bob.get(f"/account/nothing-here/{page}").status_code == 404


def test_who_serves_two_organisations_chooses(site: Flask) -> None:
    store, now = site.extensions["store"], datetime.now(UTC).replace(tzinfo=None)
    setting_up.set_up(store, organisation="School", email=EMAIL, name="", password=PASSWORD, now=now)
    page = signed_in(site).get("/account/")
    assert page.status_code == 200
    assert HOME in page.text
    assert "/manage/school/" in page.text


def test_settings_keep_what_was_typed_and_name_the_fault(site: Flask) -> None:
    anna = signed_in(site)
    typed = {
        "name": "Zorggroep Noord",
        "operator": "Onze ICT",
        "quick_exit": "http://example.org",
        "lines-0-name": "Vera Vos",
        "lines-0-contact": "06 1234",
        "lines-0-own": "y",
        "lines-1-name": "112",
        "lines-1-contact": "112",
    }
    wrong = send(anna, f"/account/{SLUG}/settings", **typed)
    assert wrong.status_code == 400
    assert "quick_exit-fault" in wrong.text
    assert 'value="Onze ICT"' in wrong.text
    assert 'value="Vera Vos"' in wrong.text
    half = {**typed, "quick_exit": "https://example.org", "lines-2-name": "Iemand"}
    assert "Iemand" in send(anna, f"/account/{SLUG}/settings", **half).text
    right = {**typed, "quick_exit": "https://example.org"}
    assert send(anna, f"/account/{SLUG}/settings", **right).status_code == 302
    with site.extensions["store"].reading() as session:
        kept = organisations.by_slug(session, SLUG)
        acts = [row.act for row in audit.rows(session, kept.id)]
    assert kept.name == "Zorggroep Noord"
    assert [(line.name, line.own) for line in kept.settings.help_lines] == [
        ("Vera Vos", True),
        ("112", False),
    ]
    assert not kept.settings.coordinator_prints_slips
    assert acts == ["change-settings", "set-up"]
    assert "changed the settings" in anna.get(f"/account/{SLUG}/audit").text


def test_an_adviser_edits_the_help_lines_only(site: Flask, tmp_path: Path) -> None:
    vera = joined(site, tmp_path, signed_in(site), "vera@zorg.example", "adviser")
    page = vera.get(f"/account/{SLUG}/settings").text
    assert "113" in page
    assert 'name="operator"' not in page
    changed = {"operator": "ik", "name": "Mijn huis", "lines-0-name": "Vera", "lines-0-contact": "06"}
    assert send(vera, f"/account/{SLUG}/settings", **changed).status_code == 302
    with site.extensions["store"].reading() as session:
        kept = organisations.by_slug(session, SLUG)
    assert kept.name == kept.settings.operator == "Zorggroep"
    assert [line.name for line in kept.settings.help_lines] == ["Vera"]


def test_nothing_of_the_browser_is_kept(site: Flask, tmp_path: Path) -> None:
    browser = site.test_client()
    marked = {
        "User-Agent": "marker-7f3a",
        "X-Forwarded-For": "203.0.113.77",
        "Referer": "http://marker-7f3a.example/",
    }
    shown = browser.get("/account/sign-in", headers=marked)
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)
    fields = {"csrf_token": proof[1], "email": EMAIL, "password": PASSWORD}
    assert browser.post("/account/sign-in", data=fields, headers=marked).status_code == 302
    site.extensions["store"].dispose()
    for path in tmp_path.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert b"marker-7f3a" not in held
        assert b"203.0.113.77" not in held


def test_an_idle_session_asks_to_sign_in_again(site: Flask) -> None:
    browser = signed_in(site)
    store = site.extensions["store"]
    with browser.session_transaction() as cookie:
        token = cookie["token"]
    with store.office() as session:
        row = session.get(accounts.SignIn, signing_in.mark(token))
        row.seen_at -= signing_in.IDLE
    assert browser.get("/account/own").status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        "sign-in",
        "reset",
        "own",
        f"{SLUG}/colleagues",
        f"{SLUG}/colleagues/invite",
        f"{SLUG}/settings",
        f"{SLUG}/audit",
    ],
)
def test_every_page_is_there_in_dutch_and_tells_nothing_onward(site: Flask, page: str) -> None:
    browser = site.test_client() if page in ("sign-in", "reset") else signed_in(site)
    answer = browser.get(f"/account/{page}?language=nl")
    assert answer.status_code == 200
    assert '<html lang="nl">' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r">\s*(Sign in|Save|Colleagues|Settings|Log)\s*<", answer.text)
