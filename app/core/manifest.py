"""What everybody who gets a personal link must be given alike: facts and files of a scan enter, canonical JSON leaves, and back.

Its fingerprint stands in every link and invitation; a browser uses no key and runs no script that it doesn't name.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

VERSION = 1
EXPONENT = 65537
NAME_DIGITS = 16


@dataclass(frozen=True)
class Pages:
    """The files of one scan as they are served. The page names the other two with their hashes."""

    page: bytes
    script: bytes
    style: bytes


@dataclass(frozen=True)
class StratumKey:
    """The public key of one stratum; `modulus` big-endian."""

    number: int
    name: str
    modulus: bytes


@dataclass(frozen=True)
class Facts:
    """What a manifest says of its scan; `title` by language."""

    scan: str
    organisation: str
    operator: str
    name: str
    title: Mapping[str, str]
    opens: date | None
    closes: date | None
    min_group: int
    settings: str
    """The digest that the works council confirms."""


def document(facts: Facts, keys: Sequence[StratumKey], pages: Pages) -> bytes:
    """Canonical: the same facts, keys and files give the same bytes."""
    made: dict[str, Any] = {
        "version": VERSION,
        "scan": facts.scan,
        "organisation": facts.organisation,
        "operator": facts.operator,
        "name": facts.name,
        "title": dict(facts.title),
        "opens": facts.opens.isoformat() if facts.opens else None,
        "closes": facts.closes.isoformat() if facts.closes else None,
        "k": facts.min_group,
        "settings": facts.settings,
        "strata": [
            {"number": key.number, "name": key.name, "modulus": text(key.modulus), "exponent": EXPONENT}
            for key in keys
        ],
        "page": {"sha256": digest(pages.page)},
        "script": {"name": file_name(pages.script, "js"), "sha256": digest(pages.script)},
        "style": {"name": file_name(pages.style, "css"), "sha256": digest(pages.style)},
    }
    return json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def moduli(raw: bytes) -> dict[int, bytes]:
    """The public key of each stratum by its number."""
    return {one["number"]: _bytes(one["modulus"]) for one in json.loads(raw)["strata"]}


def file_name(body: bytes, suffix: str) -> str:
    """Changes with the content, so that no old file is ever shown for a new one."""
    return f"personal-{digest(body)[:NAME_DIGITS]}.{suffix}"


def integrity(body: bytes) -> str:
    """What a browser compares a file with before it uses it (subresource integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def text(raw: bytes) -> str:
    """Bytes as they travel: base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(given: str) -> bytes:
    return base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)


def unpacked(given: object, length: int) -> bytes | None:
    """Exactly so many bytes from such a text; None for anything else."""
    if not isinstance(given, str) or len(given) != (length * 4 + 2) // 3:
        return None
    try:
        raw = _bytes(given)
    except ValueError:
        return None
    return raw if len(raw) == length and text(raw) == given else None
