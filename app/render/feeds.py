"""The board as Atom (RFC 4287) and JSON Feed 1.1: told updates enter, the bytes of a feed leave."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
JSON_FEED = "https://jsonfeed.org/version/1.1"
# What XML 1.0 can't hold in any form.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EMPTY = datetime(2000, 1, 1)
"""When a feed without entries was last changed: the format asks for a moment."""

ElementTree.register_namespace("", ATOM)


@dataclass(frozen=True)
class Entry:
    """One update. `id` stays the same in every version; `updated` is when the newest version was published (naive UTC)."""

    id: str
    link: str
    title: str
    html: str
    text: str
    published: datetime
    updated: datetime
    theme: str = ""


@dataclass(frozen=True)
class Feed:
    id: str
    title: str
    subtitle: str
    author: str
    language: str
    link: str
    address: str
    """Of the feed itself."""
    entries: Sequence[Entry] = field(default=())


def atom(feed: Feed) -> bytes:
    root = ElementTree.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": feed.language})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(max((one.updated for one in feed.entries), default=EMPTY)))
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.link, "text/html")
    _text(ElementTree.SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    for one in feed.entries:
        entry = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", one.id)
        _text(entry, "title", one.title)
        _text(entry, "published", _moment(one.published))
        _text(entry, "updated", _moment(one.updated))
        _link(entry, "alternate", one.link, "text/html")
        if one.theme:
            ElementTree.SubElement(entry, f"{{{ATOM}}}category", {"term": _clean(one.theme)})
        _text(entry, "content", one.html, type="html")
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def json_feed(feed: Feed) -> bytes:
    made: dict[str, Any] = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.link,
        "feed_url": feed.address,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_item(one, feed.language) for one in feed.entries],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _item(one: Entry, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.link,
        "title": one.title,
        "content_html": one.html,
        "content_text": one.text,
        "date_published": _moment(one.published),
        "date_modified": _moment(one.updated),
        "language": language,
        **({"tags": [one.theme]} if one.theme else {}),
    }


def _text(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _clean(text)


def _link(parent: ElementTree.Element, rel: str, address: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": _clean(address), "type": kind})


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)


def _moment(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat() + "Z"
