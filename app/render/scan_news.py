"""Posts of scans as feeds and mails tell them: a post enters, a title and sentences leave."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from app.core.scan_posts import Kind, Post
from app.render.news import day
from app.render.texts import Speak, speak


@dataclass(frozen=True)
class Announced:
    """One post in one language: plain sentences of the product, with the name of the scan in them."""

    title: str
    language: str
    mark: str
    sentences: tuple[str, ...]

    def text(self) -> str:
        return "\n".join(self.sentences)

    def html(self) -> str:
        return "\n".join(f"<p>{escape(one)}</p>" for one in self.sentences)


def announce(post: Post, language: str) -> Announced:
    _ = speak(language)
    said = tuple(sentence for sentence in _sentences(post, language, _) if sentence)
    return Announced(_titles(post, _), language, _("Scan"), said)


def _titles(post: Post, _: Speak) -> str:
    known = {
        Kind.OPENED: _("“{scan}” has begun", scan=post.name),
        Kind.THANKS: _("“{scan}” has closed: thank you", scan=post.name),
        Kind.MOVED: _("The results of “{scan}” come later", scan=post.name),
        Kind.LATE: _("The results of “{scan}” are late", scan=post.name),
        Kind.RESULTS: _("The results of “{scan}” are there", scan=post.name),
    }
    return known[post.kind]


def _sentences(post: Post, language: str, _: Speak) -> tuple[str, ...]:
    promised = day(post.day, language) if post.day else ""
    results = _("Everybody reads the results on {day}, at the same moment as management.", day=promised)
    if post.kind is Kind.OPENED:
        last = day(post.closes_on, language) if post.closes_on else ""
        return (
            _("You can fill in the questionnaire until {day}.", day=last) if last else "",
            results if promised else "",
        )
    if post.kind is Kind.THANKS:
        return (
            _("Thank you to everybody who took part."),
            results if promised else "",
            _("What comes next: the results, and after that what is decided."),
        )
    if post.kind is Kind.MOVED:
        before = day(post.from_on, language) if post.from_on else ""
        return (
            _("They were promised for {before} and come on {after}.", before=before, after=promised),
            _("The reason given: {reason}", reason=post.reason),
        )
    if post.kind is Kind.LATE:
        return (_("They were promised for {day} and were not there.", day=promised),)
    return (
        _("Everybody can read them now: staff and management at the same moment."),
        _("By {day} at the latest the board says what is decided.", day=promised),
    )
