"""The transposed convolution: from small maps to larger ones, by the derivative of a convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook.autograd import primitive
from dlbook.ops.convolution.blocks import correlate, to_input, to_weights
from dlbook.ops.convolution.geometry import Geometry
from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def conv_transpose2d(
    x: Float[Array, "n c h w"],
    w: Float[Array, "c _ kh kw"],
    b: Float[Array, " k"] | None = None,
    /,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    output_padding: int | tuple[int, int] = 0,
    groups: int = 1,
    dilation: int | tuple[int, int] = 1,
) -> Rule:
    r"""The transpose of a convolution: each pixel of a small map paints a weighted kernel into a larger one.

    A convolution by `w` is a linear map $y = A x$; this is $A^\top$, the vjp of `conv2d` as a layer of its own.
    With stride $s$, dilation $d$ and padding $t$ (rows; columns likewise),
    $$y_{n k r m} = b_k + \sum_{c, p, q} w_{c k p q}
    \sum_{\substack{i, j:\; s i + d p - t = r \\ s j + d q - t = m}} x_{n c i j},$$
    $$o = (h - 1) s - 2 t + d (k_h - 1) + 1 + \text{output padding} .$$
    Its own derivative is the convolution, since $(A^\top)^\top = A$:
    $$dx_{n c i j} = \sum_{k, p, q} w_{c k p q}\, dy_{n,\, k,\, s i + d p - t,\, s j + d q - t},$$
    $$dw_{c k p q} = \sum_{n, i, j} x_{n c i j}\, dy_{n,\, k,\, s i + d p - t,\, s j + d q - t}, \qquad
    db_k = \sum_{n, r, m} dy_{n k r m} .$$
    It inverts the size of a convolution, not its values. At a stride of $s$ a convolution takes several sizes to
    the same one; the output padding says which of them comes back.

    Args:
        x: Maps, `(n, c, h, w)`.
        w: Kernels, one for each input channel, `(c, k / groups, kh, kw)`: the shape that a convolution from `k` to
            `c` channels has.
        b: Biases, `(k,)`; none if left out.
        stride: By how many pixels the kernels of neighbors lie apart: one number, or one for rows and one for
            columns.
        padding: By how many pixels the output is cut at either end, likewise.
        output_padding: How many rows and columns are added at the end, likewise; less than stride or dilation.
        groups: Into how many parts the channels are divided.
        dilation: By how many pixels the taps lie apart, likewise.

    Returns:
        Maps, `(n, k, oh, ow)`.

    Raises:
        ValueError: If the channels do not match, a setting is out of its range, or nothing is left of the output.
        TypeError: If a setting is not a whole number.

    Source:
        M. D. Zeiler et al., *Deconvolutional networks* (2010); the arithmetic: V. Dumoulin, F. Visin, *A guide to
        convolution arithmetic for deep learning* (2016).

    Examples:
        >>> conv_transpose2d([[[[1.0, 10.0]]]], [[[[1.0, 2.0, 3.0]]]], stride=2)
        array([[[[ 1.,  2., 13., 20., 30.]]]])
    """
    g = _transposed(
        x.shape,
        w.shape,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )
    if b is not None and len(b) != w.shape[1] * g.groups:
        raise ValueError(
            f"conv_transpose2d: b: expected shape (k={w.shape[1] * g.groups},), got {b.shape}"
        )
    y = to_input(x, w, g)
    if b is not None:
        y += b[:, None, None]

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dx = correlate(dy, w, None, g) if needs[0] else None
        dw = to_weights(dy, x, g) if needs[1] else None
        db = dy.sum(axis=(0, 2, 3)) if b is not None and needs[2] else None
        return dx, dw, db

    return y, vjp


def _transposed(
    x: tuple[int, ...],
    w: tuple[int, ...],
    *,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> Geometry:
    """The convolution that is to be transposed: its images are the outputs, its outputs the maps `x`."""
    where = "conv_transpose2d"
    (groups,) = tuple_of(where, "groups", groups, 1, 1)
    if w[0] % groups or 0 in w:
        raise ValueError(
            f"{where}: w: expected groups = {groups} equal parts of at least one channel, got shape {w}"
        )
    steps = tuple_of(where, "stride", stride, 2, 1)
    cut = tuple_of(where, "padding", padding, 2, 0)
    more = tuple_of(where, "output_padding", output_padding, 2, 0)
    spread = tuple_of(where, "dilation", dilation, 2, 1)
    size: Any = x[2:]
    kernel: Any = w[2:]
    if any(m >= max(s, d) for m, s, d in zip(more, steps, spread, strict=True)):
        raise ValueError(
            f"{where}: output_padding: expected less than stride {steps} or dilation {spread}, got {output_padding!r}"
        )
    out: Any = tuple(
        (h - 1) * s - 2 * t + d * (k - 1) + 1 + m
        for h, s, t, d, k, m in zip(size, steps, cut, spread, kernel, more, strict=True)
    )
    if min(size) < 1 or min(out) < 1:
        raise ValueError(
            f"{where}: x: expected a size that leaves an output, got {size}, which gives {out}"
        )
    return Geometry(out, size, kernel, steps, spread, cut, groups)
