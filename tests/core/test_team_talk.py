"""What leads a team talk: the file that comes with Weerklank, and what is refused of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.instrument import load_themes
from app.core.team_talk import LANGUAGES, MINUTES, GuideFault, load_guide

SURVEYS = Path(__file__).resolve().parent.parent.parent / "surveys"
TEXT = (SURVEYS / "guides" / "team-talk.toml").read_text("utf-8")


def test_every_known_theme_has_questions_of_its_own() -> None:
    themes = load_themes((SURVEYS / "themes.toml").read_text("utf-8"))
    assert set(load_guide(TEXT).themes) == set(themes)


def test_the_agenda_makes_an_hour() -> None:
    assert sum(part.minutes for part in load_guide(TEXT).agenda) == MINUTES == 60


def test_no_question_asks_who() -> None:
    """Who did it, who said it: a talk that asks for a person does harm."""
    guide = load_guide(TEXT)
    for about in (guide.general, *guide.themes.values()):
        for language, begin in zip(LANGUAGES, ("wie ", "who "), strict=True):
            assert not any(question.lower().startswith(begin) for question in about.questions[language])


def test_a_question_fits_a_slide() -> None:
    guide = load_guide(TEXT)
    lengths = [
        len(one) for about in guide.themes.values() for asked in about.questions.values() for one in asked
    ]
    assert max(lengths) <= 120


def test_a_theme_of_an_organisation_itself_gets_the_general_questions() -> None:
    guide = load_guide(TEXT)
    assert guide.about("own-theme") is guide.general
    assert guide.about("gossip") is guide.themes["gossip"]


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("minutes = 20", "minutes = 25", "60 minutes"),
        ("minutes = 20", 'minutes = "20"', "agenda 3"),
        ('title.en = "Choosing"', "", "agenda 4"),
        ("[general]", "[other]", "general"),
        ('  "Wat maakt dit in ons werk lastig?",\n', "", "general: write 3"),
        ("[dont]", "[dent]", "dont"),
        ("[[agenda]]", "[[agenda", "no TOML"),
    ],
)
def test_what_is_wrong_is_named(find: str, put: str, said: str) -> None:
    assert find in TEXT
    with pytest.raises(GuideFault, match=said):
        load_guide(TEXT.replace(find, put, 1))
