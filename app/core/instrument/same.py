"""Whether a corrected questionnaire still asks the same: two instruments enter, a refusal leaves if it doesn't."""

from __future__ import annotations

from app.core.instrument.model import Instrument
from app.core.refusal import Refused


def check_same_questions(asked: Instrument, corrected: Instrument) -> None:
    """A correction may change how answers are scored, never what was asked: the same questions with the same codes, in order.

    Raises Refused, naming the first question that differs.
    """
    before = [(item.id, asked.options_of(item).codes) for item in asked.coded]
    after = [(item.id, corrected.options_of(item).codes) for item in corrected.coded]
    for place in range(max(len(before), len(after))):
        one = before[place] if place < len(before) else None
        two = after[place] if place < len(after) else None
        if one != two:
            named = (one or two or ("", ()))[0]
            raise Refused(
                "other-questions",
                f"question “{named}” isn't what people were asked; keep every question, its place and its answer codes",
                item=named,
            )
    if [item.id for item in asked.backgrounds] != [item.id for item in corrected.backgrounds]:
        raise Refused("other-questions", "the background questions must stay background questions", item="")
