"""An organisation is made with its first account, and changes its settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.access import NotAllowed, Role
from app.core.refusal import Refused
from app.services import setting_up
from app.services.setting_up import change_settings, set_up, slug_from
from app.storage.office import accounts, audit, organisations
from app.storage.office.organisations import HelpLine, OrganisationSettings
from tests.services.staff import EMAIL, NOW, PASSWORD, a_house


def test_the_first_account_can_walk_the_whole_short_list(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    with store.reading() as session:
        made = organisations.by_slug(session, "zorggroep-unie-co")
        assert made is not None
        assert made.id == anna.organisation
        held = accounts.roles(session, anna.account or 0, made.id)
        assert [row.act for row in audit.rows(session, made.id)] == ["set-up"]
    assert held == {Role.ADMINISTRATOR, Role.COORDINATOR}


def test_a_second_organisation_gets_another_slug_and_the_same_account(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    again = {"organisation": "Zorggroep Unie Co", "email": EMAIL.upper(), "name": "", "now": NOW}
    with pytest.raises(Refused, match="password of that account"):
        set_up(store, password="niet dit wachtwoord", **again)
    organisation, account = set_up(store, password=PASSWORD, **again)
    assert account == anna.account
    with store.reading() as session:
        assert organisations.get(session, organisation).slug == "zorggroep-unie-co-2"


@pytest.mark.parametrize("slug", ["Zorg", "a b", "-a", "a--b", "", "x" * 41, "reset"])
def test_a_slug_that_no_address_can_hold_is_refused(tmp_path: Path, slug: str) -> None:
    store, _anna = a_house(tmp_path)
    with pytest.raises(Refused) as refused:
        set_up(store, organisation="B", slug=slug, email="b@b.nl", name="B", password=PASSWORD, now=NOW)
    assert refused.value.reason == "slug"


@given(st.text(max_size=80))
def test_a_slug_from_any_name_fits_an_address(name: str) -> None:
    slug = slug_from(name)
    assert slug == "" or (setting_up._SLUG.fullmatch(slug) and len(slug) <= 40)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "@b.nl",
        "a@b@c",
        "a b@c.nl",
        "a@b.nl\nBcc: c@d.nl",
        "..a@b.nl",
        "a@b..nl",
        "(a)@b.nl",
        "a@" + "b" * 260,
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Refused) as refused:
        setting_up.clean_email(email)
    assert refused.value.reason == "email"


def test_own_advisers_come_first_and_empty_rows_go(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    lines = (HelpLine("112", "112"), HelpLine(" ", ""), HelpLine("Vera  Vos", "06 1", own=True))
    change_settings(
        store, name="Zorg", settings=OrganisationSettings(operator="ICT", help_lines=lines), by=anna, now=NOW
    )
    with store.reading() as session:
        kept = organisations.get(session, anna.organisation)
        last = audit.rows(session, anna.organisation)[0]
    assert kept.name == "Zorg"
    assert [line.name for line in kept.settings.help_lines] == ["Vera Vos", "112"]
    assert (last.act, last.detail) == ("change-settings", "operator, help_lines, name")


@pytest.mark.parametrize(
    "address", ["http://nu.nl", "javascript:alert(1)", "https://", "nu.nl", "https://a\n.nl"]
)
def test_a_quick_exit_is_a_page_over_https(tmp_path: Path, address: str) -> None:
    store, anna = a_house(tmp_path)
    with pytest.raises(Refused) as refused:
        change_settings(store, name="Z", settings=OrganisationSettings(quick_exit=address), by=anna, now=NOW)
    assert refused.value.reason == "quick-exit"


def test_an_adviser_changes_help_lines_and_nothing_else(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    vera = replace(anna, name="Vera", roles=frozenset({Role.ADVISER}))
    wanted = OrganisationSettings(
        operator="me", help_lines=(HelpLine("Vera", "06 1", own=True),), coordinator_prints_slips=True
    )
    change_settings(store, name="Mine", settings=wanted, by=vera, now=NOW)
    with store.reading() as session:
        kept = organisations.get(session, anna.organisation)
    assert kept.name == kept.settings.operator == "Zorggroep Ünie & Co"
    assert not kept.settings.coordinator_prints_slips
    assert [line.name for line in kept.settings.help_lines] == ["Vera"]


def test_a_manager_changes_no_settings(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    manager = replace(anna, roles=frozenset({Role.MANAGER}))
    with pytest.raises(NotAllowed):
        change_settings(store, name="Mine", settings=OrganisationSettings(), by=manager, now=NOW)
