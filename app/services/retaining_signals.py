"""Retaining signals: an open vault enters, cards whose time has come become counts; what nobody opened in time just goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.core.access import Actor, at_command_line, check
from app.core.refusal import Refused
from app.core.signals import card as cards
from app.core.signals import retention
from app.core.signals.earlier import Earlier
from app.core.signals.retention import LEAST_YEARS, MOST_YEARS, Counts
from app.services import keeping, remembering_themes
from app.services.keeping import CARD, COUNTS, OpenVault
from app.storage.database import Store
from app.storage.office import audit, vaults
from app.storage.office.sign_ins import Session


@dataclass(frozen=True)
class Going:
    """Cards of one year: on which day they become counts, and on which day they go unopened."""

    year: int
    reduced_on: date
    gone_on: date


@dataclass(frozen=True)
class Kept:
    """How long cards are kept here, and when those that are there go."""

    years: int
    going: tuple[Going, ...]


def terms(store: Store, *, by: Actor) -> Kept:
    """The dates to show. Raises Refused("no-vault")."""
    check("keep-signals", by)
    with store.reading() as session:
        years = _vault(session, by.organisation).years
        found = vaults.years_kept(session, by.organisation, CARD)
    return Kept(
        years,
        tuple(Going(year - years, retention.goes_on(year), retention.gone_on(year)) for year in found),
    )


def choose_years(store: Store, opened: OpenVault, *, years: int, by: Actor, now: datetime) -> int:
    """Keep cards so many whole years after their own; gives how many became counts at once because of it.

    Needs the vault open: with a shorter term what is due would else go unopened, without its counts. Raises Refused("years"),
    Refused("no-vault").
    """
    check("keep-signals", by)
    if not LEAST_YEARS <= years <= MOST_YEARS:
        raise Refused(
            "years", f"choose {LEAST_YEARS} to {MOST_YEARS} years", least=LEAST_YEARS, most=MOST_YEARS
        )
    _check_own(opened, by)
    with store.office() as session:
        vault = _vault(session, by.organisation)
        if vault.years != years:
            vaults.keep_longer(session, by.organisation, CARD, years - vault.years)
            vault.years = years
            audit.record(session, by=by, now=now, act="choose-retention", detail=f"{years} years")
        return _reduce(session, opened, by=by, now=now)


def reduce_due(store: Store, opened: OpenVault, *, by: Actor, now: datetime) -> int:
    """Make counts of the cards whose time has come; gives how many went. Done for every page that opens the vault.

    Nothing is opened when nothing can be due. Raises Refused("other-vault").
    """
    check("keep-signals", by)
    _check_own(opened, by)
    with store.reading() as session:
        if not vaults.any_kept_until(session, opened.organisation, CARD, retention.reducible(now.date())):
            return 0
    with store.office() as session:
        return _reduce(session, opened, by=by, now=now)


def _reduce(session: Session, opened: OpenVault, *, by: Actor, now: datetime) -> int:
    kept = keeping.cards(session, opened)
    years = _vault(session, opened.organisation).years
    found = retention.reduce(kept, today=now.date(), years=years)
    if not found.gone:
        return 0
    _keep_counts(session, opened, found.counts)
    remembering_themes.forget(session, opened, found.counts)
    keeping.forget(session, opened, kind=CARD, keys=found.gone)
    changed = {key: cards.encode(card) for key, card in found.changed.items()}
    keeping.change(session, opened, kind=CARD, bodies=changed)
    audit.record(session, by=by, now=now, act="reduce-signals")
    return len(found.gone)


def _check_own(opened: OpenVault, by: Actor) -> None:
    if opened.organisation != by.organisation:
        raise Refused("other-vault", "this vault is of another organisation")


def counts(session: Session, opened: OpenVault) -> dict[int, Counts]:
    """What was kept of earlier years, by year."""
    return {one.year: one for one in keeping.read(session, opened, COUNTS, retention.decode).values()}


def earlier(store: Store, opened: OpenVault, *, by: Actor) -> Earlier:
    """The years of which only counts are left. Raises Refused("other-vault")."""
    check("keep-signals", by)
    _check_own(opened, by)
    with store.reading() as session:
        return Earlier(counts(session, opened))


def drop_unopened(store: Store, *, now: datetime) -> int:
    """Thirty days after their date, cards that nobody opened go as they are; gives how many. Needs no key; done every day."""
    year = retention.unopened(now.date())
    total = 0
    with store.office() as session:
        for organisation in vaults.organisations(session):
            gone = vaults.drop_kept_until(session, organisation, CARD, year)
            if gone:
                audit.record(session, by=at_command_line(organisation), now=now, act="drop-unopened-signals")
            total += gone
    return total


def _keep_counts(session: Session, opened: OpenVault, fresh: Mapping[int, Counts]) -> None:
    for key, earlier in keeping.read(session, opened, COUNTS, retention.decode).items():
        if earlier.year in fresh:
            fresh = {**fresh, earlier.year: earlier.and_late(fresh[earlier.year])}
            keeping.forget(session, opened, kind=COUNTS, keys=[key])
    keeping.keep(
        session,
        organisation=opened.organisation,
        kind=COUNTS,
        bodies=[retention.encode(one) for one in fresh.values()],
    )


def _vault(session: Session, organisation: int) -> vaults.Vault:
    found = vaults.vault(session, organisation)
    if found is None:
        raise Refused("no-vault", "this organisation has no vault yet; an adviser makes it first")
    return found
