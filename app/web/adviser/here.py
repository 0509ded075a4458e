"""Where an adviser's request stands: a slug enters; who asks, in which organisation, and its open vault leave."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from flask import Response, abort, current_app, redirect, request, session, url_for

from app.core.access import Actor, can
from app.core.refusal import Refused
from app.crypto.vault import Pair, fingerprint
from app.services import retaining_signals, unlocking
from app.services.keeping import OpenVault
from app.storage.office.organisations import Organisation
from app.web.adviser import remembering
from app.web.ui import asking, store, unsent

COOKIE = "unlocked"
PATH = "/adviser"


@dataclass(frozen=True)
class Here:
    """An adviser in one organisation, with the vault where a page asked for it; `closed` says why it isn't open."""

    actor: Actor
    organisation: Organisation
    vault: OpenVault | None = field(default=None, repr=False)
    closed: str = ""

    @property
    def slug(self) -> str:
        return self.organisation.slug

    def may(self, act: str) -> bool:
        return can(act, self.actor)


@dataclass(frozen=True)
class Opened(Here):
    """The same with the vault open, for this one request."""

    vault: OpenVault = field(repr=False, kw_only=True)


def enter(slug: str, act: str = "keep-signals") -> Here:
    """Who is signed in and may do this here; else the sign-in page, or an error of 403 or 404."""
    if asking.signed_in() is None:
        unsent.hold(unsent.SIGN_IN)
    found = asking.require(act, slug)
    return Here(found.actor, found.organisation)


def look(slug: str, act: str = "keep-signals") -> Here:
    """The same with `.vault` if it is open; else `.closed` is the reason ("locked", "no-vault", ...)."""
    here = enter(slug, act)
    try:
        vault = unlocking.open_vault(store(), token=token(), half=half(), by=here.actor, now=asking.now())
    except Refused as error:
        return Here(here.actor, here.organisation, closed=error.reason)
    remembering.remember(vault.organisation, fingerprint(Pair.of(vault.private).public))
    return Here(here.actor, here.organisation, vault)


def opened(slug: str, act: str = "keep-signals") -> Opened:
    """The same with `.vault` open; while it is locked the unlock page, which leads back here.

    Where the vault is not there yet, or not for this adviser, the page that says what to do first. Cards whose time has come are
    counts before any page sees them.
    """
    here = look(slug, act)
    if here.vault is None:
        if here.closed == "locked":
            unsent.hold(unsent.UNLOCK)
            abort(redirect(url_for("adviser.unlock", slug=slug, next=asking.way_back(f"/adviser/{slug}/"))))
        abort(redirect(url_for("adviser.vault", slug=slug)))
    retaining_signals.reduce_due(store(), here.vault, by=here.actor, now=asking.now())
    return Opened(here.actor, here.organisation, vault=here.vault)


def own_key() -> bytes | None:
    """The adviser's own private key while it is unlocked, for what a key itself must show; for this one request."""
    try:
        return unlocking.private_of(store(), token=token(), half=half(), now=asking.now())
    except Refused:
        return None


def token() -> str:
    """What names this sign-in."""
    found = session.get("token")
    return found if isinstance(found, str) else ""


def half() -> bytes | None:
    """The half of the key that only this browser holds."""
    try:
        found = base64.b64decode(request.cookies.get(COOKIE, ""), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == 32 else None


def hold(response: Response, key: bytes) -> None:
    """Give this browser its half, until it is closed. No script and no other site can read or send it."""
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(key).decode(),
        path=PATH,
        httponly=True,
        samesite="Strict",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def drop(response: Response) -> None:
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")
