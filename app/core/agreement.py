"""The sharing agreement: what an adviser shares, from how many reporters on, how often, and when an answer is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.refusal import Refused

LEAST_SIGNALS, LEAST_WORDS = 5, 3
"""No agreement goes below these: counts of reporters, and reporters before a theme is named in words."""
MOST_SIGNALS, MOST_WORDS = 50, 20
LEAST_WEEKS, MOST_WEEKS = 1, 26
DEFAULT_WEEKS = 6
RHYTHMS = ("monthly", "quarterly", "half-yearly", "yearly")
MOST_TEXT = 6_000


class Side(StrEnum):
    """The two who sign."""

    ADVISER = "adviser"
    MANAGEMENT = "management"


@dataclass(frozen=True)
class Terms:
    """What is agreed. `shares` and `keeps`: what the adviser tells and does not tell, in words for both."""

    shares: str
    keeps: str
    signal_min: int = LEAST_SIGNALS
    words_min: int = LEAST_WORDS
    rhythm: str = "half-yearly"
    answer_weeks: int = DEFAULT_WEEKS


@dataclass(frozen=True)
class Signature:
    side: Side
    name: str
    account: int
    on: date


@dataclass(frozen=True)
class Agreement:
    """One version, with its signatures; it holds from the day on which both have signed."""

    version: int
    terms: Terms
    drafted_by: str
    drafted_on: date
    signatures: tuple[Signature, ...] = ()

    @property
    def signed(self) -> frozenset[Side]:
        return frozenset(one.side for one in self.signatures)

    @property
    def holds(self) -> bool:
        return self.signed == frozenset(Side)

    @property
    def since(self) -> date | None:
        """The day of the second signature."""
        return max(one.on for one in self.signatures) if self.holds else None


def check_terms(terms: Terms) -> None:
    """Raise Refused for terms that nobody may agree on; `reason` names the field."""
    for reason, text in (("shares", terms.shares), ("keeps", terms.keeps)):
        if not text.strip():
            raise Refused(reason, "write down what is agreed here")
        if len(text) > MOST_TEXT:
            raise Refused(reason, f"at most {MOST_TEXT} characters fit", most=MOST_TEXT)
    bounds = (
        ("signal_min", terms.signal_min, LEAST_SIGNALS, MOST_SIGNALS),
        ("words_min", terms.words_min, LEAST_WORDS, MOST_WORDS),
        ("answer_weeks", terms.answer_weeks, LEAST_WEEKS, MOST_WEEKS),
    )
    for reason, value, least, most in bounds:
        if not least <= value <= most:
            raise Refused(reason, f"fill in a number from {least} to {most}", least=least, most=most)
    if terms.words_min > terms.signal_min:
        raise Refused("words_min", "words can't need more reporters than counts", least=LEAST_WORDS)
    if terms.rhythm not in RHYTHMS:
        raise Refused("rhythm", "choose how often a report comes")


def check_signature(agreement: Agreement, signature: Signature, newest: int) -> None:
    """Raise Refused: signed-already, own-account (one account can't sign for both), not-newest."""
    if agreement.version != newest:
        raise Refused("not-newest", "there is a newer version; read and sign that one")
    if signature.side in agreement.signed:
        raise Refused("signed-already", "this side has signed already")
    if any(one.account == signature.account for one in agreement.signatures):
        raise Refused(
            "own-account", "each side signs from its own account; you have signed for the other side"
        )
