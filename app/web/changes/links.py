"""Paths of the board: an address, an update and a language enter, the path of a page leaves."""

from __future__ import annotations

from flask import url_for

from app.core.scan_posts import Kind, Post


def front_link(address: str, language: str | None = None) -> str:
    return url_for("board.front", address=address, language=language)


def update_link(address: str, update: int, language: str | None = None) -> str:
    return f"{front_link(address)}{update}/" + (f"?language={language}" if language else "")


def scan_link(address: str, post: Post, language: str | None = None) -> str:
    """Where more stands about what the board says of a scan: its results once they are there, else the board."""
    if post.kind is Kind.RESULTS:
        return url_for("board.results", address=address, scan=post.scan, language=language)
    return front_link(address, language)
