"""Updates on real databases: drafted, read by a second reader, published, changed, withdrawn; and who may do none of that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.feedback import Content, Decision, Source, SourceKind, State, Words
from app.core.refusal import Refused
from app.jobs import daily, hourly
from app.services import advising, approving, hearing, placing, posting, remarking
from app.services.advising import New
from app.services.posting import Outcome
from app.settings import load
from app.storage.office import audit, comment_themes, scans, updates
from app.storage.office.comment_themes import WHOLE, Row
from app.storage.office.frozen import Frozen
from app.web.changes.texts import known_themes
from app.web.ui.asking import now as clock
from tests.factories import an_account, an_organisation
from tests.services.planned import Office, an_office
from tests.web.boards import HIDDEN, THEME, open_scan

NOW = datetime(2026, 11, 24, 10, 0)
TODAY = NOW.date()
MARKER = "zebrapad"
WORDS = Words("Een aanspreekpunt", f"Mensen durven niet te melden. {MARKER}", "", "Iedereen kan er terecht.")
DO = Content(
    "fear-to-report",
    {"nl": WORDS},
    Source(SourceKind.OTHER),
    State.DECIDED,
    Decision.DO,
    "manager",
    TODAY + timedelta(days=60),
    TODAY + timedelta(days=30),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as made:
        yield made


class At:
    """The organisation with somebody in each role."""

    def __init__(self, office: Office) -> None:
        self.store, self.organisation = office.store, office.organisation
        self.adviser, self.coordinator, self.manager, self.council = (
            an_account(office.store, office.organisation, role, name=name)
            for role, name in (
                (Role.ADVISER, "Fatma"),
                (Role.COORDINATOR, "Hanna"),
                (Role.MANAGER, "Marjan"),
                (Role.WORKS_COUNCIL, "Wim"),
            )
        )

    def save(
        self,
        content: Content = DO,
        by: Actor | None = None,
        update: int | None = None,
        *,
        seen: str | None = None,
        now: datetime = NOW,
    ) -> int:
        who = by or self.coordinator
        return posting.save(self.store, content=content, update=update, seen=seen, by=who, now=now)

    def publish(self, update: int, by: Actor | None = None, *, on: date | None = None) -> Outcome:
        return posting.publish(self.store, update=update, on=on, by=by or self.coordinator, now=NOW)

    def shown(self) -> list[Content]:
        with self.store.reading() as session:
            return [version.content for _, version in updates.published(session, self.organisation)]

    def second_reader(self) -> None:
        placing.set_board(self.store, public=False, second_reader=True, by=self.coordinator, now=NOW)


@pytest.fixture
def at(office: Office) -> At:
    return At(office)


def test_a_draft_is_seen_by_nobody_until_it_is_published(at: At) -> None:
    update = at.save()
    assert at.shown() == []
    assert at.publish(update) is Outcome.PUBLISHED
    assert at.shown() == [DO]


def test_a_draft_may_miss_anything_and_publishing_it_may_not(at: At) -> None:
    update = at.save(replace(DO, decision=Decision.DONT, words={"nl": replace(WORDS, why="")}))
    with pytest.raises(Refused) as caught:
        at.publish(update)
    assert caught.value.reason == "no-why"
    assert at.shown() == []


def test_a_published_version_never_changes_and_the_next_stands_beside_it(at: At) -> None:
    update = at.save()
    at.publish(update)
    later = replace(DO, state=State.UNDER_WAY)
    at.save(later, update=update)
    assert at.shown() == [DO]
    at.publish(update)
    assert at.shown() == [later]
    with at.store.reading() as session:
        assert [one.content for one in updates.versions(session, update)] == [DO, later]
    with pytest.raises(Frozen), at.store.office() as session:
        updates.versions(session, update)[0].content_json = later.to_json()
    with pytest.raises(Frozen), at.store.office() as session:
        session.delete(updates.versions(session, update)[0])


def test_managers_change_what_they_made_and_others_only_with_the_role(at: At) -> None:
    own, other = at.save(by=at.manager), at.save(by=at.coordinator)
    at.save(replace(DO, state=State.DONE), by=at.manager, update=own)
    for act in (
        lambda: at.save(by=at.manager, update=other),
        lambda: at.publish(other, by=at.manager),
        lambda: posting.withdraw(at.store, update=other, reason="x", by=at.manager, now=NOW),
        lambda: posting.drop(at.store, update=other, by=at.manager, now=NOW),
        lambda: at.save(by=at.council),
        lambda: at.publish(own, by=at.council),
        lambda: remarking.remark(at.store, update=own, text="x", language="nl", by=at.manager, now=NOW),
        lambda: remarking.remark(at.store, update=own, text="x", language="nl", by=at.coordinator, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    at.save(by=at.adviser, update=own)


def test_another_organisation_finds_nothing(at: At) -> None:
    update = at.save()
    there = an_organisation(at.store, "Thuiszorg De Beuk")
    stranger = an_account(at.store, there, Role.COORDINATOR)
    for act in (
        lambda: at.save(by=stranger, update=update),
        lambda: at.publish(update, by=stranger),
        lambda: approving.approve(at.store, update=update, seen="", by=stranger, now=NOW),
        lambda: posting.withdraw(at.store, update=update, reason="x", by=stranger, now=NOW),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason == "no-update"


def test_who_wrote_it_is_not_its_second_reader(at: At) -> None:
    at.second_reader()
    update, seen = at.save(by=at.manager), posting.digest_of(DO)
    with pytest.raises(Refused) as caught:
        approving.approve(at.store, update=update, seen=seen, by=at.coordinator, now=NOW)
    assert caught.value.reason == "not-offered"
    assert at.publish(update, by=at.manager) is Outcome.WAITING
    with pytest.raises(Refused) as caught:
        approving.approve(at.store, update=update, seen=seen, by=at.manager, now=NOW)
    assert caught.value.reason == "own-draft"
    with pytest.raises(NotAllowed):
        approving.approve(at.store, update=update, seen=seen, by=at.council, now=NOW)
    assert at.shown() == []
    assert (
        approving.approve(at.store, update=update, seen=seen, by=at.coordinator, now=NOW) is Outcome.PUBLISHED
    )
    assert at.shown() == [DO]


def test_whoever_wrote_part_of_what_waits_is_not_its_second_reader(at: At) -> None:
    at.second_reader()
    changed = replace(DO, words={"nl": replace(WORDS, title="Iets anders")})
    update = at.save(by=at.manager)
    at.save(changed, by=at.coordinator, update=update)
    at.publish(update, by=at.coordinator)

    def approve(by: Actor, content: Content) -> Outcome:
        return approving.approve(at.store, update=update, seen=posting.digest_of(content), by=by, now=NOW)

    for writer in (at.manager, at.coordinator):
        with pytest.raises(Refused) as caught:
            approve(writer, changed)
        assert caught.value.reason == "own-draft"
    assert approve(at.adviser, changed) is Outcome.PUBLISHED
    # The next version begins anew: who wrote the last one may read this one.
    at.save(DO, by=at.coordinator, update=update)
    at.publish(update, by=at.coordinator)
    assert approve(at.manager, DO) is Outcome.PUBLISHED


def test_what_is_changed_after_it_was_read_has_to_be_read_again(at: At) -> None:
    at.second_reader()
    update, seen = at.save(by=at.manager), posting.digest_of(DO)
    at.publish(update, by=at.manager, on=TODAY + timedelta(days=3))
    assert (
        approving.approve(at.store, update=update, seen=seen, by=at.coordinator, now=NOW) is Outcome.SCHEDULED
    )
    changed = replace(DO, words={"nl": replace(WORDS, title="Iets anders")})
    at.save(changed, by=at.manager, update=update)
    assert posting.publish_due(at.store, now=NOW + timedelta(days=4)) == 0
    at.publish(update, by=at.manager)
    assert posting.publish_due(at.store, now=NOW + timedelta(days=4)) == 0
    with pytest.raises(Refused) as caught:
        approving.approve(at.store, update=update, seen=seen, by=at.coordinator, now=NOW)
    assert caught.value.reason == "changed"
    assert at.shown() == []


def test_two_who_write_at_once_do_not_overwrite_each_other(at: At) -> None:
    update, seen = at.save(), posting.digest_of(DO)
    at.save(replace(DO, owner="coordinator"), update=update, seen=seen)
    with pytest.raises(Refused) as caught:
        at.save(replace(DO, owner="adviser"), update=update, seen=seen)
    assert caught.value.reason == "changed"


def test_its_day_begins_at_midnight_in_the_netherlands(at: At) -> None:
    late = datetime(2026, 11, 24, 23, 30)  # in UTC: half past twelve on the 25th for people
    update = at.save()
    with pytest.raises(Refused):
        posting.publish(at.store, update=update, on=date(2026, 11, 24), by=at.coordinator, now=late)
    posting.publish(at.store, update=update, on=date(2026, 11, 26), by=at.coordinator, now=late)
    assert posting.publish_due(at.store, now=datetime(2026, 11, 25, 22, 59)) == 0
    assert posting.publish_due(at.store, now=datetime(2026, 11, 25, 23, 0)) == 1


def test_it_comes_out_by_itself_on_its_day_and_not_before(at: At, tmp_path: Path) -> None:
    update = at.save()
    with pytest.raises(Refused) as caught:
        at.publish(update, on=TODAY - timedelta(days=1))
    assert caught.value.reason == "past"
    assert at.publish(update, on=TODAY + timedelta(days=2)) is Outcome.SCHEDULED
    settings, act = load({"WEERKLANK_INSTANCE": str(tmp_path)}), hourly.ACTS["publish-due-updates"]
    assert daily.run(at.store, settings, NOW + timedelta(days=1), {"one": act}) == 0
    assert at.shown() == []
    assert daily.run(at.store, settings, NOW + timedelta(days=2), {"one": act}) == 0
    assert at.shown() == [DO]
    with at.store.reading() as session:
        row = updates.get(session, at.organisation, update)
    assert row is not None and row.publish_on is None and row.version == 1


def test_what_is_held_back_does_not_come_out(at: At) -> None:
    update = at.save()
    at.publish(update, on=TODAY + timedelta(days=2))
    posting.hold(at.store, update=update, by=at.coordinator, now=NOW)
    assert posting.publish_due(at.store, now=NOW + timedelta(days=9)) == 0


def test_withdrawing_needs_a_reason_and_ends_it(at: At) -> None:
    update = at.save()
    with pytest.raises(Refused) as caught:
        posting.withdraw(at.store, update=update, reason="x", by=at.coordinator, now=NOW)
    assert caught.value.reason == "not-published"
    at.publish(update)
    with pytest.raises(Refused) as caught:
        posting.withdraw(at.store, update=update, reason="  ", by=at.coordinator, now=NOW)
    assert caught.value.reason == "no-reason"
    posting.withdraw(at.store, update=update, reason="Klopte niet", by=at.coordinator, now=NOW)
    assert at.shown() == []
    for act in (
        lambda: at.save(update=update),
        lambda: at.publish(update),
        lambda: remarking.remark(at.store, update=update, text="x", language="nl", by=at.adviser, now=NOW),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.reason == "withdrawn"
    with at.store.reading() as session:
        assert len(updates.versions(session, update)) == 1


def test_a_draft_that_is_thrown_away_leaves_what_was_published(at: At) -> None:
    first, update = at.save(), at.save()
    posting.drop(at.store, update=first, by=at.coordinator, now=NOW)
    with at.store.reading() as session:
        assert updates.get(session, at.organisation, first) is None
    at.publish(update)
    at.save(replace(DO, owner="adviser"), update=update)
    posting.drop(at.store, update=update, by=at.coordinator, now=NOW)
    assert at.shown() == [DO]


def test_a_remark_stands_beside_it_and_nobody_changes_it(at: At) -> None:
    update = at.save()
    with pytest.raises(Refused) as caught:
        remarking.remark(at.store, update=update, text="Te laat", language="nl", by=at.adviser, now=NOW)
    assert caught.value.reason == "not-published"
    at.publish(update)
    remarking.remark(at.store, update=update, text="Te laat", language="nl", by=at.adviser, now=NOW)
    with at.store.reading() as session:
        assert [one.text for one in updates.remarks(session, update)] == ["Te laat"]
    with pytest.raises(Frozen), at.store.office() as session:
        updates.remarks(session, update)[0].text = "Prima"


def test_the_log_says_who_did_what_and_nothing_of_what_was_written(at: At) -> None:
    update = at.save()
    at.publish(update)
    posting.withdraw(at.store, update=update, reason=MARKER, by=at.coordinator, now=NOW)
    with at.store.reading() as session:
        rows = audit.rows(session, at.organisation)
    assert [row.act for row in rows] == ["withdraw-update", "publish-update", "draft-update"]
    assert all(MARKER not in row.detail for row in rows)


def test_an_address_that_nobody_guesses_is_long_and_a_new_one_ends_the_old(at: At) -> None:
    board = placing.board_of(at.store, organisation=at.organisation)
    old = board.address
    assert len(old) * 5 >= 80 and not board.public
    assert placing.board_of(at.store, organisation=at.organisation).address == old
    new = placing.renew_address(at.store, by=at.coordinator, now=NOW).address
    with at.store.reading() as session:
        assert updates.at(session, old) is None and updates.at(session, new) is not None
    public = placing.set_board(at.store, public=True, second_reader=False, by=at.coordinator, now=NOW)
    assert public.address == "linde"
    with pytest.raises(Refused):
        placing.renew_address(at.store, by=at.coordinator, now=NOW)
    back = placing.set_board(at.store, public=False, second_reader=False, by=at.coordinator, now=NOW)
    assert back.address not in (old, new, "linde")
    for other in (at.adviser, at.manager, at.council):
        with pytest.raises(NotAllowed):
            placing.set_board(at.store, public=True, second_reader=False, by=other, now=NOW)


def begin(at: At, kind: SourceKind, ref: str, theme: str, unit: str | None = None) -> hearing.Begun:
    return hearing.begin(
        at.store, kind=kind, ref=ref, theme=theme, unit=unit, names=known_themes(), by=at.adviser, now=clock()
    )


def test_what_was_heard_comes_from_the_release_and_a_withheld_number_is_refused(
    office: Office, at: At, tmp_path: Path
) -> None:
    scan = open_scan(office, tmp_path)
    whole = begin(at, SourceKind.SCAN, scan, THEME)
    assert " in 10 answers about “Speaking up” are favourable" in whole.heard["en"]
    assert "Ongeveer 70 antwoorden (68 tot 72)." in whole.heard["nl"]
    assert (whole.source.ref, whole.source.name, whole.theme) == (scan, "First scan", THEME)
    south = begin(at, SourceKind.SCAN, scan, THEME, "south")
    assert south.heard["en"].startswith("In South: “Speaking up” scores ")
    with pytest.raises(Refused) as caught:
        begin(at, SourceKind.SCAN, scan, THEME, HIDDEN)
    assert caught.value.reason == "withheld"
    assert "joined with others" in str(caught.value.facts["en"])
    assert "samengevoegd" in str(caught.value.facts["nl"])


@pytest.mark.parametrize("unit", [HIDDEN, "nowhere"])
def test_no_form_however_sent_makes_an_update_of_a_withheld_unit(
    office: Office, at: At, tmp_path: Path, unit: str
) -> None:
    scan = open_scan(office, tmp_path)
    for source in (Source(SourceKind.SCAN, scan), Source(SourceKind.OTHER)):
        with pytest.raises(Refused) as caught:
            at.save(replace(DO, theme=THEME, source=source, unit=unit), now=clock())
        assert caught.value.reason in ("withheld", "no-unit")
    at.save(replace(DO, theme=THEME, source=Source(SourceKind.OTHER), unit="south"), now=clock())


def test_a_theme_that_the_scan_did_not_ask_about_has_no_numbers(
    office: Office, at: At, tmp_path: Path
) -> None:
    scan = open_scan(office, tmp_path)
    with pytest.raises(Refused) as caught:
        begin(at, SourceKind.SCAN, scan, "gossip")
    assert caught.value.reason == "no-theme"
    places = {place.code: place.shown for place in hearing.places(at.store, scan=scan, language="en")}
    assert places == {"home": True, "north": False, "south": True, "garden": False, "house": True}


def test_a_scan_of_elsewhere_or_not_open_yet_gives_nothing(office: Office, at: At, tmp_path: Path) -> None:
    scan = open_scan(office, tmp_path)
    stranger = an_account(at.store, an_organisation(at.store, "Thuiszorg De Beuk"), Role.ADVISER)
    with pytest.raises(Refused) as caught:
        hearing.begin(
            at.store,
            kind=SourceKind.SCAN,
            ref=scan,
            theme=THEME,
            unit=None,
            names={},
            by=stranger,
            now=clock(),
        )
    assert caught.value.reason == "no-source"
    with at.store.office() as session:
        row = scans.get(session, scan)
        assert row is not None
        row.promise_on = clock().date() + timedelta(days=2)
    for by in (at.adviser, at.coordinator, at.manager):
        assert hearing.released_scans(at.store, by=by, now=clock()) == []
    with pytest.raises(Refused) as caught:
        begin(at, SourceKind.SCAN, scan, THEME)
    assert caught.value.reason == "not-yet"


def test_of_an_advice_only_theme_and_period_are_filled_in(at: At) -> None:
    def give(audience: str) -> str:
        new = New("gossip", f"Praat met de nachtdienst {MARKER}", f"Nu {MARKER}", audience=audience)
        return str(advising.give(at.store, new=new, by=at.adviser, now=clock()))

    shared, alone = give("council"), give("management")
    begun = begin(at, SourceKind.ADVICE, shared, "")
    assert (begun.theme, dict(begun.heard), begun.source.kind) == ("gossip", {}, SourceKind.ADVICE)
    assert MARKER not in repr(begun)
    kept = begin(at, SourceKind.ADVICE, alone, "")
    assert (kept.source.kind, kept.source.ref) == (SourceKind.OTHER, "")
    for ref in ("999", "x", ""):
        with pytest.raises(Refused) as caught:
            begin(at, SourceKind.ADVICE, ref, "")
        assert caught.value.reason == "no-source"


def test_of_comments_the_words_of_the_adviser_and_a_band_are_filled_in(
    office: Office, at: At, tmp_path: Path
) -> None:
    scan = open_scan(office, tmp_path)
    row = Row("gossip", WHOLE, "roddelen", "gossip", "Er wordt gepraat.", "", 15, 13, 17, clock().date())
    with at.store.office() as session:
        comment_themes.add(session, scan, [row])
    begun = begin(at, SourceKind.COMMENTS, scan, "gossip")
    assert "15 (13 tot 17)" in begun.heard["nl"] and "Er wordt gepraat." in begun.heard["nl"]
    assert "15 (13 to 17)" in begun.heard["en"]
    with pytest.raises(Refused):
        begin(at, SourceKind.COMMENTS, scan, "sexism")
