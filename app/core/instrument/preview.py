"""A questionnaire as plain text: an instrument and a language enter, what to read before using it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from app.core.instrument.model import COMMENT, INCIDENCE, Instrument, Item, Options, Section, text

WIDTH = 100


def preview(instrument: Instrument, language: str) -> str:
    """Items by section with options and scale, in `language` or else the instrument's first language.

    The words around the questions are English, as on the whole command line.
    """
    blocks = [_head(instrument, language), *(_section(instrument, s, language) for s in instrument.sections)]
    blocks += [_option_sets(instrument, language), _scales(instrument, language)]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(instrument: Instrument, language: str) -> list[str]:
    title = text(instrument.title, language)
    closed = len(instrument.coded) - len(instrument.backgrounds)
    counts = f"{closed} closed, {len(instrument.backgrounds)} background, {len(instrument.comments)} comment"
    note = (
        "Validated." if instrument.validated else "Not validated: no study of how well it measures is known."
    )
    return [
        title,
        "=" * len(title),
        f"{instrument.id}, version {instrument.version}; languages: {', '.join(instrument.languages)}",
        f"About {instrument.minutes} minute{'' if instrument.minutes == 1 else 's'}; questions: {counts}",
        f"Licence {instrument.licence}; source: {instrument.source}",
        note,
        *(["", *wrap(text(instrument.intro, language), WIDTH)] if instrument.intro else []),
    ]


def _section(instrument: Instrument, section: Section, language: str) -> list[str]:
    parts = instrument.sections
    number = parts.index(section) + 1
    title = text(section.title, language)
    heading = f"Part {number} of {len(parts)}" + (f": {title}" if title else "")
    return [
        heading,
        "-" * len(heading),
        *(line for i in section.items for line in _item(instrument, i, language)),
    ]


def _item(instrument: Instrument, item: Item, language: str) -> Iterator[str]:
    place = instrument.items.index(item) + 1
    yield from wrap(
        text(item.text, language), WIDTH, initial_indent=f"{place:3}. ", subsequent_indent=" " * 5
    )
    facts = [item.id, "own words" if item.kind == COMMENT else f"options {item.options}"]
    if item.scale:
        facts.append(f"scale {item.scale}" + (" (reversed)" if item.reversed else ""))
    elif item.kind != COMMENT:
        facts.append("background question")
    yield " " * 5 + f"[{'; '.join(facts)}]"


def _option_sets(instrument: Instrument, language: str) -> list[str]:
    lines = ["Options", "-------"]
    for options in instrument.options.values():
        lines.append(options.id + ("" if options.ordered else " (not ordered)"))
        lines += [
            f"{code:5}  {options.label(code, language)}{_meaning(options, code)}" for code in options.codes
        ]
    return lines if instrument.options else []


def _meaning(options: Options, code: int) -> str:
    meanings = {"favourable": options.favourable, "unfavourable": options.unfavourable}
    meanings["counts as no answer"] = options.missing
    return next((f"  ({meaning})" for meaning, codes in meanings.items() if code in codes), "")


def _scales(instrument: Instrument, language: str) -> list[str]:
    lines = ["Scales", "------"]
    for scale in instrument.scales:
        counted = "share at least once" if scale.kind == INCIDENCE else "mean, 0 to 100"
        facts = [f"{len(instrument.items_of(scale.id))} items", counted, f"theme {scale.theme}"]
        facts += ["shown from 30 answers: it rates a person"] if scale.rates_a_person else []
        facts += ["outcome"] if scale.id == instrument.outcome else []
        lines.append(f"{scale.id}: {text(scale.title, language)} ({'; '.join(facts)})")
    return lines if instrument.scales else []
