"""Residual networks: blocks that add to what they are given, so that depth does no harm."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import init, ops
from dlbook.autograd import Tensor
from dlbook.nn import BatchNorm2d, Conv2d, Linear, MaxPool2d, Module, Sequential
from dlbook.nn.inputs import as_input

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, DTypeLike

SMALL = (20, 32, 44, 56, 110)  # for images of 32 × 32: 6 n + 2 layers, n blocks a stage
LARGE = {  # for images of 224 × 224: the blocks of each stage
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}


class ResNet(Sequential):
    r"""A deep stack of residual blocks, $x \leftarrow \operatorname{relu}(x + F(x))$, that halves the image on its way.

    The depth says which of the two kinds of the paper it is.

    - 20, 32, 44, 56 and 110 are for small images; those of CIFAR-10 have 32 rows and columns. With $6n + 2$ layers,
      there are three stages of $n$ blocks with 16, 32 and 64 channels, and shortcuts without parameters (option A).
      They have 269,722, 464,154, 658,586, 853,018 and 1,727,962 parameters for three channels and ten classes.
    - 18, 34, 50, 101 and 152 are for large images; those of ImageNet have 224 rows and columns. A convolution of 7 and
      a max pooling make them four times smaller first. Four stages follow, with 64, 128, 256 and 512 channels, and
      projections where the shape changes (option B). From 50 on the blocks are bottlenecks, with four times as many
      channels at their ends. 18 and 50 have 11,689,512 and 25,557,032 parameters for 1,000 classes.

    Each stage but the first begins with a stride of 2. A bottleneck has it in its convolution of 3, as in
    torchvision; the paper had it in the one of 1 before, which skips three of four pixels. Convolutions have no
    biases, since a batch norm follows. Behind the last stage, the mean over all pixels goes into one dense layer. It
    is a `Sequential`, so `model[:-1]` gives the features.

    Args:
        depth: How many layers have weights, shortcuts not counted.
        num_classes: The number of scores; 10 for the small kind and 1,000 for the large one if left out.
        in_channels: The channels of the images.
        rng: Draws the initial weights: He's normal ones for convolutions, `Linear`'s for the last layer.
        dtype: The dtype of the parameters, and so of the output.

    Raises:
        ValueError: If the depth is none of these, or a number is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Deep residual learning for image recognition* (2016), table 1 and section 4.2;
        the initial weights: K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers* (2015).

    Examples:
        >>> from dlbook.nn import count_parameters
        >>> rng = np.random.default_rng(0)
        >>> model = ResNet(20, rng=rng)
        >>> model(np.zeros((2, 3, 32, 32)), rng=rng).shape, count_parameters(model)
        ((2, 10), 269722)
        >>> model[:-1](np.zeros((2, 3, 32, 32))).shape
        (2, 64)
    """

    def __init__(
        self,
        depth: int,
        *,
        num_classes: int | None = None,
        in_channels: int = 3,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if depth not in SMALL and depth not in LARGE:
            known = ", ".join(map(str, (*SMALL, *LARGE)))
            raise ValueError(f"ResNet: depth: expected one of {known}, got {depth}")
        made: dict[str, Any] = {"rng": rng, "dtype": dtype}
        small = depth in SMALL
        blocks = ((depth - 2) // 6,) * 3 if small else LARGE[depth]
        c = 16 if small else 64
        layers: list[Callable[..., Any]] = [
            _convolution(
                in_channels, c, 3 if small else 7, stride=1 if small else 2, **made
            ),
            BatchNorm2d(c, dtype=dtype),
            ops.relu,
        ]
        if not small:
            layers.append(MaxPool2d(3, stride=2, padding=1))
        for stage, n in enumerate(blocks):
            for i in range(n):
                block = ResidualBlock(
                    c,
                    (16 if small else 64) * 2**stage,
                    stride=2 if stage > 0 and i == 0 else 1,
                    bottleneck=not small and depth >= 50,
                    projection=not small,
                    **made,
                )
                layers.append(block)
                c = block.out_channels
        if num_classes is None:
            num_classes = 10 if small else 1000
        super().__init__(*layers, global_average, Linear(c, num_classes, **made))


class ResidualBlock(Module):
    r"""What a few convolutions find missing is added to what is there: $y = \operatorname{relu}(s(x) + F(x))$.

    $F$ is two convolutions of 3, or a bottleneck of three, of 1, 3 and 1, the last of which has four times as many
    channels; each is followed by a batch norm and, but for the last, by a ReLU. The shortcut $s$ is $x$ itself where
    the shape stays. The gradient behind the block's last ReLU then reaches $x$ as it is, whatever $F$ makes of it.

    Args:
        in_channels: The channels of $x$.
        channels: Those of the first convolution.
        stride: That of the first convolution of 3.
        bottleneck: Whether $F$ is a bottleneck.
        projection: Whether the shortcut is a convolution of 1 with a batch norm where the shape changes, or else
            `PadShortcut`.
        rng: Draws the initial weights.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        convolutions: The convolutions of $F$.
        norms: Their norms.
        shortcut: $s$, or None where it is $x$.
        out_channels: The channels of $y$.

    Raises:
        ValueError: If a number is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Deep residual learning for image recognition* (2016), section 3 and figure 5.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> block = ResidualBlock(4, 8, stride=2, rng=rng)
        >>> block(np.ones((2, 4, 6, 6)), rng=rng).shape
        (2, 8, 3, 3)
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        *,
        stride: int = 1,
        bottleneck: bool = False,
        projection: bool = True,
        rng: np.random.Generator,
        dtype: DTypeLike = np.float32,
    ) -> None:
        made: dict[str, Any] = {"rng": rng, "dtype": dtype}
        k = self.out_channels = 4 * channels if bottleneck else channels
        kernels = (1, 3, 1) if bottleneck else (3, 3)
        strides = (1, stride, 1) if bottleneck else (stride, 1)
        widths = [in_channels, *[channels] * (len(kernels) - 1), k]
        self.convolutions = [
            _convolution(c_in, c_out, size, stride=step, **made)
            for (c_in, c_out), size, step in zip(
                pairwise(widths), kernels, strides, strict=True
            )
        ]
        self.norms = [BatchNorm2d(width, dtype=dtype) for width in widths[1:]]
        self.shortcut: Module | None = None
        if stride > 1 or k != in_channels:
            self.shortcut = (
                Sequential(
                    _convolution(in_channels, k, 1, stride=stride, **made),
                    BatchNorm2d(k, dtype=dtype),
                )
                if projection
                else PadShortcut(k - in_channels, stride)
            )

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The maps, in the shape (n, out_channels, h / stride, w / stride), for `x` in the shape (n, c, h, w)."""
        first, last = self.convolutions[0], self.norms[-1]
        x = y = as_input("ResidualBlock", x, first.w)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            y = norm(convolution(y, rng=rng), rng=rng)
            if norm is not last:
                y = ops.relu(y)
        return ops.relu(y + (x if self.shortcut is None else self.shortcut(x, rng=rng)))


class PadShortcut(Module):
    """A shortcut without parameters: every so many rows and columns, and new channels of zeros (option A).

    Args:
        more: How many channels are added.
        stride: The step from one row or column to the next.

    Source:
        K. He, X. Zhang, S. Ren, J. Sun, *Deep residual learning for image recognition* (2016), section 3.3.

    Examples:
        >>> PadShortcut(1, 2)(np.array([[[[1.0, 2.0], [3.0, 4.0]]]]))
        Tensor([[[[1.]],
        <BLANKLINE>
                 [[0.]]]])
    """

    def __init__(self, more: int, stride: int) -> None:
        self.more, self.stride = more, stride

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The smaller maps with more channels, (n, c + more, h / stride, w / stride), of `x`, (n, c, h, w)."""
        x = x if isinstance(x, Tensor) else Tensor(x)
        taken = x[:, :, :: self.stride, :: self.stride]
        return ops.pad(taken, pad=(0, 0, 0, 0, 0, self.more))

    def extra_repr(self) -> str:
        """The settings."""
        return f"{self.more}, stride={self.stride}"


def global_average(x: Any) -> Any:
    """The mean over all pixels of each map, (n, c), of `x`, (n, c, h, w).

    Examples:
        >>> global_average(np.array([[[[1.0, 2.0], [3.0, 6.0]]]]))
        array([[3.]])
    """
    return x.mean(axis=(2, 3))


def _convolution(
    c_in: int,
    c_out: int,
    size: int,
    *,
    stride: int = 1,
    rng: np.random.Generator,
    dtype: DTypeLike,
) -> Conv2d:
    """A convolution that keeps the size but for its stride, without biases, with He's weights."""
    layer = Conv2d(
        c_in, c_out, size, stride=stride, padding=size // 2, bias=False, rng=rng, dtype=dtype,
    )  # fmt: skip
    layer.w.value = init.kaiming_normal(layer.w.shape, rng=rng, dtype=dtype)
    return layer
