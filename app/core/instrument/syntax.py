"""Text that is no TOML: it enters, a fault for each place where it can't be read leaves."""

from __future__ import annotations

import re
import tomllib

from app.core.instrument.lines import last_statement
from app.core.instrument.table import Fault

MOST_FAULTS = 20
TOO_DEEP = Fault(1, "lists are nested too deeply to be read; write them flat")
_LONG_NUMBER = re.compile(r"[\d_]{4000,}")
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def syntax_faults(text: str) -> list[Fault]:
    """Faults by line, at least one. After each its line is left out and reading goes on where it can."""
    lines = text.split("\n")
    faults: list[Fault] = []
    while len(faults) < MOST_FAULTS and (found := _first("\n".join(lines))):
        fault, goes_on = found
        if faults and fault.line <= faults[-1].line:
            break
        faults.append(fault)
        # Without its header a table would run into the one above: its keys would look faulty.
        if not goes_on or lines[fault.line - 1].lstrip().startswith("["):
            break
        lines[fault.line - 1] = ""
    return faults or [TOO_DEEP]


def _first(text: str) -> tuple[Fault, bool] | None:
    """The first fault, and whether what follows it can still be read."""
    try:
        tomllib.loads(text)
    except RecursionError:
        return TOO_DEEP, False
    except tomllib.TOMLDecodeError as error:
        return _located(text, str(error))
    except ValueError:  # Python refuses to read a number of thousands of digits, and doesn't say where it is
        number = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, number.start()) + 1 if number else 1
        return Fault(line, "a number here is far too long to be read; correct it, then check again"), False
    return None


def _located(text: str, message: str) -> tuple[Fault, bool]:
    place = _PLACE.search(message)
    why = message[: place.start()] if place else message
    why = why[:1].lower() + why[1:]
    if place is None or place[1] is None or why.startswith("unclosed"):
        line = last_statement(text)
        return Fault(line, f"what begins here is not valid TOML ({why}); close it, then check again"), False
    where = f"near character {place[2]}"
    return Fault(int(place[1]), f"this is not valid TOML {where} ({why}); correct it, then check again"), True
