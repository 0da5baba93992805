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
    The variant AMSGrad divides by the largest $v_j$ so far, $j \le k$, in place of $v_k$, so that the step for a
    given $m_k$ never grows by forgetting.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, each at least 0 and less than 1.
        eps: $\epsilon$, at least 0.
        weight_decay: $\lambda$, at least 0.
        amsgrad: Whether to divide by the largest $v_j$ so far.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1; AMSGrad: S. J.
        Reddi, S. Kale, S. Kumar, *On the convergence of Adam and beyond* (2018).

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
        amsgrad: bool = False,
    ) -> None:
        self.betas = self._betas(betas)
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        super().__init__(parameters, lr, slots=3 if amsgrad else 2)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The penalty's part of the gradient, then the step."""
        if self.weight_decay:
            g += self.weight_decay * w
        self._step(g, new, *state)
        new += w

    def _step(self, g: Array, new: Array, m: Array, v: Array, *largest: Array) -> None:
        r"""Both means, then the step into `new`.

        With $c = \sqrt{1 - \beta_2^k}$ the step is $\eta c / (1 - \beta_1^k) \cdot m / (\sqrt v + c \epsilon)$. Every
        line works in place, in `new` until its turn has come: Adam is bound by memory, not by arithmetic.
        """
        (beta_1, beta_2), k = self.betas, self.steps
        m *= beta_1
        m += np.multiply(g, 1 - beta_1, out=new)
        v *= beta_2
        g *= g
        v += np.multiply(g, 1 - beta_2, out=new)
        for top in largest:
            v = np.maximum(top, v, out=top)
        c = sqrt(1 - beta_2**k)
        np.sqrt(v, out=new)
        new += c * self.eps
        np.divide(m, new, out=new)
        new *= -self.lr * c / (1 - beta_1**k)


class AdamW(Adam):
    r"""Adam whose weights decay by themselves, apart from the gradient.

    $$w \leftarrow (1 - \eta \lambda)\, w - \eta\, \frac{\hat m_k}{\sqrt{\hat v_k} + \epsilon},$$
    with both means as in `Adam`. There, the penalty's gradient $\lambda w$ is divided by $\sqrt{\hat v}$ with
    the rest, so that weights with large gradients decay least. Here all decay at the same rate.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        betas: $\beta_1$ and $\beta_2$, each at least 0 and less than 1.
        eps: $\epsilon$, at least 0.
        weight_decay: $\lambda$, at least 0.
        amsgrad: Whether to divide by the largest $v_j$ so far.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        I. Loshchilov and F. Hutter, *Decoupled weight decay regularization* (2019), algorithm 2.

    Examples:
        A gradient of zero leaves the decay alone:

        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([4.0])
        >>> AdamW([w], lr=0.1, weight_decay=0.5).step([np.zeros(1)])
        >>> w
        Parameter([3.8])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(
            parameters,
            lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
        )

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """Adam's step, from weights that have decayed."""
        self._step(g, new, *state)
        new += (1 - self.lr * self.weight_decay) * w
