"""The linear classifiers: one score per class, turned into probabilities.

Their loss is convex, so where the descent starts decides nothing but how long it takes. It starts from zero,
where every class is equally likely and the loss is ln 2, or ln k for k classes. They compute in float64:
they are small, and a prediction near the threshold should not hang on rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops, train
from dlbook.autograd import Parameter
from dlbook.models.checks import as_examples, expect_at_least
from dlbook.nn import Module
from dlbook.optim import SGD

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

    from dlbook.autograd import Tensor
    from dlbook.autograd.core import Array


class LogisticRegression(Module):
    r"""Two classes: one score, squashed to the probability of class 1.

    $$z = x w + b, \qquad P(y = 1 \mid x) = \sigma(z) = \frac{1}{1 + e^{-z}}.$$

    Called on examples, the model gives the scores (log-odds, in nats) in the shape (n,).

    Args:
        in_features: The number of features, $d$.

    Attributes:
        w: Weights, in the shape (d, 1).
        b: The bias, in the shape (1,).

    Raises:
        ValueError: If `in_features` is less than 1.

    Source:
        D. R. Cox, *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B
        20 (1958).

    Examples:
        >>> x, y = np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
        >>> model = LogisticRegression(1)
        >>> model.fit(x, y, lr=1.0, epochs=100)
        History(100 epochs, 100 steps, loss 0.6931 → 0.009161)
        >>> model.predict([[-0.5], [0.5]])
        array([0, 1])
        >>> model.predict_proba([[-0.5], [0.0], [0.5]]).round(2)
        array([0.12, 0.5 , 0.88])
    """

    def __init__(self, in_features: int) -> None:
        expect_at_least(1, "LogisticRegression", in_features=in_features)
        self.w = Parameter(np.zeros((in_features, 1)))
        self.b = Parameter(np.zeros(1))

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The scores, in the shape (n,), for `x` in the shape (n, d)."""
        return ops.linear(
            as_examples("LogisticRegression", x, self.w), self.w, self.b
        ).reshape(-1)

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        lr: float = 0.5,
        epochs: int = 300,
        l2: float = 0.0,
    ) -> train.History:
        r"""Descend the cost $\frac1n \sum_i L(z_i, y_i) + \frac\lambda2 \lVert w \rVert^2$ from where the model is.

        Each epoch is one step along the gradient over all examples. Features of one scale (see
        `Standardizer`) let one learning rate suit all weights.

        Args:
            x: Features, in the shape (n, d).
            y: Labels, 0 or 1, in the shape (n,).
            lr: The learning rate.
            epochs: The number of steps.
            l2: $\lambda$, the penalty on large weights; the bias is not penalized.

        Returns:
            The cost at each step, penalty included.

        Raises:
            ValueError: If the shapes do not fit, a label is out of range, or a setting is.
            FloatingPointError: If the cost or its gradient is not finite, usually because `lr` is too large.
        """
        return _descend(
            self,
            x,
            y,
            loss=ops.binary_cross_entropy_with_logits,
            lr=lr,
            epochs=epochs,
            l2=l2,
        )

    def predict_proba(self, x: ArrayLike) -> Float[Array, " n"]:
        """The probability of class 1 for each example, in the shape (n,).

        Scikit-learn returns both classes' probabilities; the other one is 1 minus this.

        Args:
            x: Features, in the shape (n, d).
        """
        return ops.sigmoid(train.predict(self, x))

    def predict(self, x: ArrayLike, *, threshold: float = 0.5) -> Int[Array, " n"]:
        """The label of each example: 1 where the probability reaches the threshold.

        Args:
            x: Features, in the shape (n, d).
            threshold: From which probability on an example counts as class 1.

        Raises:
            ValueError: If the threshold is no probability.
        """
        if not 0 <= threshold <= 1:  # a NaN fails too
            raise ValueError(
                f"LogisticRegression.predict: threshold: expected 0 to 1, got {threshold}"
            )
        return (self.predict_proba(x) >= threshold).astype(np.int64)


