"""Where a board is: an address enters; the organisation whose it is leaves, or the same 404 for every wrong one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort

from app.storage.office import organisations, updates
from app.storage.office.organisations import Organisation
from app.storage.office.updates import Board
from app.web.ui import store


@dataclass(frozen=True)
class Here:
    """A board and whose it is."""

    organisation: Organisation
    board: Board

    @property
    def address(self) -> str:
        return self.board.address


def at(address: str) -> Here:
    """The board with this address; 404 for any other, so that nobody learns which organisations there are."""
    with store().reading() as session:
        board = updates.at(session, address)
        organisation = organisations.get(session, board.organisation_id) if board is not None else None
    if board is None or organisation is None:
        abort(404)
    return Here(organisation, board)
