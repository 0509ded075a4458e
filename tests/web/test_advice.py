"""Journeys through the pages of advice: each role sees and does what it may, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.core.access import Role
from app.storage.office import advice as advices
from app.storage.office import audit, consultations, organisations
from app.web.ui.asking import now
from tests.services.planned import Office, an_office
from tests.web.managing import Somebody, sign_in
from tests.web.working import plan_scan, release_scan

MARKER = "zebrapad"
GIVE = {
    "theme": "gossip", "own_theme": "", "what": f"Praat met de nachtdienst {MARKER}", "why_now": "Het keert terug",
    "asked": "no", "to_role": "manager", "audience": "council", "source": "", "source_ref": "", "given_on": "",
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as made:
        yield made


class At:
    """A colleague at the pages of advice."""

    def __init__(self, office: Office, *roles: Role, language: str = "en") -> None:
        self.somebody: Somebody = sign_in(office, *roles, language=language)
        self.client = self.somebody.client

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(f"/advice/linde/{path}")

    def reads(self, path: str = "") -> str:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.text

    def post(self, path: str, **data: object) -> TestResponse:
        return self.client.post(f"/advice/linde/{path}", data=data)

    def sends(self, path: str, **data: object) -> str:
        """Post, and go where it leads."""
        answer = self.post(path, **data)
        assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.text)[:900]
        return answer.headers["Location"].removeprefix("/advice/linde/")


def soon(days: int = 30) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_advice_goes_from_adviser_to_decision_to_done(office: Office) -> None:
    vera, marjan, wim = At(office, Role.ADVISER), At(office, Role.MANAGER), At(office, Role.WORKS_COUNCIL)
    assert "Nothing exists before you give it" in vera.reads()
    assert "There is none yet" in marjan.reads()
    page = vera.sends("give", **GIVE)
    assert page == "1/"
    for reader in (vera, marjan, wim):
        assert MARKER in reader.reads() and MARKER in reader.reads(page)
    assert "We do this" in marjan.reads(page) and "Repeat it" not in marjan.reads(page)
    assert "Repeat it" in vera.reads(page) and "We do this" not in vera.reads(page)
    assert "We do this" not in wim.reads(page) and "Repeat it" not in wim.reads(page)

    wrong = marjan.post("1/answer/partly", decision="Twee gesprekken", owner="manager", due=soon(), reason="")
    assert wrong.status_code == 400 and "Twee gesprekken" in wrong.text and "Write down why." in wrong.text
    marjan.sends(
        "1/answer/partly", decision="Twee gesprekken", owner="manager", due=soon(), reason="Geen geld"
    )
    told = vera.reads("1/")
    assert "Management does part of this." in told and "Geen geld" in told and "Twee gesprekken" in told
    assert "Twee gesprekken" in wim.reads("overview")
    assert "decision/1/change" not in vera.reads("decision/1/")
    marjan.sends("decision/1/change", state="done", due=soon(), note="Gelukt")
    assert "done" in wim.reads("decision/1/") and "Gelukt" in wim.reads("decision/1/")
    assert marjan.post("decision/1/change", state="under-way", due=soon(), note="").status_code == 400
    with office.store.reading() as session:
        assert not any(MARKER in row.detail for row in audit.rows(session, office.organisation))


def test_the_register_filters_and_counts_repeats(office: Office) -> None:
    vera, marjan = At(office, Role.ADVISER), At(office, Role.MANAGER)
    vera.sends("give", **{**GIVE, "given_on": (now().date() - timedelta(days=200)).isoformat()})
    vera.sends("give", **{**GIVE, "theme": "", "own_theme": "Planning van vakantie", "asked": "yes"})
    marjan.sends("2/answer/wont", reason="Dat kan niet")
    vera.sends("1/repeat", text="De begroting komt")
    assert vera.post("1/repeat", text="").status_code == 400
    listed = marjan.reads()
    assert re.search(r"Asked 2 times since \w+ 20\d\d\.", listed)
    for query, shown in (
        ("?state=open", [1]), ("?state=wont", [2]), ("?asked=yes", [2]), ("?repeated=yes", [1]), ("?theme=gossip", [1]),
        ("?state=nonsense", [1, 2]), ("?state=overdue", []), ("", [1, 2]),
    ):  # fmt: skip
        found = sorted({int(one) for one in re.findall(r'href="/advice/linde/(\d+)/"', vera.reads(query))})
        assert found == shown, query
    vera.sends("1/withdraw", reason="Opgelost")
    assert "The adviser withdrew it." in marjan.reads("1/")
    assert marjan.post("1/answer/later", until=soon()).status_code == 400


def test_what_was_typed_stays_when_something_is_wrong(office: Office) -> None:
    vera = At(office, Role.ADVISER, language="nl")
    answer = vera.post("give", **{**GIVE, "why_now": " "})
    assert answer.status_code == 400
    assert MARKER in answer.text and "Schrijf op waarom je dit nu adviseert." in answer.text
    with office.store.reading() as session:
        assert advices.of_organisation(session, office.organisation, now().date()) == []


def test_advice_for_management_alone_does_not_exist_for_the_works_council(office: Office) -> None:
    vera, wim, marjan = At(office, Role.ADVISER), At(office, Role.WORKS_COUNCIL), At(office, Role.MANAGER)
    vera.sends("give", **{**GIVE, "audience": "management"})
    marjan.sends("1/answer/do", decision="Twee gesprekken", owner="manager", due=soon())
    for path in ("1/", "decision/1/"):
        assert wim.get(path).status_code == 404
    for path in ("", "overview"):
        assert MARKER not in wim.reads(path) and "Twee gesprekken" not in wim.reads(path)


PAGES = (
    "", "overview", "1/", "give", "1/repeat", "1/withdraw", "1/answer/do", "decision/1/", "decision/1/change",
    "agreement/", "agreement/1/", "agreement/draft", "consultation/", "consultation/1/", "consultation/1/close",
)  # fmt: skip
READS = {"", "overview", "1/", "decision/1/", "agreement/", "agreement/1/"}
GIVES, ANSWERS = {"give", "1/repeat", "1/withdraw"}, {"1/answer/do", "decision/1/change"}
AGREES, HOLDS = {"agreement/draft"}, {"consultation/", "consultation/1/", "consultation/1/close"}
MAY = {
    Role.ADVISER: READS | GIVES | AGREES | HOLDS,
    Role.MANAGER: READS | ANSWERS | AGREES | HOLDS,
    Role.COORDINATOR: READS | ANSWERS | HOLDS,
    Role.WORKS_COUNCIL: READS,
    Role.ADMINISTRATOR: set(),
}


def filled(office: Office) -> tuple[At, At]:
    vera, marjan = At(office, Role.ADVISER), At(office, Role.MANAGER)
    vera.sends("give", **GIVE)
    marjan.sends("1/answer/do", decision="Twee gesprekken", owner="manager", due=soon())
    vera.sends("agreement/draft", **TERMS)
    vera.sends("consultation/begin")
    return vera, marjan


TERMS = {
    "shares": "thema's", "keeps": "namen", "signal_min": "5", "words_min": "3", "rhythm": "half-yearly", "answer_weeks": "4",
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_every_role_gets_the_pages_of_its_role_and_no_other(office: Office, role: Role) -> None:
    filled(office)
    visitor = At(office, role)
    got = {path: visitor.get(path).status_code for path in PAGES}
    assert got == {path: 200 if path in MAY[role] else 403 for path in PAGES}


def test_nobody_without_a_role_here_gets_anything(office: Office) -> None:
    filled(office)
    with office.store.office() as session:
        other = organisations.Organisation(slug="eik", name="De Eik")
        other.settings = organisations.OrganisationSettings(operator="De Eik")
        session.add(other)
        session.flush()
        there = Office(office.app, office.store, other.id)
    stranger = At(there, *set(Role) - {Role.WORKS_COUNCIL})
    anonymous = office.app.test_client()
    for path in PAGES:
        assert stranger.get(path).status_code == 404
        assert anonymous.get(f"/advice/linde/{path}").status_code == 302
        own = stranger.client.get(f"/advice/eik/{path}")
        assert MARKER not in own.text and "Twee gesprekken" not in own.text
    for path in ("1/", "decision/1/", "consultation/1/", "agreement/1/"):
        assert stranger.client.get(f"/advice/eik/{path}").status_code == 404
    assert stranger.client.post("/advice/eik/1/answer/wont", data={"reason": "x"}).status_code == 404


def test_the_agreement_holds_when_both_have_signed_and_sets_the_term(office: Office) -> None:
    vera, marjan, wim = At(office, Role.ADVISER), At(office, Role.MANAGER), At(office, Role.WORKS_COUNCIL)
    assert "Kinds of activities" in vera.reads("agreement/draft")
    low = vera.post("agreement/draft", **{**TERMS, "signal_min": "4"})
    assert low.status_code == 400 and "from 5 to 50" in low.text
    vera.sends("agreement/draft", **TERMS)
    vera.sends("agreement/1/sign")
    assert "It holds once management signs too." in marjan.reads("agreement/1/")
    assert "Sign this version" not in vera.reads("agreement/1/")
    assert "Sign this version" not in wim.reads("agreement/1/")
    assert wim.post("agreement/1/sign").status_code == 403
    marjan.sends("agreement/1/sign")
    assert "Both sides have signed it." in wim.reads("agreement/")
    vera.sends("give", **GIVE)
    with office.store.reading() as session:
        [told] = advices.of_organisation(session, office.organisation, now().date())
    assert told.now.due == now().date() + timedelta(weeks=4)
    marjan.sends("agreement/draft", **{**TERMS, "answer_weeks": "8"})
    assert "Version 1 holds" in vera.reads("agreement/") and "Version 2 waits" in vera.reads("agreement/")


def test_one_account_can_not_sign_for_both(office: Office) -> None:
    both, other = At(office, Role.ADVISER, Role.MANAGER), At(office, Role.ADVISER)
    both.sends("agreement/draft", **TERMS)
    both.sends("agreement/1/sign")
    both.sends("agreement/1/sign")
    assert "Your side has signed this version already." in both.reads("agreement/1/")
    other.sends("agreement/1/sign")
    assert "No version has been signed by both sides yet." in both.reads("agreement/")


def test_a_consultation_has_an_agenda_notes_of_each_side_and_what_was_agreed(office: Office) -> None:
    vera, marjan, ina = At(office, Role.ADVISER), At(office, Role.MANAGER), At(office, Role.COORDINATOR)
    assert "Nothing is open and nothing is new." in vera.reads("consultation/")
    vera.sends("give", **GIVE)
    assert "Advice that waits for an answer" in ina.reads("consultation/")
    page = ina.sends("consultation/begin")
    vera.sends(f"{page}note", text="Dit speelt al lang")
    marjan.sends(f"{page}note", text="We kijken ernaar")
    read = marjan.reads(page)
    assert "Dit speelt al lang" in read and "note/1" not in read and "note/2" in read
    assert marjan.get(f"{page}note/1").status_code == 404
    assert marjan.post(f"{page}note/1", text="iets anders").status_code == 404
    assert ina.post(f"{page}note/2", text="iets anders").status_code == 404
    vera.sends(f"{page}note/1", text="Dit speelt al twee jaar")
    assert vera.post(f"{page}agreed", what="Bellen", owner="", due=soon()).status_code == 400
    vera.sends(f"{page}agreed", what="Samen naar de nachtdienst", owner="manager", due=soon())
    marjan.sends(f"{page}close", next_on=soon(90))
    assert vera.post(f"{page}note", text="te laat").status_code == 400
    assert vera.get(f"{page}note/1").status_code == 404
    marjan.sends("1/answer/do", decision="Twee gesprekken", owner="manager", due=soon())
    following = vera.reads("consultation/")
    for found in (
        "Agreed before, not done yet",
        "Samen naar de nachtdienst",
        "Twee gesprekken",
        "answered since",
    ):
        assert found in following
    assert "Advice that waits for an answer" not in following
    marjan.sends(f"{page}agreed/1/done")
    assert "Samen naar de nachtdienst" not in vera.reads("consultation/")
    with office.store.reading() as session:
        texts = [note.text for note in consultations.notes(session, 1)]
    assert texts == ["Dit speelt al twee jaar", "We kijken ernaar"]


def test_the_overview_has_what_the_scan_says_beside_what_was_advised(office: Office, tmp_path: Path) -> None:
    vera = At(office, Role.ADVISER)
    release_scan(office, tmp_path)
    page = vera.reads("overview")
    assert "Heard, with no advice yet" in page and "First scan" in page
    theme = re.search(r"give\?theme=([a-z-]+)", page)
    assert theme is not None
    assert f'<option selected value="{theme[1]}"' in vera.reads(f"give?theme={theme[1]}&source=scan")
    vera.sends("give", **{**GIVE, "theme": theme[1]})
    assert MARKER in vera.reads("overview")
    assert "New results of scans" in vera.reads("consultation/")


def test_a_draft_scan_is_nowhere(office: Office) -> None:
    plan_scan(office)
    vera = At(office, Role.ADVISER)
    assert "First scan" not in vera.reads("overview") + vera.reads("consultation/")
