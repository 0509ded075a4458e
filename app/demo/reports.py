"""The demo's signal reports: an open vault enters; a half-yearly report and a monthly update leave, in an adviser's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.core.access import Actor
from app.core.instrument import load_themes
from app.core.signal_report import document as parts
from app.core.signal_report import kinds
from app.core.signal_report.document import Decision, Draft
from app.core.signal_report.kinds import Kind
from app.services import reporting
from app.services.keeping import OpenVault
from app.settings import ROOT
from app.storage.database import Store

LANGUAGE = "nl"
HALF_YEARLY = 45
"""Days ago; the monthly update is of the first days of this month."""
WEEKS = (4, 8, 12)
HEARD: Mapping[str, str] = {
    "no-follow-up": "Mensen vertellen iets aan hun leidinggevende en horen daarna niets meer. De volgende keer zwijgen ze.",
    "exclusion": "Iemand telt niet mee in de pauze, in de groepsapp of bij het maken van het rooster. Het begint klein.",
    "workload": "Wie vaak extra diensten draait, durft geen nee te zeggen.",
    "leadership-by-fear": "Vragen stellen voelt in sommige overleggen niet vrij.",
    "gossip": "Er wordt over iemand gepraat in plaats van met iemand.",
    "psychological-safety": "Een fout toegeven kost moeite.",
}
FOUND: Mapping[str, str] = {
    "no-follow-up": "**Mensen horen niet wat er met hun melding gebeurt.** De scan zegt dat ook. Hier is snel iets aan te doen.",
    "exclusion": "**Buitensluiten** hoor ik vaker dan voorheen. Het zit in de omgang van elke dag, zelden in een groot voorval.",
}
"""A finding where the theme may be named; which those are hangs on the day on which the demo is made."""
FINDINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.HALF_YEARLY: (
        "**Dat mensen komen, is goed.** Waar zij erop vertrouwen dat er iets gebeurt, komen er meer.",
        "**Nieuwe collega’s weten mij te vinden.** Het filmpje bij het inwerken helpt.",
        "**Wie iets wil melden, vraagt eerst wat er daarna gebeurt.** Daar is nu geen vast antwoord op.",
    ),
    Kind.MONTHLY: (
        "**Over buitensluiten hoor ik ook in deze maanden.** Praat erover voor het een gewoonte wordt.",
        "**Een maandbericht bevat geen aantallen.** In zo’n korte tijd zouden die te veel zeggen over weinig mensen.",
        "**Nieuwe collega’s weten mij te vinden.** Het filmpje bij het inwerken helpt.",
    ),
}
DECISIONS = {
    Kind.HALF_YEARLY: (
        "Laat iedereen die iets meldt binnen vier weken weten wat ermee gebeurt. Wijs aan wie dat bewaakt.",
        "Maak tijd om in elk team te bespreken hoe je iemand erbij houdt.",
        "Vertel alle medewerkers wat je met dit rapport doet, ook als dat “nee, want …” is.",
    ),
    Kind.MONTHLY: (
        "Antwoord op het advies over aanspreken dat nog openstaat.",
        "Spreek met mij af hoe de eerste teams over buitensluiten praten.",
        "Zet op het bord wat er besloten is.",
    ),
}
ACTIVITIES = (
    "- Gesprekken gevoerd en mensen geholpen een weg te kiezen.\n"
    "- Uitleg gegeven bij het inwerken van nieuwe collega’s.\n"
    "- Overlegd met de ondernemingsraad."
)


def release(store: Store, opened: OpenVault, *, adviser: Actor, now: datetime) -> str:
    """Both; gives the digest of the half-yearly report. Its figures are drawn when somebody first asks for the PDF."""
    digest = ""
    moments = {
        Kind.HALF_YEARLY: now - timedelta(days=HALF_YEARLY),
        Kind.MONTHLY: now.replace(day=min(now.day, 2)),
    }
    for kind, then in moments.items():
        # Of a month the one that is over; of half a year the latest.
        window = kinds.offered(kind, then.date())[1 if kind is Kind.MONTHLY else 0]
        id = reporting.draft(
            store, opened, kind=str(kind), window=window.id, language=LANGUAGE, names=_names(), draw=False,
            by=adviser, now=then,
        )  # fmt: skip
        words = _words(reporting.one_draft(store, opened, id=id, by=adviser), kind, then.date())
        reporting.edit(store, opened, id=id, by=adviser, now=then, **words)
        shown = reporting.preview(store, opened, id=id, by=adviser, now=then).document["digest"]
        left = reporting.release(store, opened, id=id, digest=shown, confirmed=False, by=adviser, now=then)
        digest = digest or left
    return digest


def _names() -> dict[str, str]:
    themes = load_themes((ROOT / "surveys" / "themes.toml").read_text("utf-8"))
    return {id: names[LANGUAGE] for id, names in themes.items()}


def _words(draft: Draft, kind: Kind, today: date) -> dict[str, object]:
    """As reporting.edit takes them."""
    heard = "\n".join(f"- **{one.name.capitalize()}.** {HEARD[one.id]}" for one in draft.themes)
    named = {one.id for one in draft.themes}
    found = [text for id, text in FOUND.items() if id in named and kind is Kind.HALF_YEARLY]
    first = [*found, *FINDINGS[kind]][: parts.FINDINGS]
    texts = {f"{parts.FINDING}-{at}": text for at, text in enumerate(first, 1)}
    texts |= {
        parts.HEARD: heard or draft.texts[parts.HEARD],
        parts.ACTIVITIES: ACTIVITIES,
        parts.ADVICE: draft.texts[parts.ADVICE],
    }
    return {
        "texts": texts,
        "decisions": [
            Decision(text, (today + timedelta(weeks=weeks)).isoformat())
            for text, weeks in zip(DECISIONS[kind], WEEKS, strict=True)
        ],
        "themes": [one.id for one in draft.themes],
        "next_due": date.fromisoformat(draft.next_due),
    }
