"""The demo adviser's second step of signing in: an account enters; the key of an app and spare codes leave, for the poster.

A real key never leaves the server again. This one does, so that whoever tries the demo needs no phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.storage.database import Store


def set_up(store: Store, *, email: str, secret: bytes, now: datetime) -> dict[str, Any]:
    """An app with codes for this account, as its owner would set it up. `secret` is the application's."""
    from app.crypto import one_time
    from app.crypto.codes import grouped
    from app.services import securing, signing_in
    from app.storage.office import accounts

    with store.reading() as session:
        account = accounts.by_email(session, email)
    assert account is not None
    token = signing_in.begin(store, account=account.id, now=now)
    key = securing.offer_app(store, token=token, secret=secret, now=now)
    code = one_time.code_at(key, one_time.step_at(now))
    added = securing.add_app(store, token=token, code=code, secret=secret, now=now)
    signing_in.sign_out(store, token=added.token)
    return {"key": key, "spare": [grouped(each) for each in added.spare]}


def code_now(notes: Mapping[str, Any], now: datetime) -> str:
    """What the app would show."""
    from app.crypto import one_time

    return one_time.code_at(notes["second"]["key"], one_time.step_at(now))


def said(notes: Mapping[str, Any]) -> list[str]:
    """Lines for the poster; none for a demo that was made before there was a second step."""
    if "second" not in notes:
        return []
    spare = notes["second"]["spare"]
    return [
        "  The adviser then gives a code. One of these, each works once; or what “weerklank demo --code” prints:",
        *(f"    {'   '.join(spare[place : place + 4])}" for place in range(0, len(spare), 4)),
    ]
