"""The form as bytes: a face and keys enter; a document made once leaves, with one person's keys put in."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, render_template
from markupsafe import Markup

from app.core.instrument import Options
from app.services.facing import Face
from app.services.responding import FormKeys
from app.services.welcoming import House
from app.web.respond.texts import N_, Speech, contact, speech
from app.web.ui import headers

MARKER = "<!--keys of this form-->"
FORM, CLOSING = "form", "closing"
KEPT_PAGES = 32
Ready = tuple[bytes, list[tuple[str, str]]]
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_HEADERS = {
    **headers.FIXED,
    "Cache-Control": "no-store",
    "Vary": "Accept-Encoding, Accept-Language",
    "Content-Type": "text/html; charset=utf-8",
}
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


_made: dict[tuple[str, Face, str], Page] = {}


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


def made(kind: str, face: Face, language: str) -> Page | None:
    """A FORM or CLOSING page, if it was made before; faces that say the same share it."""
    return _made.get((kind, face, language))


def _keep(kind: str, face: Face, language: str, text: str) -> Page:
    if len(_made) >= KEPT_PAGES:
        _made.pop(next(iter(_made)))
    kept = _made[kind, face, language] = cut(text)
    return kept


def blank(face: Face, language: str) -> Page:
    """The empty form."""
    found = made(FORM, face, language)
    if found is not None:
        return found
    s = speech(face.instrument.languages, language)
    return _keep(FORM, face, language, document(face, s, marker=Markup(MARKER)))


def thanks(face: Face, language: str) -> Page:
    """The closing page, with the receipt left open."""
    found = made(CLOSING, face, language)
    if found is not None:
        return found
    s = speech(face.instrument.languages, language)
    return _keep(CLOSING, face, language, shown("received", s, face, face=face, marker=Markup(MARKER)))


def in_fours(receipt: str) -> bytes:
    """A receipt (hexadecimal) as shown to its owner."""
    return " ".join(
        f"<span>{receipt[place : place + 4]}</span>" for place in range(0, len(receipt), 4)
    ).encode()


def ready(page: Page, inside: bytes, *, packs: bool) -> Ready:
    """The body and every header of the answer that gives this page to one person."""
    body, fixed = (page.packed(inside), _PACKED) if packs else (page.plain(inside), _PLAIN)
    return body, [*fixed, ("Content-Length", str(len(body)))]


def received(face: Face, language: str, *, receipt: str, packs: bool) -> Response:
    """The closing page of one person."""
    return _answer(thanks(face, language), in_fours(receipt), packs=packs)


def answer(face: Face, language: str, *, code: str, keys: FormKeys, packs: bool) -> Response:
    """A fresh form for one person. `code` is normalised, `packs` says whether the browser takes gzip."""
    return _answer(blank(face, language), fields(code, keys), packs=packs)


def plain(text: str, status: int) -> Response:
    """A page made for one person."""
    answer = Response(text, status, content_type="text/html; charset=utf-8")
    if status == 503:
        answer.headers["Retry-After"] = "60"
    return answer


def _answer(page: Page, inside: bytes, *, packs: bool) -> Response:
    body, fixed = ready(page, inside, packs=packs)
    return Response(body, 200, fixed)


def shown(template: str, s: Speech, house: Face | House, **facts: object) -> str:
    """A page of this package; `house` is whose help lines and way out it carries."""
    return render_template(f"respond/{template}.html", s=s, N_=N_, contact=contact, house=house, **facts)


def labels(face: Face, s: Speech) -> Callable[[Options, int], Markup]:
    """What stands beside an answer, given the set of options and its code."""

    def label(options: Options, code: int) -> Markup:
        place = options.codes.index(code)
        return s.of({language: texts[place] for language, texts in options.labels.items()})

    return label


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
    action: str = "",
) -> str:
    """The form as HTML. `faults`: item id -> what to do; `trouble` heads the summary of anything else; `action` where it goes."""
    return shown(
        "form",
        s,
        face,
        face=face,
        instrument=face.instrument,
        label=labels(face, s),
        marker=marker,
        values=values or {},
        faults=faults or {},
        trouble=trouble,
        action=action or f"/v/{face.slug}",
        ask_code=ask_code,
        code=code,
    )
