"""Answers of one person: form fields enter, one byte per coded item and the comments leave, and back.

In a block 0 means no answer and i + 1 the answer at place i of the option set's codes. A "don't know" has a
place of its own here; scoring counts it as no answer. Comments are packed to one length each before they are sealed.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

from app.core.instrument.model import Instrument

MOST_COMMENT = 2000
COMMENT_BLOCK = 2_048
"""Every comment fills this many bytes before it is sealed: 2,000 letters, so that a length tells nothing."""
_AS_WRITTEN, _DEFLATED = b"\1", b"\2"
# Line ends and tabs stay. Other control characters and marks that turn the direction of text hide or scramble
# what was written; lone halves of character pairs can't be stored.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class BadAnswer(ValueError):
    """A value that is not among the answers of its item."""

    def __init__(self, item_id: str) -> None:
        self.item_id = item_id
        super().__init__(f"the answer to “{item_id}” is not one of its options")


class CommentTooLong(ValueError):
    """A comment of `length` characters where `most` are kept."""

    def __init__(self, item_id: str, length: int, most: int = MOST_COMMENT) -> None:
        self.item_id, self.length, self.most = item_id, length, most
        super().__init__(f"the answer to “{item_id}” has {length} characters; shorten it to {most}")


class Encoder:
    """Prepared once per instrument, then used for every form. `length` is the number of bytes in a block."""

    def __init__(self, instrument: Instrument) -> None:
        self.items = tuple(item.id for item in instrument.coded)
        self.length = len(self.items)
        self._codes = tuple((None, *instrument.options_of(item).codes) for item in instrument.coded)
        self._columns = tuple(
            (place, item, {"": 0, **{str(code): number for number, code in enumerate(codes) if number}})
            for place, (item, codes) in enumerate(zip(self.items, self._codes, strict=True))
        )
        self._comments = tuple(item.id for item in instrument.comments)

    def encode(self, values: Mapping[str, str]) -> bytes:
        """Values by item id, each a code as text; an absent or empty one is no answer. Raises BadAnswer."""
        block = bytearray(self.length)
        for place, item, numbers in self._columns:
            value = values.get(item)
            if value is None:
                continue
            number = numbers.get(value)
            if number is None:
                raise BadAnswer(item)
            block[place] = number
        return bytes(block)

    def encode_codes(self, codes: Mapping[str, int | None]) -> bytes:
        """Codes by item id; an absent one or None is no answer. Raises BadAnswer."""
        return self.encode({item: str(code) for item, code in codes.items() if code is not None})

    def decode(self, block: bytes) -> dict[str, int | None]:
        """Item id -> code, or None for no answer. Raises ValueError for a block of another instrument."""
        if len(block) != self.length:
            raise ValueError(
                f"a block of {len(block)} bytes is not of an instrument of {self.length} coded items"
            )
        try:
            return {
                item: codes[number]
                for item, codes, number in zip(self.items, self._codes, block, strict=True)
            }
        except IndexError:
            raise ValueError("a byte of the block is beyond the options of its item") from None

    def comments(self, values: Mapping[str, str]) -> dict[str, str]:
        """Item id -> what somebody wrote, tidied; empty ones are left out. Raises CommentTooLong."""
        found: dict[str, str] = {}
        for item in self._comments:
            written = values.get(item)
            tidied = tidy(written) if written else ""
            if len(tidied) > MOST_COMMENT:
                raise CommentTooLong(item, len(tidied))
            if tidied and len(pack_comment(tidied)) > COMMENT_BLOCK:
                raise CommentTooLong(item, len(tidied), _most_that_fits(tidied))
            if tidied:
                found[item] = tidied
        return found


def pack_comment(text: str) -> bytes:
    """COMMENT_BLOCK bytes; a whole number of times so many for a text of rare signs that doesn't fit, which no form takes."""
    written = text.encode()
    raw = _AS_WRITTEN + written
    if len(raw) > COMMENT_BLOCK:
        raw = _DEFLATED + zlib.compress(written, 9)
    return raw + bytes(-len(raw) % COMMENT_BLOCK)


def unpack_comment(packed: bytes) -> str:
    """The text. Raises ValueError for what pack_comment didn't make."""
    how, body = packed[:1], packed[1:]
    if how == _AS_WRITTEN:
        return body.rstrip(b"\0").decode()
    if how == _DEFLATED:
        return zlib.decompressobj().decompress(body).decode()
    raise ValueError("this is not a packed comment")


def _most_that_fits(text: str) -> int:
    """How many of its characters surely fit, where they are too rare for all of them to."""
    fits, over = COMMENT_BLOCK // 4 - 1, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        if len(pack_comment(text[:middle])) > COMMENT_BLOCK:
            over = middle
        else:
            fits = middle
    return fits


def tidy(written: str) -> str:
    """Text with plain line ends, without unwanted characters and without space around it."""
    return _UNWANTED.sub("", written.replace("\r\n", "\n").replace("\r", "\n")).strip()
