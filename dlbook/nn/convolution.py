"""Layers that convolve: their kernels, and the settings of their windows."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.checks import check_sizes
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module
from dlbook.ops.sizes import tuple_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class _Convolution(Module):
    """What the convolutional layers share: drawing the kernel and the biases, and showing the settings."""

    is_transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: tuple[int, ...],
        *,
        bias: bool,
        rng: np.random.Generator,
        dtype: DTypeLike,
        **settings: Any,
    ) -> None:
        name = type(self).__name__
        (groups,) = tuple_of(name, "groups", settings["groups"], 1, 1)
        for what, number in (
            ("in_channels", in_channels),
            ("out_channels", out_channels),
        ):
            if number < 1 or number % groups:
                raise ValueError(
                    f"{name}: {what}: expected a positive multiple of groups = {groups}, got {number}"
                )
        check_sizes(name, dtype)
        first, second = (
            (in_channels, out_channels)
            if self.is_transposed
            else (out_channels, in_channels)
        )
        shape = (first, second // groups, *kernel)
        bound = 1 / np.sqrt(prod(shape[1:]))
        self.settings = settings
        self.w = Parameter(rng.uniform(-bound, bound, shape), dtype)
        self.b = (
            Parameter(rng.uniform(-bound, bound, out_channels), dtype) if bias else None
        )

    def extra_repr(self) -> str:
        """The channels and the settings; of these the stride, and what is not left at its default."""
        first, second, *kernel = self.w.shape
        second *= self.settings["groups"]
        channels = (first, second) if self.is_transposed else (second, first)
        shown = [*map(str, channels), f"kernel_size={tuple(kernel)}"]
        usual = {"padding": 0, "output_padding": 0, "dilation": 1, "groups": 1}
        for name, value in self.settings.items():
            if value != usual.get(name):
                shown.append(f"{name}={value!r}")
        if self.b is None:
            shown.append("bias=False")
        return ", ".join(shown)


class Conv2d(_Convolution):
    r"""A convolution with learned kernels: the same weighted sums at every place of an image.

    Weights and biases start uniform in $[-1/\sqrt{m}, 1/\sqrt{m}]$, where $m = c\, k_h k_w / \text{groups}$ is the
    number of inputs that an output sees, as in PyTorch (there: `kaiming_uniform_` with $a = \sqrt 5$).

    Args:
        in_channels: The channels of the images, $c$.
        out_channels: The number of kernels, $k$.
        kernel_size: Rows and columns of a kernel: one number for both, or a pair.
        stride: The step from one window to the next, likewise.
        padding: Zeros around the image, likewise; or `"same"` or `"valid"`.
        dilation: The step from one tap to the next, likewise.
        groups: Into how many parts the channels are divided.
        bias: Whether there is a bias.
        rng: Draws the initial weights, then the biases.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: Kernels, in the shape (k, c / groups, kh, kw).
        b: Biases, in the shape (k,), or None.

    Raises:
        ValueError: If a size is less than 1, or the channels are no multiple of the groups.
        TypeError: If `dtype` is not a float type.

    Source:
        Y. LeCun et al., *Gradient-based learning applied to document recognition* (1998); the initial range:
        K. He et al., *Delving deep into rectifiers* (2015), with the slope of a leaky rectifier set to $\sqrt 5$.

    Examples:
        >>> layer = Conv2d(3, 8, 3, padding="same", rng=np.random.default_rng(0))
        >>> layer
        Conv2d(3, 8, kernel_size=(3, 3), stride=1, padding='same')
        >>> layer(np.ones((5, 3, 28, 28))).shape
        (5, 8, 28, 28)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] | str = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            tuple_of("Conv2d", "kernel_size", kernel_size, 2, 1),
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=bias,
            rng=rng,
            dtype=dtype,
        )

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The maps, (n, k, oh, ow), of images (n, c, h, w); see `ops.conv2d`, also for what is refused."""
        x = as_input("Conv2d", x, self.w)
        return ops.conv2d(x, self.w, self.b, **self.settings)


class Conv1d(_Convolution):
    r"""A convolution over time, with learned kernels.

    Weights and biases start uniform in $[-1/\sqrt{m}, 1/\sqrt{m}]$, where $m = c\, k_l / \text{groups}$ is the number
    of inputs that an output sees, as in PyTorch.

    Args:
        in_channels: The channels of the signals, $c$.
        out_channels: The number of kernels, $k$.
        kernel_size: The length of a kernel.
        stride: The step from one window to the next.
        padding: Zeros at either end of the signal; or `"same"` or `"valid"`.
        dilation: The step from one tap to the next.
        groups: Into how many parts the channels are divided.
        bias: Whether there is a bias.
        rng: Draws the initial weights, then the biases.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: Kernels, in the shape (k, c / groups, kl).
        b: Biases, in the shape (k,), or None.

    Raises:
        ValueError: If a size is less than 1, or the channels are no multiple of the groups.
        TypeError: If `dtype` is not a float type.

    Source:
        A. Waibel et al., *Phoneme recognition using time-delay neural networks* (1989).

    Examples:
        >>> layer = Conv1d(2, 4, 5, stride=2, rng=np.random.default_rng(0))
        >>> layer
        Conv1d(2, 4, kernel_size=(5,), stride=2)
        >>> layer(np.ones((3, 2, 101))).shape
        (3, 4, 49)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        padding: int | str = 0,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            tuple_of("Conv1d", "kernel_size", kernel_size, 1, 1),
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=bias,
            rng=rng,
            dtype=dtype,
        )

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The signals, (n, k, o), of signals (n, c, l); see `ops.conv1d`, also for what is refused."""
        x = as_input("Conv1d", x, self.w)
        return ops.conv1d(x, self.w, self.b, **self.settings)


class ConvTranspose2d(_Convolution):
    r"""A transposed convolution with learned kernels: from small maps to larger ones.

    Weights and biases start uniform in $[-1/\sqrt{m}, 1/\sqrt{m}]$ with $m = k\, k_h k_w / \text{groups}$, as in
    PyTorch, which counts the fan of the kernel's second axis, here that of the outputs.

    Args:
        in_channels: The channels of the small maps, $c$.
        out_channels: The channels of the larger ones, $k$.
        kernel_size: Rows and columns of a kernel: one number for both, or a pair.
        stride: By how many pixels the kernels of neighbors lie apart, likewise.
        padding: By how many pixels the output is cut at either end, likewise.
        output_padding: How many rows and columns are added at the end, likewise.
        groups: Into how many parts the channels are divided.
        bias: Whether there is a bias.
        dilation: By how many pixels the taps lie apart: one number, or a pair.
        rng: Draws the initial weights, then the biases.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        w: Kernels, in the shape (c, k / groups, kh, kw).
        b: Biases, in the shape (k,), or None.

    Raises:
        ValueError: If a size is less than 1, or the channels are no multiple of the groups.
        TypeError: If `dtype` is not a float type.

    Source:
        M. D. Zeiler et al., *Deconvolutional networks* (2010).

    Examples:
        >>> layer = ConvTranspose2d(8, 3, 2, stride=2, rng=np.random.default_rng(0))
        >>> layer
        ConvTranspose2d(8, 3, kernel_size=(2, 2), stride=2)
        >>> layer(np.ones((5, 8, 14, 14))).shape
        (5, 3, 28, 28)
    """

    is_transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple[int, int] = 0,
        output_padding: int | tuple[int, int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | tuple[int, int] = 1,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        super().__init__(
            in_channels,
            out_channels,
            tuple_of("ConvTranspose2d", "kernel_size", kernel_size, 2, 1),
            stride=stride,
            padding=padding,
            output_padding=output_padding,
            groups=groups,
            dilation=dilation,
            bias=bias,
            rng=rng,
            dtype=dtype,
        )

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The maps, (n, k, oh, ow), of maps (n, c, h, w); see `ops.conv_transpose2d`, also for what is refused."""
        x = as_input("ConvTranspose2d", x, self.w)
        return ops.conv_transpose2d(x, self.w, self.b, **self.settings)
