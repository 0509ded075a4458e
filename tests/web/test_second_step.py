"""The second step of signing in, as advisers and others meet it, and what a password alone opens: nothing."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.access import Role
from app.core.refusal import Refused
from app.crypto.passkeys import Site
from app.services import securing, signing_in
from app.storage.office import accounts, audit, organisations
from app.storage.office.accounts import SignIn, Throttle
from app.storage.office.second_factors import Challenge, CodeApp
from app.web.ui.asking import now
from tests.factories import a_second_factor
from tests.services.staff import EMAIL, PASSWORD, link_in
from tests.web.second_step import code, finish, send, set_up_app
from tests.web.test_account import OTHER, SLUG, a_site, signed_in

VERA = "vera@zorg.example"
OWN = "/account/own"


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    """Anna is administrator and coordinator."""
    return a_site(tmp_path)


def become(site: Flask, *roles: Role, email: str = EMAIL) -> int:
    """Give the account exactly these roles; its number."""
    with site.extensions["store"].office() as session:
        account, house = accounts.by_email(session, email), organisations.by_slug(session, SLUG)
        assert account is not None and house is not None
        accounts.set_roles(session, account.id, house.id, frozenset(roles))
        number: int = account.id
    return number


def where(browser: FlaskClient, page: str = OWN) -> str:
    """The step that a page leads to; "" when it opens."""
    answer = browser.get(page)
    return answer.headers["Location"].partition("?")[0] if answer.status_code == 302 else ""


def acts(site: Flask) -> list[str]:
    with site.extensions["store"].reading() as session:
        house = organisations.by_slug(session, SLUG)
        assert house is not None
        return [row.act for row in audit.rows(session, house.id)]


def test_an_adviser_sets_it_up_after_the_password_and_is_asked_each_time(site: Flask) -> None:
    become(site, Role.ADVISER)
    browser = signed_in(site)
    answer = browser.get(f"/account/{SLUG}/settings", follow_redirects=True)
    assert answer.request.path == "/account/second/set-up"
    assert "You are an adviser" in answer.text
    assert browser.get("/account/second/set-up?language=nl").text.count('lang="nl"') >= 1
    secret, spare = set_up_app(browser, f"/account/second/app?next=/account/{SLUG}/settings")
    assert len(spare) == 8
    assert where(browser) == ""

    again = signed_in(site)
    sent = again.get(f"/account/{SLUG}/settings").headers["Location"]
    assert where(again) == "/account/second"
    answer = send(again, sent, code=code(secret))
    assert answer.headers["Location"] == f"/account/{SLUG}/settings"
    assert again.get(answer.headers["Location"]).status_code == 200
    assert "add-second-factor" in acts(site)


def test_a_code_works_once(site: Flask) -> None:
    secret = a_second_factor(site, become(site, Role.ADVISER))
    finish(signed_in(site), secret)
    replay = signed_in(site)
    answer = send(replay, "/account/second", code=code(secret))
    assert answer.status_code == 400
    assert "used already" in answer.text
    assert where(replay) == "/account/second"
    finish(replay, secret, later=1)


def test_spare_codes_work_once_each_and_new_ones_replace_them(site: Flask) -> None:
    become(site, Role.ADVISER)
    browser = signed_in(site)
    _secret, spare = set_up_app(browser)
    other = signed_in(site)
    assert send(other, "/account/second", code=spare[0].lower().replace("-", " ")).status_code == 302
    again = signed_in(site)
    assert send(again, "/account/second", code=spare[0]).status_code == 400
    assert "7 spare codes" in other.get("/account/second/own").text
    fresh = send(other, "/account/second/spare", "/account/second/own")
    assert send(again, "/account/second", code=spare[1]).status_code == 400
    renewed = re.findall(r'<li class="code">([0-9A-Z-]{19})</li>', fresh.text)
    assert len(set(renewed) | set(spare)) == 16
    assert send(again, "/account/second", code=renewed[0]).status_code == 302


def test_wrong_codes_are_throttled_also_over_new_sign_ins(site: Flask) -> None:
    number = become(site, Role.ADVISER)
    secret = a_second_factor(site, number)
    for _try in range(5):
        browser = signed_in(site)
        assert send(browser, "/account/second", code="000000").status_code == 400
    browser = signed_in(site)
    answer = send(browser, "/account/second", code=code(secret))
    assert answer.status_code == 429
    assert "Too many codes" in answer.text
    with site.extensions["store"].office() as session:
        for row in session.query(Throttle):
            row.until -= timedelta(minutes=1)
    finish(browser, secret)


def test_who_knows_the_password_only_can_add_no_factor_and_take_none_away(site: Flask) -> None:
    number = become(site, Role.ADVISER)
    a_second_factor(site, number)
    thief = signed_in(site)
    for page in ("set-up", "app", "passkey/new", "own", "app/remove", "passkey/1"):
        assert where(thief, f"/account/second/{page}") == "/account/second", page
    page = thief.get("/account/second").text
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert proof is not None
    for page in ("app", "passkey/new", "app/remove", "spare", "passkey/1/remove", "passkey/1"):
        answer = thief.post(f"/account/second/{page}", data={"csrf_token": proof[1], "code": "000000"})
        assert answer.headers["Location"].startswith("/account/second?"), page
    factors = securing.factors(site.extensions["store"], account=number)
    assert (factors.app, factors.spare, len(factors.passkeys)) == (True, 0, 0)


def test_the_service_itself_refuses_that_too(site: Flask) -> None:
    number, secret = become(site, Role.ADVISER), site.extensions["settings"].secret
    store = site.extensions["store"]
    token = signing_in.sign_in(store, email=EMAIL, password=PASSWORD, now=now())
    offered = securing.offer_app(store, token=token, secret=secret, now=now())
    a_second_factor(site, number)
    with pytest.raises(Refused) as late:
        securing.add_app(store, token=token, code=code(offered), secret=secret, now=now())
    with pytest.raises(Refused) as again:
        securing.offer_app(store, token=token, secret=secret, now=now())
    at = Site("localhost", "http://localhost")
    with pytest.raises(Refused) as passkey:
        securing.offer_passkey(store, token=token, site=at, secret=secret, now=now())
    assert {refused.value.reason for refused in (late, again, passkey)} == {"second-first"}


def test_an_app_that_was_offered_before_another_was_set_up_is_not_taken(site: Flask) -> None:
    """Owner and thief both know the password; the first to finish wins, and the other has to show it."""
    become(site, Role.ADVISER)
    thief, owner = signed_in(site), signed_in(site)
    found = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', thief.get("/account/second/app").text)
    proof = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', thief.get("/account/second/app").text)
    assert found is not None and proof is not None
    set_up_app(owner)
    stolen = code(found[1].replace(" ", ""))
    answer = thief.post("/account/second/app", data={"csrf_token": proof[1], "code": stolen})
    assert answer.headers["Location"].startswith("/account/second?")
    assert where(thief) == "/account/second"


def test_who_becomes_an_adviser_while_signed_in_is_asked_at_the_next_request(site: Flask) -> None:
    become(site, Role.COORDINATOR)
    browser = signed_in(site)
    assert where(browser, f"/manage/{SLUG}/") == ""
    become(site, Role.COORDINATOR, Role.ADVISER)
    assert where(browser, f"/manage/{SLUG}/") == "/account/second"
    assert where(browser, "/account/second") == "/account/second/set-up"
    set_up_app(browser)
    assert where(browser, f"/manage/{SLUG}/") == ""


def test_others_may_choose_it_and_their_other_sessions_are_asked(site: Flask) -> None:
    browser, elsewhere = signed_in(site), signed_in(site)
    assert where(browser) == where(elsewhere) == ""
    secret, _spare = set_up_app(browser)
    assert where(browser) == ""
    assert where(elsewhere) == "/account/second"
    finish(elsewhere, secret)
    assert send(elsewhere, "/account/second/app/remove").headers["Location"] == "/account/second/own"
    assert "Nothing is set up" in elsewhere.get("/account/second/own").text
    assert where(signed_in(site)) == ""
    become(site, Role.ADVISER)
    assert where(elsewhere) == "/account/second", "what was shown is gone"


def test_an_adviser_keeps_the_last_one(site: Flask) -> None:
    become(site, Role.ADVISER)
    browser = signed_in(site)
    set_up_app(browser)
    assert "your only one" in browser.get("/account/second/own").text
    answer = send(browser, "/account/second/app/remove")
    assert "advisers need one" in browser.get(answer.headers["Location"]).text
    assert securing.factors(site.extensions["store"], account=1).app


def test_a_new_password_keeps_the_second_step(site: Flask, tmp_path: Path) -> None:
    secret = a_second_factor(site, become(site, Role.ADVISER))
    browser = signed_in(site)
    finish(browser, secret)
    assert send(browser, "/account/own/password", OWN, old=PASSWORD, new=OTHER).status_code == 302
    assert where(browser) == "", "the second step was shown in this session"

    stranger = site.test_client()
    send(stranger, "/account/reset", email=EMAIL)
    site.extensions["mail-later"].wait()
    link = "/account/reset/" + link_in(tmp_path / "outbox", "/account/reset/")
    assert send(stranger, link, password=PASSWORD).status_code == 302
    assert where(signed_in(site)) == "/account/second", "who reads the mail has no phone"


def test_the_token_of_a_half_session_is_worth_nothing_afterwards(site: Flask) -> None:
    secret = a_second_factor(site, become(site, Role.ADVISER))
    browser = signed_in(site)
    with browser.session_transaction() as cookie:
        half = cookie["token"]
    finish(browser, secret)
    thief = site.test_client()
    with thief.session_transaction() as cookie:
        cookie["token"] = half
    assert where(thief) == "/account/sign-in"
    assert where(browser) == ""


def test_a_half_session_can_sign_out_and_change_the_language(site: Flask) -> None:
    a_second_factor(site, become(site, Role.ADVISER))
    browser = signed_in(site)
    assert '<html lang="nl">' in browser.get("/account/second?language=nl").text
    assert "Anna" not in browser.get("/account/second?language=en").text
    assert send(browser, "/account/sign-out", "/account/second").headers["Location"] == "/account/sign-in"
    assert where(browser, "/account/second") == "/account/sign-in"


def test_an_administrator_resets_it_the_owner_hears_of_it_and_it_is_in_the_log(
    site: Flask, tmp_path: Path
) -> None:
    anna = signed_in(site)
    send(anna, f"/account/{SLUG}/colleagues/invite", email=VERA, roles=["adviser"])
    link = "/account/invitation/" + link_in(tmp_path / "outbox", "/account/invitation/")
    vera = site.test_client()
    send(vera, f"{link}?language=en", name="Vera", password=PASSWORD)
    _secret, spare = set_up_app(vera)
    with site.extensions["store"].reading() as session:
        number = accounts.by_email(session, VERA).id  # type: ignore[union-attr]
    page = f"/account/{SLUG}/colleagues/{number}/second"
    assert page in anna.get(f"/account/{SLUG}/colleagues/{number}").text
    shown = anna.get(page).text
    assert "opens no vault" in shown
    assert where(vera) == "", "looking resets nothing"
    assert send(anna, page).status_code == 302
    assert where(vera) == "/account/sign-in"
    site.extensions["mail-later"].wait()
    letters = b"".join(path.read_bytes() for path in (tmp_path / "outbox").glob("*.eml"))
    assert b"erased the passkeys" in letters or b"gewist" in letters
    assert "reset-second-factor" in acts(site)
    assert "reset the second step of a colleague" in anna.get(f"/account/{SLUG}/audit").text
    again = signed_in(site, VERA)
    assert where(again, "/account/second") == "/account/second/set-up"
    assert send(anna, page).status_code == 409

    _new, fresh = set_up_app(again)
    assert not set(fresh) & set(spare)
    thief = signed_in(site, VERA)
    assert send(thief, "/account/second", code=spare[0]).status_code == 400, "old spare codes are gone"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADVISER, Role.WORKS_COUNCIL])
def test_only_administrators_reset(site: Flask, role: Role) -> None:
    number = become(site, role)
    secret = a_second_factor(site, number)
    browser = signed_in(site)
    finish(browser, secret)
    assert browser.get(f"/account/{SLUG}/colleagues/{number}/second").status_code == 403
    assert browser.post(f"/account/{SLUG}/colleagues/{number}/second").status_code in (400, 403)


def test_a_passkey_question_is_answered_once_within_five_minutes_and_nonsense_is_refused(
    site: Flask,
) -> None:
    become(site, Role.ADVISER)
    browser = signed_in(site)
    here = {"base_url": "http://localhost:8000"}
    page = browser.get("/account/second/passkey/new", **here).text
    options = json.loads(
        re.search(r'data-options="([^"]+)"', page)[1].replace("&#34;", '"')  # type: ignore[index]
    )
    assert options["publicKey"]["rp"]["id"] == "localhost"
    assert options["publicKey"]["authenticatorSelection"]["userVerification"] == "preferred"
    with site.extensions["store"].reading() as session:
        asked = session.query(Challenge).all()
        assert [(row.purpose, row.ends_at - now() < timedelta(minutes=5)) for row in asked] == [
            ("passkey", True)
        ]
    for answer in ("", "{", "[]", '{"id": 3}', json.dumps({"id": "a", "rawId": "a", "response": {}})):
        sent = send(browser, "/account/second/passkey/new", name="telefoon", answer=answer)
        assert sent.status_code == 400, answer
        assert "passkey was not accepted" in sent.text or "took too long" in sent.text
    assert where(browser) == "/account/second"


def test_the_database_holds_neither_secret_nor_spare_code(site: Flask, tmp_path: Path) -> None:
    become(site, Role.ADVISER)
    browser = signed_in(site)
    secret, spare = set_up_app(browser)
    site.extensions["store"].dispose()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("office.db*"))
    for word in (secret, *spare, *(each.replace("-", "") for each in spare)):
        assert word.encode() not in held


def test_sessions_and_factors_are_counted_for_their_own_account_only(site: Flask) -> None:
    """A passkey, app or code of somebody else is nobody's way in."""
    number = become(site, Role.ADVISER)
    a_second_factor(site, number)
    with site.extensions["store"].office() as session:
        stranger = accounts.Account(email=VERA, name="Vera", password="")
        session.add(stranger)
        session.flush()
        other = stranger.id
    foreign = a_second_factor(site, other)
    browser = signed_in(site)
    assert send(browser, "/account/second", code=code(foreign)).status_code == 400
    with site.extensions["store"].reading() as session:
        assert session.get(CodeApp, other).last_step == 0  # type: ignore[union-attr]
        assert not any(row.second for row in session.query(SignIn))
