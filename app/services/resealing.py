"""Resealing: comments that lie open, or under an earlier key of the vault, are sealed to the key it has now.

Comments from before an organisation had a vault lie in plain bytes. They are sealed when the works council confirms the
vault, and once more when the program starts, and the file is rewritten so that no plain byte stays in it.
"""

from __future__ import annotations

from collections.abc import Callable

from app.core.answers import COMMENT_BLOCK, pack_comment
from app.crypto import vault
from app.services import keeping, rotating
from app.services.keeping import OpenVault
from app.storage import comments, mixing
from app.storage.database import Session, Store
from app.storage.office import organisations, scans, vaults


def seal_everywhere(store: Store) -> int:
    """Seal what lies open in every organisation that has a vault; gives how many comments. Quick when there is nothing."""
    with store.reading() as session:
        everyone = [row.id for row in organisations.everyone(session)]
    return sum(seal_plain(store, organisation) for organisation in everyone)


def seal_plain(store: Store, organisation: int) -> int:
    """Seal every comment of an organisation that lies open. Without a vault nothing is done: there is no key to seal to."""
    with store.reading() as session:
        public = vaults.public_key(session, organisation)
        ids = [row.id for row in scans.of_organisation(session, organisation)]
    if public is None:
        return 0

    def sealed(body: bytes) -> bytes | None:
        return None if is_sealed(body) else vault.seal(public, pack_comment(body.rstrip(b"\0").decode()))

    return _rewrite(store, ids, sealed, lambda body: not is_sealed(body))


def reseal(store: Store, organisation: int, privates: list[bytes], public: bytes) -> None:
    """After a new generation of the vault: what is under one of its earlier private keys goes under the key of now."""
    with store.reading() as session:
        ids = [row.id for row in scans.of_organisation(session, organisation)]

    def again(body: bytes) -> bytes | None:
        opened = _open(privates, body)
        return None if opened is None else vault.seal(public, opened)

    _rewrite(store, ids, again, is_sealed)


def open_all(session: Session, opened: OpenVault, sealed: list[bytes]) -> list[bytes | None]:
    """Bodies in order, under the vault's key of now or an earlier one; None for what was sealed to a vault that is lost."""
    try:
        return [*vault.unseal_all(opened.private, sealed)]
    except vault.NotOpened:
        # Forms that were under way when the key was renewed used the one before.
        privates = keeping.keys(session, opened)
        return [_open(privates, body) for body in sealed]


def is_sealed(body: bytes) -> bool:
    """Open comments fill blocks of 256 bytes; sealed ones are longer than blocks by what sealing adds, which is 48."""
    return len(body) % COMMENT_BLOCK == vault.SEAL_BYTES


def _open(privates: list[bytes], body: bytes) -> bytes | None:
    found = (keeping.opens(private, body) for private in privates)
    return next((body for body in found if body is not None), None)


def _rewrite(
    store: Store, ids: list[str], change: Callable[[bytes], bytes | None], due: Callable[[bytes], bool]
) -> int:
    """Put other bodies where `change` gives one, and mix; without anything due the file is left alone."""
    with store.reading_ballots() as connection:
        if not any(due(row.body) for scan in ids for row in comments.of_scan(connection, scan)):
            return 0
    changed = 0
    with mixing.mixed(store) as connection:
        for scan in ids:
            bodies = {
                row.key: body for row in comments.of_scan(connection, scan) if (body := change(row.body))
            }
            comments.replace(connection, scan, bodies)
            changed += len(bodies)
    return changed


rotating.RESEALERS.append(reseal)
