"""A real question with two answers: is a tumor malignant or benign?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlbook.data.bundled import verified

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array

_MEASURED = (
    "radius", "texture", "perimeter", "area", "smoothness",
    "compactness", "concavity", "concave points", "symmetry", "fractal dimension",
)  # fmt: skip


class BreastCancer(NamedTuple):
    """Measurements of cell nuclei, and what the tumor was.

    Attributes:
        features: The measurements of one tumor a row, in the shape (n, 30).
        labels: 0 where the tumor was malignant, 1 where it was benign, in the shape (n,).
        feature_names: What each column holds.
        label_names: What each label means: `label_names[0]` is "malignant".

    Examples:
        >>> tumors = load_breast_cancer()
        >>> tumors.label_names[tumors.labels[0]], tumors.feature_names[3], tumors.features[0, 3]
        ('malignant', 'mean area', np.float64(1001.0))
    """

    features: Float[Array, "n 30"]
    labels: Int[Array, " n"]
    feature_names: tuple[str, ...]
    label_names: tuple[str, ...]


def load_breast_cancer() -> BreastCancer:
    """The 569 tumors of the Wisconsin diagnostic study: 212 malignant, 357 benign.

    A needle took a few cells from each tumor. On a picture of them the outlines of the nuclei were drawn, and
    ten properties measured of each outline: radius, perimeter and area; texture (the spread of the gray
    values); smoothness, compactness, concavity, concave points, symmetry and fractal dimension. A tumor has
    three numbers for each property: the mean over its nuclei, the standard error of that mean, and the "worst",
    the mean of the three largest. The spreads of two columns differ by a factor of up to 200,000, so standardize
    them.

    Returns:
        Measurements as float64 in the shape (569, 30) and labels as intp in the shape (569,), numbered as in
        scikit-learn: 0 malignant, 1 benign. The arrays are new with every call.

    Raises:
        ValueError: If the data file is not the one that `sources.toml` describes.

    Source:
        W. N. Street, W. H. Wolberg and O. L. Mangasarian, *Nuclear feature extraction for breast tumor
        diagnosis*, Biomedical Image Processing and Biomedical Visualization (1993). The data: W. H. Wolberg,
        O. L. Mangasarian and W. N. Street, *Breast Cancer Wisconsin (Diagnostic)*, UCI Machine Learning
        Repository (1995), CC BY 4.0.

    Examples:
        >>> features, labels, feature_names, label_names = load_breast_cancer()
        >>> features.shape, np.bincount(labels)
        ((569, 30), array([212, 357]))
        >>> feature_names[0], feature_names[10], feature_names[20]
        ('mean radius', 'radius error', 'worst radius')
    """
    stored = verified("breast_cancer")
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        features, labels = arrays["features"], arrays["labels"].astype(np.intp)
    feature_names = (
        *(f"mean {name}" for name in _MEASURED),
        *(f"{name} error" for name in _MEASURED),
        *(f"worst {name}" for name in _MEASURED),
    )
    return BreastCancer(features, labels, feature_names, ("malignant", "benign"))
