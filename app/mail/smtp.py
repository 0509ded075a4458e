"""Mail by SMTP: a message enters, the organisation's mail server takes it or NotSent says why not."""

from __future__ import annotations

import smtplib
import ssl
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
            with self._connect() as line:
                if self.settings.user:
                    line.login(self.settings.user, self.settings.password)
                line.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(
                f"{self.settings.host}:{self.settings.port} did not take the message: {_reason(error)}"
            ) from error
        return self.settings.host

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


def _reason(error: Exception) -> str:
    """One line that never repeats a password: smtplib's own errors hold the server's answer only."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
    return str(error) or type(error).__name__
