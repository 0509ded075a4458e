"""A rehearsal of questionnaires that leave little to count."""

from pathlib import Path

import numpy as np

from app.core.plan import Plan
from app.core.rehearsal import rehearse
from app.core.strata import propose
from tests.factories import a_tree


def test_a_questionnaire_of_open_questions_alone_is_protected_and_attacked_too() -> None:
    tree = a_tree(north=45, south=45, east=12)
    text = (Path(__file__).parent.parent / "instruments" / "only-comments.toml").read_text("utf-8")
    found = rehearse(Plan(text, tree, propose(tree, 8), ("unit",), 8), rng=np.random.default_rng(1))
    assert found.covered == 1 and found.groups == (("unit", 3, 3),)
