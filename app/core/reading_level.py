"""How hard a text is to read: plain text and its language enter, a score, a word for it and the sentences to shorten leave.

English by Flesch (1948), Dutch by Flesch-Douma (Douma, 1960): both count words in a sentence and syllables in a word. They say
nothing about what the words mean, so this is a hint and never a gate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONG = 20
"""Words of a sentence that is named."""
NAMED = 3
LEAST_WORDS = 8
"""With fewer a score would say more than it knows."""
PLAIN_FROM, FAIR_FROM = 60.0, 45.0
_SENTENCE = re.compile(r"(?<=[.!?…])[\s\"”')\]]+|\n{2,}")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Two vowels that are one sound stay together; a vowel with a trema begins a syllable.
_DUTCH = re.compile(
    r"aai|ooi|oei|eeu|ieu|auw|ouw|aa|ee|oo|uu|ie|oe|eu|ui|ou|au|ei|ij|[aeiouyáàâéèêíóôúäöüëï]"
)
_ENGLISH = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeiouy]ed|[^laeiouy]e)$")


class Grade(StrEnum):
    """How it reads: about B1, harder than it needs to be, or hard. SHORT: too little to say."""

    SHORT = "short"
    PLAIN = "plain"
    FAIR = "fair"
    HARD = "hard"


@dataclass(frozen=True)
class Level:
    """`score` from about 0 (hard) to 100 (easy), None where SHORT; `longest`: sentences over LONG words, the longest first."""

    grade: Grade
    score: float | None
    words_per_sentence: float
    longest: tuple[str, ...]


def measure(text: str, language: str) -> Level:
    """`language` is "nl" or "en"; any other is counted as English."""
    sentences = [words for one in _SENTENCE.split(text) if (words := _WORD.findall(one))]
    whole = [" ".join(one.split()) for one in _SENTENCE.split(text)]
    words = [word for sentence in sentences for word in sentence]
    long = sorted((one for one in whole if len(_WORD.findall(one)) > LONG), key=lambda one: -_count(one))
    named = tuple(long[:NAMED])
    if len(words) < LEAST_WORDS:
        return Level(Grade.SHORT, None, 0.0, named)
    per_sentence = len(words) / len(sentences)
    per_word = sum(syllables(word, language) for word in words) / len(words)
    if language == "nl":
        score = 206.84 - 0.93 * per_sentence - 77.0 * per_word
    else:
        score = 206.835 - 1.015 * per_sentence - 84.6 * per_word
    return Level(grade(score), score, per_sentence, named)


def grade(score: float) -> Grade:
    return Grade.PLAIN if score >= PLAIN_FROM else Grade.FAIR if score >= FAIR_FROM else Grade.HARD


def syllables(word: str, language: str) -> int:
    """At least one. English is counted by groups of vowels, without a silent end."""
    low = word.lower()
    if language == "nl":
        return max(1, len(_DUTCH.findall(low)))
    return max(1, len(_ENGLISH.findall(_SILENT.sub("", low))))


def _count(sentence: str) -> int:
    return len(_WORD.findall(sentence))
