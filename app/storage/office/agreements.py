"""Sharing agreements: every version and every signature, added and never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.agreement import Agreement, Side, Signature, Terms
from app.storage.database import db
from app.storage.office.frozen import guard_rows


class SharingAgreement(db.Model):
    __tablename__ = "sharing_agreement"
    __table_args__ = (UniqueConstraint("organisation_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    shares: Mapped[str] = mapped_column(Text)
    keeps: Mapped[str] = mapped_column(Text)
    signal_min: Mapped[int] = mapped_column(Integer)
    words_min: Mapped[int] = mapped_column(Integer)
    rhythm: Mapped[str] = mapped_column(String(12))
    answer_weeks: Mapped[int] = mapped_column(Integer)
    drafted_by: Mapped[str] = mapped_column(String(254))
    drafted_on: Mapped[date] = mapped_column(Date)


class AgreementSignature(db.Model):
    """A side signs a version once, from its own account."""

    __tablename__ = "agreement_signature"
    agreement_id: Mapped[int] = mapped_column(ForeignKey("sharing_agreement.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(254))
    on: Mapped[date] = mapped_column(Date)


guard_rows(SharingAgreement)
guard_rows(AgreementSignature)


def add(
    session: Session, organisation: int, *, version: int, terms: Terms, drafted_by: str, on: date
) -> None:
    session.add(
        SharingAgreement(
            organisation_id=organisation,
            version=version,
            shares=terms.shares,
            keeps=terms.keeps,
            signal_min=terms.signal_min,
            words_min=terms.words_min,
            rhythm=terms.rhythm,
            answer_weeks=terms.answer_weeks,
            drafted_by=drafted_by,
            drafted_on=on,
        )
    )


def sign(session: Session, organisation: int, version: int, signature: Signature) -> None:
    id = session.scalars(
        select(SharingAgreement.id).where(
            SharingAgreement.organisation_id == organisation, SharingAgreement.version == version
        )
    ).one()
    session.add(
        AgreementSignature(
            agreement_id=id,
            side=signature.side.value,
            account_id=signature.account,
            name=signature.name,
            on=signature.on,
        )
    )


def versions(session: Session, organisation: int) -> list[Agreement]:
    """Every version with its signatures, the newest first."""
    rows = session.scalars(
        select(SharingAgreement)
        .where(SharingAgreement.organisation_id == organisation)
        .order_by(SharingAgreement.version.desc())
    )
    return [_agreement(row, _signatures(session, row.id)) for row in rows]


def current(session: Session, organisation: int) -> Agreement | None:
    """The newest version that both have signed; None while there is none."""
    return next((one for one in versions(session, organisation) if one.holds), None)


def _signatures(session: Session, agreement: int) -> tuple[Signature, ...]:
    rows = session.scalars(
        select(AgreementSignature)
        .where(AgreementSignature.agreement_id == agreement)
        .order_by(AgreementSignature.side)
    )
    return tuple(Signature(Side(row.side), row.name, row.account_id, row.on) for row in rows)


def _agreement(row: SharingAgreement, signatures: tuple[Signature, ...]) -> Agreement:
    terms = Terms(row.shares, row.keeps, row.signal_min, row.words_min, row.rhythm, row.answer_weeks)
    return Agreement(row.version, terms, row.drafted_by, row.drafted_on, signatures)
