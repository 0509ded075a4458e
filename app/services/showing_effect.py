"""Showing effect: published updates and releases enter; before and after with a verdict is kept for each, for the board to read.

The worker does this: after a release, after an update, and every day. Pages only read what is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.core import effect
from app.core.effect import Chosen, Effect, Noticed, Wave
from app.core.release import Document, Release
from app.services import mapping, promising, releasing
from app.services.promising import Told
from app.storage.database import Store
from app.storage.office import effects, organisations, scans

Compare = Callable[[str, str], Document]


def refresh_everywhere(store: Store, *, today: date) -> int:
    """For every organisation; returns how many updates say something else now."""
    with store.reading() as session:
        everyone = [organisation.id for organisation in organisations.everyone(session)]
    return sum(refresh(store, organisation=one, today=today) for one in everyone)


def refresh(store: Store, *, organisation: int, today: date) -> int:
    """Work out what is missing or outdated; returns how many updates say something else now."""
    with store.reading() as session:
        said = promising.told(session, organisation)
        kept = {update: row.made_of for update, row in effects.rows(session, organisation).items()}
    if not said:
        return 0
    waves = waves_of(store, organisation=organisation, today=today)
    compare = _comparing(store)
    changed = 0
    for one in said:
        chosen = effect.choose(one.content, effect.dates(one.versions), waves)
        asking = effect.asking_about(one.update, waves)[-2:]
        made_of = _made_of(store, one, chosen, asking)
        if kept.get(one.update) == made_of:
            continue
        found = replace(_effect(store, one, chosen, compare), noticed=_noticed(store, one, asking, compare))
        with store.office() as session:
            effects.put(session, one.update, made_of, found)
        changed += 1
    return changed


def waves_of(store: Store, *, organisation: int, today: date) -> tuple[Wave, ...]:
    """Scans whose results everybody can read by today."""
    with store.reading() as session:
        rows = [
            (row, promising.out_on(session, row, today))
            for row in scans.of_organisation(session, organisation)
        ]
    return tuple(
        Wave(row.id, row.name, row.opened_on, out, _scales(store, row.id))
        for row, out in rows
        if out is not None and row.opened_on is not None
    )


def _scales(store: Store, scan: str) -> dict[str, str]:
    found = Release(releasing.document(store, scan=scan))
    return {str(scale["id"]): str(scale["theme"]) for scale in found.scales}


def _effect(store: Store, one: Told, chosen: Chosen, compare: Compare) -> Effect:
    if chosen.before is None or chosen.after is None:
        return Effect(chosen.standing)
    comparison = compare(chosen.before.scan, chosen.after.scan)
    before = releasing.document(store, scan=chosen.before.scan)
    after = releasing.document(store, scan=chosen.after.scan)
    return effect.measured(one.content, chosen, comparison, before, after)


def _noticed(store: Store, one: Told, asking: list[Wave], compare: Compare) -> Noticed | None:
    """What the newest scan that asked about this update says, beside the one before it that did."""
    if not asking:
        return None
    newest, change = asking[-1], None
    if len(asking) == 2:
        earlier = asking[0]
        change = (
            earlier,
            releasing.document(store, scan=earlier.scan),
            compare(earlier.scan, newest.scan),
        )
    return effect.noticed(
        one.update, one.content, newest, releasing.document(store, scan=newest.scan), change
    )


def _comparing(store: Store) -> Compare:
    """Each pair of scans is compared once a round, whatever the number of updates."""
    done: dict[tuple[str, str], Document] = {}

    def compare(old: str, new: str) -> Document:
        # Imported here: it loads scipy, which only the worker may.
        from app.core.comparison.between import compare as hold
        from app.core.comparison.unit_map import read_map
        from app.services.comparing import codes

        if (old, new) not in done:
            before, after = releasing.document(store, scan=old), releasing.document(store, scan=new)
            rows = mapping.unit_map(store, earlier=old, scan=new)
            units = read_map(rows, old=codes(before), new=codes(after)) if rows else None
            done[old, new] = hold(before, after, units=units).to_document()
        return done[old, new]

    return compare


def _made_of(store: Store, one: Told, chosen: Chosen, asking: list[Wave]) -> str:
    """Changes with whatever the outcome depends on: the releases, the map of units, and what the update is about."""
    parts = [chosen.standing.value, one.content.theme, one.content.unit or "", *one.content.scales]
    if chosen.before is not None and chosen.after is not None:
        old, new = chosen.before.scan, chosen.after.scan
        parts += [str(releasing.document(store, scan=scan)["digest"]) for scan in (old, new)]
        parts.append(mapping.unit_map(store, earlier=old, scan=new))
    parts += [str(releasing.document(store, scan=wave.scan)["digest"]) for wave in asking]
    if len(asking) == 2:
        parts.append(mapping.unit_map(store, earlier=asking[0].scan, scan=asking[1].scan))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
