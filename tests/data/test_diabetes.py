"""The bundled patients: what the loader hands out, and what it says about the units."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from dlbook.data import load_diabetes


def test_the_patients_are_those_of_scikit_learn_in_their_original_units() -> None:
    theirs = datasets.load_diabetes(scaled=False)
    features, target, feature_names, units = load_diabetes()
    assert features.shape == (442, 10) and features.dtype == np.float64
    assert target.shape == (442,) and target.dtype == np.float64
    np.testing.assert_array_equal(features, theirs.data)
    np.testing.assert_array_equal(target, theirs.target)
    assert len(feature_names) == len(units) == 10
    assert list(feature_names[:4]) == theirs.feature_names[:4]


def test_ldl_was_computed_by_the_formula_that_gives_the_units() -> None:
    features, _, names, _ = load_diabetes()
    tc, ldl, hdl, tch, ltg = (
        features[:, names.index(name)] for name in ("tc", "ldl", "hdl", "tch", "ltg")
    )
    gaps = np.abs(tc - hdl - np.exp(ltg) / 5 - ldl)
    assert (gaps < 0.06).sum() == 438 and gaps.max() < 0.5
    assert np.abs(tch - tc / hdl).max() < 0.65  # most are rounded to whole numbers


def test_the_outcomes_go_from_25_to_346_and_the_sexes_are_1_and_2() -> None:
    features, target, names, _ = load_diabetes()
    assert (target.min(), target.max()) == (25, 346)
    assert set(features[:, names.index("sex")]) == {1, 2}
