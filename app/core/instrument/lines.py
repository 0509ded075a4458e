"""Where things stand in a TOML file: valid TOML enters, the line of every key and element leaves.

tomllib gives values without their places; this scanner walks the same grammar, skips the values and keeps the
places.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from contextlib import suppress

Path = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_STRINGS = {
    '"""': re.compile(r'"""(?:\\.|[^\\])*?""""{0,2}', re.DOTALL),
    "'''": re.compile(r"'''.*?''''{0,2}", re.DOTALL),
    '"': re.compile(r'"(?:\\.|[^"\\\n])*"'),
    "'": re.compile(r"'[^'\n]*'"),
}
_SCALAR = re.compile(r"[^,\]}\n#]+")


def lines_of(text: str) -> dict[Path, int]:
    """Path -> line, counted from 1; a path holds keys and, for arrays, places counted from 0.

    `text` must be valid TOML. A table's line is that of its header, or of the first key that makes it.
    """
    return _Scanner(text.replace("\r\n", "\n")).document()


def last_statement(text: str) -> int:
    """The line of the last statement that can be scanned at all; for invalid TOML, where trouble starts."""
    scanner = _Scanner(text.replace("\r\n", "\n"))
    with suppress(ValueError, IndexError, RecursionError):
        scanner.document()
    return bisect_right(scanner.ends, scanner.begun - 1) + 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.begun = 0
        self.ends = [match.start() for match in re.finditer("\n", text)]

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_GAP) < len(self.text):
            self.begun = self.place
            if self.text.startswith("[[", self.place):
                table = self._header(2)
            elif self.text[self.place] == "[":
                table = self._header(1)
            else:
                self._pair(table)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.place)
        if match is None:
            raise ValueError(f"no valid TOML at character {self.place}")
        self.place = match.end()
        return self.place

    def _mark(self, path: Path, place: int) -> None:
        if path not in self.lines:
            self.lines[path] = bisect_right(self.ends, place - 1) + 1

    def _key(self) -> list[str]:
        """A dotted key, quotes resolved."""
        parts: list[str] = []
        while True:
            start = self._skip(_BLANK)
            raw = self.text[start : self._skip(_KEY)]
            parts.append(str(tomllib.loads(f"key = {raw}")["key"]) if raw[0] in "\"'" else raw)
            if self.text[self._skip(_BLANK) : self.place + 1] != ".":
                return parts
            self.place += 1

    def _descend(self, path: Path, keys: list[str], place: int) -> Path:
        """Follow keys from a table; a list of tables stands for its latest table."""
        for key in keys:
            path = (*path, key)
            self._mark(path, place)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _header(self, brackets: int) -> Path:
        start = self.place
        self.place += brackets
        keys = self._key()
        self.place += brackets
        if brackets == 1:
            return self._descend((), keys, start)
        path = (*self._descend((), keys[:-1], start), keys[-1])
        self._mark(path, start)
        number = self.counts.get(path, 0)
        self.counts[path] = number + 1
        self._mark((*path, number), start)
        return (*path, number)

    def _pair(self, table: Path) -> None:
        start = self._skip(_BLANK)
        path = table
        for key in self._key():
            path = (*path, key)
            self._mark(path, start)
        self.place += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_GAP)
        first = self.text[self.place]
        if first in "[{":
            self.place += 1
            self._array(path) if first == "[" else self._inline(path)
            return
        quote = self.text[self.place : self.place + 3]
        self._skip(_STRINGS.get(quote) or _STRINGS.get(first) or _SCALAR)

    def _array(self, path: Path) -> None:
        number = 0
        while self.text[self._skip(_GAP)] != "]":
            self._mark((*path, number), self.place)
            self._value((*path, number))
            number += 1
            self._comma("]")
        self.place += 1

    def _inline(self, path: Path) -> None:
        while self.text[self._skip(_GAP)] != "}":
            self._pair(path)
            self._comma("}")
        self.place += 1

    def _comma(self, closing: str) -> None:
        after = self.text[self._skip(_GAP)]
        if after == ",":
            self.place += 1
        elif after != closing:
            raise ValueError(f"no comma at character {self.place}")
