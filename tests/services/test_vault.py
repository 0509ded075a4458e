"""Who gets into a vault, by which key, and what is left for somebody who was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.refusal import Refused
from app.crypto import vault as sealing
from app.crypto.vault import NotOpened, fingerprint
from app.services import admitting, founding, joining, keeping, rotating, safeguarding, setting_up, unlocking
from app.services.keeping import CARD, OpenVault
from app.storage.database import Store
from app.storage.office import audit, vaults
from app.storage.office.vaults import AdviserKey
from tests.factories import (
    CHEAP,
    NOW,
    PASSPHRASE,
    PASSWORD,
    a_key,
    a_store,
    a_vault,
    an_account,
    an_adviser,
    an_organisation,
)

OTHER = "weer een andere lange zin"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with a_store(tmp_path) as made:
        an_organisation(made)
        yield made


def made_key(store: Store, by: Actor) -> str:
    """A key whose recovery code was confirmed; gives the code."""
    code = safeguarding.make_key(store, passphrase=PASSPHRASE, by=by, now=NOW, effort=CHEAP)
    safeguarding.confirm_code(store, typed=code[-4:].lower(), by=by)
    return code


def opens(store: Store, by: Actor, passphrase: str = PASSPHRASE) -> OpenVault:
    private = unlocking.private_key(store, passphrase=passphrase, by=by, now=NOW)
    with store.reading() as session:
        return unlocking.opened_with(session, private, by)


def own(store: Store, by: Actor) -> bytes:
    return a_key(store, by.account or 0)


def made_vault(store: Store, by: Actor) -> str:
    return founding.found(store, private=own(store, by), by=by, now=NOW)


def own_print(store: Store, by: Actor) -> str:
    return joining.standing(store, by=by, private=own(store, by)).own_fingerprint


def refused(reason: str, act: object, *args: object, **kwargs: object) -> None:
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)  # type: ignore[operator]
    assert error.value.reason == reason


def keep(store: Store, *bodies: bytes) -> list[bytes]:
    with store.office() as session:
        return keeping.keep(session, organisation=1, kind=CARD, bodies=bodies)


def cards(store: Store, opened: OpenVault) -> set[bytes]:
    with store.reading() as session:
        return set(keeping.kept(session, opened, CARD).values())


def founded(store: Store) -> Actor:
    """An adviser whose vault the works council confirmed."""
    by = an_adviser(store, 1)
    made_key(store, by)
    print_ = made_vault(store, by)
    council = an_account(store, 1, Role.WORKS_COUNCIL)
    founding.confirm(store, typed=print_.upper().replace(" ", "-"), by=council, now=NOW)
    return by


def second(store: Store, first: Actor) -> Actor:
    """A colleague whom the first adviser let in."""
    by = an_adviser(store, 1, name="Marijke")
    made_key(store, by)
    joining.ask(store, by=by, now=NOW)
    print_ = own_print(store, by)
    joining.admit(store, opens(store, first), account=by.account or 0, typed=print_, by=first, now=NOW)
    compared(store, first, by)
    return by


def compared(store: Store, first: Actor, by: Actor) -> None:
    """What a colleague reads out is what the newcomer sees."""
    print_ = joining.standing(store, by=first, private=own(store, first)).fingerprint
    joining.compare(store, private=own(store, by), typed=print_, by=by, now=NOW)


def acts(store: Store) -> list[str]:
    with store.reading() as session:
        return [row.act for row in reversed(audit.rows(session, 1))]


def test_a_vault_takes_and_gives_nothing_until_the_works_council_has_compared_its_key(store: Store) -> None:
    by = an_adviser(store, 1)
    refused("no-key", founding.found, store, private=bytes(32), by=by, now=NOW)
    code = safeguarding.make_key(store, passphrase=PASSPHRASE, by=by, now=NOW, effort=CHEAP)
    refused("code-unconfirmed", founding.found, store, private=own(store, by), by=by, now=NOW)
    refused(
        "code-part", safeguarding.confirm_code, store, typed="AAAA" if code[-4:] != "AAAA" else "BBBB", by=by
    )
    safeguarding.confirm_code(store, typed=code[-4:], by=by)
    print_ = made_vault(store, by)
    refused("vault-unconfirmed", keep, store, b"a card")
    refused("vault-unconfirmed", opens, store, by)
    council = an_account(store, 1, Role.WORKS_COUNCIL)
    refused("other-fingerprint", founding.confirm, store, typed="0000 " * 5, by=council, now=NOW)
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.MANAGER, Role.ADVISER):
        with pytest.raises(NotAllowed):
            founding.confirm(store, typed=print_, by=an_account(store, 1, role), now=NOW)
    founding.confirm(store, typed=print_, by=council, now=NOW)
    keep(store, b"a card")
    assert cards(store, opens(store, by)) == {b"a card"}
    assert acts(store)[-3:] == ["make-adviser-key", "make-vault", "confirm-vault"]


def test_who_made_a_vault_cannot_confirm_it_for_the_works_council(store: Store) -> None:
    by = an_adviser(store, 1, Role.WORKS_COUNCIL)
    made_key(store, by)
    print_ = made_vault(store, by)
    refused("own-vault", founding.confirm, store, typed=print_, by=by, now=NOW)


def test_the_works_council_can_refuse_a_vault_that_its_adviser_did_not_make(store: Store) -> None:
    by = an_adviser(store, 1)
    made_key(store, by)
    made_vault(store, by)
    founding.refuse(store, by=an_account(store, 1, Role.WORKS_COUNCIL), now=NOW)
    assert not joining.standing(store, by=by).exists
    made_vault(store, by)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR])
def test_an_administrator_who_makes_himself_adviser_gets_no_vault(store: Store, role: Role) -> None:
    first = founded(store)
    both = an_adviser(store, 1, role)
    made_key(store, both)
    refused("apart", founding.found, store, private=own(store, both), by=both, now=NOW)
    refused("apart", joining.ask, store, by=both, now=NOW)
    with store.office() as session:
        vaults.ask(session, 1, both.account or 0)
    with store.reading() as session:
        key = vaults.adviser_key(session, both.account or 0)
    assert key is not None
    refused(
        "colleague-apart",
        joining.admit,
        store,
        opens(store, first),
        account=both.account,
        typed=fingerprint(key.public),
        by=first,
        now=NOW,
    )


def test_a_colleague_is_let_in_by_the_fingerprint_that_was_read_out(store: Store) -> None:
    first = founded(store)
    keep(store, b"a card")
    by = an_adviser(store, 1, name="Marijke")
    made_key(store, by)
    refused("not-admitted", opens, store, by)
    joining.ask(store, by=by, now=NOW)
    opened = opens(store, first)
    wrong = own_print(store, first)
    refused(
        "other-fingerprint", joining.admit, store, opened, account=by.account, typed=wrong, by=first, now=NOW
    )
    print_ = own_print(store, by)
    joining.admit(store, opened, account=by.account or 0, typed=print_, by=first, now=NOW)
    refused("not-compared", opens, store, by)
    refused("other-vault-key", joining.compare, store, private=own(store, by), typed=print_, by=by, now=NOW)
    compared(store, first, by)
    assert cards(store, opens(store, by)) == {b"a card"}
    refused("no-request", joining.admit, store, opened, account=by.account, typed=print_, by=first, now=NOW)


def test_a_removed_adviser_opens_nothing_new_and_nothing_that_was_there(store: Store) -> None:
    first = founded(store)
    gone = second(store, first)
    keep(store, b"before")
    old = opens(store, gone)
    now_open = joining.remove(store, opens(store, first), account=gone.account or 0, by=first, now=NOW)
    keep(store, b"after")
    refused("not-admitted", opens, store, gone)
    with store.reading() as session:
        rows = vaults.everything(session, 1)
        assert {row.kind for row in rows} == {CARD, keeping.EARLIER_KEY}
    for row in rows:
        with pytest.raises(NotOpened):
            sealing.unseal(old.private, row.body)
    assert cards(store, now_open) == cards(store, opens(store, first)) == {b"before", b"after"}
    with store.reading() as session:
        assert keeping.keys(session, now_open) == [now_open.private, old.private]
        found = vaults.vault(session, 1)
        assert found is not None and found.generation == 2
    assert acts(store)[-2:] == ["remove-adviser", "renew-vault-key"]


def test_what_is_sealed_elsewhere_is_sealed_anew_by_those_who_asked_for_it(store: Store) -> None:
    first = founded(store)
    gone = second(store, first)
    elsewhere = [sealing.seal(sealing.Pair.of(opens(store, first).private).public, b"a comment")]

    def reseal(_store: Store, _organisation: int, keys: list[bytes], public: bytes) -> None:
        elsewhere[:] = [sealing.seal(public, sealing.unseal(keys[1], each)) for each in elsewhere]

    rotating.RESEALERS.append(reseal)
    try:
        opened = joining.remove(store, opens(store, first), account=gone.account or 0, by=first, now=NOW)
    finally:
        rotating.RESEALERS.remove(reseal)
    assert sealing.unseal(opened.private, elsewhere[0]) == b"a comment"


def administrator(store: Store) -> Actor:
    return an_account(store, 1, Role.ADMINISTRATOR)


@pytest.mark.parametrize("roles", [[Role.MANAGER], [Role.ADVISER, Role.COORDINATOR], []], ids=str)
def test_a_change_of_roles_takes_somebody_out_at_once_and_the_next_one_renews(
    store: Store, roles: list[Role]
) -> None:
    first = founded(store)
    gone = second(store, first)
    chief = administrator(store)
    if roles:
        admitting.change_roles(store, account=gone.account or 0, roles=roles, by=chief, now=NOW)
    else:
        admitting.deactivate(store, account=gone.account or 0, by=chief, now=NOW)
    with store.reading() as session:
        assert vaults.key_of(session, 1, gone.account or 0) is None
    assert joining.standing(store, by=first).due
    rotating.rotate(store, opens(store, first), by=first, now=NOW)
    assert not joining.standing(store, by=first).due


def test_one_click_of_an_administrator_does_not_lose_the_last_key(store: Store) -> None:
    first = founded(store)
    keep(store, b"a card")
    chief = administrator(store)
    admitting.change_roles(store, account=first.account or 0, roles=[Role.MANAGER], by=chief, now=NOW)
    manager = Actor(first.name, 1, frozenset({Role.MANAGER}), first.account)
    with pytest.raises(NotAllowed):
        unlocking.open_vault(store, token="", half=None, by=manager, now=NOW)
    admitting.change_roles(store, account=first.account or 0, roles=[Role.ADVISER], by=chief, now=NOW)
    assert cards(store, opens(store, first)) == {b"a card"}


def test_a_public_key_swapped_in_the_database_gets_nothing_when_the_key_is_renewed(store: Store) -> None:
    first = founded(store)
    victim = second(store, first)
    swapped = sealing.Pair.of(bytes(range(32)))
    with store.office() as session:
        row = session.get(AdviserKey, victim.account)
        assert row is not None
        row.public = swapped.public
    rotating.rotate(store, opens(store, first), by=first, now=NOW)
    with store.reading() as session:
        assert vaults.key_of(session, 1, victim.account or 0) is None


def test_two_who_renew_at_once_lose_nothing(store: Store) -> None:
    first = founded(store)
    keep(store, b"a card")
    opened = opens(store, first)
    rotating.rotate(store, opened, by=first, now=NOW)
    refused("key-changed", rotating.rotate, store, opened, by=first, now=NOW)
    assert cards(store, opens(store, first)) == {b"a card"}


def test_the_recovery_drill(store: Store) -> None:
    by = an_adviser(store, 1)
    code = made_key(store, by)
    made_vault(store, by)
    with store.office() as session:
        row = vaults.vault(session, 1)
        assert row is not None
        row.confirmed = True
    keep(store, b"a card")
    later = NOW + timedelta(hours=1)
    wrong = ("B" if code[0] == "A" else "A") + code[1:]
    refused("wrong-code", safeguarding.recover, store, code=wrong, passphrase=OTHER, by=by, now=later)
    safeguarding.recover(store, code=code.lower(), passphrase=OTHER, by=by, now=later, effort=CHEAP)
    refused("wrong-passphrase", opens, store, by)
    assert cards(store, opens(store, by, OTHER)) == {b"a card"}
    newer = safeguarding.new_code(store, passphrase=OTHER, by=by, now=later)
    refused("wrong-code", safeguarding.recover, store, code=code, passphrase=OTHER, by=by, now=later)
    safeguarding.recover(store, code=newer, passphrase=PASSPHRASE, by=by, now=later, effort=CHEAP)
    safeguarding.change_passphrase(store, old=PASSPHRASE, new=OTHER, by=by, now=later, effort=CHEAP)
    assert cards(store, opens(store, by, OTHER)) == {b"a card"}


def test_wrong_codes_make_wait(store: Store) -> None:
    by = an_adviser(store, 1)
    made_key(store, by)
    for _ in range(5):
        refused("wrong-code", safeguarding.recover, store, code="0" * 28, passphrase=OTHER, by=by, now=NOW)
    refused("throttled", safeguarding.recover, store, code="0" * 28, passphrase=OTHER, by=by, now=NOW)


def test_a_passphrase_is_not_the_password_and_not_weak(store: Store) -> None:
    made, account = setting_up.set_up(
        store, organisation="Andere", email="iemand@andere.example", name="A", password=PASSWORD, now=NOW
    )
    by = Actor("A", made, frozenset({Role.ADVISER}), account)
    for typed, reason in [
        (PASSWORD, "passphrase-same"),
        ("kort", "passphrase-short"),
        ("x" * 300, "passphrase-long"),
        ("iemand@andere.example", "passphrase-address"),
        ("wachtwoordwachtwoord", "passphrase-common"),
    ]:
        refused(reason, safeguarding.make_key, store, passphrase=typed, by=by, now=NOW, effort=CHEAP)


def test_who_lost_both_starts_over_and_a_dead_vault_makes_room_for_a_new_one(store: Store) -> None:
    first = founded(store)
    keep(store, b"lost")
    council = an_account(store, 1, Role.WORKS_COUNCIL)
    refused("still-held", founding.give_up, store, by=council, now=NOW)
    safeguarding.start_over(store, by=first, now=NOW)
    made_key(store, first)
    assert not joining.standing(store, by=first).exists
    print_ = made_vault(store, first)
    founding.confirm(store, typed=print_, by=council, now=NOW)
    assert cards(store, opens(store, first)) == set()
    with store.reading() as session:
        assert vaults.everything(session, 1) == []


def test_a_vault_whose_adviser_left_is_given_up_by_the_works_council(store: Store) -> None:
    first = founded(store)
    admitting.deactivate(store, account=first.account or 0, by=administrator(store), now=NOW)
    council = an_account(store, 1, Role.WORKS_COUNCIL)
    founding.give_up(store, by=council, now=NOW)
    new = an_adviser(store, 1, name="Nieuw")
    made_key(store, new)
    made_vault(store, new)


def test_one_passphrase_opens_two_organisations_whose_vaults_have_nothing_in_common(store: Store) -> None:
    other = an_organisation(store, "Zorggroep De Beuk")
    by = an_adviser(store, 1)
    assert by.account is not None
    here = a_vault(store, 1, by.account)
    there = a_vault(store, other, by.account)
    assert here.private != there.private
    keep(store, b"here")
    with store.office() as session:
        keeping.keep(session, organisation=other, kind=CARD, bodies=[b"there"])
    assert cards(store, here) == {b"here"} and cards(store, there) == {b"there"}
    with pytest.raises(NotOpened):
        cards(store, OpenVault(1, by.account, there.private))


def test_argon2_parameters_are_kept_with_the_key_so_that_they_can_be_raised(store: Store) -> None:
    by = an_adviser(store, 1)
    a_key(store, by.account or 0)
    safeguarding.change_passphrase(
        store, old=PASSPHRASE, new=OTHER, by=by, now=NOW, effort=sealing.Effort(2, 16384)
    )
    with store.reading() as session:
        key = session.get(AdviserKey, by.account)
        assert key is not None and (key.operations, key.memory) == (2, 16384)
    assert len(unlocking.private_key(store, passphrase=OTHER, by=by, now=NOW)) == 32
    assert sealing.EFFORT.memory >= 64 * 1024 * 1024 and sealing.EFFORT.operations >= 3
