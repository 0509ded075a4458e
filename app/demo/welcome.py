"""What the demo prints when it is there: what to look at, and as whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo import second_step, signals
from app.demo.organisation import ADMINISTRATOR, NAME, PASSWORD, PEOPLE


def poster(address: str, notes: Mapping[str, Any]) -> str:
    """What to look at, and as whom."""
    from app.crypto.codes import grouped

    door, results = f"{address}/v/{notes['slug']}", f"{address}/results/{notes['slug']}"
    logins = [(ADMINISTRATOR[0], "administrator and coordinator")]
    logins += [(email, " and ".join(roles)) for email, _, roles in PEOPLE]
    return "\n".join(
        [
            "",
            f"{NAME}, 220 people (invented)",
            "",
            f"Fill in the open pulse:   {door}",
            *(f"  with a code             {grouped(code)}   {door}/{code}" for code in notes["codes"]),
            f"Read the baseline:        {results}/{notes['baseline']}/",
            f"Read the follow-up:       {results}/{notes['follow-up']}/",
            f"What changed between:     {results}/{notes['follow-up']}/change/",
            f"What staff see (board):   {address}/b/{notes['board']}/",
            f"Set up and run scans:     {address}/manage/{notes['slug']}/",
            f"Sign in:                  {address}/account/sign-in   (password: {PASSWORD})",
            *(f"  {email:<40}{role}" for email, role in logins),
            *second_step.said(notes),
            f"Signals of the adviser:   {address}/adviser/{notes['slug']}/   (passphrase: {signals.PASSPHRASE})",
            "Invite by mail:           plan a scan with personal links there; the mails become files in its folder “outbox”",
            "",
        ]
    )
