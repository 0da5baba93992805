"""Gradient descent, with or without momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class SGD(Optimizer):
    r"""Gradient descent: a step against the gradient. "Stochastic" is the gradient, if it is that of a batch.

    $$w \leftarrow w - \eta\, g .$$
    With weight decay $\lambda$, the gradient is first replaced by $g + \lambda w$. With momentum $\mu$ the step
    follows a velocity, which starts as the first gradient:
    $$v_1 = g_1, \qquad v_k = \mu\, v_{k-1} + (1 - \tau)\, g_k, \qquad w \leftarrow w - \eta\, v_k ,$$
    where $\tau$ is the dampening. Nesterov's variant steps by $g_k + \mu\, v_k$ instead of $v_k$. This is
    PyTorch's form; in the original one the velocity carries the learning rate, so the two differ when the
    learning rate changes on the way.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        momentum: $\mu$, at least 0.
        dampening: $\tau$.
        weight_decay: $\lambda$, at least 0.
        nesterov: Whether to use Nesterov's variant; it needs momentum, and no dampening.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        H. Robbins and S. Monro, *A stochastic approximation method* (1951); momentum: B. T. Polyak, *Some
        methods of speeding up the convergence of iteration methods* (1964); Nesterov's variant in this form:
        I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the importance of initialization and momentum in
        deep learning* (2013).

    Examples:
        >>> from dlbook.autograd import Parameter, grad
        >>> w = Parameter([4.0])
        >>> optimizer = SGD([w], lr=0.1)
        >>> optimizer.step(grad((w * w).sum(), [w]))
        >>> w
        Parameter([3.2])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        *,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self.momentum = self._number("momentum", momentum)
        self.dampening = self._number("dampening", dampening)
        self.weight_decay = self._number("weight_decay", weight_decay)
        if nesterov and (self.momentum == 0 or self.dampening != 0):
            raise ValueError(
                "SGD: nesterov: expected momentum above 0 and no dampening with it, "
                f"got momentum={momentum}, dampening={dampening}"
            )
        self.nesterov = nesterov
        super().__init__(parameters, lr, slots=1 if self.momentum else 0)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The velocity, then the step."""
        if self.weight_decay:
            g += self.weight_decay * w
        if state:
            (v,) = state
            v *= self.momentum
            v += g if self.steps == 1 else (1 - self.dampening) * g
            g = g + self.momentum * v if self.nesterov else v
        np.multiply(g, -self.lr, out=new)
        new += w
