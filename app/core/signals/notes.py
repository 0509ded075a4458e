"""What in a text may tell who somebody is: a text enters, spans with their kind leave. It only points; people decide.

Used to warn beside a private note and to suggest what to black out of a comment. Works offline: patterns, check digits and a list
of given names. It misses nicknames, rare surnames in small letters and whatever only colleagues would recognise; pages say so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class Kind(StrEnum):
    EMAIL = "email"
    LINK = "link"
    IBAN = "iban"
    BSN = "bsn"
    TELEPHONE = "telephone"
    DATE = "date"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True)
class Found:
    """Characters `start` up to `end` of the text; `text` is what stands there."""

    start: int
    end: int
    kind: Kind
    text: str


MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|june|july|august"
    r"|october)"
)
_SHORT_MONTHS = r"(?:jan|feb|mrt|apr|jun|jul|aug|sep|sept|okt|oct|nov|dec|march|may)\b\.?"
_WEEKDAYS = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
# A count or a fraction: "3-4 keer", "2/3 van het team".
_NO_DATE = (
    r"(?!\s*(?:keer|maal|x\b|mensen|personen|collega|weken|week|maanden|maand|jaar|dagen|dag|uur|minuten|times|people|weeks|months|years"
    r"|days|hours|van\b|deel|of\b))"
)
_DATES = re.compile(
    rf"\b(?:20|19)\d\d[-/.]{_MONTH}[-/.]{_DAY}\b"
    rf"|\b{_DAY}[-/.]{_MONTH}[-/.]{_YEAR}(?!\d)"
    rf"|(?<![\d.,/-])(?!24/7\b){_DAY}[-/]{_MONTH}(?![\d/-])(?!,\d){_NO_DATE}"
    rf"|\b{_DAY}(?:e|de|ste|st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTHS}\b|{_SHORT_MONTHS})(?:\s+{_YEAR}\b)?"
    rf"|\b(?:{MONTHS}|March|May)\s+{_DAY}(?:st|nd|rd|th)?\b(?:,?\s+(?:19|20)\d\d\b)?"
    rf"|\b{MONTHS}(?:\s+(?:19|20)\d\d)?\b"
    rf"|\b{_WEEKDAYS}(?:ochtend|middag|avond|nacht)?s?\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LINK = re.compile(
    r"\b(?:https?://|www\.)\S+|\b(?:linkedin|facebook|instagram|tiktok|x|twitter)\.com/\S+|(?<!\w)@[A-Za-z_]\w{2,}"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ .]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_NINE = re.compile(r"(?<![\d+])\d(?:[ .]?\d){7,8}(?!\d)")
_TELEPHONE = re.compile(
    r"(?<![\w+])(?:\+|00)\d{1,3}[\s.-]?(?:\(0\)[\s.-]?)?\d(?:[\s.-]?\d){6,11}(?!\d)"
    r"|(?<![\w+])\(?0\d{1,3}\)?(?:[\s.-]{0,3}\d){6,8}(?!\d)"
)
_ADDRESS = re.compile(
    r"\b[1-9]\d{3}\s?(?!SA|SD|SS)[A-Z]{2}\b"
    r"|\b[A-Z][\w'-]{0,40}(?:straat|laan|weg|plein|gracht|kade|singel|dijk|steeg|hof|pad|dreef|plantsoen)\s+\d{1,4}\s?[a-zA-Z]?\b"
)
_TITLE = (
    r"(?:mevrouw|meneer|mijnheer|de heer|juffrouw|meester|dokter|(?:dhr|mevr|mw|dr|drs|ir|mr|mrs|ms|prof)\.?)"
)
_BETWEEN = r"(?:(?:van|de|den|der|ten|ter|te|in|'t|'t|het|el|al|ben|bin|ait|abou|op|von|da|dos)\s+){1,3}"
_WORD = r"[^\W\d_][\w'’-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŠŽĞİŞÇÖÜ]"
_NAMED = re.compile(rf"\b(?i:{_TITLE})\s+((?:{_BETWEEN})?{_CAPITAL}[\w'’-]*(?:[ -]{_CAPITAL}[\w'’-]+)?)")
_TOKEN = re.compile(_WORD)
_AFTER = re.compile(rf"\s+(?:(?i:{_BETWEEN}))?{_CAPITAL}[\w'’-]+|\s+{_CAPITAL}\.(?!\w)")
_SENTENCE_END = re.compile(r"""(?:^|[.!?:…\n•*"“”„«»(\[]|[.!?]['’]|(?:^|[\s:(])['’‘]|(?:^|\s)[-–—])\s*$""")
_ABBREVIATED = re.compile(
    r"\b(?:bijv|bv|o\.a|i\.v\.m|m\.b\.t|dhr|mevr|mw|dr|drs|ca|incl|excl|nr|tel)\.\s*$", re.IGNORECASE
)


def find(text: str, names: frozenset[str] = frozenset()) -> tuple[Found, ...]:
    """Spans in order, none over another. `names` are more names to look for, written in any case (of a list of staff, say)."""
    taken: list[Found] = []
    for kind, spans in _LOOKS:
        _add(taken, text, kind, spans(text))
    _add(taken, text, Kind.NAME, _people(text, frozenset(_bare(name) for name in names)))
    return tuple(sorted(taken, key=lambda found: found.start))


def kinds(found: tuple[Found, ...]) -> tuple[Kind, ...]:
    """Each kind once, in order of first appearance, for a warning of one line."""
    return tuple(dict.fromkeys(one.kind for one in found))


Span = tuple[int, int]


def _add(taken: list[Found], text: str, kind: Kind, spans: Iterator[Span]) -> None:
    for start, end in spans:
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Found(start, end, kind, text[start:end]))


