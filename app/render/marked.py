"""Markdown of an adviser: text enters, blocks of plain runs leave, which pages and documents write each in their own way.

A small part of Markdown: paragraphs, lists, bold, italic and links. Whatever else is typed, HTML too, stays text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SCHEMES = ("https://", "http://", "mailto:")
Run = dict[str, Any]
"""{"text", "bold", "italic", "link"}: `link` is "" or an address of one of SCHEMES."""
Block = dict[str, Any]
"""{"kind": "paragraph" | "list", "items": [[Run, ...], ...]}: a paragraph has one item; "ordered" for a list."""


def blocks(text: str) -> list[Block]:
    """Never fails: what is no Markdown is text."""
    found: list[Block] = []
    inside: Block | None = None
    for token in _parser().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open") and inside is None:
            inside = {
                "kind": "list",
                "ordered": token.type.startswith("ordered"),
                "items": [],
                "level": token.level,
            }
        elif (
            token.type in ("bullet_list_close", "ordered_list_close")
            and inside
            and token.level == inside["level"]
        ):
            del inside["level"]
            if inside["items"]:
                found.append(inside)
            inside = None
        elif token.type == "inline":
            runs = _runs(token.children or [])
            if inside is not None:
                inside["items"].append(runs)
            else:
                found.append({"kind": "paragraph", "ordered": False, "items": [runs]})
    return found


def plain(text: str) -> str:
    """The words alone, on one line."""
    return " ".join(run["text"] for block in blocks(text) for item in block["items"] for run in item)


def _runs(tokens: list[Token]) -> list[Run]:
    found: list[Run] = []
    bold = italic = 0
    link = ""
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            italic += token.nesting
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            link = address if address.startswith(SCHEMES) else ""
        elif token.type == "link_close":
            link = ""
        else:
            text = " " if token.type in ("softbreak", "hardbreak") else token.content
            if text:
                found.append({"text": text, "bold": bold > 0, "italic": italic > 0, "link": link})
    return found


@cache
def _parser() -> MarkdownIt:
    """Loaded when a report is first read."""
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": False}).enable(["emphasis", "link", "list", "escape"])
