"""The office database: organisations, accounts, scans, releases, tasks, the log, vaults, advice with what follows, the board."""

from app.storage.office import (
    accounts,
    advice,
    agreements,
    audit,
    comment_themes,
    consultations,
    decisions,
    organisations,
    releases,
    scans,
    second_factors,
    signal_reports,
    tasks,
    unit_maps,
    updates,
    vaults,
)

__all__ = [
    "accounts",
    "advice",
    "agreements",
    "audit",
    "comment_themes",
    "consultations",
    "decisions",
    "organisations",
    "releases",
    "scans",
    "second_factors",
    "signal_reports",
    "tasks",
    "unit_maps",
    "updates",
    "vaults",
]
