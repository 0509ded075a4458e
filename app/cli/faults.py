"""Refusals as lines: an exception of the product enters, one line for each fault leaves, or None for a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

BAD_INPUT = 2
_UNREACHABLE = frozenset({"OperationalError", "DatabaseError"})


class Faults(Exception):
    """Lines ready to be shown."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Faults with a line number inside this block are about `path`."""
    from app.core.instrument import InstrumentFaults
    from app.core.units import FileFaults

    try:
        yield
    except (FileFaults, InstrumentFaults) as error:
        raise Faults([f"{path}:{fault.line}: {fault.message}" for fault in error.faults]) from error


def lines_for(error: Exception) -> list[str] | None:
    """What to print for an error that the reader can mend."""
    if isinstance(error, Faults):
        return error.lines
    if isinstance(error, click.ClickException):
        return [_plain(error)]
    if isinstance(error, OSError) and error.filename is not None:
        return [f"weerklank: {error.filename}: {error.strerror}"]
    if isinstance(error, _ours()):
        return [f"weerklank: {line}" for line in str(error).splitlines() or ["refused"]]
    if type(error).__name__ == "Frozen":  # of the storage floor, which is not loaded for this
        return [f"weerklank: {error}"]
    if type(error).__module__.startswith("sqlalchemy") and type(error).__name__ in _UNREACHABLE:
        return [
            f"weerklank: the database can't be reached: {str(getattr(error, 'orig', error)).splitlines()[0]}"
        ]
    return None


def _plain(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.ctx.command_path}: {error.format_message()} Try '{error.ctx.command_path} --help'."
    return f"weerklank: {error.format_message()}"


def _ours() -> tuple[type[Exception], ...]:
    """Loaded only when something went wrong."""
    from app.core.access import NotAllowed
    from app.core.checklist import BadDate
    from app.core.instrument import InstrumentFaults
    from app.core.lifecycle import WrongState
    from app.core.plan import BadPlan
    from app.core.refusal import Refused
    from app.core.strata import TooFewInvited
    from app.core.units import FileFaults
    from app.settings import BadSettings

    return (
        Refused,
        NotAllowed,
        WrongState,
        BadPlan,
        BadDate,
        TooFewInvited,
        FileFaults,
        InstrumentFaults,
        BadSettings,
    )
