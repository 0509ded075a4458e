"""Letters leave as files or in a real conversation with a mail server."""

from __future__ import annotations

import asyncio
import platform
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.mail import Message, NotSent, letters, mailer
from app.mail.later import Later
from app.mail.outbox import Outbox
from app.mail.smtp import SmtpMailer
from app.settings import Settings, Smtp

LETTER = letters.invitation(
    "nl",
    to="vera@zorg.example",
    organisation="Zorg één\nBcc: x@y.nl",
    inviter="Anna",
    link="https://s.example/l",
)


class Server:
    """A mail server in as few words as SMTP allows; it keeps what it hears."""

    def __init__(self, *, refuses: bytes = b"") -> None:
        self.commands: list[str] = []
        self.letters: list[bytes] = []
        self._refuses = refuses
        self.port = 0

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        while line := await reader.readline():
            command = line.decode().strip()
            self.commands.append(command)
            verb = command.split()[0].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.letters.append((await reader.readuntil(b"\r\n.\r\n"))[:-5])
                writer.write(b"250 taken\r\n")
            elif verb == "EHLO":
                writer.write(b"250-mail.example\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n")
            elif verb == "AUTH":
                writer.write(b"235 welcome\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(self._refuses if verb == "RCPT" and self._refuses else b"250 ok\r\n")
            await writer.drain()
        writer.close()


@contextmanager
def a_server(*, refuses: bytes = b"") -> Iterator[Server]:
    server, loop, ready = Server(refuses=refuses), asyncio.new_event_loop(), threading.Event()

    async def listen() -> None:
        listening = await asyncio.start_server(server.speak, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(5)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def by_smtp(server: Server, **more: object) -> SmtpMailer:
    return SmtpMailer(Smtp("127.0.0.1", server.port, starttls=False, sender="scan@zorg.example", **more))


def test_a_mail_server_gets_the_letter_and_not_the_name_of_this_machine() -> None:
    with a_server() as server:
        where = by_smtp(server, user="scan", password="geheim").send(LETTER)
    assert where == "127.0.0.1"
    assert server.commands[0] == "ehlo zorg.example"
    assert any(command.startswith("AUTH PLAIN") for command in server.commands)
    assert any(command.startswith("rcpt TO:<vera@zorg.example>") for command in server.commands)
    mail = message_from_bytes(server.letters[0], policy=policy.default)
    assert mail["Message-ID"].endswith("@zorg.example>")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Uitnodiging voor Weerklank van Zorg één Bcc: x@y.nl"
    assert "https://s.example/l" in mail.get_body().get_content()
    for name in {socket.gethostname(), platform.node()} - {"localhost", ""}:
        assert name.encode() not in server.letters[0]


def test_a_refusal_of_the_mail_server_is_told_without_the_password() -> None:
    with a_server(refuses=b"550 no such user\r\n") as server, pytest.raises(NotSent) as refused:
        by_smtp(server, user="scan", password="geheim").send(LETTER)
    assert "did not take the message" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_a_server_without_encryption_is_not_talked_to_when_encryption_is_asked() -> None:
    with a_server() as server, pytest.raises(NotSent):
        SmtpMailer(Smtp("127.0.0.1", server.port, user="scan", password="geheim")).send(LETTER)
    assert not any(command.upper().startswith(("AUTH", "MAIL", "DATA")) for command in server.commands)


def test_nobody_at_home_is_an_error_not_a_crash() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            SmtpMailer(Smtp("127.0.0.1", taken.getsockname()[1], starttls=False)).send(LETTER)


def test_the_outbox_keeps_letters_that_only_the_owner_can_read(tmp_path: Path) -> None:
    outbox = mailer(Settings(tmp_path))
    assert isinstance(outbox, Outbox)
    path = Path(outbox.send(Message("a/b/vera@zorg.example", "Hoi", "Dag", html="<p>Dag</p>")))
    assert path.parent == tmp_path / "outbox"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail.get_body(("plain",)).get_content().strip() == "Dag"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Dag</p>"


@pytest.mark.parametrize("address", ["..vera@zorg.example", "vera", "a@b\nBcc: c@d.nl"])
def test_a_letter_to_no_address_is_not_sent(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotSent):
        Outbox(tmp_path).send(Message(address, "Hoi", "Dag"))
    assert list(tmp_path.iterdir()) == []


def test_smtp_is_chosen_when_it_is_set_up(tmp_path: Path) -> None:
    assert isinstance(mailer(Settings(tmp_path, smtp=Smtp("mail.example"))), SmtpMailer)


def test_a_letter_sent_later_arrives_and_a_failure_is_logged_without_its_text(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    later = Later(Outbox(tmp_path / "outbox"))
    later.send(LETTER)
    later.wait()
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    (tmp_path / "file").write_text("")
    broken = Later(Outbox(tmp_path / "file"))
    broken.send(LETTER)
    broken.wait()
    assert "was not sent" in caplog.text
    assert "s.example" not in caplog.text
    assert "vera" not in caplog.text


@pytest.mark.parametrize("language", ["nl", "en", "xx"])
def test_every_letter_holds_its_link_in_every_language(language: str) -> None:
    link = "https://s.example/account/reset/abc"
    for letter in (
        letters.invitation(language, to="a@b.nl", organisation="{Zorg}", inviter="Anna", link=link),
        letters.reset(language, to="a@b.nl", link=link),
        letters.changed(language, to="a@b.nl", link=link),
    ):
        assert link in letter.text.splitlines()
        assert "{" not in letter.subject.replace("{Zorg}", "")
