"""The fixed choices of a signal card: ids as cards keep them. Pages name them; categories and themes can be added to."""

from __future__ import annotations

CATEGORIES = (
    "aggression",
    "threats",
    "discrimination",
    "intimidation",
    "bullying",
    "sexual-harassment",
    "stalking",
    "integrity",
    "workload",
    "labour-conflict",
    "other",
)
CONTACTS = (
    "first-contact",
    "follow-up-talk",
    "sparring",
    "report",
    "formal-complaint",
    "manager-question",
    "bystander",
    "anonymous-contact",
)
REPORTERS = ("employee", "manager", "temp", "trainee", "volunteer", "former-employee", "other", "unknown")
SOURCES = ("colleague", "manager", "group", "client", "third-party", "organisation", "unknown")
ROUTES = (
    "listening",
    "helped-to-act",
    "talk-with-manager",
    "mediation",
    "referral",
    "formal-complaint",
    "integrity-report",
    "withdrawn",
    "unknown",
)
