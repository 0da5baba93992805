"""The perceptron: a neuron that answers yes or no, and that learns only from its mistakes.

Its answers hang on the sign of a score alone. It computes in float64: a score near zero should not change its
sign by rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops, train
from dlbook.autograd import Parameter
from dlbook.models.checks import as_examples, expect_at_least
from dlbook.nn import Module

if TYPE_CHECKING:
    from jaxtyping import Int
    from numpy.typing import ArrayLike

    from dlbook.autograd import Tensor
    from dlbook.autograd.core import Array

AHEAD = 64  # so many examples are scored at once, in search of the next mistake


@dataclass(frozen=True)
class Lessons:
    """What a perceptron went through while it learned.

    Attributes:
        updates: How many mistakes were met, and corrected, in each epoch.
        converged: Whether the last epoch met none. The parameters at its end then answer every example rightly,
            and more epochs would change nothing. (Their mean, with `average=True`, need not.)

    Examples:
        >>> Lessons(updates=(3, 1, 0), converged=True)
        Lessons(3 epochs, 4 updates, converged)
    """

    updates: tuple[int, ...]
    converged: bool

    def __repr__(self) -> str:
        end = "converged" if self.converged else "not converged"
        return (
            f"Lessons({len(self.updates)} epochs, {sum(self.updates)} updates, {end})"
        )


class Perceptron(Module):
    r"""One score, and a step that makes it an answer: 1 where the score is at least 0, else 0.

    $$z = x w + b, \qquad \hat y = [\,z \ge 0\,].$$
    It learns from one example at a time. With the sides $s = 2y - 1$, which are $+1$ for the label 1 and $-1$
    for 0, the example is answered rightly if $s z > 0$. If not, score zero included, then
    $$w \leftarrow w + \eta\, s\, x, \qquad b \leftarrow b + \eta\, s.$$
    If some hyperplane has all examples strictly on their sides, it stops making mistakes after finitely many of these
    updates; if none has, it never does.

    Called on examples, the model gives the scores in the shape (n,).

    Args:
        in_features: The number of features, $d$.

    Attributes:
        w: Weights, in the shape (d, 1); zero at first.
        b: The bias, in the shape (1,); zero at first.

    Raises:
        ValueError: If `in_features` is less than 1.

    Source:
        F. Rosenblatt, *The perceptron*, Psychological Review 65 (1958); that it stops: A. B. J. Novikoff, *On
        convergence proofs on perceptrons* (1962).

    Examples:
        >>> x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 0, 0, 1])
        >>> unit = Perceptron(2)
        >>> unit.fit(x, y)
        Lessons(9 epochs, 18 updates, converged)
        >>> unit.predict(x)
        array([0, 0, 0, 1])
    """

    def __init__(self, in_features: int) -> None:
        expect_at_least(1, "Perceptron", in_features=in_features)
        self.w = Parameter(np.zeros((in_features, 1)))
        self.b = Parameter(np.zeros(1))

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The scores, in the shape (n,), for `x` in the shape (n, d)."""
        x = as_examples("Perceptron", x, self.w)
        return ops.linear(x, self.w, self.b).reshape(-1)

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        lr: float = 1.0,
        epochs: int = 100,
        rng: np.random.Generator | None = None,
        average: bool = False,
    ) -> Lessons:
        """Correct mistakes, example by example, from where the model is, until an epoch meets none.

        Between two mistakes nothing changes. So the scores of many examples come from one product, and all before
        the first mistake are used; the outcome is that of taking the examples one at a time.

        Args:
            x: Features, in the shape (n, d).
            y: Labels, 0 or 1, in the shape (n,).
            lr: The learning rate. From zero weights it is a scale, and changes no answer.
            epochs: How often each example is looked at, at most.
            rng: Shuffles the examples anew for each epoch; left out, they come in the order given.
            average: Whether to end with the mean of the parameters after each example, instead of with the last
                ones. Where the classes overlap, the last ones are those after a chance mistake.

        Returns:
            The updates in each epoch, and whether the last epoch had none.

        Raises:
            TypeError: If `x` does not hold numbers.
            ValueError: If the shapes do not fit, a feature is not finite, a label is neither 0 nor 1, there
                are no examples, or a setting is out of range.

        Source:
            The mean: Y. Freund, R. E. Schapire, *Large margin classification using the perceptron algorithm*,
            Machine Learning 37 (1999).
        """
        x, s = self._sides(x, y)
        if not 0 < lr < np.inf:  # a NaN fails too
            raise ValueError(
                f"Perceptron.fit: lr: expected a positive number, got {lr}"
            )
        expect_at_least(1, "Perceptron.fit", epochs=epochs)
        n = len(x)
        x = np.column_stack([x, np.ones(n)])  # the bias is the weight of a constant 1
        w = np.append(self.w.value, self.b.value)
        late = np.zeros_like(w)  # each update times the number of examples before it
        updates: list[int] = []
        while len(updates) < epochs and (not updates or updates[-1] > 0):
            seen, made, i = n * len(updates), 0, 0
            if rng is not None:
                order = rng.permutation(n)
                x, s = x[order], s[order]
            while i < n:
                wrong = s[i : i + AHEAD] * (x[i : i + AHEAD] @ w) <= 0
                if not wrong.any():
                    i += AHEAD
                    continue
                i += int(wrong.argmax())  # the first mistake
                w += lr * s[i] * x[i]
                late += (seen + i) * lr * s[i] * x[i]
                made, i = made + 1, i + 1
            updates.append(made)
        if average:
            w -= late / (n * len(updates))
        self.w.value, self.b.value = w[:-1, None], w[-1:]
        return Lessons(updates=tuple(updates), converged=updates[-1] == 0)

    def predict(self, x: ArrayLike) -> Int[Array, " n"]:
        """The label of each example: 1 where the score is at least 0, and 0 elsewhere.

        Args:
            x: Features, in the shape (n, d).
        """
        return (train.predict(self, x) >= 0).astype(np.int64)

    def _sides(self, x: Any, y: Any) -> tuple[Array, Array]:
        """The features as floats and the labels as sides, if they can be learned from."""
        x, y = as_examples("Perceptron", np.asarray(x), self.w), np.asarray(y)
        if len(x) == 0:
            raise ValueError("Perceptron.fit: x: expected examples, got none")
        if not np.isfinite(x).all():
            raise ValueError(
                "Perceptron.fit: x: expected finite numbers, got NaN or infinity"
            )
        if y.shape != (len(x),):
            raise ValueError(
                f"Perceptron.fit: y: expected shape ({len(x)},), got {y.shape}"
            )
        strange = y[~np.isin(y, (0, 1))]
        if strange.size:
            raise ValueError(
                f"Perceptron.fit: y: expected labels 0 or 1, got {strange[0]}; from sides -1 and +1: (y + 1) / 2"
            )
        return x, 2.0 * y - 1.0
