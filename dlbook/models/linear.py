"""Linear regression: a neuron without an activation, and the formula that finds its best weights at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from dlbook import ops, train
from dlbook.autograd import Parameter
from dlbook.models.checks import as_examples, expect_at_least
from dlbook.nn import Module

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    from dlbook.autograd import Tensor
    from dlbook.autograd.core import Array


class LinearRegression(Module):
    r"""A weighted sum of the features as the prediction, with the weights of least squared error.

    $$\hat y = x w + b, \qquad J(w, b) = \frac1n \sum_i (\hat y_i - y_i)^2.$$

    It starts from zero weights. `fit` finds the minimum of $J$ exactly; the training loop, which the model can
    be given to like any other, descends to it. It computes in float64.

    Args:
        in_features: The number of features, $d$.
        out_features: The number of outputs, $k$, each a regression of its own: targets and predictions then
            have the shape (n, k). Left out, there is one output, and they have the shape (n,).

    Attributes:
        w: Weights, in the shape (d, k), or (d, 1) for one output.
        b: Biases, in the shape (k,), or (1,) for one output.

    Raises:
        ValueError: If a number of features is less than 1.

    Source:
        A.-M. Legendre, *Nouvelles méthodes pour la détermination des orbites des comètes* (1805), appendix.

    Examples:
        >>> model = LinearRegression(1).fit([[1.0], [2.0], [3.0]], [2.0, 3.0, 7.0])
        >>> model.w.value.round(6), model.b.value.round(6)
        (array([[2.5]]), array([-1.]))
        >>> model.predict([[4.0]]).round(6)
        array([9.])
    """

    def __init__(self, in_features: int, out_features: int | None = None) -> None:
        k = 1 if out_features is None else out_features
        expect_at_least(1, "LinearRegression", in_features=in_features, out_features=k)
        self.w = Parameter(np.zeros((in_features, k)))
        self.b = Parameter(np.zeros(k))
        self.out_features = out_features

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The predictions, in the shape (n,) or (n, k), for `x` in the shape (n, d)."""
        rows = as_examples("LinearRegression", x, self.w)
        y_hat: Tensor = ops.linear(rows, self.w, self.b)
        return y_hat.reshape(-1) if self.out_features is None else y_hat

    def fit(self, x: ArrayLike, y: ArrayLike) -> Self:
        r"""Set the weights and the bias that make the mean squared error least, whatever they were before.

        Features and targets are centered, so that the bias drops out of the problem, and each feature is
        divided by its largest absolute value. What is left is solved by `np.linalg.lstsq`, whose singular value
        decomposition never forms $x^\top x$. The bias follows: the fit goes through the means,
        $b = \bar y - \bar x w$. The units of the features therefore decide nothing about the predictions.

        Where columns depend on each other, many weights reach the same least error. Of these it takes the
        shortest in the scaled features; a constant feature gets the weight zero. Scikit-learn takes the shortest in the
        features as they are.

        Args:
            x: Features, in the shape (n, d).
            y: Targets, in the shape (n,), or (n, k) for a model with `out_features`.

        Returns:
            The model.

        Raises:
            TypeError: If there is anything but real numbers.
            ValueError: If the shapes do not fit, there are no examples, or a number is not finite.
        """
        d, k = self.w.shape
        x, y = _finite("x", x), _finite("y", y)
        if x.ndim != 2 or x.shape[1] != d or len(x) == 0:
            raise ValueError(
                f"LinearRegression.fit: x: expected shape (n, d={d}) "
                f"with at least one example, got {x.shape}"
            )
        expected = (len(x),) if self.out_features is None else (len(x), k)
        if y.shape != expected:
            raise ValueError(
                f"LinearRegression.fit: y: expected shape {expected}, got {y.shape}"
            )
        y = y.reshape(-1, k)
        x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
        constant = (x == x[0]).all(axis=0)
        x = np.where(constant, 0, x - x_mean)  # and not what rounding left of it
        scale = np.where(constant, 1, np.abs(x).max(axis=0))
        w = np.linalg.lstsq(x / scale, y - y_mean)[0] / scale[:, np.newaxis]
        self.w.value = w
        self.b.value = y_mean - x_mean @ w
        return self

    def predict(self, x: ArrayLike) -> Float[Array, " n"] | Float[Array, "n k"]:
        """The predictions, in the shape (n,), or (n, k) for a model with `out_features`.

        Args:
            x: Features, in the shape (n, d).
        """
        return train.predict(self, x)


def _finite(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"LinearRegression.fit: {name}: expected numbers, got {array.dtype}"
        )
    strange = np.argwhere(~np.isfinite(array))
    if len(strange):
        place = tuple(strange[0].tolist())
        raise ValueError(
            f"LinearRegression.fit: {name}: expected finite numbers, got {array[place]} at {place}"
        )
    return array.astype(np.float64)
