"""Questions about updates in a questionnaire: added last, taken out again, under scales that judge nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import draft as drafts
from app.core.instrument import InstrumentFaults, check, parse
from app.core.noticed import THEME, Asked, scale_of, update_of, with_questions, without_questions
from app.core.priorities import subjects
from app.core.release import Release
from tests.factories import a_plan

SURVEYS = Path(__file__).resolve().parents[2] / "surveys"
NASTY = 'Zeg "nee"\\ tegen [[items]] \' # 100 %'
ASKED = (
    Asked(12, {"nl": "Een vast aanspreekpunt", "en": "Somebody to turn to"}),
    Asked(7, {"nl": NASTY}),
)


@pytest.mark.parametrize("path", sorted(SURVEYS.glob("*.toml")), ids=lambda path: path.stem)
def test_any_questionnaire_of_ours_takes_them_and_gives_them_back(path: Path) -> None:
    if path.stem == "themes":
        return
    text = path.read_text("utf-8")
    made = with_questions(text, ASKED)
    assert check(made) == check(text)
    before, after = parse(text), parse(made)
    assert [item.id for item in after.items] == [
        *(item.id for item in before.items),
        "noticed-12",
        "noticed-7",
    ]
    assert [scale.theme for scale in after.scales[-2:]] == [THEME, THEME]
    assert (
        without_questions(made).rstrip() == text.rstrip()
        and with_questions(made, ()).rstrip() == text.rstrip()
    )
    assert with_questions(made, ASKED[:1]) == with_questions(text, ASKED[:1])
    last = after.sections[-1]
    assert [item.id for item in last.items] == ["noticed-12", "noticed-7"]


def test_a_title_stays_what_it_is() -> None:
    instrument = parse(with_questions((SURVEYS / "pulse.toml").read_text("utf-8"), ASKED))
    assert instrument.item("noticed-7").text["nl"] == f"Merk je hier iets van: “{NASTY}”?"
    assert NASTY in instrument.item("noticed-7").text["en"]
    assert (
        instrument.item("noticed-12").text["en"] == "Do you notice anything of this: “Somebody to turn to”?"
    )
    assert instrument.options_of(instrument.item("noticed-12")).favourable == (3,)


def test_a_language_that_the_product_does_not_speak_gets_english_words() -> None:
    text = (SURVEYS / "pulse.toml").read_text("utf-8").replace('["nl", "en"]', '["pl"]')
    text = (
        "\n".join(line.replace(".nl =", ".pl =") for line in text.splitlines() if ".en =" not in line) + "\n"
    )
    assert parse(with_questions(text, ASKED)).item("noticed-12").text["pl"].startswith("Do you notice")


def test_a_questionnaire_with_its_items_in_one_list_takes_none() -> None:
    text = (SURVEYS / "pulse.toml").read_text("utf-8").split("[[items]]")[0]
    text += "\n".join(["[[items]]"] * 0)
    head, scales = text.split("[[scales]]", 1)
    flat = f'items = [{{id = "a", scale = "speaking-up", options = "agree", text = {{nl = "A", en = "A"}}}}]\n{head}'
    first = scales.split("[[scales]]")[0]
    with pytest.raises(InstrumentFaults):
        with_questions(f"{flat}\n[[scales]]{first}", ASKED)


def test_ids_lead_to_updates_and_nothing_else_does() -> None:
    assert update_of(scale_of(12)) == 12
    assert [update_of(id) for id in ("speaking-up", "noticed-", "noticed-x", "other-3")] == [None] * 4


def test_a_draft_keeps_its_questionnaire_apart_and_freezes_both() -> None:
    plan = a_plan(instrument="pulse")
    draft = drafts.from_json(drafts.replace(drafts.from_plan(plan), asked=ASKED).to_json())
    assert draft.instrument == plan.instrument and draft.asked == ASKED
    frozen = draft.plan
    assert frozen is not None and frozen.digest != plan.digest
    assert [scale.id for scale in frozen.questionnaire.scales][-2:] == ["noticed-12", "noticed-7"]
    assert drafts.anew(frozen).plan == plan


def test_they_are_no_subject_of_the_organisation() -> None:
    made = Release(
        {"instrument": {"scales": [{"id": "up", "theme": "x"}, {"id": "noticed-3", "theme": THEME}]}}
    )
    assert [scale["id"] for scale in subjects(made)] == ["up"]
