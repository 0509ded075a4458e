"""Feeds of a board: its address and a language enter, Atom or JSON Feed leaves; for readers' programs and intranets."""

from __future__ import annotations

import hmac
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _

from app.core.days import local_day
from app.render import feeds, news, scan_news
from app.render.feeds import Entry, Feed
from app.services import announcing
from app.storage.office import digests
from app.web.changes import public
from app.web.changes.board import Here, at
from app.web.changes.links import front_link, scan_link, update_link
from app.web.ui import settings, store
from app.web.ui.asking import now, public_address
from app.web.ui.languages import choose

MOST = 50
SECONDS = 300


@public.get("/<address>/feed.atom")
def atom(address: str) -> Response:
    return _answer(feeds.atom(_feed(at(address), "feed.atom")), "application/atom+xml; charset=utf-8")


@public.get("/<address>/feed.json")
def json_feed(address: str) -> Response:
    return _answer(feeds.json_feed(_feed(at(address), "feed.json")), "application/feed+json; charset=utf-8")


def _feed(here: Here, name: str) -> Feed:
    language, host = choose(), public_address() or request.host_url.rstrip("/")
    with store().reading() as session:
        found = digests.published(session, here.organisation.id, most=MOST)
        posts = announcing.announced(session, here.organisation.id, now=now())[:MOST]
    entries = []
    for row, version, begun in found:
        told = news.tell(version.content, language, local_day(now()))
        entries.append(
            Entry(
                id=_stable(f"update {here.organisation.id} {row.id} {language}"),
                link=host + update_link(here.address, row.id, language),
                title=told.title,
                html=news.html(told, language),
                text=news.text(told, language),
                published=begun,
                updated=version.published_at or begun,
                theme=version.content.theme,
            )
        )
    for post in posts:
        said = scan_news.announce(post, language)
        entries.append(
            Entry(
                id=_stable(f"{post.id} {here.organisation.id} {language}"),
                link=host + scan_link(here.address, post, language),
                title=said.title,
                html=said.html(),
                text=said.text(),
                published=post.at,
                updated=post.at,
            )
        )
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return Feed(
        id=_stable(f"board {here.organisation.id} {language}"),
        title=_("What changes at %(organisation)s", organisation=here.organisation.name),
        subtitle=_("What we heard, what we decided and what is done"),
        author=here.organisation.name,
        language=language,
        link=host + front_link(here.address, language),
        address=f"{host}{front_link(here.address)}{name}?language={language}",
        entries=entries[:MOST],
    )


def _stable(what: str) -> str:
    """An id that stays when the board gets another address, and that says nothing of how many updates there are."""
    digest = hmac.digest(settings().secret, f"weerklank feed 1 {what}".encode(), "sha256")
    return UUID(bytes=digest[:16], version=5).urn


def _answer(body: bytes, kind: str) -> Response:
    """Programs ask often: one that has this already gets an answer without a body."""
    answer = Response(body, content_type=kind)
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    answer.headers["Vary"] = "Accept-Language"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
