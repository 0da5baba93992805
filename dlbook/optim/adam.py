"""Adam: a learning rate of its own for every parameter."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class Adam(Optimizer):
    r"""Steps along the mean gradient, in units of the gradient's own size.

    $$m_k = \beta_1 m_{k-1} + (1 - \beta_1)\, g_k, \qquad v_k = \beta_2 v_{k-1} + (1 - \beta_2)\, g_k^2,$$
    $$w \leftarrow w - \eta\, \frac{\hat m_k}{\sqrt{\hat v_k} + \epsilon}, \qquad
      \hat m_k = \frac{m_k}{1 - \beta_1^k}, \quad \hat v_k = \frac{v_k}{1 - \beta_2^k}.$$
    Both means start at zero; the division makes up for that. The first step has the length $\eta$ in every
    coordinate, however large or small the gradient, as long as $\epsilon$ is smaller still. With weight decay
    $\lambda$, the gradient is first replaced by $g + \lambda w$, as a penalty $\frac\lambda2 w^2$ would do.

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
        D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1.

    Examples:
        >>> from dlbook.autograd import Parameter, grad
        >>> w = Parameter([4.0, -0.01])
        >>> optimizer = Adam([w], lr=0.1)
        >>> optimizer.step(grad((w * w).sum(), [w]))
        >>> w.value.round(4)
        array([3.9 , 0.09])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        self.betas = (
            self._number("betas[0]", betas[0], below=1),
            self._number("betas[1]", betas[1], below=1),
        )
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        super().__init__(parameters, lr, slots=2)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        r"""Both means, then the step.

        With $c = \sqrt{1 - \beta_2^k}$ the step is $\eta c / (1 - \beta_1^k) \cdot m / (\sqrt v + c \epsilon)$. Every
        line works in place, in `new` until its turn has come: Adam is bound by memory, not by arithmetic.
        """
        (m, v), (beta_1, beta_2), k = state, self.betas, self.steps
        if self.weight_decay:
            g += self.weight_decay * w
        m *= beta_1
        m += np.multiply(g, 1 - beta_1, out=new)
        v *= beta_2
        g *= g
        v += np.multiply(g, 1 - beta_2, out=new)
        c = sqrt(1 - beta_2**k)
        np.sqrt(v, out=new)
        new += c * self.eps
        np.divide(m, new, out=new)
        new *= -self.lr * c / (1 - beta_1**k)
        new += w
