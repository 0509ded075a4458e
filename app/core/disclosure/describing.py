"""The instrument inside a release: a questionnaire enters, the titles and texts that pages show leave."""

from __future__ import annotations

from typing import Any

from app.core.instrument import Instrument


def describe(instrument: Instrument) -> dict[str, Any]:
    """What a page needs to show a release without the instrument's file. Comments are no part of it."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "languages": list(instrument.languages),
        "source": instrument.source,
        "validated": instrument.validated,
        "minutes": instrument.minutes,
        "outcome": instrument.outcome,
        "scales": [
            {
                "id": scale.id,
                "theme": scale.theme,
                "kind": scale.kind,
                "min_answered": scale.min_answered,
                "rates_a_person": scale.rates_a_person,
                "title": scale.title,
                "items": [item.id for item in instrument.items_of(scale.id)],
            }
            for scale in instrument.scales
        ],
        "items": [
            {
                "id": item.id,
                "text": item.text,
                "scale": item.scale,
                "kind": item.kind,
                "options": item.options,
                "reversed": item.reversed,
            }
            for item in instrument.coded
        ],
        "options": {
            options.id: {
                "codes": list(options.codes),
                "favourable": list(options.favourable),
                "unfavourable": list(options.unfavourable),
                "missing": list(options.missing),
                "ordered": options.ordered,
                "labels": {language: list(labels) for language, labels in options.labels.items()},
            }
            for options in instrument.options.values()
        },
    }
