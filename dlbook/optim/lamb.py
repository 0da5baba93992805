"""Adam for large batches: each parameter steps in proportion to its own length."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class LAMB(Optimizer):
    r"""Adam's direction, scaled for each parameter so that the step is a share of the parameter's length.

    With $m_k$, $v_k$ and their corrections as in Adam, for each parameter $W$ by itself,
    $$r = \frac{\hat m_k}{\sqrt{\hat v_k} + \epsilon} + \lambda W, \qquad
      W \leftarrow W - \eta\, \frac{\lVert W \rVert}{\lVert r \rVert}\, r ,$$
    where the quotient is 1 if $W$ or $r$ is zero. The step has the length $\eta \lVert W \rVert$ whatever the
    gradient, so a layer can neither be blown up nor left behind by a learning rate that is right for another.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, each at least 0 and less than 1.
        eps: $\epsilon$, at least 0.
        weight_decay: $\lambda$, at least 0.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        Y. You et al., *Large batch optimization for deep learning: training BERT in 76 minutes* (2020),
        algorithm 2, with $\phi$ the identity.

    Examples:
        A vector of length 5 takes a step of length $0.1 \cdot 5$:

        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([3.0, 4.0])
        >>> LAMB([w], lr=0.1, weight_decay=0.0).step([np.array([2.0, -7.0])])
        >>> np.linalg.norm(w.value - [3, 4]).round(4)
        np.float64(0.5)
    """

    whole: ClassVar[bool] = True

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 1e-2,
    ) -> None:
        self.betas = self._betas(betas)
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        super().__init__(parameters, lr, slots=2)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """Adam's direction, then its scale."""
        (m, v), (beta_1, beta_2), k = state, self.betas, self.steps
        m *= beta_1
        m += (1 - beta_1) * g
        v *= beta_2
        v += (1 - beta_2) * (g * g)
        r = m / (1 - beta_1**k) / (np.sqrt(v / (1 - beta_2**k)) + self.eps)
        r += self.weight_decay * w
        length, size = float(np.linalg.norm(w)), float(np.linalg.norm(r))
        scale = length / size if length and size else 1.0
        np.multiply(r, -self.lr * scale, out=new)
        new += w
