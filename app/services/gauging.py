"""Gauging: once a night it is noted how many took part in scans with personal links, in a band that doubles; no more."""

from __future__ import annotations

from datetime import date

from app.core.lifecycle import State
from app.core.plan import PERSONAL
from app.services import responding
from app.storage.database import Store
from app.storage.office import mail_rounds, organisations, scans


def gauge_all(store: Store, *, today: date) -> None:
    """For every open scan with personal links, once a day: more often, a band would tell when somebody took part."""
    with store.reading() as session:
        rows = [
            (row.id, plan.min_group)
            for owner in organisations.everyone(session)
            for row in scans.of_organisation(session, owner.id)
            if row.state == State.OPEN and (plan := row.settings) is not None and plan.way == PERSONAL
        ]
    for scan, least in rows:
        with store.reading() as session:
            known = mail_rounds.participation(session, scan)
        if known is not None and known.counted_on == today:
            continue
        found = responding.at_least(store, scan, least)
        with store.office() as session:
            mail_rounds.note_participation(session, scan, found, today)
