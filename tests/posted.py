"""A board with updates on it, and a real mail server that keeps what it gets; for tests of what reaches people."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from app.core.access import Actor
from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
from app.storage.database import Store
from app.storage.office.updates import Board, Update, UpdateVersion

ADDRESS = "AbCdEf123456"
HEARD = "Veel mensen durven **niet** te zeggen wat er misgaat."


def a_board(store: Store, organisation: int, address: str = ADDRESS) -> str:
    with store.office() as session:
        session.add(Board(organisation_id=organisation, address=address, public=False, second_reader=False))
    return address


def content(
    title: str = "Elk team spreekt af hoe je iets meldt",
    *,
    state: State = State.UNDER_WAY,
    decision: Decision | None = Decision.DO,
    heard: str = HEARD,
    why: str = "",
    changes: str = "Alle teams krijgen een uur.",
) -> Content:
    words = {
        "nl": Words(title, heard, why, changes),
        "en": Words("Each team agrees how to report", "Many people don't dare to say what goes wrong.", why),
    }
    source = Source(SourceKind.OTHER)
    due, next_on = date(2027, 3, 1), date(2027, 2, 1)
    return Content("fear-to-report", words, source, state, decision, "manager", due, next_on)


def publish(store: Store, by: Actor, at: datetime, told: Content | None = None, update: int = 0) -> int:
    """A published update, or its next version; gives its id."""
    body = (told or content()).to_json()
    with store.office() as session:
        row = session.get(Update, update) if update else None
        if row is None:
            row = Update(
                organisation_id=by.organisation, version=0, by_account=by.account, by_role="coordinator"
            )
            session.add(row)
            session.flush()
        number = row.version + 1
        session.add(
            UpdateVersion(
                update_id=row.id, version=number, content_json=body, by_role="coordinator", published_at=at
            )
        )
        session.flush()
        row.version = number
        return row.id


Answer = Callable[[str], str | None]


@dataclass
class Post:
    """A mail server. `answers` says what it replies to a receiver, None to take the letter; `pause` holds up each letter."""

    answers: Answer = lambda receiver: None
    pause: Callable[[], None] = lambda: None
    port: int = 0
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, to: str, _options: Any) -> str:
        answer = self.answers(to)
        if answer is not None:
            self.refused.append(to)
            return answer
        envelope.rcpt_tos.append(to)
        return "250 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.got.extend((to, mail) for to in envelope.rcpt_tos)
        self.pause()
        return "250 taken"

    def to(self, receiver: str) -> list[EmailMessage]:
        return [mail for to, mail in self.got if to == receiver]


@contextmanager
def a_mail_server(**more: Any) -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    post = Post(port=port, **more)
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
