"""What a scan with personal links serves to everybody: manifest, page, script and style, byte for byte, frozen at opening."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.database import db


class Manifest(db.Model):
    """Public, and in this database so that neither issuing nor receiving needs the other's."""

    __tablename__ = "manifest"
    scan: Mapped[str] = mapped_column(String(16), ForeignKey("scan.id"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    page: Mapped[bytes] = mapped_column(LargeBinary)
    script: Mapped[bytes] = mapped_column(LargeBinary)
    style: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Frozen:
    """`document` is the manifest's canonical JSON."""

    document: bytes
    page: bytes
    script: bytes
    style: bytes


def of(session: Session, scan: str) -> Frozen | None:
    """None until the scan's keys were made."""
    row = session.get(Manifest, scan)
    return Frozen(row.document, row.page, row.script, row.style) if row is not None else None


def put(session: Session, scan: str, made: Frozen) -> None:
    session.add(
        Manifest(scan=scan, document=made.document, page=made.page, script=made.script, style=made.style)
    )
