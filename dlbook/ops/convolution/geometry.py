"""Where a window lies while it slides: kernel, stride, padding, dilation, and the size that comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, overload

from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    Pair = tuple[int, int]


class Geometry(NamedTuple):
    """How the windows of one correlation lie in the padded image.

    Output row $i$ reads, at tap $p$ of the kernel, row $si + dp - t$ of the image, where $s$ is the stride, $d$
    the dilation and $t$ the padding above; rows that are not there read as zero. The same holds for columns.

    Attributes:
        size: Rows and columns of the image.
        out: Rows and columns of the output.
        kernel: Rows and columns of the kernel.
        stride: By how much a window lies beyond the one before.
        dilation: By how much a tap lies beyond the one before.
        before: Rows of zeros above the image, columns of zeros left of it.
        groups: Into how many parts the channels are divided.
    """

    size: Pair
    out: Pair
    kernel: Pair
    stride: Pair
    dilation: Pair
    before: Pair
    groups: int

    def full_padding(self) -> Pair:
        """What is to be padded before an output at stride 1, so that its windows are those that read each pixel."""
        (kh, kw), (dh, dw), (top, left) = self.kernel, self.dilation, self.before
        return (kh - 1) * dh - top, (kw - 1) * dw - left


@overload
def output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int = ...,
    padding: Any = ...,
    dilation: int = ...,
) -> int: ...
@overload
def output_size(
    size: tuple[int, ...],
    kernel_size: Any,
    *,
    stride: Any = ...,
    padding: Any = ...,
    dilation: Any = ...,
) -> tuple[int, ...]: ...


def output_size(
    size: Any, kernel_size: Any, *, stride: Any = 1, padding: Any = 0, dilation: Any = 1
) -> Any:
    r"""How many places a window has: the size of a convolution's output.

    $$o = \left\lfloor \frac{h + 2p - d(k - 1) - 1}{s} \right\rfloor + 1$$
    for an input of size $h$, a kernel of $k$ taps, padding $p$ at either end, dilation $d$ and stride $s$: a
    dilated kernel covers $d(k - 1) + 1$ places, and of the steps of length $s$ that would push it over the end
    none is taken.

    Args:
        size: The size of the input: one number, or one for each axis.
        kernel_size: The number of taps, for all axes or one for each.
        stride: The step from one window to the next, likewise.
        padding: Places added at either end, likewise; or `"valid"` for none, or `"same"` for as many as keep the
            size, which asks for stride 1.
        dilation: The step from one tap to the next, likewise.

    Returns:
        The size of the output: a number where `size` is one, else a tuple.

    Raises:
        ValueError: If a setting is out of its range or the window is larger than the padded input.
        TypeError: If a setting is not a whole number.

    Source:
        V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning* (2016).

    Examples:
        >>> output_size(28, 5), output_size(28, 5, padding=2), output_size(28, 3, stride=2, padding=1)
        (24, 28, 14)
        >>> output_size((224, 320), 7, stride=2, padding=3)
        (112, 160)
    """
    single = not isinstance(size, tuple | list)
    sizes = tuple_of("output_size", "size", size, 1 if single else len(size), 0)
    axes = len(sizes)
    kernel = tuple_of("output_size", "kernel_size", kernel_size, axes, 1)
    steps = tuple_of("output_size", "stride", stride, axes, 1)
    spread = tuple_of("output_size", "dilation", dilation, axes, 1)
    added = padding_of("output_size", padding, kernel, steps, spread)
    out = windows(
        "output_size", sizes, kernel, stride=steps, padding=added, dilation=spread
    )
    return out[0] if single else out


def padding_of(
    where: str, padding: Any, kernel: Any, stride: Any, dilation: Any
) -> Any:
    """The places added before and after each axis; `"same"` adds an odd one after, as PyTorch does."""
    if not isinstance(padding, str):
        return tuple(
            (p, p) for p in tuple_of(where, "padding", padding, len(kernel), 0)
        )
    if padding not in {"same", "valid"}:
        raise ValueError(
            f'{where}: padding: expected whole numbers, "same" or "valid", got {padding!r}'
        )
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if max(stride) > 1:
        raise ValueError(
            f'{where}: padding: expected stride 1 to go with "same", got {stride}'
        )
    spans = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    return tuple((span // 2, span - span // 2) for span in spans)


def windows(
    where: str, size: Any, kernel: Any, *, stride: Any, padding: Any, dilation: Any
) -> Any:
    """How many windows fit along each axis; at least one, or it is refused."""
    room = tuple(h + p + q for h, (p, q) in zip(size, padding, strict=True))
    span = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    if any(r < k for r, k in zip(room, span, strict=True)):
        raise ValueError(
            f"{where}: kernel: expected to fit into the padded input, {room}, got {span} with its dilation"
        )
    return tuple((r - k) // s + 1 for r, k, s in zip(room, span, stride, strict=True))


def laid_out(
    where: str,
    x: tuple[int, ...],
    w: tuple[int, ...],
    *,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Geometry:
    """How the windows of a convolution lie, from the shapes of its arrays and its settings.

    Args:
        where: The function, for messages.
        x: The shape of the images, `(n, c, h, w)`, or of the signals, `(n, c, l)`; these get a second axis of one.
        w: The shape of the kernel, `(k, c / groups, kh, kw)` or `(k, c / groups, kl)`.
        stride: As given by the caller, and so on.
        padding: Numbers, `"same"` or `"valid"`.
        dilation: The step from one tap to the next.
        groups: Into how many parts the channels are divided.
    """
    size: Any = x[2:]
    kernel: Any = w[2:]
    axes = len(size)
    (groups,) = tuple_of(where, "groups", groups, 1, 1)
    if x[1] != w[1] * groups:
        raise ValueError(
            f"{where}: w: expected a kernel for c / groups = {x[1]} / {groups} channels, got shape {w}"
        )
    if w[0] % groups or 0 in w:
        raise ValueError(
            f"{where}: w: expected groups = {groups} equal parts of at least one output, got shape {w}"
        )
    if 0 in size:
        raise ValueError(f"{where}: x: expected axes of at least 1, got shape {x}")
    steps = tuple_of(where, "stride", stride, axes, 1)
    spread = tuple_of(where, "dilation", dilation, axes, 1)
    added = padding_of(where, padding, kernel, steps, spread)
    out = windows(where, size, kernel, stride=steps, padding=added, dilation=spread)
    before = tuple(first for first, _ in added)
    ones, zeros = (1,) * (2 - axes), (0,) * (2 - axes)
    return Geometry(
        size=size + ones,
        out=out + ones,
        kernel=kernel + ones,
        stride=steps + ones,
        dilation=spread + ones,
        before=before + zeros,
        groups=groups,
    )
