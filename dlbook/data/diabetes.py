"""A real question with a number for an answer: how far will the disease have progressed in a year?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlbook.data.bundled import verified

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array

_MEASURED = {
    "age": "years",
    "sex": "1 or 2",
    "bmi": "kg/m²",
    "bp": "mmHg",
    "tc": "mg/dL",
    "ldl": "mg/dL",
    "hdl": "mg/dL",
    "tch": "ratio",
    "ltg": "ln(mg/dL)",
    "glu": "mg/dL",
}


class Diabetes(NamedTuple):
    """What was measured of each patient, and how the disease went on.

    Attributes:
        features: The measurements of one patient a row, in the shape (n, 10), in the units of `units`.
        target: The progression of the disease a year later, 25 to 346, in the shape (n,).
        feature_names: What each column holds.
        units: The unit of each column.

    Examples:
        >>> diabetes = load_diabetes()
        >>> bmi = diabetes.feature_names.index("bmi")
        >>> diabetes.features[0, bmi], diabetes.units[bmi], diabetes.target[0]
        (np.float64(32.1), 'kg/m²', np.float64(151.0))
    """

    features: Float[Array, "n 10"]
    target: Float[Array, " n"]
    feature_names: tuple[str, ...]
    units: tuple[str, ...]


def load_diabetes() -> Diabetes:
    """The 442 patients of *Least angle regression*, with ten measurements and one outcome each.

    The measurements are the age, the sex (coded 1 and 2; the source does not say which is which), the body mass
    index, the average blood pressure, and six of the blood serum: total cholesterol (tc), its parts of low and
    of high density (ldl, hdl), their ratio tc/hdl (tch), the natural logarithm of the triglycerides (ltg), and
    the sugar (glu). The outcome is "a quantitative measure of disease progression one year after baseline"; on
    what scale, the source does not say.

    The source names no units either. Those given here follow from the sizes of the numbers and from one equation:
    in 438 of 442 rows ldl is tc - hdl - exp(ltg)/5 to within 0.06, the formula by which laboratories estimate it in
    mg/dL. So ldl was not measured but computed, and tch was, too: some columns nearly repeat what others say.

    Returns:
        Measurements as float64 in the shape (442, 10), in their original units, and outcomes as float64 in the
        shape (442,). The arrays are new with every call.

    Raises:
        ValueError: If the data file is not the one that `sources.toml` describes.

    Source:
        B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, *Least angle regression*, Annals of Statistics 32
        (2004). The formula: W. T. Friedewald, R. I. Levy and D. S. Fredrickson, Clinical Chemistry 18 (1972).

    Examples:
        >>> features, target, feature_names, units = load_diabetes()
        >>> features.shape, target[:3]
        ((442, 10), array([151.,  75., 141.]))
        >>> dict(zip(feature_names, features[0].tolist()))["age"]
        59.0
    """
    stored = verified("diabetes")
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        features, target = arrays["features"], arrays["target"].astype(np.float64)
    return Diabetes(features, target, tuple(_MEASURED), tuple(_MEASURED.values()))
