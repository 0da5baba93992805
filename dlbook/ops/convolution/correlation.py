"""Convolutions of signals and of images: the same small kernel at every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlbook.autograd import primitive
from dlbook.ops.convolution.blocks import correlate, to_input, to_weights
from dlbook.ops.convolution.geometry import laid_out

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def conv2d(
    x: Float[Array, "n c h w"],
    w: Float[Array, "k _ kh kw"],
    b: Float[Array, " k"] | None = None,
    /,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] | str = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Rule:
    r"""A convolution of images: each output is a weighted sum over a window, with the same weights at every place.

    With stride $s$, dilation $d$ and padding $t$ (rows; columns likewise, with $p, q$ the taps of the kernel),
    $$y_{n k i j} = b_k + \sum_{c, p, q} w_{k c p q}\, x_{n,\, c,\, s i + d p - t,\, s j + d q - t},$$
    where what lies outside of the image counts as zero. A pixel's gradient gathers from every window that has
    read it, and a weight's from every place where it was used:
    $$dx_{n c r m} = \sum_{k, p, q} w_{k c p q} \sum_{\substack{i, j:\; s i + d p - t = r \\ s j + d q - t = m}}
    dy_{n k i j},$$
    $$dw_{k c p q} = \sum_{n, i, j} dy_{n k i j}\, x_{n,\, c,\, s i + d p - t,\, s j + d q - t}, \qquad
    db_k = \sum_{n, i, j} dy_{n k i j} .$$
    In mathematics this is a cross-correlation; a convolution turns the kernel by 180° first. For learned weights
    the names are interchangeable. With `groups`, the channels are divided into so many parts of equal size, and
    outputs of a part see the inputs of that part only; with as many groups as channels this is a depthwise
    convolution.

    Args:
        x: Images, `(n, c, h, w)`.
        w: Kernels, one for each output channel, `(k, c / groups, kh, kw)`.
        b: Biases, `(k,)`; none if left out.
        stride: By how many pixels a window lies beyond the one before: one number, or one for rows and one for
            columns.
        padding: Zeros added at either end, likewise; or `"valid"` for none, or `"same"` for as many as keep the
            size, at stride 1 (where their number is odd, the last is added at the end).
        dilation: By how many pixels a tap lies beyond the one before, likewise.
        groups: Into how many parts the channels are divided.

    Returns:
        Maps, `(n, k, oh, ow)`; `output_size` says how large.

    Raises:
        ValueError: If the channels do not match, a setting is out of its range, or the kernel is larger than the
            padded image.
        TypeError: If a setting is not a whole number.

    Source:
        Y. LeCun et al., *Gradient-based learning applied to document recognition* (1998); the layout as a matrix
        product: K. Chellapilla, S. Puri, P. Simard, *High performance convolutional neural networks for document
        processing* (2006).

    Examples:
        >>> import numpy as np
        >>> image = np.array([[[[1.0, 2.0, 4.0], [1.0, 2.0, 4.0]]]])
        >>> change = np.array([[[[-1.0, 1.0]]]])
        >>> conv2d(image, change)
        array([[[[1., 2.],
                 [1., 2.]]]])
    """
    g = laid_out(
        "conv2d",
        x.shape,
        w.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dx = to_input(dy, w, g) if needs[0] else None
        dw = to_weights(x, dy, g) if needs[1] else None
        db = dy.sum(axis=(0, 2, 3)) if b is not None and needs[2] else None
        return dx, dw, db

    return correlate(x, w, b, g), vjp


@primitive
def conv1d(
    x: Float[Array, "n c l"],
    w: Float[Array, "k _ kl"],
    b: Float[Array, " k"] | None = None,
    /,
    *,
    stride: int | tuple[int] = 1,
    padding: int | tuple[int] | str = 0,
    dilation: int | tuple[int] = 1,
    groups: int = 1,
) -> Rule:
    r"""A convolution of signals, `conv2d` of images one pixel wide.

    $$y_{n k i} = b_k + \sum_{c, p} w_{k c p}\, x_{n,\, c,\, s i + d p - t}, \qquad
    db_k = \sum_{n, i} dy_{n k i},$$
    $$dx_{n c r} = \sum_{k, p} w_{k c p} \sum_{i:\; s i + d p - t = r} dy_{n k i}, \qquad
    dw_{k c p} = \sum_{n, i} dy_{n k i}\, x_{n,\, c,\, s i + d p - t},$$
    with stride $s$, dilation $d$ and padding $t$.

    Args:
        x: Signals, `(n, c, l)`: channels before time.
        w: Kernels, one for each output channel, `(k, c / groups, kl)`.
        b: Biases, `(k,)`; none if left out.
        stride: By how many samples a window lies beyond the one before.
        padding: Zeros added at either end; or `"valid"` for none, or `"same"` for as many as keep the length, at
            stride 1 (where their number is odd, the last is added at the end).
        dilation: By how many samples a tap lies beyond the one before.
        groups: Into how many parts the channels are divided.

    Returns:
        Signals, `(n, k, o)`; `output_size` says how long.

    Raises:
        ValueError: If the channels do not match, a setting is out of its range, or the kernel is longer than the
            padded signal.
        TypeError: If a setting is not a whole number.

    Source:
        As a layer of a network over time: A. Waibel et al., *Phoneme recognition using time-delay neural networks*
        (1989).

    Examples:
        >>> conv1d([[[1.0, 2.0, 4.0, 8.0]]], [[[0.5, 0.5]]])
        array([[[1.5, 3. , 6. ]]])
        >>> conv1d([[[1.0, 2.0, 4.0, 8.0]]], [[[0.5, 0.5]]], stride=2)
        array([[[1.5, 6. ]]])
    """
    g = laid_out(
        "conv1d",
        x.shape,
        w.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    x, w = x[..., None], w[..., None]

    def vjp(
        dy: Array, needs: tuple[bool, ...] = (True, True, True)
    ) -> tuple[Array | None, ...]:
        dx = to_input(dy[..., None], w, g)[..., 0] if needs[0] else None
        dw = to_weights(x, dy[..., None], g)[..., 0] if needs[1] else None
        db = dy.sum(axis=(0, 2)) if b is not None and needs[2] else None
        return dx, dw, db

    return correlate(x, w, b, g)[..., 0], vjp
