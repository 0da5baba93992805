"""The bundled digits: what the loader hands out."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from dlbook.data import load_digits


def test_the_digits_are_those_of_scikit_learn() -> None:
    theirs = datasets.load_digits()
    images, labels = load_digits()
    assert images.shape == (1797, 1, 8, 8) and images.dtype == np.uint8
    assert labels.shape == (1797,) and labels.dtype == np.int64
    np.testing.assert_array_equal(images[:, 0], theirs.images)
    np.testing.assert_array_equal(labels, theirs.target)


def test_ink_goes_from_0_to_16() -> None:
    images = load_digits().images
    assert (images.min(), images.max()) == (0, 16)
