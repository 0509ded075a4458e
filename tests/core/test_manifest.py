"""The manifest: the same facts, keys and files give the same bytes, and one changed byte of a file another fingerprint."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import manifest
from app.core.manifest import Facts, Pages, StratumKey

FACTS = Facts(
    scan="k3m9x2abcd",
    organisation="Zorggroep “De Linde”",
    operator="De Linde",
    name="Baseline",
    title={"nl": "Sociale veiligheid", "en": "Social safety"},
    opens=date(2026, 11, 23),
    closes=None,
    min_group=8,
    settings="0" * 64,
)
KEYS = [StratumKey(0, "Noord", bytes([200]) * 384), StratumKey(1, "Zuid", bytes([201]) * 384)]
PAGES = Pages(b"<p>page</p>", b"run();", b"p {}")


def test_it_is_canonical_and_gives_the_keys_back() -> None:
    made = manifest.document(FACTS, KEYS, PAGES)
    assert made == manifest.document(
        replace(FACTS, title={"en": "Social safety", "nl": "Sociale veiligheid"}), KEYS, PAGES
    )
    assert (
        json.dumps(json.loads(made), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        == made
    )
    assert manifest.moduli(made) == {0: bytes([200]) * 384, 1: bytes([201]) * 384}
    assert json.loads(made)["closes"] is None and json.loads(made)["opens"] == "2026-11-23"


@pytest.mark.parametrize("part", ["page", "script", "style"])
def test_a_changed_file_changes_it(part: str) -> None:
    changed = replace(PAGES, **{part: getattr(PAGES, part) + b" "})
    assert manifest.document(FACTS, KEYS, changed) != manifest.document(FACTS, KEYS, PAGES)


def test_a_name_changes_with_the_content_and_the_browser_is_told_the_hash() -> None:
    assert manifest.file_name(b"a", "js") != manifest.file_name(b"b", "js")
    assert manifest.file_name(b"a", "js").startswith("personal-") and manifest.file_name(b"a", "js").endswith(
        ".js"
    )
    # Of the empty file, as everybody's tool prints it.
    assert (
        manifest.integrity(b"") == "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
    )


@given(st.binary(min_size=1, max_size=40))
def test_bytes_come_back_from_their_text_and_from_no_other(raw: bytes) -> None:
    given_text = manifest.text(raw)
    assert manifest.unpacked(given_text, len(raw)) == raw
    assert manifest.unpacked(given_text, len(raw) + 1) is None
    for other in (given_text + "=", given_text[:-1], f" {given_text}", given_text[:-1] + "+", None, 7, raw):
        assert manifest.unpacked(other, len(raw)) in (None, raw) and (
            not isinstance(other, str) or manifest.unpacked(other, len(raw)) is None
        )


def test_two_texts_never_mean_the_same_bytes() -> None:
    assert manifest.unpacked("AA", 1) == b"\0"
    assert manifest.unpacked("AB", 1) is None
