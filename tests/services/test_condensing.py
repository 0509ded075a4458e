"""A condensed release says what the whole one says, and a damaged file of it is never shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.core import release
from app.core.refusal import Refused
from app.services import condensing
from app.services.condensing import LeftOut
from app.storage.office.releases import Release
from app.storage.office.scans import Scan
from tests.services.planned import Office, an_office
from tests.services.renderings import Document, a_document

SCAN, NOW = "aaaaaaaaaa", datetime(2026, 12, 3, 9, 0)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as made:
        yield made


@pytest.fixture
def whole(office: Office, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A release in which other groups than the organisation have items too. Nothing of it was read in this process."""
    monkeypatch.setattr(condensing, "_kept", {})
    made = a_document()
    made["groups"][1]["items"] = made["groups"][0]["items"]
    made["digest"] = release.digest_of(made)
    with office.store.office() as session:
        session.add(Scan(id=SCAN, organisation_id=office.organisation, name="Scan", kind="baseline",
                         state="released", imported=True, created_at=NOW))  # fmt: skip
        session.flush()
        text = release.canonical(made)
        session.add(Release(scan_id=SCAN, edition=1, digest=made["digest"], document=text, released_at=NOW))
    return made


def unfolded(document: Document) -> Document:
    """With the items of groups as plain values again."""
    groups = [
        {key: dict(value) if isinstance(value, LeftOut) else value for key, value in group.items()}
        for group in document["groups"]
    ]
    return {**document, "groups": groups}


def test_nothing_is_lost_and_items_of_groups_are_read_when_asked_for(
    office: Office, whole: Document, tmp_path: Path
) -> None:
    assert whole["groups"][0]["items"]
    found = condensing.condensed(office.store, scan=SCAN, files=tmp_path)
    first, second = found["groups"][:2]
    assert isinstance(first["items"], dict) and isinstance(second["items"], LeftOut) and second["items"]
    assert unfolded(found) == whole


def test_the_file_spares_the_next_reader_the_release(
    office: Office, whole: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    condensing.condense(office.store, scan=SCAN, files=tmp_path)
    monkeypatch.setattr("app.services.releasing.of_digest", None)  # whoever reads the whole release fails
    found = condensing.condensed(office.store, scan=SCAN, files=tmp_path)
    assert found["groups"][0] == whole["groups"][0]
    assert [bool(group["items"]) for group in found["groups"]] == [
        bool(one["items"]) for one in whole["groups"]
    ]


@pytest.mark.parametrize("damage", [b"", b"no line", b"0" * 8 + b"\n{}"])
def test_a_damaged_file_is_made_again(office: Office, whole: Document, tmp_path: Path, damage: bytes) -> None:
    condensing.condense(office.store, scan=SCAN, files=tmp_path)
    path = tmp_path / whole["digest"] / condensing.NAME
    good = path.read_bytes()
    path.write_bytes(damage)
    assert unfolded(condensing.condensed(office.store, scan=SCAN, files=tmp_path)) == whole
    assert path.read_bytes() == good


def test_without_a_release_there_is_nothing_to_condense(office: Office, tmp_path: Path) -> None:
    for ask in (condensing.condense, condensing.condensed):
        with pytest.raises(Refused):
            ask(office.store, scan=SCAN, files=tmp_path)
