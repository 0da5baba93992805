"""A learning rate of its own for every number, from the sizes of the gradients so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.optim.optimizer import Optimizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlbook.autograd import Parameter
    from dlbook.autograd.core import Array


class Adagrad(Optimizer):
    r"""Steps that shrink where gradients have been large.

    $$G_k = G_{k-1} + g_k^2, \qquad
      w \leftarrow w - \frac{\eta}{1 + (k - 1) \delta} \cdot \frac{g_k}{\sqrt{G_k} + \epsilon} .$$
    $G$ only grows, so the steps die out like $1/\sqrt k$ when gradients keep their size. With weight decay
    $\lambda$, the gradient is first replaced by $g + \lambda w$.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        lr_decay: $\delta$, at least 0.
        weight_decay: $\lambda$, at least 0.
        initial_accumulator_value: $G_0$, at least 0.
        eps: $\epsilon$, at least 0.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        J. Duchi, E. Hazan, Y. Singer, *Adaptive subgradient methods for online learning and stochastic
        optimization* (2011).

    Examples:
        Equal gradients, one after another, give steps of $1, 1/\sqrt 2, 1/\sqrt 3$ learning rates:

        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([0.0])
        >>> optimizer = Adagrad([w], lr=1.0)
        >>> for _ in range(3):
        ...     before = w.value
        ...     optimizer.step([np.array([5.0])])
        ...     print((w.value - before).round(3))
        [-1.]
        [-0.707]
        [-0.577]
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        self.lr_decay = self._number("lr_decay", lr_decay)
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.eps = self._number("eps", eps)
        start = self._number("initial_accumulator_value", initial_accumulator_value)
        super().__init__(parameters, lr, slots=1)
        self._state[0] += start

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The sum of squares, then the step."""
        (total,) = state
        if self.weight_decay:
            g += self.weight_decay * w
        total += g * g
        np.sqrt(total, out=new)
        new += self.eps
        np.divide(g, new, out=new)
        new *= -self.lr / (1 + (self.steps - 1) * self.lr_decay)
        new += w


class RMSprop(Optimizer):
    r"""Steps in units of the gradient's recent size.

    $$v_k = \alpha v_{k-1} + (1 - \alpha)\, g_k^2, \qquad w \leftarrow w - \eta\, \frac{g_k}{\sqrt{v_k} + \epsilon} .$$
    $v$ starts at zero and is not corrected for it, so the first step has the length $\eta / \sqrt{1 - \alpha}$.
    The centered variant divides by the recent spread, $\sqrt{v_k - m_k^2}$ with $m_k = \alpha m_{k-1} + (1 -
    \alpha)\, g_k$. With momentum $\mu$ the step follows $b_k = \mu b_{k-1} + g_k / (\sqrt{v_k} + \epsilon)$.
    With weight decay $\lambda$, the gradient is first replaced by $g + \lambda w$.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The learning rate $\eta$.
        alpha: $\alpha$, at least 0 and less than 1.
        eps: $\epsilon$, at least 0.
        weight_decay: $\lambda$, at least 0.
        momentum: $\mu$, at least 0.
        centered: Whether to divide by the spread in place of the size.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        T. Tieleman and G. Hinton, *Lecture 6.5: RMSprop* (2012); centered and with momentum: A. Graves, *Generating
        sequences with recurrent neural networks* (2013).

    Examples:
        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([0.0, 0.0])
        >>> RMSprop([w], lr=0.1).step([np.array([100.0, -0.01])])
        >>> w.value.round(4)  # both ten times the learning rate, whatever the gradient
        array([-1.,  1.])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1e-2,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        self.alpha = self._number("alpha", alpha, below=1)
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        self.momentum = self._number("momentum", momentum)
        self.centered = centered
        super().__init__(parameters, lr, slots=1 + centered + (self.momentum > 0))

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """The mean square, less the squared mean where it is centered; then the step."""
        v, *rest = state
        if self.weight_decay:
            g += self.weight_decay * w
        v *= self.alpha
        v += (1 - self.alpha) * (g * g)
        if self.centered:
            m, *rest = rest
            m *= self.alpha
            m += (1 - self.alpha) * g
            np.maximum(v - m * m, 0, out=new)  # rounding may leave less than nothing
            np.sqrt(new, out=new)
        else:
            np.sqrt(v, out=new)
        new += self.eps
        np.divide(g, new, out=new)
        if rest:
            (b,) = rest
            b *= self.momentum
            b += new
            new[...] = b
        new *= -self.lr
        new += w


class Adadelta(Optimizer):
    r"""Steps of the size that steps have had, in units that fit: no learning rate has to be found.

    $$v_k = \rho v_{k-1} + (1 - \rho)\, g_k^2, \qquad
      d_k = \frac{\sqrt{u_{k-1} + \epsilon}}{\sqrt{v_k + \epsilon}}\, g_k,$$
    $$u_k = \rho u_{k-1} + (1 - \rho)\, d_k^2, \qquad w \leftarrow w - \eta\, d_k .$$
    $d$ has the unit of $w$, which $g / \sqrt v$ has not. The first step has the length
    $\sqrt{\epsilon / (1 - \rho)}$, so $\epsilon$ says how timidly it begins. With weight decay $\lambda$, the
    gradient is first replaced by $g + \lambda w$.

    Args:
        parameters: What to train, usually `model.parameters()`.
        lr: The factor $\eta$; in the paper it is 1.
        rho: $\rho$, at least 0 and less than 1.
        eps: $\epsilon$, above 0 in practice: with 0 nothing ever moves.
        weight_decay: $\lambda$, at least 0.

    Raises:
        TypeError: As `Optimizer` does.
        ValueError: As `Optimizer` does, and for a setting out of its range.

    Source:
        M. D. Zeiler, *ADADELTA: an adaptive learning rate method* (2012), algorithm 1.

    Examples:
        >>> from dlbook.autograd import Parameter
        >>> w = Parameter([0.0, 0.0])
        >>> Adadelta([w], eps=1e-5).step([np.array([3.0, -0.5])])
        >>> w.value.round(4)  # the square root of 1e-5 / 0.1
        array([-0.01,  0.01])
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lr: float = 1.0,
        *,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        self.rho = self._number("rho", rho, below=1)
        self.eps = self._number("eps", eps)
        self.weight_decay = self._number("weight_decay", weight_decay)
        super().__init__(parameters, lr, slots=2)

    def rule(self, w: Array, g: Array, new: Array, /, *state: Array) -> None:
        """Both mean squares around the step between them."""
        v, u = state
        if self.weight_decay:
            g += self.weight_decay * w
        v *= self.rho
        v += (1 - self.rho) * (g * g)
        np.sqrt((u + self.eps) / (v + self.eps), out=new)
        new *= g
        u *= self.rho
        u += (1 - self.rho) * (new * new)
        new *= -self.lr
        new += w
