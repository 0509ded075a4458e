"""Instrument files as they are written: tiny ones with one feature or one fault each, and those we ship."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.instrument import (
    COMMENT,
    Instrument,
    InstrumentFaults,
    check,
    load_themes,
    parse,
    preview,
    text,
)

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "instruments"
SURVEYS = ROOT / "surveys"
GOOD = sorted(path.stem for path in TINY.glob("*.toml") if not path.stem.startswith("faulty"))
FAULTY = sorted(path.stem for path in TINY.glob("faulty-*.toml"))
SHIPPED = ("social-safety", "pulse", "feedback")
THEMES = frozenset(load_themes((SURVEYS / "themes.toml").read_text()))


def tiny(name: str) -> Instrument:
    return parse((TINY / f"{name}.toml").read_text())


def shipped(name: str) -> Instrument:
    return parse((SURVEYS / f"{name}.toml").read_text(), themes=THEMES)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_has_nothing_to_say_about(name: str) -> None:
    written = (TINY / f"{name}.toml").read_text()
    assert check(written, themes=THEMES) == []
    instrument = parse(written)
    assert instrument.id == name
    assert [item for section in instrument.sections for item in section.items] == list(instrument.items)


@pytest.mark.parametrize("name", FAULTY)
def test_every_fault_is_named_at_its_line_and_no_other(name: str) -> None:
    """A line that ends in "# fault: words" must be named, with those words; all others must not."""
    written = (TINY / f"{name}.toml").read_text()
    expected = {
        number: line.partition("# fault: ")[2]
        for number, line in enumerate(written.split("\n"), 1)
        if "# fault: " in line
    }
    found = check(written, themes=THEMES)
    assert {fault.line for fault in found} == set(expected)
    for line, words in expected.items():
        assert any(words in fault.message for fault in found if fault.line == line), found
    assert not any(fault.notice for fault in found)
    assert found == sorted(found)


def test_a_faulty_file_is_no_instrument_and_all_its_faults_are_raised() -> None:
    written = (TINY / "faulty-types.toml").read_text()
    with pytest.raises(InstrumentFaults) as raised:
        parse(written)
    assert raised.value.faults == check(written)
    assert len(raised.value.faults) == 6
    assert "line " in str(raised.value)


def test_an_unknown_theme_is_a_notice_and_the_file_can_be_used() -> None:
    written = (TINY / "minimal.toml").read_text().replace('"workload"', '"work-load"')
    (notice,) = check(written, themes=THEMES)
    assert notice.notice
    assert notice.line == written.split("\n").index('theme = "work-load"') + 1
    assert "did you mean “workload”?" in notice.message
    assert parse(written, themes=THEMES).scale("mood").theme == "work-load"
    assert check(written) == []


def test_texts_in_a_language_that_is_never_shown_are_one_notice() -> None:
    written = (TINY / "minimal.toml").read_text().replace('["nl", "en"]', '["nl"]')
    (notice,) = check(written)
    assert notice.notice
    assert "“en”" in notice.message
    assert parse(written).languages == ("nl",)
    assert list(parse(written).item("q1").text) == ["nl"]


def test_leaving_out_a_required_key_names_its_table() -> None:
    written = (TINY / "minimal.toml").read_text()
    lines = written.split("\n")
    place = lines.index('id = "q2"')
    faults = check("\n".join(lines[:place] + lines[place + 1 :]))
    assert [(fault.line, fault.message) for fault in faults] == [
        (lines.index("[[items]]", place - 2) + 1, '“id” is missing; add id = "..."')
    ]


def test_the_columns_of_a_ballot_are_closed_and_background_items_in_file_order() -> None:
    instrument = tiny("background")
    assert [item.id for item in instrument.coded] == ["q1", "q2", "q3", "tenure"]
    assert [item.id for item in instrument.backgrounds] == ["tenure"]
    assert [item.id for item in tiny("comment").coded] == ["q1", "q2", "q3"]
    assert [item.id for item in tiny("comment").comments] == ["words"]
    assert instrument.options_of(instrument.item("tenure")).id == "tenure"
    assert [item.id for item in instrument.items_of("mood")] == ["q1", "q2", "q3"]


def test_a_dont_know_is_a_code_that_is_not_scored() -> None:
    options = tiny("dont-know").options["agree"]
    assert options.codes == (1, 2, 3, 4, 5, 9)
    assert options.scored == (1, 2, 3, 4, 5)
    assert (options.low, options.high) == (1, 5)
    assert options.label(9, "en") == "don't know"
    assert options.label(9, "de") == "weet niet"


def test_defaults() -> None:
    instrument = tiny("minimal")
    scale, item = instrument.scale("mood"), instrument.item("q1")
    assert (scale.kind, scale.min_answered, scale.rates_a_person) == ("mean", 0.5, False)
    assert (item.kind, item.reversed, instrument.validated, instrument.outcome) == (
        "closed",
        False,
        False,
        None,
    )
    assert instrument.options["agree"].ordered
    assert instrument.intro is None


def test_named_sections_run_to_the_next_and_others_have_no_title() -> None:
    named = tiny("sections").sections
    assert [(s.id, text(s.title, "en"), len(s.items)) for s in named] == [
        ("one", "One", 2),
        ("two", "Two", 1),
    ]
    assert [(s.id, s.title) for s in tiny("comment").sections] == [("1", {}), ("2", {})]


def test_a_long_scale_is_cut_into_even_screens() -> None:
    more = "".join(
        f'\n[[items]]\nid = "m{n}"\nscale = "mood"\noptions = "agree"\ntext.nl = "v"\ntext.en = "q"\n'
        for n in range(8)
    )
    sections = parse((TINY / "minimal.toml").read_text() + more).sections
    assert [len(section.items) for section in sections] == [5, 6]


def test_equal_texts_are_equal_instruments() -> None:
    written = (TINY / "minimal.toml").read_text()
    assert parse(written) is parse(written)
    assert parse(written) != parse(written + "\n")
    assert {parse(written): 1}[parse(written)] == 1
    assert len(parse(written).digest) == 64
    assert len({item for item in parse(written).items}) == 3  # noqa: C416  # items can be in a set


def test_text_falls_back_to_the_first_language() -> None:
    assert text({"nl": "ja", "en": "yes"}, "en") == "yes"
    assert text({"nl": "ja", "en": "yes"}, "fr") == "ja"
    assert text({}, "nl") == ""


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_instruments_are_clean_complete_and_open(name: str) -> None:
    instrument = shipped(name)
    assert check(instrument.text, themes=THEMES) == []
    assert instrument.languages == ("nl", "en")
    assert instrument.licence == "CC-BY-4.0"
    assert not instrument.validated
    assert instrument.minutes < 8
    for scale in instrument.scales:
        assert scale.kind == "incidence" or len(instrument.items_of(scale.id)) >= 3
    for texts in (item.text for item in instrument.items):
        assert texts["nl"] != texts["en"]
    words = instrument.text.lower()
    assert not re.search(r"accused|evidence|verdict|beschuldigd|bewijs|oordeel|slachtoffer|dader", words)


@pytest.mark.parametrize("name", SHIPPED)
def test_belief_that_something_will_be_done_is_asked_in_every_scan(name: str) -> None:
    item = shipped(name).item("follow-results")
    assert item.text["en"] == "I believe something will be done with the results."
    assert not item.reversed


def test_social_safety_has_what_a_baseline_needs() -> None:
    instrument = shipped("social-safety")
    closed = [item for item in instrument.coded if item not in instrument.backgrounds]
    assert 25 <= len(closed) <= 30
    assert len(instrument.comments) == 2
    assert {item.id for item in instrument.backgrounds} == {"tenure", "kind-of-work"}
    assert {scale.id for scale in instrument.scales if scale.kind == "incidence"} == {"experienced", "seen"}
    assert [scale.id for scale in instrument.scales if scale.rates_a_person] == ["leaders"]
    assert instrument.outcome == "speaking-up"
    for item in instrument.backgrounds:
        assert len(instrument.options_of(item).codes) <= 4


def test_the_pulse_is_taken_from_the_baseline_in_whole_scales() -> None:
    pulse, baseline = shipped("pulse"), shipped("social-safety")
    assert len(pulse.items) in (5, 6)
    for item in pulse.items:
        assert item == baseline.item(item.id)
        assert item.text == baseline.item(item.id).text
        assert pulse.options_of(item).labels == baseline.options_of(item).labels
    for scale in pulse.scales:
        assert [i.id for i in pulse.items_of(scale.id)] == [i.id for i in baseline.items_of(scale.id)]


def test_feedback_asks_per_theme_what_goes_well_and_what_should_change() -> None:
    feedback = shipped("feedback")
    for section in feedback.sections[:-1]:
        assert [item.id.rsplit("-", 1)[1] for item in section.items if item.kind == COMMENT] == [
            "keep",
            "change",
        ]


def test_every_shipped_theme_is_known_in_both_languages() -> None:
    themes = load_themes((SURVEYS / "themes.toml").read_text())
    assert all(set(names) == {"nl", "en"} for names in themes.values())
    assert {scale.theme for name in SHIPPED for scale in shipped(name).scales} <= set(themes)


def test_faults_in_themes_name_their_line() -> None:
    with pytest.raises(InstrumentFaults) as raised:
        load_themes(
            '[ok]\nnl = "a"\nen = "b"\n[Odd_Id]\nnl = "a"\nen = "b"\n[half]\nnl = "a"\n'
            '[x]\nnl=1\nen="b"\nde="c"\n'
        )
    assert [fault.line for fault in raised.value.faults] == [4, 7, 10, 12]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", SHIPPED)
def test_the_preview_shows_everything_a_reader_must_judge(name: str, language: str) -> None:
    instrument = shipped(name)
    shown = " ".join(preview(instrument, language).split())
    for item in instrument.items:
        assert item.text[language] in shown
    for options in instrument.options.values():
        assert all(label in shown for label in options.labels[language])
    for scale in instrument.scales:
        assert scale.title[language] in shown
    assert f"About {instrument.minutes} minutes" in shown
    assert "Not validated" in shown
    assert shown.count("(reversed)") == sum(item.reversed for item in instrument.items)


def test_the_format_page_names_every_key() -> None:
    page = (SURVEYS / "README.md").read_text()
    keys = set(
        re.findall(r"^([a-z_]+)(?:\.nl)? = ", (SURVEYS / "social-safety.toml").read_text(), re.MULTILINE)
    )
    assert [key for key in sorted(keys) if f"`{key}" not in page] == []
    assert all(f"`{name}.toml`" in page for name in (*SHIPPED, "themes"))


def test_reading_an_instrument_loads_no_heavy_library() -> None:
    program = (
        "import sys, app.core.instrument, app.core.answers; "
        "print([m for m in ('numpy', 'pandas', 'scipy', 'flask', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
