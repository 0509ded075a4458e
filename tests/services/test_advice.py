"""Advice on a real database: given, repeated, answered, decided on and reminded of; and who may do none of that."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path

import pytest

from app.core.access import Actor, NotAllowed, Role
from app.core.advice import Answer, State
from app.core.decision import State as DecisionState
from app.core.refusal import Refused
from app.jobs import daily, tasks
from app.mail.outbox import Outbox
from app.services import advising, answering, deciding, reminding
from app.services.advising import New
from app.services.answering import Reply
from app.settings import load
from app.storage.database import Store
from app.storage.office import advice as advices
from app.storage.office import audit, decisions, organisations
from app.storage.office.advice import Advice
from app.storage.office.frozen import Frozen
from tests.services.staff import ADDRESS, NOW, a_colleague, a_house

MARKER = "zebrapad"
NEW = New(theme="gossip", what=f"Talk with the night shift, {MARKER}", why_now="It is heard again")
DO = Reply(Answer.DO, decision="Two talks", owner="manager", due=NOW.date() + timedelta(days=60))


class House:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store, self.anna = a_house(folder)
        self.vera = a_colleague(self.store, self.anna, folder, "vera@zorg.example", Role.ADVISER)
        self.marjan = a_colleague(self.store, self.anna, folder, "marjan@zorg.example", Role.MANAGER)
        self.wim = a_colleague(self.store, self.anna, folder, "wim@zorg.example", Role.WORKS_COUNCIL)

    def told(self, advice: int, now: datetime = NOW, by: Actor | None = None) -> advices.Told:
        with self.store.reading() as session:
            return advising.own(session, advice, by or self.vera, now.date())

    def audit(self) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            return [(row.act, row.detail) for row in audit.rows(session, self.anna.organisation)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.store.dispose()


def later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_advice_grows_into_a_decision_and_keeps_its_history(house: House) -> None:
    store = house.store
    advice = advising.give(store, new=NEW, by=house.vera, now=NOW)
    assert house.told(advice).now.due == later(42).date()
    advising.repeat(store, advice=advice, text="After the report", by=house.vera, now=later(50))
    refusal = Reply(Answer.WONT, "no money")
    assert answering.answer(store, advice=advice, reply=refusal, by=house.marjan, now=later(51)) is None
    advising.repeat(store, advice=advice, by=house.vera, now=later(52))
    assert house.told(advice, later(53)).now.asked == 3
    due = later(100).date()
    made = answering.answer(store, advice=advice, reply=replace(DO, due=due), by=house.anna, now=later(54))
    told = house.told(advice, later(54))
    assert told.now.state is State.DO
    assert [(event.kind.value, event.who) for event in told.events] == [
        ("given", "Vera"), ("repeated", "Vera"), ("answered", "Marjan"), ("repeated", "Vera"), ("answered", "Anna"),
    ]  # fmt: skip
    assert made is not None
    deciding.move(store, decision=made, state=DecisionState.DONE, by=house.marjan, now=later(80))
    [row] = deciding.readable(store, by=house.wim, today=later(81).date())
    assert (row.advice_id, row.theme, row.text, row.state) == (advice, "gossip", "Two talks", "done")
    log = house.audit()
    assert ("answer-advice", f"{advice}: do") in log
    assert not any(MARKER in detail for _, detail in log)


def test_another_answer_stops_the_decision_of_the_earlier_one(house: House) -> None:
    advice = advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    answering.answer(house.store, advice=advice, reply=DO, by=house.marjan, now=NOW)
    postponed = Reply(Answer.LATER, until=later(30).date())
    answering.answer(house.store, advice=advice, reply=postponed, by=house.marjan, now=later(1))
    with house.store.reading() as session:
        assert [row.state for row in decisions.of_advice(session, advice)] == ["decided"]
    refusal = Reply(Answer.WONT, "no money")
    answering.answer(house.store, advice=advice, reply=refusal, by=house.marjan, now=later(2))
    with house.store.reading() as session:
        [row] = decisions.of_advice(session, advice)
    assert (row.state, row.note) == ("stopped", "no money")
    with pytest.raises(Refused, match="already"):
        deciding.move(house.store, decision=row.id, state=DecisionState.DONE, by=house.marjan, now=later(3))


def test_a_refused_answer_leaves_nothing(house: House) -> None:
    advice = advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    for reply, reason in (
        (replace(DO, decision=" "), "no-decision"),
        (replace(DO, owner="Piet"), "no-owner"),
        (replace(DO, due=None), "no-due"),
        (replace(DO, due=later(-1).date()), "no-due"),
        (Reply(Answer.PARTLY, decision="x", owner="manager", due=later(1).date()), "no-reason"),
    ):
        with pytest.raises(Refused) as refused:
            answering.answer(house.store, advice=advice, reply=reply, by=house.marjan, now=NOW)
        assert refused.value.reason == reason
    assert len(house.told(advice).events) == 1
    with house.store.reading() as session:
        assert decisions.of_organisation(session, house.anna.organisation) == []


def test_roles_and_organisations_stay_apart(house: House, tmp_path: Path) -> None:
    store = house.store
    advice = advising.give(store, new=NEW, by=house.vera, now=NOW)
    for actor in (house.marjan, house.anna, house.wim):
        with pytest.raises(NotAllowed):
            advising.give(store, new=NEW, by=actor, now=NOW)
        with pytest.raises(NotAllowed):
            advising.withdraw(store, advice=advice, reason="x", by=actor, now=NOW)
    for actor in (house.vera, house.wim):
        with pytest.raises(NotAllowed):
            answering.answer(store, advice=advice, reply=DO, by=actor, now=NOW)
    both = replace(house.vera, roles=frozenset({Role.ADVISER, Role.MANAGER}))
    with pytest.raises(Refused) as refused:
        answering.answer(store, advice=advice, reply=DO, by=both, now=NOW)
    assert refused.value.reason == "own-advice"
    stranger = replace(house.marjan, organisation=house.marjan.organisation + 1)
    with pytest.raises(Refused) as refused:
        answering.answer(store, advice=advice, reply=DO, by=stranger, now=NOW)
    assert refused.value.reason == "no-advice"
    command_line = Actor("command line", house.anna.organisation, frozenset(), command_line=True)
    with pytest.raises(NotAllowed):
        answering.answer(store, advice=advice, reply=DO, by=command_line, now=NOW)


def test_the_works_council_reads_what_was_not_for_management_alone(house: House) -> None:
    store, today = house.store, NOW.date()
    quiet = advising.give(store, new=replace(NEW, audience="management"), by=house.vera, now=NOW)
    heard = advising.give(store, new=NEW, by=house.vera, now=NOW)
    assert [one.id for one in advising.readable(store, by=house.wim, today=today)] == [heard]
    assert [one.id for one in advising.readable(store, by=house.marjan, today=today)] == [heard, quiet]
    with pytest.raises(Refused):
        house.told(quiet, by=house.wim)
    made = answering.answer(store, advice=quiet, reply=DO, by=house.marjan, now=NOW)
    assert made is not None
    assert deciding.readable(store, by=house.wim, today=today) == []


def test_no_row_of_the_history_changes(house: House) -> None:
    advice = advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    with house.store.office() as session:
        row = session.get(Advice, advice)
        assert row is not None
        row.what = "something else"
        with pytest.raises(Frozen):
            session.flush()
        session.rollback()


def letters(outbox: Outbox) -> list[tuple[str, str]]:
    found = []
    for path in sorted(outbox.folder.glob("*.eml")):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append((str(letter["To"]), letter["Subject"] + "\n" + letter.get_body().get_content()))
        path.unlink()
    return found


def walk(house: House, outbox: Outbox, days: range) -> dict[int, list[str]]:
    """Run the daily act on each day; day -> receivers of that day."""
    found = {}
    for day in days:
        reminding.remind(house.store, mailer=outbox, address=ADDRESS, now=later(day))
        if post := letters(outbox):
            found[day] = sorted(to for to, _ in post)
    return found


def test_management_is_reminded_before_and_weekly_after_and_the_adviser_once_it_is_late(house: House) -> None:
    advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    advising.give(house.store, new=replace(NEW, to_role="coordinator"), by=house.vera, now=later(3))
    seen = walk(house, Outbox(house.folder / "post"), range(70))
    days = list(seen)
    assert days[0] == 32
    assert all(second - first >= 7 for first, second in pairwise(days))
    assert seen[32] == ["marjan@zorg.example"]
    assert "vera@zorg.example" in seen[days[-1]] and "anna@zorg.example" in seen[days[-1]]
    assert not any("wim@zorg.example" in receivers for receivers in seen.values())


def test_a_reminder_says_that_something_waits_and_never_what(house: House) -> None:
    advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    outbox = Outbox(house.folder / "post")
    assert reminding.remind(house.store, mailer=outbox, address=ADDRESS, now=later(43)) == 2
    post = letters(outbox)
    for _, text in post:
        assert f"{ADDRESS}/advice/zorggroep-unie-co/?state=open" in text.splitlines()
        assert "1 advies wacht op antwoord. Bij 1 is de datum voorbij." in text
        assert MARKER not in text and "gossip" not in text and "roddel" not in text and "night" not in text


def test_an_organisation_switches_reminders_off(house: House) -> None:
    advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    with house.store.office() as session:
        row = organisations.get(session, house.anna.organisation)
        assert row is not None
        row.settings = replace(row.settings, advice_reminders=False)
    assert walk(house, Outbox(house.folder / "post"), range(30, 60)) == {}


def test_answered_and_withdrawn_advice_is_not_reminded_of(house: House) -> None:
    answered = advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    withdrawn = advising.give(house.store, new=NEW, by=house.vera, now=NOW)
    answering.answer(house.store, advice=answered, reply=DO, by=house.marjan, now=NOW)
    advising.withdraw(house.store, advice=withdrawn, reason="settled", by=house.vera, now=NOW)
    assert walk(house, Outbox(house.folder / "post"), range(30, 60)) == {}


def test_the_worker_has_it_done_every_day_in_a_process_of_its_own(house: House) -> None:
    settings = load({"WEERKLANK_INSTANCE": str(house.folder)})
    long_ago = datetime.now() - timedelta(days=90)
    advising.give(house.store, new=NEW, by=house.vera, now=long_ago)
    queue = tasks.on(settings.queue).huey
    [daily_task] = [task for task in queue._registry.periodic_tasks if type(task).__name__ == "daily"]
    assert daily_task.validate_datetime(datetime(2026, 11, 23, 5, 10))
    assert not daily_task.validate_datetime(datetime(2026, 11, 23, 12, 10))
    environment = {**os.environ, "WEERKLANK_INSTANCE": str(house.folder)}
    subprocess.run([sys.executable, "-m", "app.jobs", "--daily"], check=True, env=environment)
    assert len(letters(Outbox(settings.outbox))) == 2


def test_the_worker_reminds_every_day_and_survives_an_act_that_breaks(house: House) -> None:
    settings = load({"WEERKLANK_INSTANCE": str(house.folder), "WEERKLANK_ADDRESS": ADDRESS})
    advising.give(house.store, new=NEW, by=house.vera, now=NOW)

    def breaks(_store: Store, _settings: object, _now: datetime) -> None:
        raise RuntimeError("broken")

    acts = {"breaks": breaks, **daily.ACTS}
    assert daily.run(house.store, settings, later(43), acts=acts) == 1
    assert sorted(to for to, _ in letters(Outbox(settings.outbox))) == [
        "marjan@zorg.example",
        "vera@zorg.example",
    ]
