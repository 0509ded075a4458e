"""Reading one table of an instrument file: what a key should hold enters, its value leaves, faults gather."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from app.core.instrument.lines import Path

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong at one line (counted from 1), in words that say what to do; a notice is no fault."""

    line: int
    message: str
    notice: bool = False


class InstrumentFaults(ValueError):
    """Every fault of one instrument file, by line; no instrument was made."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("; ".join(f"line {fault.line}: {fault.message}" for fault in self.faults))


@dataclass
class Findings:
    """Faults and notices of one file, each at the line of the path it is about."""

    lines: Mapping[Path, int]
    found: dict[Fault, None] = field(default_factory=dict)
    unused_languages: set[str] = field(default_factory=set)

    def line(self, path: Path) -> int:
        """The line of the path, else of the nearest table around it, else 1."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, message: str) -> None:
        self.found[Fault(self.line(path), message)] = None

    def notice(self, path: Path, message: str) -> None:
        self.found[Fault(self.line(path), message, notice=True)] = None


def near(word: str, known: Collection[str]) -> str:
    """“; did you mean ...?” when a known word looks like it, else the known words, else ""."""
    if match := get_close_matches(word, known, n=1, cutoff=0.6 if len(word) > 3 else 0.5):
        return f"; did you mean “{match[0]}”?"
    return f"; known here: {', '.join(sorted(known)[:12])}" if known else ""


@dataclass(frozen=True)
class Table:
    """A table of the file and where it stands. A reader that records a fault returns a harmless value."""

    data: Mapping[str, Any]
    path: Path
    findings: Findings

    def fault(self, message: str, *keys: str | int) -> None:
        self.findings.fault((*self.path, *keys), message)

    def notice(self, message: str, *keys: str | int) -> None:
        self.findings.notice((*self.path, *keys), message)

    def only(self, known: Collection[str]) -> None:
        """Record each key that has no meaning here."""
        for key in self.data:
            if key not in known:
                unused = [word for word in known if word not in self.data]
                self.fault(f"“{key}” has no meaning here{near(key, unused)}", key)

    def string(
        self, key: str, default: str | None = None, *, pattern: str = r"(?s).*\S.*", what: str = "text"
    ) -> str:
        """A text that matches `pattern`; without a default the key is required."""
        if key not in self.data:
            if default is None:
                self.fault(f'“{key}” is missing; add {key} = "..."')
            return default or ""
        value = self.data[key]
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        if not isinstance(value, str):
            self.fault(f"{key} must be {what}, between quotes", key)
        elif not value.strip():
            self.fault(f"{key} is empty; fill it in or take the line out", key)
        else:
            self.fault(f"{key} “{value}” must be {what}", key)
        return ""

    def choice(self, key: str, known: tuple[str, ...], default: str) -> str:
        value = self.data.get(key, default)
        if isinstance(value, str) and value in known:
            return value
        shown = (
            f"{key} “{value}” is unknown{near(value, known)}"
            if isinstance(value, str)
            else f"{key} must be one of {', '.join(known)}"
        )
        self.fault(shown, key)
        return ""

    def whole(self, key: str, low: int, high: int) -> int:
        if key not in self.data:
            self.fault(f"“{key}” is missing; add {key} = {low}")
            return low
        value = self.data[key]
        if type(value) is int and low <= value <= high:
            return value
        self.fault(f"{key} must be a whole number from {low} to {high}, without quotes", key)
        return low

    def share(self, key: str, default: float) -> float:
        """A number above 0 and at most 1."""
        value = self.data.get(key, default)
        if type(value) in (int, float) and 0 < value <= 1:
            return float(value)
        self.fault(f"{key} must be above 0 and at most 1, such as {default}", key)
        return default

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{key} must be true or false, without quotes", key)
        return default

    def texts(self, key: str, languages: tuple[str, ...], *, required: bool = True) -> dict[str, str]:
        """A text in each language."""
        return {
            language: value
            for language, value, path in self._by_language(key, languages, required)
            if self._is_text(value, path)
        }

    def _is_text(self, value: object, path: Path) -> bool:
        if isinstance(value, str) and value.strip():
            return True
        name = ".".join(str(part) for part in path[-2:])
        self.findings.fault(
            path,
            name + (" is empty" if isinstance(value, str) else " must be text") + "; write it between quotes",
        )
        return False

    def labels(self, key: str, languages: tuple[str, ...], count: int | None) -> dict[str, tuple[str, ...]]:
        """A list of `count` texts in each language; None leaves the count unchecked."""
        found: dict[str, tuple[str, ...]] = {}
        for language, value, path in self._by_language(key, languages, True):
            if not isinstance(value, list):
                self.findings.fault(path, f"{key}.{language} must be a list with one label for each code")
                continue
            for place, label in enumerate(value):
                if not isinstance(label, str) or not label.strip():
                    self.findings.fault(
                        (*path, place), f"label {place + 1} of {key}.{language} must be text and not empty"
                    )
            if count is not None and len(value) != count:
                self.findings.fault(
                    path,
                    f"{key}.{language} has {len(value)} labels for {count} codes; give each code one label",
                )
            found[language] = tuple(label for label in value if isinstance(label, str))
        return found

    def _by_language(
        self, key: str, languages: tuple[str, ...], required: bool
    ) -> Iterator[tuple[str, Any, Path]]:
        """(language, value, path) for each language that is there; what is absent or odd is recorded."""
        names = " and ".join(f"{key}.{language}" for language in languages or ("nl",))
        if key not in self.data:
            if required:
                self.fault(f"“{key}” is missing; add {names}")
            return
        values = self.data[key]
        if not isinstance(values, dict):
            self.fault(f"{key} needs a text for each language: write {names}", key)
            return
        absent = [language for language in languages if language not in values]
        for language in absent:
            self.fault(f"{key}.{language} is missing; add it, or take “{language}” out of languages", key)
        for language in values:
            if languages and language not in languages:
                self._unlisted(key, language, absent)
        for language in languages or values:  # with faulty languages the texts are still looked at
            if language in values:
                yield language, values[language], (*self.path, key, language)

    def _unlisted(self, key: str, language: str, absent: list[str]) -> None:
        if absent or not LANGUAGE.fullmatch(language):
            self.fault(
                f"{key}.{language}: “{language}” is not among languages{near(language, absent)}",
                key,
                language,
            )
        elif language not in self.findings.unused_languages:
            self.findings.unused_languages.add(language)
            self.notice(
                f"texts in “{language}” are never shown; add “{language}” to languages or remove them",
                key,
                language,
            )
