"""Paths of the board: an address, an update and a language enter, the path of a page leaves."""

from __future__ import annotations

from flask import url_for


def front_link(address: str, language: str | None = None) -> str:
    return url_for("board.front", address=address, language=language)


def update_link(address: str, update: int, language: str | None = None) -> str:
    return f"{front_link(address)}{update}/" + (f"?language={language}" if language else "")
