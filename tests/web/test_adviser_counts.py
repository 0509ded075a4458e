"""Cards that became counts, through pages: they count in tables, pages say which years they are, no report leaves them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import Role
from app.core.signals.card import Card, Quarter
from app.services import signalling
from app.web.ui.asking import now
from tests.factories import an_actor, an_app, an_open_adviser, an_organisation, send_form

SLUG = "zorggroep-de-linde"
PATTERNS = f"/adviser/{SLUG}/patterns"
REPORTS = f"/adviser/{SLUG}/reports/"
YEAR = now().year - 3
"""Cards of it are counts: two whole years went by."""


def a_card(quarter: str, nickname: str, theme: str = "gossip", **more: object) -> Card:
    values = {"categories": ("bullying",), "unit": None, "route": "listening", **more}
    return Card(
        Quarter.read(quarter), themes=(theme,), contact="first-contact", reporter="employee", source="unknown",
        nickname=nickname, **values,
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Flask]:
    """Seven reporters three years ago, one of whom came twice; two this year."""
    with an_app(tmp_path) as app:
        an_organisation(app.extensions["store"])
        cards = [a_card(f"{YEAR}-Q2", f"otter {number}", unit="thuis") for number in range(6)]
        cards += [a_card(f"{YEAR}-Q4", "otter 1", continues=True), a_card(f"{YEAR}-Q1", "emmer", "exclusion")]
        cards += [a_card(str(Quarter.of(now().date())), f"egel {number}") for number in range(2)]
        app.config["cards"] = cards
        yield app


def opened(site: Flask):
    client, vault = an_open_adviser(site, 1)
    for card in site.config["cards"]:
        signalling.add(
            site.extensions["store"], card=card, by=replace(an_actor(1, Role.ADVISER), account=vault.account)
        )
    return client


def test_the_patterns_show_them_and_say_which_years_they_are(site: Flask) -> None:
    client = opened(site)
    usual = client.get(PATTERNS).text
    assert "2 reporters in 2 contacts" in usual and "only counts are left" not in usual
    assert f'<option value="{YEAR}-Q1">' in usual
    page = send_form(client, PATTERNS, since="").text
    assert f"Of {YEAR} only counts are left" in page
    assert "9 reporters in 10 contacts" in page
    row = re.search(r'<button[^>]*value="gossip">.*?</tr>', page, re.DOTALL)
    assert row
    numbers = re.findall(r'class="num">(?:<strong>)?([^<]*)', row[0])
    assert numbers[:4] == ["·", "6", "·", "1"] and numbers[-1] == "9"
    units = re.search(r"of years that are counts.*?</table>", page, re.DOTALL)
    assert units and re.search(
        rf'{YEAR}</th><td>thuis</td><td class="num">6</td><td class="num">6</td>', units[0]
    )
    part = re.search(r"By part of the organisation</caption>.*?</table>", page, re.DOTALL)
    assert part and f"{YEAR} Q2" not in part[0]


def test_what_is_counted_is_not_filtered(site: Flask) -> None:
    client = opened(site)
    page = send_form(client, PATTERNS, since="", route="listening").text
    assert "2 reporters in 2 contacts" in page
    assert f"Of {YEAR} only counts are left. They can" in page


def test_how_many_of_such_signals_counts_them_in(site: Flask) -> None:
    client = opened(site)
    page = send_form(client, f"{PATTERNS}/theme", PATTERNS, theme="gossip").text
    assert "2 reporters in 2 contacts in the last two years." in page
    assert "6 to 8 reporters in 9 contacts since the first card." in page
    only_old = send_form(client, f"{PATTERNS}/theme", PATTERNS, theme="exclusion").text
    assert "1 reporter in 1 contact since the first card." in only_old


def test_a_vault_with_counts_only_has_patterns(site: Flask) -> None:
    site.config["cards"] = [card for card in site.config["cards"] if card.quarter.year == YEAR]
    page = opened(site).get(PATTERNS).text
    assert "No cards yet" not in page and "7 reporters in 8 contacts" in page


def test_no_report_of_a_year_that_would_look_like_nobody_came(site: Flask) -> None:
    client = opened(site)
    page = client.get(REPORTS).text
    assert f"Of {YEAR} only counts are left" in page
    assert f"yearly|{YEAR}-Q1" not in page and f"yearly|{YEAR + 1}-Q1" in page
    assert send_form(client, REPORTS, what=f"yearly|{YEAR}-Q1--{YEAR}-Q4", language="en").status_code == 400