def _all(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[Span]:
    """With the check of ISO 13616 (modulo 97); a Dutch one is pointed out even when a digit is wrong."""
    for match in _IBAN.finditer(text):
        for end in range(len(match[0]), 14, -1):
            bare = re.sub(r"[ .]", "", match[0][:end]).upper()
            turned = "".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])
            dutch = re.fullmatch(r"NL\d{2}[A-Z]{4}\d{10}", bare)
            if dutch or (match[0][:2].isupper() and int(turned) % 97 == 1):
                yield match.start(), match.start() + len(match[0][:end].rstrip(" ."))
                break


def _citizen_numbers(text: str) -> Iterator[Span]:
    """Eight or nine digits that pass the 11-test: 9a + 8b + ... + 2h - i is a multiple of 11."""
    for match in _NINE.finditer(text):
        digits = [int(digit) for digit in match[0] if digit.isdigit()]
        digits = [0] * (9 - len(digits)) + digits
        total = sum(
            digit * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)
        )
        if total % 11 == 0 and any(digits):
            yield match.span()


def _telephones(text: str) -> Iterator[Span]:
    """Dutch numbers have ten digits with the first 0; others start with + or 00."""
    for match in _TELEPHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        abroad = match[0].startswith("+") or digits.startswith("00")
        if abroad or len(digits) == 10:
            yield match.span()


_LOOKS: tuple[tuple[Kind, Callable[[str], Iterator[Span]]], ...] = (
    (Kind.EMAIL, _all(_EMAIL)),
    (Kind.LINK, _all(_LINK)),
    (Kind.IBAN, _ibans),
    (Kind.DATE, _all(_DATES)),
    (Kind.TELEPHONE, _telephones),
    (Kind.BSN, _citizen_numbers),
    (Kind.ADDRESS, _all(_ADDRESS)),
)


def _people(text: str, more: frozenset[str]) -> Iterator[Span]:
    """After a title; from the list; and words with a capital inside a sentence. With the surname that follows."""
    for match in _NAMED.finditer(text):
        yield match.span(1)
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() < at or not _is_name(text, match, more):
            continue
        at = match.end()
        while following := _AFTER.match(text, at):
            if _bare(following[0].split()[-1]) in _list("no_names"):
                break
            at = following.end()
        if text[at - 2 : at] in ("'s", "’s"):
            at -= 2
        yield match.start(), at


def _is_name(text: str, match: re.Match[str], more: frozenset[str]) -> bool:
    word = match[0]
    bare = _bare(word)
    if bare in more:
        return True
    capital = word[0].isupper()
    starts = _starts_sentence(text, match.start())
    if bare in _list("given_names") and not (word.isupper() and len(word) <= 3):
        if bare in _list("also_words"):
            return capital and not starts
        return capital or len(bare) > 3
    return capital and not starts and _may_be_name(word, bare)


def _may_be_name(word: str, bare: str) -> bool:
    """No abbreviation (OR, MT), no letter by itself, not known to be something else."""
    return (
        len(word) > 1
        and not word[1:].isupper()
        and bare not in _list("no_names")
        and not word.startswith("I'")
    )


def _starts_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 12) : at]
    if not before.strip():
        before = text[:at].rstrip(" \t")[-12:]
    if len(before) < at:
        before = "x" + before  # so that the start of what is looked at isn't taken for the start of the text
    return bool(_SENTENCE_END.search(before)) and not _ABBREVIATED.search(before)


def _bare(word: str) -> str:
    """Small letters without accents and without 's."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("ı", "i"))
    return re.sub(r"['’]s?$", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))


@lru_cache(maxsize=3)
def _list(which: str) -> frozenset[str]:
    """given_names; also_words: those of them that are words, or too short to be sure of, so only seen with a capital inside a
    sentence; no_names: words with a capital inside a sentence that are no person."""
    lines = (Path(__file__).with_name("words") / f"{which}.txt").read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
