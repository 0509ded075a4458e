"""The outbox: a message enters, an .eml file leaves in a folder that only its owner can read."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from app.mail import NOBODY, Message, NotSent, written


class Outbox:
    """For installations without SMTP, and for the demo and tests."""

    def __init__(self, folder: Path, *, sender: str = NOBODY) -> None:
        self.folder, self.sender = folder, sender

    def send(self, message: Message) -> str:
        """Write it; returns the path of the file, named after the moment and the receiver. Raises NotSent."""
        receiver = re.sub(r"[^a-z0-9.@-]+", "-", message.to.lower())[:60]
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{receiver}-{secrets.token_hex(4)}.eml"
        folder = self.folder / message.scan
        path, content = folder / name, bytes(written(message, self.sender))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except OSError as error:
            raise NotSent(f"the outbox folder can't be written: {error.strerror}") from error
        return str(path)


def destroy_letters(folder: Path, scan: str) -> None:
    """Overwrite and take away the letters that hold links of this scan; again is harmless."""
    for path in (folder / scan).glob("*.eml"):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    with contextlib.suppress(FileNotFoundError):
        (folder / scan).rmdir()
