"""Agreeing: adviser and management draft a sharing agreement, and each signs it from an account of its own."""

from __future__ import annotations

from datetime import datetime

from app.core.access import Actor, Role, check
from app.core.agreement import DEFAULT_WEEKS, Agreement, Side, Signature, Terms, check_signature, check_terms
from app.core.refusal import Refused
from app.storage.database import Store
from app.storage.office import agreements, audit
from app.storage.office.sign_ins import Session


def current_agreement(session: Session, organisation: int) -> Agreement | None:
    """The newest version that both have signed, for every report to show; None while there is none."""
    return agreements.current(session, organisation)


def terms_now(session: Session, organisation: int) -> Terms:
    """The terms that hold: as agreed, else the product's own thresholds and term, with no words."""
    found = current_agreement(session, organisation)
    return found.terms if found else Terms("", "", answer_weeks=DEFAULT_WEEKS)


def draft(store: Store, *, terms: Terms, by: Actor, now: datetime) -> int:
    """The number of the new version; nobody has signed it. What was signed before holds until both sign this one.

    Raises NotAllowed, or Refused: shares, keeps, signal_min, words_min, answer_weeks, rhythm, unchanged.
    """
    check("agree-sharing", by)
    check_terms(terms)
    with store.office() as session:
        known = agreements.versions(session, by.organisation)
        if known and known[0].terms == terms:
            raise Refused("unchanged", "this is what the newest version says already")
        version = known[0].version + 1 if known else 1
        agreements.add(
            session, by.organisation, version=version, terms=terms, drafted_by=by.name, on=now.date()
        )
        audit.record(session, by=by, now=now, act="draft-agreement", detail=str(version))
        return version


def sign(store: Store, *, version: int, by: Actor, now: datetime) -> Agreement:
    """Sign for one's own side; an adviser signs as adviser. Gives the version as it then is.

    Raises NotAllowed, or Refused: no-agreement, not-newest, signed-already, own-account.
    """
    check("agree-sharing", by)
    if by.account is None:
        raise Refused("own-account", "an agreement is signed from an account")
    signature = Signature(side_of(by), by.name, by.account, now.date())
    with store.office() as session:
        known = agreements.versions(session, by.organisation)
        found = next((one for one in known if one.version == version), None)
        if found is None:
            raise Refused("no-agreement", "there is no such version")
        check_signature(found, signature, known[0].version)
        agreements.sign(session, by.organisation, version, signature)
        detail = f"{version}: {signature.side.value}"
        audit.record(session, by=by, now=now, act="sign-agreement", detail=detail)
        session.flush()
        return next(one for one in agreements.versions(session, by.organisation) if one.version == version)


def versions(store: Store, *, by: Actor) -> list[Agreement]:
    """Every version, the newest first. Raises NotAllowed."""
    check("read-advice", by)
    with store.reading() as session:
        return agreements.versions(session, by.organisation)


def side_of(by: Actor) -> Side:
    """An adviser speaks for the adviser, whatever other roles it has."""
    return Side.ADVISER if Role.ADVISER in by.roles else Side.MANAGEMENT
