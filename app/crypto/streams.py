"""Files of any size, sealed as they are written: plain bytes enter, a sealed part leaves, and back; a piece at a time in memory.

A part: a line of JSON that says what it is and how its key is locked, then libsodium's secretstream (XChaCha20-Poly1305): its
head of 24 bytes, pieces that each begin with their length (4 bytes, big-endian), and a length of 0. The key is fresh for each
part, and sealed to a public key (`to`) or wrapped under a passphrase (`salt`, `operations`, `memory`, as in a sealed file).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from nacl import bindings

from app.crypto import vault
from app.crypto.vault import NotOpened

PIECE = 64 * 1024
KEY_BYTES = bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES
HEAD_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_LONGEST_LINE = 4096


@dataclass(frozen=True)
class Lock:
    """How keys of parts are locked: to a public key, whose other half is elsewhere, or under a passphrase."""

    public: bytes = b""
    passphrase: str = field(default="", repr=False)
    effort: vault.Effort = vault.EFFORT

    def close(self, key: bytes) -> dict[str, Any]:
        if self.public:
            return {"to": self.public.hex(), "key": vault.seal(self.public, key).hex()}
        salt = secrets.token_bytes(vault.SALT_BYTES)
        nonce = secrets.token_bytes(vault.NONCE_BYTES)
        locked = vault.lock(key, self.passphrase, salt=salt, nonce=nonce, effort=self.effort)
        return {
            "salt": salt.hex(),
            "operations": self.effort.operations,
            "memory": self.effort.memory,
            "key": locked.hex(),
        }


@dataclass(frozen=True)
class Unlock:
    """What opens parts: a private key or a passphrase."""

    private: bytes = field(default=b"", repr=False)
    passphrase: str = field(default="", repr=False)

    def open(self, how: dict[str, Any]) -> bytes:
        """Raises NotOpened."""
        try:
            locked = bytes.fromhex(how["key"])
            if "to" in how:
                return vault.unseal(self.private, locked)
            effort = vault.Effort(int(how["operations"]), int(how["memory"]))
            salt = bytes.fromhex(how["salt"])
        except (KeyError, ValueError, TypeError):
            raise NotOpened from None
        if not (1 <= effort.operations <= 16 and 8192 <= effort.memory <= 1 << 30):
            raise NotOpened
        return vault.unlock(locked, self.passphrase, salt=salt, effort=effort)


class Sealing:
    """A file to write plain bytes to; `close` ends the part, and one that wasn't closed can't be opened."""

    def __init__(self, file: BinaryIO, name: str, lock: Lock) -> None:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(json.dumps({"part": name, **lock.close(key)}).encode() + b"\n")
        self._file, self._name, self._held, self._written = file, name.encode(), bytearray(), 0
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        file.write(bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key))

    def write(self, plain: bytes) -> int:
        self._held += plain
        self._written += len(plain)
        while len(self._held) > PIECE:
            self._push(bytes(self._held[:PIECE]), _MORE)
            del self._held[:PIECE]
        return len(plain)

    def tell(self) -> int:
        return self._written

    def close(self) -> None:
        self._push(bytes(self._held), _LAST)
        self._file.write(bytes(4))

    def _push(self, plain: bytes, tag: int) -> None:
        piece = bindings.crypto_secretstream_xchacha20poly1305_push(self._state, plain, self._name, tag)
        self._file.write(len(piece).to_bytes(4, "big") + piece)


def read_line(file: BinaryIO) -> dict[str, Any] | None:
    """The line before the next part; None at the end. Raises NotOpened for what is no part."""
    line = file.readline(_LONGEST_LINE)
    if not line:
        return None
    try:
        how = json.loads(line)
        assert isinstance(how["part"], str)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise NotOpened from None
    found: dict[str, Any] = how
    return found


def copy_part(file: BinaryIO, how: dict[str, Any], to: BinaryIO | None) -> None:
    """Take a part over as it is, unopened; None: pass over it. Raises NotOpened where it is cut short."""
    if to is not None:
        to.write(json.dumps(how).encode() + b"\n")
    head = _exactly(file, HEAD_BYTES)
    if to is not None:
        to.write(head)
    while True:
        size = _exactly(file, 4)
        piece = _exactly(file, int.from_bytes(size, "big"))
        if to is not None:
            to.write(size + piece)
        if not piece:
            return


class Opening:
    """A part as a file to read plain bytes from; each read raises NotOpened for a wrong key, and for what was altered or cut."""

    def __init__(self, file: BinaryIO, how: dict[str, Any], unlock: Unlock) -> None:
        key = unlock.open(how)
        self._file, self._name, self._held, self._ended = file, str(how["part"]).encode(), bytearray(), False
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(
                self._state, _exactly(file, HEAD_BYTES), key
            )
        except (RuntimeError, ValueError):
            raise NotOpened from None

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._held) < size):
            self._pull()
        size = len(self._held) if size < 0 else size
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def finish(self) -> None:
        """Read on to the end, so that a part that was cut short is noticed and the next one can be read."""
        while self.read(PIECE):
            pass

    def _pull(self) -> None:
        piece = _exactly(self._file, int.from_bytes(_exactly(self._file, 4), "big"))
        try:
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, piece, self._name)
        except (RuntimeError, ValueError):
            raise NotOpened from None
        self._held += plain
        if tag == _LAST:
            self._ended = True
            if _exactly(self._file, 4) != bytes(4):
                raise NotOpened


def _exactly(file: BinaryIO, size: int) -> bytes:
    if size > 2 * PIECE:
        raise NotOpened
    found = file.read(size)
    if len(found) != size:
        raise NotOpened
    return found
