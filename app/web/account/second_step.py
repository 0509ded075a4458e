"""The second step of signing in: a code or a passkey's answer enters, a whole session leaves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import abort, redirect, render_template, request, session, url_for

from app.core.refusal import Refused
from app.crypto import passkeys
from app.crypto.passkeys import Site
from app.services import proving, securing
from app.storage.office.second_factors import Standing
from app.web.account import blueprint
from app.web.account.forms import CodeForm, PasskeyForm
from app.web.account.refusals import sentence
from app.web.account.views import Page, put
from app.web.ui import asking, settings, store

LOCAL = "localhost"


@dataclass(frozen=True)
class Door:
    """Where passkeys work: the site of this page, if it has them; else the address to open this page at, or ""."""

    site: Site | None
    elsewhere: str


def door() -> Door:
    """Passkeys belong to the host name of the public address; on this machine to localhost: an IP address has none."""
    host = urlsplit(request.host_url).hostname or ""
    site = passkeys.site(settings().address)
    if settings().is_local:
        site = passkeys.site(request.host_url.rstrip("/")) if host == LOCAL else None
        port = f":{request.server[1]}" if request.server and request.server[1] not in (None, 80) else ""
        other = f"http://{LOCAL}{port}{_path()}" if host in asking.LOCAL and host != LOCAL else ""
        return Door(site, other)
    if site is not None and site.host != host:
        return Door(None, f"{site.origin}{_path()}")
    return Door(site, "")


def onward() -> str:
    return asking.safe_next(request.args.get("next")) or url_for("account.home")


def token() -> str:
    """What the cookie of this request holds."""
    found = session.get("token")
    return found if isinstance(found, str) else ""


@blueprint.route("/second", methods=["GET", "POST"])
def second() -> Page:
    found = _half()
    form = CodeForm()
    if form.validate_on_submit():
        try:
            fresh = proving.show_code(
                store(), token=token(), code=form.code.data, secret=settings().secret, now=asking.now()
            )
        except Refused as error:
            put(form, error, "code")
            return _page(found, form), 429 if error.reason == "too-many-codes" else 400
        asking.remember(fresh)
        return redirect(onward())
    page = _page(found, form)
    return (page, 400) if form.errors else page


@blueprint.post("/second/passkey")
def second_by_passkey() -> Page:
    found, site = _half(), door().site
    form = PasskeyForm()
    if not form.validate_on_submit() or site is None:
        return redirect(url_for("account.second", next=onward()))
    try:
        fresh = proving.show_passkey(
            store(), token=token(), answer=form.answer.data or "", site=site, now=asking.now()
        )
    except Refused as error:
        return _page(found, CodeForm(formdata=None), sentence(error)), 400
    asking.remember(fresh)
    return redirect(onward())


def _half() -> Standing:
    """The session at this step; any other goes where it belongs."""
    found = asking.standing()
    if found is None:
        abort(redirect(url_for("account.sign_in", next=onward())))
    if not found.half:
        abort(redirect(onward()))
    if not found.has_factor:
        abort(redirect(url_for("account.set_up_second", next=onward())))
    return found


def _page(found: Standing, form: CodeForm, fault: str = "") -> str:
    here = door()
    question: dict[str, Any] | None = None
    if here.site is not None:
        question = proving.ask_passkey(store(), token=token(), site=here.site, now=asking.now())
    return render_template(
        "account/second.html",
        half=True,
        factors=securing.factors(store(), account=found.account.id),
        form=form,
        passkey=PasskeyForm(formdata=None),
        options=json.dumps(question) if question else "",
        door=here,
        onward=onward(),
        fault=fault,
    )


def _path() -> str:
    return request.full_path.rstrip("?")
