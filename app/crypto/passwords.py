"""Passwords: what somebody typed enters; an argon2id hash, a yes or no, or why it is too weak leaves."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
MOST = 256
# 32 MiB, three passes, one lane: above the floor that OWASP gives for argon2id, and several people can
# still sign in at once on a small machine.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)

# Parts that make a long password guessable all the same: common words, and runs over a keyboard.
_LIST = Path(__file__).with_name("common-words.txt")
_LEET = str.maketrans("@4310$5!7", "aaeiossit")
_LEFT_OVER = 6
SHORTEST_RUN = 4


def weakness(password: str, *, email: str = "") -> str | None:
    """Why this password can't be used ("short", "long", "address" or "common"), or None when it can."""
    text = _normal(password)
    if len(text) < LEAST:
        return "short"
    if len(text) > MOST:
        return "long"
    lowered = text.lower()
    address = email.strip().lower()
    if _letters(lowered) in {_letters(address), _letters(address.partition("@")[0])}:
        return "address"
    return "common" if _is_common(lowered) else None


def _is_common(lowered: str) -> bool:
    """Few different characters, a piece repeated, or little left without common words and keyboard runs."""
    if len(set(lowered)) < 5:
        return True
    period = (lowered + lowered).find(lowered, 1)
    if period < LEAST and period < len(lowered):
        return True
    return any(len(_without_common(form)) <= _LEFT_OVER for form in (lowered, lowered.translate(_LEET)))


def _without_common(text: str) -> str:
    for part in _common():
        text = text.replace(part, "")
    return text


@cache
def _common() -> tuple[str, ...]:
    """Common words and each piece of four or more of the keyboard runs, both ways, the longest first."""
    words, runs = (block.split() for block in _LIST.read_text("utf-8").split("\n\n"))
    lines = [*runs, *(run[::-1] for run in runs)]
    pieces = {
        line[start:end]
        for line in lines
        for start in range(len(line))
        for end in range(start + SHORTEST_RUN, len(line) + 1)
    }
    return tuple(sorted({*words, *pieces}, key=lambda part: (-len(part), part)))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _normal(password: str) -> str:
    """The same password typed on another system is the same text (NFKC, as NIST SP 800-63B advises)."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """An argon2id hash with its parameters and salt."""
    return _hasher.hash(_normal(password))


def matches(stored: str, password: str) -> bool:
    """Whether this is the password; with nothing stored the same work is done and the answer is no."""
    if len(password) > MOST:
        password = ""
    try:
        return _hasher.verify(stored or _nobody(), _normal(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than those in use now."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
