"""Who is asking: cookie and slug enter; an account with its roles leaves, or the sign-in page, 403 or 404."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, session, url_for
from flask_babel import refresh

from app.core import access
from app.core.access import Actor
from app.services import signing_in
from app.storage.office.accounts import Account
from app.storage.office.organisations import Organisation
from app.storage.office.second_factors import Standing
from app.web.ui import LANGUAGES, settings, store

STAFF_PAGES = ("/account/", "/manage/", "/results/", "/adviser/", "/advice/", "/changes/")
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Asked:
    """A signed-in account in one organisation."""

    actor: Actor
    account: Account
    organisation: Organisation

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return access.can(act, self.actor)


def now() -> datetime:
    """The clock of the pages: naive UTC, as the databases keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def standing() -> Standing | None:
    """The session of this request, whole or half, looked up once; also puts the page in its language."""
    if "standing" not in g:
        token = session.get("token")
        g.standing = signing_in.standing(store(), token=token, now=now()) if isinstance(token, str) else None
        g.account = g.standing.account if g.standing is not None and not g.standing.half else None
        _speak(g.standing.account if g.standing is not None else None)
    found: Standing | None = g.standing
    return found


def signed_in() -> Account | None:
    """The account of this request, once all that it must show was shown."""
    standing()
    found: Account | None = g.account
    return found


def account() -> Account:
    """The account of this request; without one the page of the step that is due, which leads back here."""
    found = signed_in()
    if found is None:
        step = "account.sign_in" if standing() is None else "account.second"
        abort(redirect(url_for(step, next=way_back())))
    return found


def enter(slug: str) -> Asked:
    """Who asks, in this organisation; 404 without a role there, so nobody learns which exist."""
    who = account()
    found = signing_in.actor(store(), account=who, slug=slug)
    if found is None:
        abort(404)
    g.asked = Asked(found[0], who, found[1])
    asked: Asked = g.asked
    return asked


def require(act: str, slug: str) -> Asked:
    """The same, if the roles allow this act. Raises NotAllowed, which has a page of its own."""
    asked = enter(slug)
    access.check(act, asked.actor)
    return asked


def actor(slug: str) -> Actor:
    return enter(slug).actor


def remember(token: str) -> None:
    """Begin a session in the cookie; nothing of an earlier one stays but a chosen language."""
    language = session.get("language")
    session.clear()
    session["token"] = token
    if language:
        session["language"] = language
    _look_again()


def forget() -> None:
    session.clear()
    _look_again()


def safe_next(address: str | None) -> str | None:
    """An address to go on to, only when it is a staff page of this very site."""
    if not address or "\\" in address or not address.isprintable() or not address.startswith(STAFF_PAGES):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None


def public_address() -> str:
    """What links in letters start with. Never taken from a request that somebody elsewhere can shape."""
    if settings().address:
        return settings().address
    host = urlsplit(request.host_url)
    return request.host_url.rstrip("/") if host.hostname in LOCAL else ""


def _look_again() -> None:
    """What this request knew of the session, the proof of its forms included, belongs to the one before."""
    for name in ("standing", "account", "csrf_token"):
        g.pop(name, None)


def _speak(who: Account | None) -> None:
    """The language chosen on a page holds until signing out; else the account's own."""
    chosen = request.args.get("language")
    if chosen in LANGUAGES and session.get("language") != chosen:
        session["language"] = chosen
    language = session.get("language") or (who.language if who else None)
    if language in LANGUAGES:
        g.language = language
        refresh()


def way_back(otherwise: str = "/account/") -> str:
    """This page, if it can be opened again without sending a form."""
    rule = request.url_rule
    if rule is not None and rule.methods is not None and "GET" in rule.methods:
        return request.full_path.rstrip("?")
    return otherwise
