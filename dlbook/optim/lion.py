"""Steps of one size: only the sign of the mean gradient counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class Lion(Optimizer):
    r"""Steps by the sign of a mean gradient, with weights that decay.

    $$c_k = \beta_1 m_{k-1} + (1 - \beta_1)\, g_k,$$
    $$w \leftarrow (1 - \eta \lambda)\, w - \eta\, \operatorname{sign}(c_k), \qquad
      m_k = \beta_2 m_{k-1} + (1 - \beta_2)\, g_k .$$
    Every number moves by $\eta$ at every step (by 0 where $c_k = 0$), so the learning rate is chosen several
    times smaller than Adam's and the decay larger. One number is remembered for each that is trained, where
    Adam needs two.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, each at least 0 and less than 1.
        weight_decay: $\lambda$, at least 0.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        X. Chen et al., *Symbolic discovery of optimization algorithms* (2023), algorithm 2.

    Examples:
        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([4.0, -0.01, 1.0])
        >>> Lion([w], lr=0.1).step([np.array([8.0, -0.02, 0.0])])
        >>> w.value.round(2)
        array([3.9 , 0.09, 1.  ])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-4,
        *,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        self.betas = self._betas(betas)
        self.weight_decay = self._number("weight_decay", weight_decay)
        super().__init__(parameters, lr, slots=1)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The step, then the mean."""
        (m,), (beta_1, beta_2) = state, self.betas
        np.sign(beta_1 * m + (1 - beta_1) * g, out=new)
        new *= -self.lr
        new += (1 - self.lr * self.weight_decay) * w
        m *= beta_2
        m += (1 - beta_2) * g
