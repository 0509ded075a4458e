"""Markdown of the board: whatever is typed, few tags, attributes and addresses come out; what people mean comes through."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render import markdown
from tests.services.attacks_markdown import ATTACKS

ALLOWED = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}


class Seen(HTMLParser):
    """Every tag, attribute and comment of a text, as a browser's parser would begin to read it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.other: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_decl(self, decl: str) -> None:
        self.other.append(decl)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)


def check(html: str) -> None:
    seen = Seen(html)
    assert not seen.other, seen.other
    assert not seen.open, f"left open: {seen.open}"
    for tag, attributes in seen.tags:
        assert tag in ALLOWED, tag
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), (tag, attributes)
        if tag == "a" and "href" in attributes:
            assert re.match(r"(https?|mailto):", attributes["href"], re.IGNORECASE), attributes
            assert "\n" not in attributes["href"]


def test_there_are_attacks_enough_and_each_is_another() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack: str) -> None:
    check(markdown.html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_between_words_takes_no_words_with_it(attack: str) -> None:
    """A text that swallows what comes after it would hide it from readers."""
    html = markdown.html(f"Voor dit.\n\n{attack}\n\nNa dit.")
    check(html)
    assert "Voor dit." in html and "Na dit." in html


@given(st.text(alphabet="<>[]()!*_`&;:/\\\"'=# \n-.jascriptonload1", max_size=120))
def test_no_text_whatever_comes_out_with_more_than_is_allowed(text: str) -> None:
    check(markdown.html(text))


def test_what_people_mean_comes_through() -> None:
    html = markdown.html(
        "We **doen** dit *nu*:\n\n- een\n- twee\n\n3. drie\n\n> gehoord\n\n[lees](https://a.example/b?c=1&d=2)"
    )
    for part in ("<strong>doen</strong>", "<em>nu</em>", "<li>een</li>", '<ol start="3">', "<blockquote>"):
        assert part in html
    assert '<a href="https://a.example/b?c=1&amp;d=2" rel="nofollow noopener noreferrer">lees</a>' in html


def test_an_address_of_mail_is_one_and_a_path_is_none() -> None:
    assert 'href="mailto:hr@a.example"' in markdown.html("[schrijf](mailto:hr@a.example)")
    assert "<a" not in markdown.html("[weg](/account/sign-out)")
    assert "<img" not in markdown.html("![teller](https://evil.example/teller.png)")


def test_the_words_alone_hold_no_marks() -> None:
    assert markdown.plain("We **doen** dit.\n\n- een [twee](https://a.example)") == "We doen dit. een twee"
    assert markdown.lines("Een\ntwee.\n\n- drie") == "Een twee.\n\ndrie"
