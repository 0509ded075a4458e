"""The office database: organisations, accounts, scans, releases, tasks and the audit log."""

from app.storage.office import accounts, audit, organisations, releases, scans, tasks, vaults

__all__ = ["accounts", "audit", "organisations", "releases", "scans", "tasks", "vaults"]
