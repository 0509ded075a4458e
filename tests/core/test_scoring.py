"""Figures beside an independent source: the reference values of the shared survey, and numpy."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from app.core.dataset import pack, read_answers_csv
from app.core.disclosure.protect import build_release
from app.core.plan import Plan
from app.core.release import Release
from app.core.scoring import reliability, spreads
from app.core.scoring.reliability import one_factor
from app.core.strata import propose
from app.core.units import read_tree
from tests.core.measured import HEAD

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("WEERKLANK_SHARED_DATA", ROOT.parent / "shared" / "data")) / "leadership-climate"
needs_data = pytest.mark.skipif(
    not (FOLDER / "responses.csv").exists(),
    reason="the leadership-climate survey is not beside the repository",
)


def moments_of(matrix) -> np.ndarray:
    wide = np.column_stack([np.ones(len(matrix), dtype=np.int64), matrix])
    return wide.T @ wide


def test_alpha_by_its_definition():
    rng = np.random.default_rng(1)
    matrix = np.clip(rng.integers(0, 3, (200, 1)) + rng.integers(0, 3, (200, 5)), 0, 4)
    variances = matrix.var(axis=0, ddof=1)
    expected = 5 / 4 * (1 - variances.sum() / matrix.sum(axis=1).var(ddof=1))
    assert reliability(moments_of(matrix)).alpha == pytest.approx(expected, abs=1e-12)


def test_loadings_of_a_true_one_factor_matrix_come_back():
    loadings = np.array([0.9, 0.7, 0.5, 0.4])
    correlations = np.outer(loadings, loadings)
    np.fill_diagonal(correlations, 1)
    assert np.abs(one_factor(correlations)) == pytest.approx(loadings, abs=1e-4)


def test_figures_without_meaning_are_none():
    rng = np.random.default_rng(2)
    few = reliability(moments_of(rng.integers(0, 5, (29, 4))))
    assert (few.alpha, few.omega, few.n) == (None, None, 29)
    constant = np.column_stack([rng.integers(0, 5, (60, 3)), np.full(60, 2)])
    assert reliability(moments_of(constant)).omega is None
    assert reliability(moments_of(np.full((60, 3), 2))).alpha is None
    assert reliability(moments_of(rng.integers(0, 5, (60, 2)))).omega is None
    heywood = np.array([[1, 0.9, 0.9], [0.9, 1, 0.4], [0.9, 0.4, 1]])
    assert one_factor(heywood) is None


def test_the_spread_of_one_person_is_no_number():
    one = np.array([[0, 1]])
    assert np.isnan(spreads(one, one, one, 4)[0])


@pytest.fixture(scope="module")
def survey():
    import pandas as pd

    frame = pd.read_csv(FOLDER / "responses.csv")
    items = [column for column in frame.columns if column != "company"]
    text = HEAD + (
        '\n[[scales]]\nid = "lead"\ntheme = "exclusion"\nkind = "mean"\nmin_answered = 0.5\n'
        'rates_a_person = false\ntitle.nl = "L"\ntitle.en = "L"\n'
    )
    for item in items:
        text += f'\n[[items]]\nid = "{item}"\nscale = "lead"\noptions = "agree"\ntext.nl = "{item}"\ntext.en = "{item}"\n'
    sizes = frame.company.value_counts()
    tree = read_tree("code,parent,name,headcount\n" + "".join(f"{c},,{c},{n}\n" for c, n in sizes.items()))
    plan = Plan(text, tree, propose(tree, 8), ("unit",), 8)
    return frame, items, plan


@needs_data
def test_the_reference_survey(survey, tmp_path):
    frame, items, plan = survey
    path = tmp_path / "lead.csv"
    frame.rename(columns={"company": "unit"}).to_csv(path, index=False)
    strata, answers = read_answers_csv(path, plan.questionnaire, plan.tree, plan.strata)
    document = build_release(plan, pack(strata, answers), scan="abc", kind="baseline", imported=True)
    jsonschema.validate(document, json.loads((ROOT / "docs/results.schema.json").read_text()))
    release = Release(document)
    found = document["reliability"]["lead"]
    assert found["alpha"] == pytest.approx(0.8913, abs=1e-4)
    assert found["omega"] == pytest.approx(0.8928, abs=1e-3)
    assert found["icc1"] == pytest.approx(0.1357, abs=1e-3)
    assert found["icc2"] == pytest.approx(0.8954, abs=1e-3)
    whole = release.organisation.scales["lead"]
    assert 1 + whole["score"]["value"] / 25 == pytest.approx(2.8614, abs=1e-3)
    assert whole["spread"]["value"] / 25 == pytest.approx(0.7726, abs=1e-3)
    assert release.organisation.figure("lead")["value"] == pytest.approx(46.5, abs=0.05)
    units = [group for group in release.groups if group.parent is not None]
    assert len(units) == 99
    assert all(group.published for group in units)

    scores = ((frame[items].mean(axis=1) - 1) / 4 * 100).groupby(frame.company)
    for group in units:
        own = scores.get_group(group.code)
        entry = group.scales["lead"]
        assert entry["score"]["low"] - 1e-9 <= own.mean() <= entry["score"]["high"] + 1e-9
        if "spread" in entry:
            assert entry["spread"]["low"] <= own.std() <= entry["spread"]["high"]
        assert group.n["low"] <= len(own) <= group.n["high"]
        widest = 7.5 if len(own) < 30 else 2 if len(own) < 100 else 1
        assert entry["score"]["high"] - entry["score"]["low"] <= widest + 1e-9
    one, two, three = (release.group("unit", f"company-0{number}").figure("lead") for number in (1, 2, 3))
    assert two["high"] < one["low"]
    assert two["high"] < three["low"]
