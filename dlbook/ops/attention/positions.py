"""Positions of a sequence, which attention by itself does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.sizes import stretches_to

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped
    from numpy.typing import DTypeLike

    from dlbook.autograd.core import Array, Rule


def sinusoidal_positions(
    n: int, d: int, *, base: float = 10000.0, dtype: DTypeLike = np.float32
) -> Any:
    r"""A code for each position, made of waves whose lengths grow from $2\pi$ to $10000 \cdot 2\pi$.

    $$p_{t, 2i} = \sin\frac{t}{10000^{2i/d}}, \qquad p_{t, 2i+1} = \cos\frac{t}{10000^{2i/d}} .$$
    A step along the sequence turns each pair by a fixed angle, so the code of $t + 1$ is a linear function of that
    of $t$. Nothing is learned; the codes are added to the inputs.

    Args:
        n: The number of positions, counted from $t = 0$.
        d: The number of features; of an odd one the last cosine is left out.
        base: The 10000 of the equation.
        dtype: The dtype of the codes. Angles are computed in float64.

    Returns:
        Codes, `(n, d)`.

    Raises:
        ValueError: If `n` or `d` is negative, or `base` is not positive.

    Source:
        A. Vaswani et al., *Attention is all you need* (2017), section 3.5.

    Examples:
        >>> sinusoidal_positions(3, 4).round(3)
        array([[ 0.   ,  1.   ,  0.   ,  1.   ],
               [ 0.841,  0.54 ,  0.01 ,  1.   ],
               [ 0.909, -0.416,  0.02 ,  1.   ]], dtype=float32)
    """
    for name, number in (("n", n), ("d", d)):
        if number < 0:
            raise ValueError(
                f"sinusoidal_positions: {name}: expected at least 0, got {number}"
            )
    angles = _angles("sinusoidal_positions", np.arange(n), d, base)
    codes = np.empty((n, d), dtype)
    codes[:, 0::2] = np.sin(angles)
    codes[:, 1::2] = np.cos(angles[:, : d // 2])
    return codes


@primitive
def rotary_embedding(
    x: Float[Array, "*batch t d"],
    positions: Shaped[Array, "..."] | None = None,
    /,
    *,
    base: float = 10000.0,
    interleaved: bool = True,
) -> Rule:
    r"""Each pair of features turned by an angle that grows with the position.

    $$\begin{pmatrix} y_{2i} \\ y_{2i+1} \end{pmatrix} =
    \begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}
    \begin{pmatrix} x_{2i} \\ x_{2i+1} \end{pmatrix}, \qquad \theta = \frac{t}{10000^{2i/d}} .$$
    Applied to queries and keys, it leaves in their products the distance only: $\langle R_s q, R_t k \rangle =
    \langle q, R_{t-s}\, k \rangle$. A rotation's transpose turns back, so $dx$ is $dy$ turned by $-\theta$.

    The paper pairs neighbors, $x_{2i}$ with $x_{2i+1}$. GPT-NeoX and Hugging Face's Llama pair the halves, $x_i$ with
    $x_{i + d/2}$: the same up to the order of the features, but weights learned with one need that one.

    Args:
        x: Queries or keys, `(*batch, t, d)`, `d` even.
        positions: The position of each row, of a shape that broadcasts to `(*batch, t)`; 0, 1, 2, … if left out.
        base: The 10000 of the equation.
        interleaved: Whether neighbors are paired, or else halves.

    Returns:
        Turned rows, of the shape of `x`.

    Raises:
        ValueError: If `d` is odd, `base` is not positive, or the positions do not broadcast.
        TypeError: If the positions are truth values.

    Source:
        J. Su et al., *RoFormer: enhanced transformer with rotary position embedding* (2021), section 3.2.2.

    Examples:
        >>> rotary_embedding([[1.0, 0.0], [1.0, 0.0]]).round(3)
        array([[1.   , 0.   ],
               [0.54 , 0.841]])
    """
    t, d = x.shape[-2:]
    if d % 2:
        raise ValueError(
            f"rotary_embedding: x: expected an even number of features, got {d}"
        )
    at = np.arange(t) if positions is None else positions
    if at.dtype.kind == "b":
        raise TypeError(
            "rotary_embedding: positions: expected numbers, got truth values"
        )
    if not stretches_to(at.shape, x.shape[:-1]):
        raise ValueError(
            f"rotary_embedding: positions: expected a shape that broadcasts to {x.shape[:-1]}, got {at.shape}"
        )
    theta = _angles("rotary_embedding", at, d, base)
    cos, sin = np.cos(theta).astype(x.dtype), np.sin(theta).astype(x.dtype)
    first, second = (
        (slice(0, d, 2), slice(1, d, 2))
        if interleaved
        else (slice(0, d // 2), slice(d // 2, d))
    )

    def turned(x: Array, sin: Array) -> Array:
        y = np.empty_like(x)
        u, v = x[..., first], x[..., second]
        np.subtract(u * cos, v * sin, out=y[..., first])
        np.add(u * sin, v * cos, out=y[..., second])
        return y

    return turned(x, sin), lambda dy: (turned(dy, -sin), None)


def _angles(name: str, t: Array, d: int, base: float) -> Array:
    """The angle of each position for each pair of features, in float64."""
    if not base > 0:
        raise ValueError(f"{name}: base: expected a positive number, got {base}")
    return t[..., None] * float(base) ** (-np.arange(0, d, 2) / max(d, 1))
