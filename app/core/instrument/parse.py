"""Instrument files: TOML text enters, an Instrument leaves, or all faults and notices by their lines."""

from __future__ import annotations

from functools import lru_cache

from app.core.instrument import rules
from app.core.instrument.model import Instrument
from app.core.instrument.reading import ID, ID_WORDS, MOST_MINUTES, Draft, open_text, read
from app.core.instrument.table import Fault, InstrumentFaults

HIGHEST_VERSION = 1_000_000


@lru_cache(maxsize=64)
def parse(text: str, *, themes: frozenset[str] = frozenset()) -> Instrument:
    """The instrument in a TOML text; the same text gives the same object. Raises InstrumentFaults."""
    instrument, found = _examine(text, themes)
    faults = [fault for fault in found if not fault.notice]
    if faults:
        raise InstrumentFaults(faults)
    return instrument


def check(text: str, *, themes: frozenset[str] = frozenset()) -> list[Fault]:
    """Every fault and notice, by line; none when the file is right. Without `themes` these stay unchecked."""
    try:
        return sorted(_examine(text, themes)[1])
    except InstrumentFaults as unreadable:
        return unreadable.faults


def _examine(text: str, themes: frozenset[str]) -> tuple[Instrument, list[Fault]]:
    data, findings = open_text(text)
    draft = read(data, findings)
    instrument = _instrument(draft, text)
    rules.apply(draft, themes)
    return instrument, list(findings.found)


def _instrument(draft: Draft, text: str) -> Instrument:
    head = draft.head
    return Instrument(
        id=head.string("id", pattern=ID, what=ID_WORDS),
        version=head.whole("version", 1, HIGHEST_VERSION),
        languages=draft.languages,
        minutes=head.whole("minutes", 1, MOST_MINUTES),
        licence=head.string("licence"),
        source=head.string("source"),
        validated=head.flag("validated", False),
        outcome=head.string("outcome", "") or None,
        title=head.texts("title", draft.languages),
        intro=head.texts("intro", draft.languages, required=False) or None,
        options={options.id: options for _, options in draft.options},
        scales=tuple(scale for _, scale in draft.scales),
        items=tuple(item for _, item in draft.items),
        text=text,
        starts=tuple(start for _, start in draft.starts),
    )
