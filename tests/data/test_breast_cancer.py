"""The bundled tumors: what the loader hands out."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from dlbook.data import load_breast_cancer


def test_the_tumors_are_those_of_scikit_learn_names_included() -> None:
    theirs = datasets.load_breast_cancer()
    features, labels, feature_names, label_names = load_breast_cancer()
    assert features.shape == (569, 30) and features.dtype == np.float64
    assert labels.shape == (569,) and labels.dtype == np.int64
    np.testing.assert_array_equal(features, theirs.data)
    np.testing.assert_array_equal(labels, theirs.target)
    assert list(feature_names) == list(theirs.feature_names)
    assert list(label_names) == list(theirs.target_names)


def test_a_malignant_tumor_is_labeled_0_and_has_the_larger_nuclei() -> None:
    tumors = load_breast_cancer()
    assert tumors.label_names == ("malignant", "benign")
    radius = tumors.features[:, tumors.feature_names.index("mean radius")]
    assert radius[tumors.labels == 0].mean() > 1.3 * radius[tumors.labels == 1].mean()


def test_the_spreads_of_the_columns_differ_as_much_as_the_loader_says() -> None:
    spread = load_breast_cancer().features.std(axis=0)
    assert 200_000 < spread.max() / spread.min() < 220_000
