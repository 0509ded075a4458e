"""The form as bytes: a face and keys enter; a document made once leaves, with one person's keys put in."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, render_template
from markupsafe import Markup

from app.services.facing import Face
from app.services.responding import FormKeys
from app.services.welcoming import House
from app.web.respond.texts import N_, Speech, contact, speech
from app.web.ui import headers

MARKER = "<!--keys of this form-->"
KEPT_PAGES = 32
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_HEADERS = {**headers.FIXED, "Cache-Control": "no-store", "Vary": "Accept-Encoding, Accept-Language"}
_PACKED = tuple({**_HEADERS, "Content-Encoding": "gzip"}.items())
_PLAIN = tuple(_HEADERS.items())


@dataclass(frozen=True)
class Page:
    """One document cut where the keys go. The packed parts are raw deflate; `crc` is that of `head`."""

    head: bytes
    tail: bytes
    packed_head: bytes
    packed_tail: bytes
    crc: int

    def plain(self, keys: bytes) -> bytes:
        return b"".join((self.head, keys, self.tail))

    def packed(self, keys: bytes) -> bytes:
        """One gzip member (RFC 1952); the keys, in a stored block (RFC 1951, 3.2.4), share no window."""
        crc = zlib.crc32(self.tail, zlib.crc32(keys, self.crc))
        length = len(self.head) + len(keys) + len(self.tail)
        stored = struct.pack("<BHH", 0, len(keys), len(keys) ^ 0xFFFF)
        end = struct.pack("<II", crc, length & 0xFFFFFFFF)
        return b"".join((_GZIP_HEAD, self.packed_head, stored, keys, self.packed_tail, end))


def cut(document: str) -> Page:
    """Cut a document at its marker and compress both sides. Raises ValueError without exactly one marker."""
    head, tail = (part.encode() for part in document.split(MARKER))
    return Page(
        head, tail, _deflated(head, zlib.Z_FULL_FLUSH), _deflated(tail, zlib.Z_FINISH), zlib.crc32(head)
    )


def _deflated(part: bytes, flush: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return packer.compress(part) + packer.flush(flush)


def fields(code: str, keys: FormKeys) -> bytes:
    """The hidden fields of one form; no value can hold a character that HTML minds (see crypto.codes)."""
    return (
        f'<input type="hidden" name="_code" value="{code}">'
        f'<input type="hidden" name="_nonce" value="{keys.nonce}">'
        f'<input type="hidden" name="_proof" value="{keys.proof}">'
    ).encode()


@lru_cache(maxsize=KEPT_PAGES)
def blank(face: Face, language: str) -> Page:
    """The empty form; faces that say the same share it."""
    return cut(document(face, speech(face.instrument.languages, language), marker=Markup(MARKER)))


@lru_cache(maxsize=KEPT_PAGES)
def thanks(face: Face, language: str) -> Page:
    """The closing page, with the receipt left open."""
    s = speech(face.instrument.languages, language)
    return cut(shown("received", s, face, face=face, marker=Markup(MARKER)))


def received(face: Face, language: str, *, receipt: str, packs: bool) -> Response:
    """The closing page of one person; `receipt` is hexadecimal, shown in groups of four."""
    groups = (receipt[place : place + 4] for place in range(0, len(receipt), 4))
    inside = " ".join(f"<span>{group}</span>" for group in groups).encode()
    return _answer(thanks(face, language), inside, packs=packs)


def answer(face: Face, language: str, *, code: str, keys: FormKeys, packs: bool) -> Response:
    """A fresh form for one person. `code` is normalised, `packs` says whether the browser takes gzip."""
    return _answer(blank(face, language), fields(code, keys), packs=packs)


def _answer(page: Page, inside: bytes, *, packs: bool) -> Response:
    body, fixed = (page.packed(inside), _PACKED) if packs else (page.plain(inside), _PLAIN)
    return Response(body, 200, fixed, content_type="text/html; charset=utf-8")


def shown(template: str, s: Speech, house: Face | House, **facts: object) -> str:
    """A page of this package; `house` is whose help lines and way out it carries."""
    return render_template(f"respond/{template}.html", s=s, N_=N_, contact=contact, house=house, **facts)


def document(
    face: Face,
    s: Speech,
    *,
    marker: Markup,
    values: Mapping[str, str] | None = None,
    faults: Mapping[str, Markup] | None = None,
    trouble: Markup | None = None,
    ask_code: bool = False,
    code: str = "",
) -> str:
    """The form as HTML. `faults`: item id -> what to do; `trouble` heads the summary of anything else."""
    instrument = face.instrument

    def label(options: object, number: int) -> Markup:
        named = instrument.options[options.id].labels  # type: ignore[attr-defined]
        place = instrument.options[options.id].codes.index(number)  # type: ignore[attr-defined]
        return s.of({language: labels[place] for language, labels in named.items()})

    return shown(
        "form",
        s,
        face,
        face=face,
        instrument=instrument,
        label=label,
        marker=marker,
        values=values or {},
        faults=faults or {},
        trouble=trouble,
        ask_code=ask_code,
        code=code,
    )
