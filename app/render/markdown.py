"""Markdown that anybody reads: what staff typed enters, HTML that can do no harm leaves; every page of the board uses this one.

Two locks: the parser knows no HTML, no pictures and no addresses but those of SCHEMES; what it makes is cleaned once more.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"})
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset({"https", "http", "mailto"})
"""A picture is not among the tags: one from elsewhere would tell that place who reads the board."""
REL = "nofollow noopener noreferrer"


def html(text: str) -> str:
    """Paragraphs, lists, quotes, bold, italic and links. Never fails: what is no Markdown is text."""
    made: str = _parser().render(text)
    return _cleaner()(made)


def plain(text: str) -> str:
    """The words alone, on one line: for feeds, cards and what is measured."""
    found: list[str] = []
    for token in _parser().parse(text):
        if token.type != "inline":
            continue
        found.append("".join(_words(child.type, child.content) for child in token.children or []))
    return " ".join(" ".join(found).split())


def lines(text: str) -> str:
    """The words with an empty line between paragraphs and items, so that a sentence ends where its item does."""
    tokens = _parser().parse(text)
    inline = [token.children or [] for token in tokens if token.type == "inline"]
    return "\n\n".join("".join(_words(child.type, child.content) for child in one) for one in inline)


def _words(kind: str, content: str) -> str:
    return " " if kind in ("softbreak", "hardbreak") else content


@cache
def _parser() -> MarkdownIt:
    """Loaded when something is first read."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"html": False, "linkify": False, "maxNesting": 20})
    parser.enable(["emphasis", "link", "list", "blockquote", "escape", "newline", "entity"])
    parser.validateLink = _safe  # type: ignore[method-assign, assignment]
    return parser


def _safe(address: str) -> bool:
    """Its scheme is one of ours; an address without one would lead somewhere inside this site, and is none."""
    scheme, colon, _rest = address.partition(":")
    return bool(colon) and scheme.lower() in SCHEMES


@cache
def _cleaner() -> Callable[[str], str]:
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=REL,
    ).clean
