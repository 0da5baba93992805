"""Normalization of each example by itself, over groups of its channels."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from dlbook.autograd import primitive
from dlbook.ops.normalization.channels import expect_eps
from dlbook.ops.normalization.within import normalized

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def group_norm(
    x: Float[Array, "n c *dims"],
    gamma: Float[Array, " c"] | None = None,
    beta: Float[Array, " c"] | None = None,
    /,
    *,
    num_groups: int,
    eps: float = 1e-5,
) -> Rule:
    r"""Each group of an example's channels brought to mean 0 and variance 1, then scaled and shifted by channel.

    The channels are cut into groups of equal size, neighbors together. With the mean $\mu$ and the variance
    $\sigma^2$ of all numbers of one group in one example, at all positions,
    $$\hat x_i = s\,(x_i - \mu), \qquad s = \frac{1}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
    y_i = \gamma \hat x_i + \beta,$$
    with $\gamma$ and $\beta$ of the channel. With $g_i = \gamma\, dy_i$ and $\langle\cdot\rangle$ the mean over the
    numbers of the group,
    $$dx_i = s \bigl(g_i - \langle g \rangle - \hat x_i \langle g \hat x \rangle\bigr), \qquad
    d\gamma = \sum dy\, \hat x, \qquad d\beta = \sum dy ,$$
    the sums over all examples and positions. One group is layer normalization over channels and positions, a
    group for each channel is instance normalization.

    Args:
        x: A batch: `(n, c)`, `(n, c, l)` or `(n, c, h, w)`, with channels as the second axis.
        gamma: The scale of each channel, `(c,)`; 1 if left out.
        beta: The shift of each channel, `(c,)`; 0 if left out.
        num_groups: In how many groups the channels are cut; it divides $c$.
        eps: $\varepsilon$, added to the variance.

    Returns:
        A batch of the same shape.

    Raises:
        ValueError: If the shapes do not fit, `num_groups` does not divide the channels, or there is no position.

    Source:
        Y. Wu, K. He, *Group normalization*, ECCV (2018).

    Examples:
        >>> group_norm([[1.0, 3.0, 10.0, 30.0]], num_groups=2, eps=0)
        array([[-1.,  1., -1.,  1.]])
    """
    expect_eps("group_norm", eps)
    c = x.shape[1]
    if prod(x.shape[1:]) == 0:
        raise ValueError(
            f"group_norm: x: expected at least one channel and position, got shape {x.shape}"
        )
    if num_groups < 1 or c % num_groups:
        raise ValueError(
            f"group_norm: num_groups: expected a divisor of c={c}, got {num_groups}"
        )
    form = (len(x), c, prod(x.shape[2:]))
    return normalized(x, gamma, beta, form=form, groups=num_groups, eps=eps)


@primitive
def instance_norm(
    x: Float[Array, "n c *dims"],
    gamma: Float[Array, " c"] | None = None,
    beta: Float[Array, " c"] | None = None,
    /,
    *,
    eps: float = 1e-5,
) -> Rule:
    r"""Each channel of each example brought to mean 0 and variance 1 over its positions, then scaled and shifted.

    With the mean $\mu$ and the variance $\sigma^2$ of one channel of one example over its positions,
    $$\hat x_i = s\,(x_i - \mu), \qquad s = \frac{1}{\sqrt{\sigma^2 + \varepsilon}}, \qquad
    y_i = \gamma \hat x_i + \beta,$$
    $$dx_i = \gamma s \bigl(dy_i - \langle dy \rangle - \hat x_i \langle dy\, \hat x \rangle\bigr), \qquad
    d\gamma = \sum dy\, \hat x, \qquad d\beta = \sum dy ,$$
    $\langle\cdot\rangle$ being the mean over the positions, and the sums going over all examples, too. Contrast and
    brightness of an image are gone; its outlines are left.

    Args:
        x: A batch: `(n, c, l)` or `(n, c, h, w)`, with channels as the second axis.
        gamma: The scale of each channel, `(c,)`; 1 if left out.
        beta: The shift of each channel, `(c,)`; 0 if left out.
        eps: $\varepsilon$, added to the variance.

    Returns:
        A batch of the same shape.

    Raises:
        ValueError: If the shapes do not fit, or there are fewer than two positions: one number is its own mean.

    Source:
        D. Ulyanov, A. Vedaldi, V. Lempitsky, *Instance normalization: the missing ingredient for fast
        stylization*, arXiv:1607.08022 (2016).

    Examples:
        >>> instance_norm([[[1.0, 3.0], [10.0, 30.0]]], eps=0)
        array([[[-1.,  1.],
                [-1.,  1.]]])
    """
    expect_eps("instance_norm", eps)
    n, c, positions = *x.shape[:2], prod(x.shape[2:])
    if c < 1 or positions < 2:
        raise ValueError(
            "instance_norm: x: expected at least one channel and two positions, "
            f"got shape {x.shape}"
        )
    return normalized(x, gamma, beta, form=(n, c, positions), groups=c, eps=eps)
