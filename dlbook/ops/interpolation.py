"""Planes at another size: each pixel of the output is read between the pixels of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule

    Blocks = list[tuple[slice, slice, Array]]

BLOCK = 64  # outputs that are computed by one matrix product


@primitive
def interpolate(
    x: Float[Array, "*batch h w"],
    /,
    *,
    size: int | tuple[int, int] | None = None,
    scale_factor: float | tuple[float, float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Rule:
    r"""Planes at another size, by the nearest pixel or by a weighted mean of the four around.

    Both are linear, and a product of one map for the rows and one for the columns,
    $$y = R_h\, x\, R_w^\top, \qquad dx = R_h^\top\, dy\, R_w .$$
    Row $i$ of $R$ says how output $i$ is read. It looks at the position $u$ of the input, with $r$ the length of the
    input over that of the output (or one over `scale_factor`):

    - `"nearest"`: all from pixel $\lfloor u \rfloor$ with $u = i r$. So it is the pixel to the left, and not always
      the nearest.
    - `"bilinear"`: $u = (i + \tfrac12)\, r - \tfrac12$, at least 0. Pixels are squares, and their centers
      are compared. With $\lambda = u - \lfloor u \rfloor$ the pixel $\lfloor u \rfloor$ has the weight
      $1 - \lambda$ and the next one $\lambda$.
    - `"bilinear"` with `align_corners`: $u = i \frac{n - 1}{m - 1}$ for lengths $n$ and $m$. The outermost centers stay
      where they are.

    Args:
        x: Planes of finite numbers, `(*batch, h, w)`; for images, `(n, c, h, w)`.
        size: The height and width of the output, in pixels; one number stands for both.
        scale_factor: How many times as large the output is, in place of `size`; rounded down to whole pixels.
        mode: `"nearest"` or `"bilinear"`.
        align_corners: For `"bilinear"` only; not, if left out.

    Returns:
        The planes at the other size. Where $i r$ is a whole number, PyTorch's rounding in single precision may take
        the pixel before it; here it is that pixel.

    Raises:
        TypeError: If a size is no whole number, or a factor no number.
        ValueError: If both or neither of `size` and `scale_factor` are given, there is no output or no input, `mode` is
            neither of the two, or corners are to be aligned by the nearest pixel.

    Source:
        R. G. Keys, *Cubic convolution interpolation for digital image processing* (1981), which compares both with
        a third, the cubic.

    Examples:
        >>> interpolate([[1.0, 3.0]], size=(1, 4))
        array([[1., 1., 3., 3.]])
        >>> interpolate([[1.0, 3.0]], size=(1, 4), mode="bilinear")
        array([[1. , 1.5, 2.5, 3. ]])
        >>> interpolate([[1.0, 4.0]], size=(1, 4), mode="bilinear", align_corners=True)
        array([[1., 2., 3., 4.]])
    """
    if mode not in ("nearest", "bilinear"):
        raise ValueError(
            f'interpolate: mode: expected "nearest" or "bilinear", got {mode!r}'
        )
    if mode == "nearest" and align_corners is not None:
        raise ValueError(
            f'interpolate: align_corners: expected mode "bilinear" to go with it, got {mode!r}'
        )
    n = x.shape[-2:]
    m, r = _sizes(n, size, scale_factor)
    rows, columns = (
        _positions(*lengths, mode, bool(align_corners))
        for lengths in zip(n, m, r, strict=True)
    )
    of_rows, of_columns = (
        _blocks(u, length, x.dtype)
        for u, length in zip((rows, columns), n, strict=True)
    )
    if mode == "nearest":
        y = x.take(rows.astype(int), axis=-2).take(columns.astype(int), axis=-1)
    else:
        y = _read(x, of_rows, of_columns, m)

    def vjp(dy: Array) -> Array:
        across = np.zeros((*dy.shape[:-1], n[1]), dy.dtype)
        for here, there, r in of_columns:
            across[..., there] += dy[..., here] @ r
        dx = np.zeros_like(x)
        for here, there, r in of_rows:
            dx[..., there, :] += r.T @ across[..., here, :]
        return dx

    return y, vjp


def _read(x: Array, of_rows: Blocks, of_columns: Blocks, m: tuple[int, int]) -> Array:
    """The product of the maps for rows and columns with each plane."""
    across = np.empty((*x.shape[:-1], m[1]), x.dtype)
    for here, there, r in of_columns:
        np.matmul(x[..., there], r.T, out=across[..., here])
    y = np.empty((*x.shape[:-2], *m), x.dtype)
    for here, there, r in of_rows:
        np.matmul(r, across[..., there, :], out=y[..., here, :])
    return y


def _sizes(n: tuple[int, ...], size: Any, scale_factor: Any) -> tuple[Any, Any]:
    """The lengths of the output, and those of the input over them."""
    if (size is None) == (scale_factor is None):
        raise ValueError(
            f"interpolate: size: expected either size or scale_factor, got {size} and {scale_factor}"
        )
    if min(n) < 1:
        raise ValueError(
            f"interpolate: x: expected planes of at least one pixel, got {n[0]} rows of {n[1]}"
        )
    if size is not None:
        m = tuple_of("interpolate", "size", size, 2, 1)
        return m, (n[0] / m[0], n[1] / m[1])
    factors = _factors(scale_factor)
    m = int(n[0] * factors[0]), int(n[1] * factors[1])
    if min(m) < 1:
        raise ValueError(
            f"interpolate: scale_factor: expected an output of at least one pixel, got {scale_factor} for {n}"
        )
    return m, (1 / factors[0], 1 / factors[1])


def _factors(scale_factor: Any) -> tuple[float, float]:
    """The factor of the rows and that of the columns."""
    expected = "interpolate: scale_factor: expected a positive number, or 2 of them"
    both = np.asarray(scale_factor)
    if both.dtype.kind not in "fiu":
        raise TypeError(f"{expected}, got {scale_factor!r}")
    if both.shape not in ((), (2,)) or not ((both > 0) & (both < np.inf)).all():
        raise ValueError(f"{expected}, got {scale_factor!r}")
    rows, columns = np.broadcast_to(both, 2).tolist()
    return rows, columns


def _positions(n: int, m: int, r: float, mode: str, align_corners: bool) -> Array:
    """Where in an axis of length `n` each of the `m` outputs is read."""
    i = np.arange(m)
    if mode == "nearest":
        # i * n / m is a whole number whenever it should be one, i * (n / m) not always
        u = i * n // m if r == n / m else np.floor(i * r)
    elif align_corners:
        u = i * ((n - 1) / max(m - 1, 1))
    else:
        u = (i + 0.5) * r - 0.5
    return np.clip(u, 0, n - 1)


def _blocks(u: Array, n: int, dtype: Any) -> Blocks:
    """The map $R$ for one axis in blocks of outputs: which, the pixels that they read, and how much of each.

    Outputs side by side read pixels side by side, so all of $R$ beside the blocks is zero and is left out.
    """
    blocks = []
    for start in range(0, len(u), BLOCK):
        part = u[start : start + BLOCK]
        first, end = int(part[0]), min(int(part[-1]) + 2, n)
        r = between_pixels(part - first, end - first).astype(dtype)
        blocks.append((slice(start, start + len(part)), slice(first, end), r))
    return blocks


def between_pixels(u: Array, n: int) -> Array:
    """How much of each of `n` pixels is read at the positions `u`: 1 at the pixel itself, less up to the next."""
    return np.maximum(1 - np.abs(u[..., None] - np.arange(n)), 0)
