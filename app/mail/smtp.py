"""Mail by SMTP: a message enters, the organisation's mail server takes it or NotSent says why not."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import parseaddr

from app.mail import NOBODY, Message, NotSent, written
from app.settings import Smtp

SECONDS = 20
TLS_PORT = 465


class SmtpMailer:
    """One connection per message: staff mail is rare, and an open connection is one more thing to break."""

    def __init__(self, settings: Smtp, *, trust: ssl.SSLContext | None = None) -> None:
        self.settings = settings
        self.sender = settings.sender or (settings.user if "@" in settings.user else NOBODY)
        self._trust = trust or ssl.create_default_context()

    def send(self, message: Message) -> str:
        """Returns the name of the server that took it. Raises NotSent."""
        mail = written(message, self.sender)
        try:
            with self._open() as line:
                line.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise self._not_sent(error) from error
        return self.settings.host

    @contextmanager
    def one_after_another(self) -> Iterator[SmtpLine]:
        """For many messages: one connection that is opened at the first, and anew after a fault."""
        line = SmtpLine(self)
        try:
            yield line
        finally:
            line.close()

    def _not_sent(self, error: Exception) -> NotSent:
        return NotSent(
            f"{self.settings.host}:{self.settings.port} did not take the message: {_reason(error)}",
            code=_code(error),
        )

    def _open(self) -> smtplib.SMTP:
        line = self._connect()
        try:
            if self.settings.user:
                line.login(self.settings.user, self.settings.password)
        except BaseException:
            line.close()
            raise
        return line

    def _connect(self) -> smtplib.SMTP:
        host, port = self.settings.host, self.settings.port
        # The greeting ends up in the Received header: the sender's domain, not this machine's name.
        name = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        if port == TLS_PORT:
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=SECONDS, context=self._trust)
        line = smtplib.SMTP(host, port, local_hostname=name, timeout=SECONDS)
        try:
            if self.settings.starttls:
                line.starttls(context=self._trust)
        except BaseException:
            line.close()
            raise
        return line


class SmtpLine:
    """A connection that is kept for the next message, and gives the server no more in a minute than it may get."""

    def __init__(self, mailer: SmtpMailer) -> None:
        self._mailer = mailer
        self._line: smtplib.SMTP | None = None
        self._pause = 60 / mailer.settings.per_minute if mailer.settings.per_minute > 0 else 0.0
        self._next = 0.0

    def send(self, message: Message) -> str:
        """As SmtpMailer.send. A connection that the server ended meanwhile is opened once more."""
        mail = written(message, self._mailer.sender)
        self._wait()
        return self._handed_over(mail)

    def _wait(self) -> None:
        """Letters go one pause apart, so a run that is killed and starts anew never goes faster."""
        if self._pause:
            time.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + self._pause

    def _handed_over(self, mail: EmailMessage) -> str:
        kept = self._line is not None
        try:
            self._send(mail)
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            if not kept:
                raise self._mailer._not_sent(error) from error
            return self._handed_over(mail)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            # About this letter alone: smtplib has told the server to forget it, and the line is good for the next.
            if self._line is not None and self._line.sock is None:
                self.close()
            raise self._mailer._not_sent(error) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise self._mailer._not_sent(error) from error
        return self._mailer.settings.host

    def _send(self, mail: EmailMessage) -> None:
        if self._line is None:
            self._line = self._mailer._open()
        self._line.send_message(mail)

    def close(self) -> None:
        if self._line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line.close()
            self._line = None


def _code(error: Exception) -> int:
    """What the server answered about the receiver or the message; 0 for any other fault."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((int(code) for code, _ in error.recipients.values()), default=0)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return 553
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPDataError) else 0


def _reason(error: Exception) -> str:
    """One line that never repeats a password: smtplib's own errors hold the server's answer only."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"{_code(error)} the receiver was refused"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
