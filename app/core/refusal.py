"""A refusal of an act: a stable reason for pages to translate, facts to fill in, and an English sentence for the command line."""

from __future__ import annotations


class Refused(ValueError):
    """Something was not done, nothing was changed. `reason` is a stable id, `facts` fill the translated sentence."""

    def __init__(self, reason: str, message: str, **facts: object) -> None:
        self.reason, self.message, self.facts = reason, message, facts
        super().__init__(message)


class Cancelled(Exception):
    """Somebody stopped long work; nothing was changed."""
