"""Placing: where an organisation's board is, under a public address or one that nobody guesses, and who reads along before it."""

from __future__ import annotations

from datetime import datetime

from app.core.access import Actor, check
from app.core.refusal import Refused
from app.crypto.codes import new_code
from app.storage.database import Session, Store
from app.storage.office import audit, organisations, updates
from app.storage.office.updates import Board

BITS = 100
"""Of an address that nobody guesses: 20 characters."""


def new_address() -> str:
    return new_code(BITS).lower()


def ensure(session: Session, organisation: int) -> Board:
    """The board of an organisation; made at an address that nobody guesses where there is none yet."""
    found = updates.board(session, organisation)
    if found is None:
        found = Board(organisation_id=organisation, address=new_address(), public=False, second_reader=False)
        updates.add(session, found)
    return found


def board_of(store: Store, *, organisation: int) -> Board:
    """The same, in a transaction of its own where it has to be made."""
    with store.reading() as session:
        found = updates.board(session, organisation)
    if found is not None:
        return found
    with store.office() as session:
        return ensure(session, organisation)


def set_board(store: Store, *, public: bool, second_reader: bool, by: Actor, now: datetime) -> Board:
    """Public: the organisation's slug is its address; else one that nobody guesses. From one to the other, the old address ends.

    Raises NotAllowed, or Refused("taken") when another board is at that address.
    """
    check("set-board", by)
    with store.office() as session:
        board = ensure(session, by.organisation)
        if public != board.public:
            board.public, board.address = public, _address(session, by, public=public)
        board.second_reader = second_reader
        detail = f"{'public' if public else 'unguessable'}{', second reader' if second_reader else ''}"
        audit.record(session, by=by, now=now, act="set-board", detail=detail)
        return board


def renew_address(store: Store, *, by: Actor, now: datetime) -> Board:
    """Another address that nobody guesses; links, posters and QR codes with the old one stop working.

    Raises NotAllowed, or Refused("public").
    """
    check("set-board", by)
    with store.office() as session:
        board = ensure(session, by.organisation)
        if board.public:
            raise Refused("public", "a public address has no part to make anew")
        board.address = new_address()
        audit.record(session, by=by, now=now, act="renew-board-address")
        return board


def _address(session: Session, by: Actor, *, public: bool) -> str:
    if not public:
        return new_address()
    owner = organisations.get(session, by.organisation)
    assert owner is not None
    if len(owner.slug) > 40 or updates.at(session, owner.slug) is not None:
        raise Refused("taken", "this address can't be used; choose the one that nobody guesses")
    return owner.slug
