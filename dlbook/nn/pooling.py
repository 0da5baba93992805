"""Layers that change the size of planes. They have settings, and nothing to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook import ops
from dlbook.autograd import Tensor
from dlbook.nn.module import Module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    from dlbook.autograd import Primitive


class _Resized(Module):
    """A primitive of planes, with settings that are attributes of the layer."""

    primitive: Primitive

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The planes at their new size, `(*batch, h', w')`, for `x` in the shape `(*batch, h, w)`.

        Raises:
            TypeError: If `x` does not hold numbers, or a setting has the wrong kind.
            ValueError: If the planes are too small for the settings, or a setting is out of its range.
        """
        x = x if isinstance(x, Tensor) else Tensor(x)
        return self.primitive(x, **self._settings())

    def extra_repr(self) -> str:
        """The layer's settings."""
        return ", ".join(
            f"{name}={value!r}" for name, value in self._settings().items()
        )

    def _settings(self) -> dict[str, Any]:
        return {
            name: value for name, value in vars(self).items() if name != "is_frozen"
        }


class MaxPool2d(_Resized):
    r"""The largest number of each window, $y_{ij} = \max_{a, b} x_{is - p + ad,\, js - p + bd}$.

    Args:
        kernel_size: Height and width of a window, in pixels; one number stands for both, as below.
        stride: The step from window to window; by default the kernel's size.
        padding: How far windows reach beyond each border, at most half of a window.
        dilation: The step from tap to tap within a window.
        ceil_mode: Whether a last window that reaches beyond the padding counts.

    Source:
        K. Yamaguchi et al., *A neural network for speaker-independent isolated word recognition* (1990).

    Examples:
        >>> layer = MaxPool2d(2)
        >>> layer
        MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
        >>> layer([[[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 5.0]]])
        Tensor([[[4., 5.]]])
    """

    primitive = ops.max_pool2d

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        dilation: int | tuple[int, int] = 1,
        *,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.ceil_mode = ceil_mode


class AvgPool2d(_Resized):
    r"""The mean of each window, $y_{ij} = \frac{1}{N_{ij}} \sum_{a, b} x_{is - p + a,\, js - p + b}$.

    Args:
        kernel_size: Height and width of a window, in pixels; one number stands for both, as below.
        stride: The step from window to window; by default the kernel's size.
        padding: How far windows reach beyond each border, at most half of a window.
        ceil_mode: Whether a last window that reaches beyond the padding counts.
        count_include_pad: Whether padding counts in $N$.

    Source:
        Y. LeCun et al., *Gradient-based learning applied to document recognition* (1998).

    Examples:
        >>> layer = AvgPool2d(2)
        >>> layer
        AvgPool2d(kernel_size=2, stride=2, padding=0, ceil_mode=False, count_include_pad=True)
        >>> layer([[[1.0, 2.0, 0.0, 0.0], [3.0, 4.0, 0.0, 8.0]]])
        Tensor([[[2.5, 2. ]]])
    """

    primitive = ops.avg_pool2d

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple[int, int] = 0,
        *,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad


class AdaptiveAvgPool2d(_Resized):
    """The means of as many bins as are asked for; with one bin, global average pooling.

    Args:
        output_size: The height and width of the output; one number stands for both, None keeps the input's.

    Source:
        M. Lin, Q. Chen, S. Yan, *Network in network* (2014).

    Examples:
        >>> layer = AdaptiveAvgPool2d(1)
        >>> layer
        AdaptiveAvgPool2d(output_size=1)
        >>> layer([[[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]]])
        Tensor([[[4.]]])
    """

    primitive = ops.adaptive_avg_pool2d

    def __init__(self, output_size: int | tuple[int | None, int | None]) -> None:
        self.output_size = output_size


class AdaptiveMaxPool2d(_Resized):
    """The maxima of as many bins as are asked for; with one bin, global maximum pooling.

    Args:
        output_size: The height and width of the output; one number stands for both, None keeps the input's.

    Source:
        K. He et al., *Spatial pyramid pooling in deep convolutional networks for visual recognition* (2015).

    Examples:
        >>> layer = AdaptiveMaxPool2d((1, 2))
        >>> layer
        AdaptiveMaxPool2d(output_size=(1, 2))
        >>> layer([[[1.0, 2.0, 6.0], [3.0, 4.0, 8.0]]])
        Tensor([[[4., 8.]]])
    """

    primitive = ops.adaptive_max_pool2d

    def __init__(self, output_size: int | tuple[int | None, int | None]) -> None:
        self.output_size = output_size


class Upsample(_Resized):
    """Planes at another size, smaller ones too; see `ops.interpolate`.

    Args:
        size: The height and width of the output, in pixels; one number stands for both.
        scale_factor: How many times as large the output is, in place of `size`.
        mode: `"nearest"` or `"bilinear"`.
        align_corners: For `"bilinear"` only; not, if left out.

    Source:
        R. G. Keys, *Cubic convolution interpolation for digital image processing* (1981).

    Examples:
        >>> layer = Upsample(scale_factor=2)
        >>> layer
        Upsample(size=None, scale_factor=2, mode='nearest', align_corners=None)
        >>> layer([[[1.0, 3.0]]])
        Tensor([[[1., 1., 3., 3.],
                 [1., 1., 3., 3.]]])
    """

    primitive = ops.interpolate

    def __init__(
        self,
        size: int | tuple[int, int] | None = None,
        scale_factor: float | tuple[float, float] | None = None,
        mode: str = "nearest",
        *,
        align_corners: bool | None = None,
    ) -> None:
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode
        self.align_corners = align_corners
