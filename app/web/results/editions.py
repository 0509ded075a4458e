"""Editions in addresses: every page of a scan's results can also be read for one edition by its number.

/<slug>/<scan>/how shows the latest edition, /<slug>/<scan>/edition/1/how the first; links on a page stay in its edition.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, request

AT_SCAN = "/<slug>/<scan>/"
AT_EDITION = "/<slug>/<scan>/edition/<int:edition>/"


class ByEdition(Blueprint):
    """A blueprint whose rules below a scan exist for each edition as well."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        super().add_url_rule(rule, *args, **options)
        if rule.startswith(AT_SCAN):
            super().add_url_rule(AT_EDITION + rule.removeprefix(AT_SCAN), *args, **options)


def asked() -> int | None:
    """The edition that the address names; None for the latest."""
    found: int | None = g.get("edition")
    return found


def take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the number for `asked`, so that views know nothing of it."""
    if values is not None and "edition" in values:
        g.edition = values.pop("edition")


def stay(endpoint: str, values: dict[str, Any]) -> None:
    """Links to the same scan lead to the same edition; `edition=None` leads to the latest."""
    if "edition" in values:
        if values["edition"] is None:
            del values["edition"]
        return
    here = (request.view_args or {}).get("scan")
    number = asked()
    if (
        number is not None
        and values.get("scan") == here
        and current_app.url_map.is_endpoint_expecting(endpoint, "edition")
    ):
        values["edition"] = number
