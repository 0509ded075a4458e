"""Colleagues are invited, accept, change roles and leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.access import NotAllowed, Role
from app.core.refusal import Refused
from app.mail import Message, NotSent
from app.mail.outbox import Outbox
from app.services import admitting, setting_up, signing_in
from app.storage.office import accounts, audit
from tests.services.staff import ADDRESS, EMAIL, NOW, PASSWORD, a_colleague, a_house, link_in

VERA = "vera@zorg.example"


def test_an_invitation_works_once_and_ends_after_a_week(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    outbox = Outbox(tmp_path / "outbox")
    sent = {"roles": {Role.ADVISER}, "by": anna, "now": NOW, "mailer": outbox, "address": ADDRESS}
    admitting.invite(store, email=VERA.upper(), **sent)
    token = link_in(outbox.folder, "/account/invitation/")
    for _look in range(2):
        offered = admitting.invitation(store, token=token, now=NOW)
        assert offered is not None
        assert (offered.email, offered.roles, offered.known) == (VERA, {Role.ADVISER}, False)
    assert admitting.invitation(store, token=token, now=NOW + timedelta(days=7)) is None

    cookie = admitting.accept(store, token=token, name="Vera", password=PASSWORD, now=NOW)
    assert signing_in.resume(store, token=cookie, now=NOW) is None, "an adviser has a second step to take"
    standing = signing_in.standing(store, token=cookie, now=NOW)
    assert standing is not None
    found = signing_in.actor(store, account=standing.account, slug="zorggroep-unie-co")
    assert found is not None
    assert found[0].roles == {Role.ADVISER}
    with pytest.raises(Refused) as over:
        admitting.accept(store, token=token, name="Eve", password=PASSWORD, now=NOW)
    assert over.value.reason == "link-over"
    with pytest.raises(Refused) as again:
        admitting.invite(store, email=VERA, **sent)
    assert again.value.reason == "already-colleague"


def test_a_newer_invitation_replaces_the_earlier_and_can_be_withdrawn(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    outboxes = [Outbox(tmp_path / name) for name in ("one", "two")]
    for outbox in outboxes:
        admitting.invite(
            store, email=VERA, roles={Role.ADVISER}, by=anna, now=NOW, mailer=outbox, address=ADDRESS
        )
    first, second = (link_in(outbox.folder, "/account/invitation/") for outbox in outboxes)
    assert admitting.invitation(store, token=first, now=NOW) is None
    assert [link.email for link in admitting.invitations(store, by=anna, now=NOW)] == [VERA]
    admitting.withdraw(store, email=VERA, by=anna, now=NOW)
    assert admitting.invitation(store, token=second, now=NOW) is None
    with pytest.raises(Refused):
        admitting.withdraw(store, email=VERA, by=anna, now=NOW)


@pytest.mark.parametrize("other", [Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR])
def test_the_works_council_never_watches_over_itself(tmp_path: Path, other: Role) -> None:
    store, anna = a_house(tmp_path)
    with pytest.raises(Refused) as refused:
        admitting.invite(
            store,
            email=VERA,
            roles={Role.WORKS_COUNCIL, other},
            by=anna,
            now=NOW,
            mailer=Outbox(tmp_path),
            address=ADDRESS,
        )
    assert refused.value.reason == "works-council-apart"
    vera = a_colleague(store, anna, tmp_path, VERA, Role.WORKS_COUNCIL)
    with pytest.raises(Refused) as refused:
        admitting.change_roles(
            store, account=vera.account, roles={Role.WORKS_COUNCIL, other}, by=anna, now=NOW
        )
    assert refused.value.reason == "works-council-apart"


def test_who_may_invite_whom(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    outbox = {"now": NOW, "mailer": Outbox(tmp_path / "outbox"), "address": ADDRESS}
    coordinator = replace(anna, roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(Refused) as refused:
        admitting.invite(store, email=VERA, roles={Role.ADMINISTRATOR}, by=coordinator, **outbox)
    assert refused.value.reason == "only-administrator"
    with pytest.raises(Refused) as refused:
        admitting.invite(store, email=VERA, roles=set(), by=coordinator, **outbox)
    assert refused.value.reason == "no-roles"
    for role in (Role.ADVISER, Role.MANAGER, Role.WORKS_COUNCIL):
        with pytest.raises(NotAllowed):
            admitting.invite(
                store, email=VERA, roles={Role.MANAGER}, by=replace(anna, roles=frozenset({role})), **outbox
            )


def test_the_last_administrator_stays(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    assert anna.account is not None
    for act in (
        lambda: admitting.deactivate(store, account=anna.account, by=anna, now=NOW),
        lambda: admitting.change_roles(store, account=anna.account, roles={Role.MANAGER}, by=anna, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason == "last-administrator"
    bob = a_colleague(store, anna, tmp_path, "bob@zorg.example", Role.ADMINISTRATOR)
    admitting.change_roles(store, account=anna.account, roles={Role.COORDINATOR}, by=anna, now=NOW)
    with pytest.raises(Refused):
        admitting.deactivate(store, account=bob.account, by=bob, now=NOW)


def test_somebody_who_leaves_is_signed_out_and_can_come_back(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    vera = a_colleague(store, anna, tmp_path, VERA, Role.ADVISER)
    cookie = signing_in.sign_in(store, email=VERA, password=PASSWORD, now=NOW)
    admitting.deactivate(store, account=vera.account, by=anna, now=NOW)
    assert signing_in.resume(store, token=cookie, now=NOW) is None
    with pytest.raises(Refused):
        signing_in.sign_in(store, email=VERA, password=PASSWORD, now=NOW)
    back = a_colleague(store, anna, tmp_path / "again", VERA, Role.MANAGER)
    assert back.account == vera.account
    with store.reading() as session:
        assert accounts.roles(session, vera.account, anna.organisation) == {Role.MANAGER}
        acts = [row.act for row in audit.rows(session, anna.organisation)]
    assert acts == ["accept-invitation", "invite", "deactivate", "accept-invitation", "invite", "set-up"]


def test_one_account_serves_two_organisations_and_loses_one(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    vera = a_colleague(store, anna, tmp_path, VERA, Role.ADVISER)
    organisation, account = setting_up.set_up(
        store, organisation="School", email="bob@school.example", name="Bob", password=PASSWORD, now=NOW
    )
    bob = replace(anna, name="Bob", organisation=organisation, account=account)
    outbox = Outbox(tmp_path / "school")
    admitting.invite(store, email=VERA, roles={Role.ADVISER}, by=bob, now=NOW, mailer=outbox, address=ADDRESS)
    token = link_in(outbox.folder, "/account/invitation/")
    with pytest.raises(Refused) as refused:
        admitting.accept(store, token=token, name="", password="niet haar wachtwoord", now=NOW)
    assert refused.value.reason == "sign-in-failed"
    admitting.accept(store, token=token, name="", password=PASSWORD, now=NOW)
    names = [each.name for each in signing_in.organisations_of(store, account=vera.account or 0)]
    assert names == ["School", "Zorggroep Ünie & Co"]

    with pytest.raises(Refused) as refused:
        admitting.change_roles(store, account=anna.account, roles={Role.ADVISER}, by=bob, now=NOW)
    assert refused.value.reason == "no-colleague"
    admitting.deactivate(store, account=vera.account, by=bob, now=NOW)
    signing_in.sign_in(store, email=VERA, password=PASSWORD, now=NOW)


class Broken:
    def send(self, message: Message) -> str:
        raise NotSent("mail.example:587 did not take the message: connection refused")


def test_an_invitation_that_cant_be_sent_says_so(tmp_path: Path) -> None:
    store, anna = a_house(tmp_path)
    with pytest.raises(Refused) as refused:
        admitting.invite(
            store, email=VERA, roles={Role.ADVISER}, by=anna, now=NOW, mailer=Broken(), address=ADDRESS
        )
    assert refused.value.reason == "not-sent"
    assert EMAIL not in refused.value.message


@pytest.mark.parametrize("role", [Role.WORKS_COUNCIL, Role.ADVISER])
def test_a_coordinator_does_not_appoint_who_checks_the_coordinator(tmp_path: Path, role: Role) -> None:
    store, anna = a_house(tmp_path)
    coordinator = replace(anna, roles=frozenset({Role.COORDINATOR}))
    with pytest.raises(Refused) as refused:
        admitting.invite(
            store,
            email="friend@elsewhere.example",
            roles={role},
            by=coordinator,
            now=NOW,
            mailer=Outbox(tmp_path / "outbox"),
            address=ADDRESS,
        )
    assert refused.value.reason == "only-administrator"
