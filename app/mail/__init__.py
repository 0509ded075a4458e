"""Mail to staff and subscribers: a message enters, and leaves by SMTP or as a file in the outbox folder."""

from __future__ import annotations

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.settings import Settings

NOBODY = "weerklank@localhost"


@dataclass(frozen=True)
class Message:
    """One mail. `message_id` is made when it is not given; it never holds the name of the machine.

    `scan`: whose links are in it; where letters become files, those of a scan go when it is sealed.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    message_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    scan: str = ""


class NotSent(RuntimeError):
    """The mail server did not take the message; the sentence says why.

    `code` is what it answered about this receiver or message: 400 to 499 for later, from 500 for no. 0 is everything that has
    nothing to do with who it was for: no connection, a wrong password, a sender that isn't allowed.
    """

    def __init__(self, message: str, *, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class _OnOneLine(UnstructuredHeader):
    """A header with an address in it, which must not be folded: mail programs would read half of it."""

    def fold(self, *, policy: Policy) -> str:
        name: str = getattr(self, "name")  # noqa: B009  the registry mixes in the class that has it
        return f"{name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OnOneLine)  # type: ignore[arg-type]  # the registry adds BaseHeader
SMTP_RULES = SMTP.clone(header_factory=_HEADERS)


class Mailer(Protocol):
    def send(self, message: Message) -> str:
        """Send it; returns where it went, for the person who runs the server. Raises NotSent."""
        ...


def mailer(settings: Settings) -> Mailer:
    """By SMTP when it is set up, else to the outbox folder."""
    from app.mail.outbox import Outbox
    from app.mail.smtp import SmtpMailer

    return SmtpMailer(settings.smtp) if settings.smtp is not None else Outbox(settings.outbox)


def written(message: Message, sender: str) -> EmailMessage:
    """The message as it goes over the line, in UTF-8. Raises NotSent for an address no mail can go to."""
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    mail = EmailMessage(policy=SMTP_RULES)
    try:
        mail["From"] = sender if "<" in sender else Address("Weerklank", addr_spec=sender)
        mail["To"] = Address(addr_spec=message.to)
    except (ValueError, MessageError) as error:
        raise NotSent("an address in it is not one that mail servers know", code=553) from error
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = message.message_id or make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers:
        mail[name] = value
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail
