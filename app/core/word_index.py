"""Looking for words in many texts: the texts enter once; in which of them a word stands, or a part of one, leaves each time.

What is looked for holds no white space, so a text holds it exactly where one of its words does. There are far fewer different
words than words, and only those are gone through.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


class WordIndex:
    """`texts` in small letters (`str.casefold`)."""

    def __init__(self, texts: Sequence[str]) -> None:
        places: dict[str, array[int]] = {}
        for place, text in enumerate(texts):
            for word in set(text.split()):
                found = places.get(word)
                if found is None:
                    found = places[word] = array("I")
                found.append(place)
        self._texts = texts
        self._places = list(places.values())
        self._words = "\n".join(places)
        self._starts = list(accumulate((len(word) + 1 for word in places), initial=0))

    def holding(self, sought: str) -> bytes:
        """One byte for each text, in order: 1 where every word of `sought` stands in it, at least as a part of another."""
        number = len(self._texts)
        found = int.from_bytes(b"\x01" * number)
        for word in sought.casefold().split():
            found &= int.from_bytes(self._holding(word))
        return found.to_bytes(number)

    def _holding(self, word: str) -> bytearray:
        matching = [self._places[number] for number in self._numbers(word)]
        held = bytearray(len(self._texts))
        if sum(map(len, matching)) > 2 * len(self._texts):
            # Hardly anything is ruled out, so asking each text is quicker.
            return bytearray(word in text for text in self._texts)
        for places in matching:
            for place in places:
                held[place] = 1
        return held

    def _numbers(self, word: str) -> list[int]:
        """Of the different words that hold this one."""
        found, at = [], self._words.find(word)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            found.append(number)
            at = self._words.find(word, self._starts[number + 1])
        return found
