"""Adam with Nesterov's look ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class NAdam(Optimizer):
    r"""Adam whose mean gradient is taken one step ahead, as Nesterov's momentum does.

    With the means $m_k$ and $v_k$ of Adam, and $\hat v_k = v_k / (1 - \beta_2^k)$,
    $$\mu_k = \beta_1 \bigl(1 - \tfrac12 \cdot 0.96^{k \psi}\bigr),$$
    $$w \leftarrow w - \frac{\eta}{\sqrt{\hat v_k} + \epsilon}
      \left( \frac{1 - \mu_k}{1 - \mu_1 \cdots \mu_k}\, g_k
      + \frac{\mu_{k+1}}{1 - \mu_1 \cdots \mu_{k+1}}\, m_k \right) .$$
    The momentum $\mu_k$ grows from about $\beta_1/2$ to $\beta_1$. The gradient of this step counts at once,
    and the mean with the weight that it will have at the next. With weight decay $\lambda$, the gradient is
    first replaced by $g + \lambda w$.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, each at least 0 and less than 1.
        eps: $\epsilon$, at least 0.
        weight_decay: $\lambda$, at least 0.
        momentum_decay: $\psi$, at least 0: how fast the momentum reaches $\beta_1$.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        T. Dozat, *Incorporating Nesterov momentum into Adam* (2016).

    Examples:
        The first step is a little longer than Adam's, which is the learning rate:

        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([4.0])
        >>> NAdam([w], lr=0.1).step([np.array([8.0])])
        >>> w.value.round(3)
        array([3.894])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 2e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
    ) -> None:
        self.betas = self._betas(betas)
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.momentum_decay = self._number("momentum_decay", momentum_decay)
        self._product = (0, 1.0)  # k, and the product of the first k momenta
        super().__init__(parameters, lr, slots=2)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """Both means, then the step."""
        (m, v), (beta_1, beta_2), k = state, self.betas, self.steps
        mu, mu_next, product = self._mu(k), self._mu(k + 1), self._product_until(k)
        if self.weight_decay:
            g += self.weight_decay * w
        m *= beta_1
        m += (1 - beta_1) * g
        v *= beta_2
        v += (1 - beta_2) * (g * g)
        g *= (1 - mu) / (1 - product)
        g += mu_next / (1 - product * mu_next) * m
        np.sqrt(v / (1 - beta_2**k), out=new)
        new += self.eps
        np.divide(g, new, out=new)
        new *= -self.lr
        new += w

    def _mu(self, k: int) -> float:
        return float(self.betas[0] * (1 - 0.96 ** (k * self.momentum_decay) / 2))

    def _product_until(self, k: int) -> float:
        """The product of the first k momenta; it is remembered, and made anew where the steps were set back."""
        done, product = self._product if self._product[0] <= k else (0, 1.0)
        for j in range(done + 1, k + 1):
            product *= self._mu(j)
        self._product = k, product
        return product
