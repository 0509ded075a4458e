"""An organisation on real databases with its first account, and a mailer that keeps what it is given."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from app.core.access import Actor, Role
from app.mail.outbox import Outbox
from app.services import admitting, setting_up, signing_in
from app.settings import load
from app.storage.database import Store
from tests.storage.stores import migrated

NOW = datetime(2026, 11, 23, 10, 0)
PASSWORD = "vier losse woorden samen"
EMAIL = "anna@zorg.example"
ADDRESS = "https://scan.example"


def a_house(folder: Path) -> tuple[Store, Actor]:
    """A store with one organisation, and its first account as actor."""
    store = migrated(load({"WEERKLANK_INSTANCE": str(folder)})).extensions["store"]
    organisation, account = setting_up.set_up(
        store, organisation="Zorggroep Ünie & Co", email=EMAIL, name="Anna", password=PASSWORD, now=NOW
    )
    return store, Actor("Anna", organisation, setting_up.FIRST_ROLES, account)


def link_in(outbox: Path, words: str) -> str:
    """The last part of the link in the newest letter whose text holds these words."""
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(outbox.glob("*.eml"))
    ]
    texts = [letter.get_body().get_content() for letter in letters]
    text = [text for text in texts if words in text][-1]
    return next(line for line in text.splitlines() if words in line).rpartition("/")[2]


def a_colleague(store: Store, by: Actor, folder: Path, email: str, *roles: Role) -> Actor:
    """Invited by letter, accepted, and now an actor."""
    outbox = Outbox(folder / "outbox" / email)
    admitting.invite(store, email=email, roles=roles, by=by, now=NOW, mailer=outbox, address=ADDRESS)
    token = link_in(outbox.folder, "/account/invitation/")
    cookie = admitting.accept(
        store, token=token, name=email.partition("@")[0].title(), password=PASSWORD, now=NOW
    )
    found = signing_in.standing(store, token=cookie, now=NOW)
    assert found is not None
    return Actor(found.account.name, by.organisation, frozenset(roles), found.account.id)
