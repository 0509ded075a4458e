"""A page cut once, with keys put in per person, is the same text packed and plain."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import stored
from app.services.responding import FormKeys
from app.web.respond import page
from app.web.respond.dutch import DUTCH
from app.web.respond.texts import contact

texts = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=400)
keys = st.binary(max_size=2000)


@given(texts, texts, keys)
def test_packed_and_plain_say_the_same(head: str, tail: str, inside: bytes) -> None:
    made = page.cut(head.replace(page.MARKER, "") + page.MARKER + tail.replace(page.MARKER, ""))
    assert gzip.decompress(made.packed(inside)) == made.plain(inside)


@given(keys)
def test_a_packed_page_is_one_member_that_ends_where_the_bytes_end(inside: bytes) -> None:
    packed = page.cut(f"<p>before</p>{page.MARKER}<p>after</p>").packed(inside)
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    reader.decompress(packed)
    assert reader.eof
    assert reader.unused_data == b""


def test_keys_share_no_window_with_the_rest_of_the_page() -> None:
    made = page.cut("nonce-0123456789abcdef" * 3 + page.MARKER + "nonce-0123456789abcdef" * 3)
    guess, other = b"nonce-0123456789abcdef", b"NONCE-fedcba9876543210"
    assert len(made.packed(guess)) == len(made.packed(other))


def test_a_document_without_its_marker_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        page.cut("<p>no marker</p>")


def test_the_header_is_one_that_names_no_file_and_no_time() -> None:
    with gzip.GzipFile(fileobj=io.BytesIO(page.cut(page.MARKER).packed(b"x"))) as file:
        assert file.read() == b"x"
        assert file.mtime == 0


def test_fields_hold_code_nonce_and_proof() -> None:
    text = page.fields("ABCD", FormKeys("nonce", "proof")).decode()
    assert [
        f'name="_{name}" value="{value}"' in text for name, value in (("code", "ABCD"), ("nonce", "nonce"))
    ] == [
        True,
        True,
    ]
    assert 'name="_proof" value="proof"' in text


def test_every_sentence_about_what_is_kept_has_its_dutch() -> None:
    sentences = {text for kept in stored.KEPT for text in (kept.what, kept.until, *kept.columns.values())}
    assert sentences | set(stored.NEVER) == set(DUTCH)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0800-0188", '<a href="tel:08000188">0800-0188</a>'),
        ("113 / 0800-0113", '<a href="tel:113">113</a> <a href="tel:08000113">0800-0113</a>'),
        ("an@org.example", '<a href="mailto:an@org.example">an@org.example</a>'),
        ("room <4>", "room &lt;4&gt;"),
        ('x"@y.example', '<a href="mailto:x&#34;@y.example">x&#34;@y.example</a>'),
    ],
)
def test_ways_to_reach_a_help_line_can_be_tapped(typed: str, shown: str) -> None:
    assert str(contact(typed)) == shown
