"""What an adviser decided on one comment: its review enters, text of a fixed length to seal leaves, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

BYTES = 3_072
"""A review fills this many bytes, or a whole number of times so many where its words have rare letters."""
DROPS = ("recognisable", "private", "insult", "nothing", "elsewhere")
"""Why a comment is left out, as a class: nothing is written about it."""
MOST_THEMES = 8


@dataclass(frozen=True)
class Review:
    """`comment` is the random key of the comment in hexadecimal, which is the only thing that joins the two.

    `words` is the text after redaction, None as long as nothing was redacted; `dropped` one of DROPS or "".
    """

    comment: str
    words: str | None = None
    dropped: str = ""
    themes: tuple[str, ...] = ()
    done: bool = False

    @property
    def counts(self) -> bool:
        """Whether its themes count: read to the end, and not dropped."""
        return self.done and not self.dropped


@dataclass(frozen=True)
class Paraphrase:
    """What comments on one theme say, in the adviser's own words: language -> text. `approved`: it may leave."""

    theme: str
    words: dict[str, str]
    approved: bool = False


def encode(kept: Review | Paraphrase) -> bytes:
    """Canonical JSON filled up with zeros to a whole number of BYTES."""
    raw = json.dumps(asdict(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return raw + bytes(-len(raw) % BYTES)


def decode_review(raw: bytes) -> Review:
    values = json.loads(raw.rstrip(b"\0"))
    return Review(**{**values, "themes": tuple(values["themes"])})


def decode_paraphrase(raw: bytes) -> Paraphrase:
    return Paraphrase(**json.loads(raw.rstrip(b"\0")))
