"""What a browser asks for: the texts of its headers enter; a language, and whether it takes gzip, leave."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.web.ui import LANGUAGES

LONGEST_HEADER = 200


def language(chosen: str, accepted: str) -> str:
    """What was chosen on the page, else what the header Accept-Language likes best."""
    return chosen if chosen in LANGUAGES else _preferred(accepted[:LONGEST_HEADER])


@lru_cache(maxsize=256)
def _preferred(accepted: str) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(LANGUAGES) or LANGUAGES[0]


@lru_cache(maxsize=256)
def packs(accepted: str) -> bool:
    """Whether the header Accept-Encoding takes gzip."""
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "").replace("q=0.", "q=.")