class SoftmaxRegression(Module):
    r"""Several classes: one score each, turned into probabilities that add up to one.

    $$z = x w + b, \qquad P(t = j \mid x) = \frac{e^{z_j}}{\sum_i e^{z_i}}.$$

    Called on examples, the model gives the scores in the shape (n, k).

    Args:
        in_features: The number of features, $d$.
        out_features: The number of classes, $k$.

    Attributes:
        w: Weights, in the shape (d, k).
        b: Biases, in the shape (k,).

    Raises:
        ValueError: If `in_features` is less than 1, or there are fewer than two classes.

    Source:
        J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990).

    Examples:
        >>> x, t = np.array([[-2.0], [-1.5], [-0.2], [0.2], [1.5], [2.0]]), np.array([0, 0, 1, 1, 2, 2])
        >>> model = SoftmaxRegression(1, 3)
        >>> model.fit(x, t, lr=1.0, epochs=200)
        History(200 epochs, 200 steps, loss 1.099 → 0.02545)
        >>> model.predict([[-3.0], [0.0], [3.0]])
        array([0, 1, 2])
    """

    def __init__(self, in_features: int, out_features: int) -> None:
        expect_at_least(1, "SoftmaxRegression", in_features=in_features)
        expect_at_least(2, "SoftmaxRegression", out_features=out_features)
        self.w = Parameter(np.zeros((in_features, out_features)))
        self.b = Parameter(np.zeros(out_features))

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The scores, in the shape (n, k), for `x` in the shape (n, d)."""
        return ops.linear(as_examples("SoftmaxRegression", x, self.w), self.w, self.b)

    def fit(
        self,
        x: ArrayLike,
        t: ArrayLike,
        *,
        lr: float = 0.5,
        epochs: int = 300,
        l2: float = 0.0,
    ) -> train.History:
        r"""Descend the cost $\frac1n \sum_i L(z_i, t_i) + \frac\lambda2 \lVert w \rVert^2$ from where the model is.

        Each epoch is one step along the gradient over all examples. Features of one scale (see
        `Standardizer`) let one learning rate suit all weights.

        Args:
            x: Features, in the shape (n, d).
            t: Labels, 0 to k - 1, in the shape (n,).
            lr: The learning rate.
            epochs: The number of steps.
            l2: $\lambda$, the penalty on large weights; the biases are not penalized.

        Returns:
            The cost at each step, penalty included.

        Raises:
            ValueError: If the shapes do not fit, a label is out of range, or a setting is.
            FloatingPointError: If the cost or its gradient is not finite, usually because `lr` is too large.
        """
        return _descend(self, x, t, loss=ops.cross_entropy, lr=lr, epochs=epochs, l2=l2)

    def predict_proba(self, x: ArrayLike) -> Float[Array, "n k"]:
        """The probability of every class for each example, in the shape (n, k).

        Args:
            x: Features, in the shape (n, d).
        """
        return ops.softmax(train.predict(self, x))

    def predict(self, x: ArrayLike) -> Int[Array, " n"]:
        """The most probable class of each example.

        Args:
            x: Features, in the shape (n, d).
        """
        return train.predict(self, x).argmax(axis=1)


def _descend(
    model: LogisticRegression | SoftmaxRegression,
    x: ArrayLike,
    y: ArrayLike,
    *,
    loss: Callable[..., Any],
    lr: float,
    epochs: int,
    l2: float,
) -> train.History:
    if not l2 >= 0:  # a NaN fails too
        raise ValueError(
            f"{type(model).__name__}.fit: l2: expected a number of at least 0, got {l2}"
        )

    def cost(z: Tensor, y: Array) -> Tensor:
        return loss(z, y) + l2 / 2 * (model.w * model.w).sum() if l2 else loss(z, y)

    return train.fit(
        model,
        x,
        y,
        loss=cost,
        optimizer=SGD(model.parameters(), lr),
        epochs=epochs,
        rng=None,
        progress=False,
    )
