"""The release document as text: a dict enters, canonical JSON with its digest leaves, and back, the digest checked."""

from __future__ import annotations

import hashlib
import json
from typing import Any

Document = dict[str, Any]


class Altered(ValueError):
    """A stored release does not match its digest: it was changed after it was made."""


def canonical(document: Document) -> str:
    """The same document gives the same text: sorted keys, no spaces, no escapes beyond JSON's own."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(document: Document) -> str:
    """SHA-256 of the canonical text without its `digest`, 64 hexadecimal digits."""
    rest = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def with_digest(document: Document) -> Document:
    return {**document, "digest": digest_of(document)}


def read(text: str) -> Document:
    """The document of a stored text. Raises Altered when its digest does not fit."""
    document: Document = json.loads(text)
    if document.get("digest") != digest_of(document):
        raise Altered("this release was changed after it was made; restore the database from a backup")
    return document
