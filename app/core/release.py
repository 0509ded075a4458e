"""The release of a scan: a protected document enters, canonical text, its digest and what pages show leave.

Nothing here sees an unprotected number, and nothing here imports numpy: the web process reads releases only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.core.instrument import text

Document = dict[str, Any]
Num = Mapping[str, Any]
PUBLISHED = "published"
WITHHELD = "withheld"
UNIT = "unit"
STRATUM = "stratum"


def canonical(document: Mapping[str, Any]) -> str:
    """The document as JSON: the same values give the same text."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical document without its `digest`, 64 hexadecimal digits."""
    bare = {key: value for key, value in document.items() if key != "digest"}
    return hashlib.sha256(canonical(bare).encode()).hexdigest()


def read(text_: str) -> Document:
    """A stored document. Raises ValueError when it isn't the one its digest was made of."""
    document: Document = json.loads(text_)
    digest = str(document.get("digest"))
    if not _fits(text_, digest) and digest != digest_of(document):
        raise ValueError("this release was altered: its digest doesn't fit")
    return document


def _fits(text_: str, digest: str) -> bool:
    """Whether canonical text is of this digest, without writing it again: twenty times faster on a large release.

    Only what is cut out was not in the digest, so a text that fits is the very text the digest was made of.
    """
    before, found, after = text_.partition(f'"digest":"{digest}",')
    return bool(found) and hashlib.sha256((before + after).encode()).hexdigest() == digest


@dataclass(frozen=True)
class Group:
    """One group of a release. `scales` and `items` hold what is published; `absent` why something isn't."""

    data: Mapping[str, Any]

    @property
    def grouping(self) -> str:
        return str(self.data["grouping"])

    @property
    def code(self) -> str:
        return str(self.data["group"])

    @property
    def parent(self) -> str | None:
        return self.data["parent"]  # type: ignore[no-any-return]

    @property
    def published(self) -> bool:
        return bool(self.data["status"] == PUBLISHED)

    @property
    def reason(self) -> str | None:
        return self.data["reason"]  # type: ignore[no-any-return]

    @property
    def n(self) -> Num | None:
        found: Num | None = self.data.get("n")
        return found

    @property
    def scales(self) -> Mapping[str, Mapping[str, Any]]:
        return self.data["scales"]  # type: ignore[no-any-return]

    @property
    def items(self) -> Mapping[str, Mapping[str, Any]]:
        return self.data["items"]  # type: ignore[no-any-return]

    def name(self, language: str) -> str:
        """Units have one name; options of a background question one per language."""
        name: Any = self.data["name"]
        return name if isinstance(name, str) else text(name, language)

    def figure(self, scale: str) -> Num | None:
        """The score of a scale, or the share of an incidence scale; None when it isn't published."""
        found = self.scales.get(scale, {})
        figure: Num | None = found.get("score", found.get("share"))
        return figure


@dataclass(frozen=True)
class Release:
    """A document as values to read, for pages, pictures and exports."""

    document: Document

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(data) for data in self.document["groups"])

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Group]:
        return {(group.grouping, group.code): group for group in self.groups}

    @property
    def organisation(self) -> Group:
        """The root of the unit tree, which stands first."""
        return self.groups[0]

    def group(self, grouping: str, code: str) -> Group | None:
        return self._by_key.get((grouping, code))

    def of(self, grouping: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.grouping == grouping)

    def below(self, group: Group) -> Iterator[Group]:
        """Unit and stratum groups directly under a unit."""
        for other in self.groups:
            if other.grouping in (UNIT, STRATUM) and other.parent == group.code:
                yield other

    @property
    def scales(self) -> list[dict[str, Any]]:
        return self.document["instrument"]["scales"]  # type: ignore[no-any-return]

    @cached_property
    def withheld(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if not group.published)


def middle(figure: Num | None) -> float:
    """The value, or the middle of a band: for order and pictures, not for a text."""
    assert figure is not None
    value = figure["value"]
    return float(value) if value is not None else (float(figure["low"]) + float(figure["high"])) / 2


def in_ten(share: Num | None) -> int | None:
    """How many in ten a share in percent is, when it isn't off by more than one in ten anywhere in its band."""
    if share is None or share["value"] is None:
        return None
    nearest = int((float(share["value"]) + 5) // 10)
    if float(share["value"]) % 10 == 5:
        return None  # 25 % is as much two in ten as three
    if max(abs(float(share[end]) - 10 * nearest) for end in ("low", "high")) > 10:
        return None
    return nearest
