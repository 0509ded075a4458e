"""Following up: published updates enter the questionnaire of a follow-up or pulse, so that it asks who notices them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from app.core import noticed
from app.core.access import Actor, check
from app.core.draft import Draft
from app.core.noticed import Asked
from app.core.refusal import Refused
from app.services import noticing, planning, promising
from app.services.launching import own_draft
from app.services.promising import Told
from app.storage.database import Session, Store


@dataclass(frozen=True)
class Offered:
    """An update that can be asked about."""

    update: int
    titles: dict[str, str]


def offered(store: Store, *, by: Actor) -> tuple[Offered, ...]:
    """Updates that people see and of which there can be something to notice; what was published last comes first."""
    check("plan-scan", by)
    with store.reading() as session:
        return tuple(_offered(session, by).values())


def ask_about(store: Store, *, scan: str, updates: Iterable[int], by: Actor, now: datetime) -> None:
    """Ask about exactly these in a scan that is being prepared, by the titles they have now; none takes the questions out.

    Raises NotAllowed, Frozen, InstrumentFaults where nothing can be added to the questionnaire, BadPlan, or Refused: other-kind,
    too-many, no-update, no-questionnaire.
    """
    check("plan-scan", by)
    wanted = tuple(dict.fromkeys(updates))
    if len(wanted) > noticed.MOST_ASKED:
        most = noticed.MOST_ASKED
        raise Refused(
            "too-many", f"ask about at most {most} updates: every question costs answers", most=most
        )
    with store.reading() as session:
        if own_draft(session, scan, by).kind not in noticed.KINDS:
            raise Refused("other-kind", "only a follow-up or a pulse asks about what was decided before")

    def change(draft: Draft, session: Session) -> Draft:
        if wanted and not draft.instrument:
            raise Refused("no-questionnaire", "choose a questionnaire first")
        known = _offered(session, by)
        if not known.keys() >= set(wanted):
            raise Refused("no-update", "one of these is not on the board any more")
        chosen = replace(draft, asked=tuple(Asked(one, known[one].titles) for one in wanted))
        _ = chosen.questionnaire  # raises for a questionnaire to which nothing can be added
        return chosen

    detail = ", ".join(str(one) for one in wanted) or "none"
    planning.change_draft(store, scan, by, now, "ask-about-updates", change, detail)


def _offered(session: Session, by: Actor) -> dict[int, Offered]:
    return {
        one.update: Offered(one.update, _titles(one))
        for one in promising.told(session, by.organisation)
        if noticing.asks(one.content)
    }


def _titles(one: Told) -> dict[str, str]:
    return {language: " ".join(words.title.split()) for language, words in one.content.words.items()}
