"""A file under a passphrase, to be opened offline: bytes enter, a file that says how it was locked leaves, and back.

Format 1: the line “weerklank sealed file 1”, a line with JSON {"operations", "memory", "salt"} for Argon2id (salt in hexadecimal,
memory in bytes), then nonce (24 bytes) and text of XSalsa20-Poly1305 (libsodium secretbox) under Argon2id's 32 bytes.
What is inside is filled up with zeros behind its own length (4 bytes, big-endian) to a multiple of STEP.
"""

from __future__ import annotations

import json

from app.crypto.vault import EFFORT, SALT_BYTES, Effort, NotOpened, lock, unlock

FIRST_LINE = b"weerklank sealed file 1\n"
STEP = 16_384
MOST_OPERATIONS = 16
MOST_MEMORY = 1024 * 1024 * 1024
"""A file that asks for more was made to wear a machine out."""


class NoSealedFile(ValueError):
    """These bytes are no file of this format, or of a later one."""


def seal_file(body: bytes, passphrase: str, *, salt: bytes, nonce: bytes, effort: Effort = EFFORT) -> bytes:
    """`salt` of SALT_BYTES and `nonce` of NONCE_BYTES are fresh for each file."""
    how = {"operations": effort.operations, "memory": effort.memory, "salt": salt.hex()}
    padded = len(body).to_bytes(4, "big") + body
    padded += bytes(-len(padded) % STEP)
    return (
        FIRST_LINE
        + json.dumps(how).encode()
        + b"\n"
        + lock(padded, passphrase, salt=salt, nonce=nonce, effort=effort)
    )


def open_file(raw: bytes, passphrase: str) -> bytes:
    """Raises NoSealedFile, or NotOpened for another passphrase or an altered file."""
    effort, salt, locked = _read(raw)
    padded = unlock(locked, passphrase, salt=salt, effort=effort)
    length = int.from_bytes(padded[:4], "big")
    if length > len(padded) - 4:
        raise NotOpened
    return padded[4 : 4 + length]


def check_file(raw: bytes) -> None:
    """Raise NoSealedFile unless a passphrase may open this."""
    _read(raw)


def _read(raw: bytes) -> tuple[Effort, bytes, bytes]:
    how, newline, locked = raw.removeprefix(FIRST_LINE).partition(b"\n")
    if not raw.startswith(FIRST_LINE) or not newline:
        raise NoSealedFile("this is no sealed file of Weerklank, or of a later version")
    try:
        values = json.loads(how)
        effort, salt = Effort(int(values["operations"]), int(values["memory"])), bytes.fromhex(values["salt"])
    except (ValueError, TypeError, KeyError):
        raise NoSealedFile("this sealed file was damaged at its start") from None
    sound = 1 <= effort.operations <= MOST_OPERATIONS and 8192 <= effort.memory <= MOST_MEMORY
    if not sound or len(salt) != SALT_BYTES:
        raise NoSealedFile("this sealed file was damaged at its start")
    return effort, salt, locked
