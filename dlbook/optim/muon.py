"""Momentum whose steps are orthogonal matrices, or nearly."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class Muon(Optimizer):
    r"""Steps along the momentum's nearest orthogonal matrix: all its directions count alike.

    For each parameter $W$, a matrix, with $v_k = \mu v_{k-1} + (1 - \mu)\, g_k$ and Nesterov's look ahead
    $u_k = \mu v_k + (1 - \mu)\, g_k$,
    $$W \leftarrow (1 - \eta \lambda)\, W - \eta \sqrt{\max(1, k/d)}\; \operatorname{orth}(u_k) ,$$
    for $W$ in the shape $(d, k)$, inputs by outputs. If $u = U \Sigma V^\top$, then $\operatorname{orth}(u)$ is
    near $U V^\top$: the singular values are all brought near 1. It is found without a singular value
    decomposition, by five steps of the iteration
    $$X_0 = u / \lVert u \rVert, \qquad X \leftarrow a X + b\, (X X^\top) X + c\, (X X^\top)^2 X ,$$
    which acts on each singular value $s$ as $s \leftarrow a s + b s^3 + c s^5$, and drives those above about
    0.01 into the range from 0.68 to 1.14. (It does not converge to 1, and need not: its slope at 0 is large,
    which saves steps.)

    Biases, embeddings and the last layer go to another optimizer, usually `AdamW`.

    Args:
        parameters: What to train: matrices.
        lr: The learning rate $\eta$.
        weight_decay: $\lambda$, at least 0.
        momentum: $\mu$, at least 0 and less than 1.
        nesterov: Whether to look ahead; if not, $u_k = v_k$.
        ns_steps: How often the iteration is applied.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, for a parameter that is no matrix, and for a setting out of its range.

    Source:
        K. Jordan et al., *Muon: an optimizer for hidden layers in neural networks* (2024).

    Examples:
        A gradient of very unequal directions gives a step of nearly equal ones:

        >>> from dlbook.autograd import Parameter
        >>> w = Parameter(np.zeros((2, 2)))
        >>> Muon([w], lr=1.0, weight_decay=0.0).step([np.diag([1.0, 0.1])])
        >>> np.abs(np.diag(w.value)).round(1)
        array([0.7, 0.7])
    """

    whole: ClassVar[bool] = True

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        *,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_steps: int = 5,
    ) -> None:
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.momentum = self._number("momentum", momentum, below=1)
        self.nesterov = nesterov
        self.ns_steps = ns_steps
        if ns_steps < 1:
            raise ValueError(f"Muon: ns_steps: expected at least 1, got {ns_steps}")
        super().__init__(parameters, lr, slots=1)
        for i, p in enumerate(self.parameters):
            if p.ndim != 2:
                raise ValueError(
                    f"Muon: parameters: expected matrices, got shape {p.shape} as number {i}; "
                    "give the others to AdamW"
                )

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The velocity, made orthogonal."""
        (v,) = state
        v *= self.momentum
        v += (1 - self.momentum) * g
        u = self.momentum * v + (1 - self.momentum) * g if self.nesterov else v
        d, k = w.shape
        scale = sqrt(max(1, k / d))
        np.multiply(orthogonalized(u, self.ns_steps), -self.lr * scale, out=new)
        new += (1 - self.lr * self.weight_decay) * w


def orthogonalized(u: Array, steps: int) -> Array:
    """A matrix with the directions of `u`, all of about the same size."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = u.T if u.shape[0] > u.shape[1] else u
    x = x / max(float(np.linalg.norm(x)), 1e-7)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x.T if u.shape[0] > u.shape[1] else x
