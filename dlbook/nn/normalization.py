"""Layers that normalize each example by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from dlbook.autograd import Parameter, Tensor
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module
from dlbook.nn.scale import scale_and_shift

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike


class GroupNorm(Module):
    r"""Each group of an example's channels brought to mean 0 and variance 1, then scaled and shifted by channel.

    It computes the same in training and in an evaluation: no example depends on another.

    Args:
        num_groups: In how many groups the channels are cut.
        num_channels: The number of channels, $c$; a multiple of `num_groups`.
        eps: Added to the variance.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        gamma: The scale of each channel, in the shape (c,); 1 at the start.
        beta: The shift of each channel, in the shape (c,); 0 at the start.

    Raises:
        ValueError: If there are no channels, or `num_groups` does not divide them.
        TypeError: If `dtype` is not a float type.

    Source:
        Y. Wu, K. He, *Group normalization*, ECCV (2018).

    Examples:
        >>> layer = GroupNorm(2, 4, eps=0)
        >>> layer
        GroupNorm(2, 4, eps=0)
        >>> layer([[1.0, 3.0, 10.0, 30.0]])
        Tensor([[-1.,  1., -1.,  1.]])
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        *,
        eps: float = 1e-5,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.gamma, self.beta = scale_and_shift(
            "GroupNorm", "num_channels", num_channels, dtype
        )
        if num_groups < 1 or num_channels % num_groups:
            raise ValueError(
                f"GroupNorm: num_groups: expected a divisor of num_channels={num_channels}, got {num_groups}"
            )
        self.num_groups, self.eps = num_groups, eps

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized batch, in the shape of `x`, (n, c, …); see `ops.group_norm`."""
        batch = as_input("GroupNorm", x, self.gamma)
        return ops.group_norm(
            batch, self.gamma, self.beta, num_groups=self.num_groups, eps=self.eps
        )

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.num_groups}, {self.gamma.size}, eps={self.eps}"


class InstanceNorm2d(Module):
    r"""Each channel of each image brought to mean 0 and variance 1 over its pixels.

    It computes the same in training and in an evaluation: no image depends on another.

    Args:
        num_features: The number of channels, $c$.
        eps: Added to the variance.
        affine: Whether the channels are scaled and shifted as is learned; not, unless it is asked for, as in PyTorch.
        dtype: The dtype of the parameters, and so of the output; without parameters it is that of the images.

    Attributes:
        gamma: The scale of each channel, in the shape (c,); 1 at the start. Without `affine` None.
        beta: The shift of each channel, in the shape (c,); 0 at the start. Without `affine` None.

    Raises:
        ValueError: If `num_features` is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        D. Ulyanov, A. Vedaldi, V. Lempitsky, *Instance normalization: the missing ingredient for fast
        stylization*, arXiv:1607.08022 (2016).

    Examples:
        >>> layer = InstanceNorm2d(1, eps=0)
        >>> layer
        InstanceNorm2d(1, eps=0, affine=False)
        >>> layer([[[[1.0, 3.0]]], [[[10.0, 30.0]]]]).value.ravel()
        array([-1.,  1., -1.,  1.])
    """

    gamma: Parameter | None
    beta: Parameter | None

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        affine: bool = False,
        dtype: DTypeLike = np.float32,
    ) -> None:
        gamma, beta = scale_and_shift(
            "InstanceNorm2d", "num_features", num_features, dtype
        )
        self.gamma, self.beta = (gamma, beta) if affine else (None, None)
        self.num_features, self.eps = num_features, eps

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized images, in the shape of `x`, (n, c, h, w); see `ops.instance_norm`.

        Raises:
            ValueError: If `x` has another number of axes or channels, or images of a single pixel.
            TypeError: If `x` does not hold numbers, or is a tensor of another dtype than the parameters.
        """
        images: Any = x if isinstance(x, Tensor) else Tensor(x)
        if self.gamma is not None:
            images = as_input("InstanceNorm2d", x, self.gamma)
        if images.ndim != 4 or images.shape[1] != self.num_features:
            raise ValueError(
                f"InstanceNorm2d: x: expected shape (n, c={self.num_features}, h, w), got {images.shape}"
            )
        return ops.instance_norm(images, self.gamma, self.beta, eps=self.eps)

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.num_features}, eps={self.eps}, affine={self.gamma is not None}"


class LayerNorm(Module):
    r"""Each row brought to mean 0 and variance 1 over its $d$ features, then scaled and shifted as is learned.

    It computes the same in training and in an evaluation: no row depends on another.

    Args:
        d: The number of features.
        eps: Added to the variance.
        dtype: The dtype of the parameters, and so of the output.

    Attributes:
        gamma: The scale of each feature, in the shape (d,); 1 at the start.
        beta: The shift of each feature, in the shape (d,); 0 at the start.

    Raises:
        ValueError: If `d` is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, arXiv:1607.06450 (2016).

    Examples:
        >>> layer = LayerNorm(2, eps=0)
        >>> layer
        LayerNorm(2, eps=0)
        >>> layer([[1.0, 3.0], [10.0, 30.0]])
        Tensor([[-1.,  1.],
                [-1.,  1.]])
    """

    def __init__(
        self, d: int, *, eps: float = 1e-5, dtype: DTypeLike = np.float32
    ) -> None:
        self.gamma, self.beta = scale_and_shift("LayerNorm", "d", d, dtype)
        self.eps = eps

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized rows, in the shape of `x`, (…, d); see `ops.layer_norm`."""
        rows = as_input("LayerNorm", x, self.gamma)
        return ops.layer_norm(rows, self.gamma, self.beta, eps=self.eps)

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.gamma.size}, eps={self.eps}"


class RMSNorm(Module):
    r"""Each row divided by the root of its mean square over its $d$ features, then scaled as is learned.

    It computes the same in training and in an evaluation: no row depends on another.

    Args:
        d: The number of features.
        eps: Added to the mean square; left out, the gap from 1 to the next number of the dtype.
        dtype: The dtype of the parameter, and so of the output.

    Attributes:
        gamma: The scale of each feature, in the shape (d,); 1 at the start.

    Raises:
        ValueError: If `d` is less than 1.
        TypeError: If `dtype` is not a float type.

    Source:
        B. Zhang, R. Sennrich, *Root mean square layer normalization*, NeurIPS (2019).

    Examples:
        >>> layer = RMSNorm(2)
        >>> layer
        RMSNorm(2, eps=None)
        >>> layer([[1.0, -7.0]])
        Tensor([[ 0.2, -1.4]])
    """

    def __init__(
        self, d: int, *, eps: float | None = None, dtype: DTypeLike = np.float32
    ) -> None:
        self.gamma, _ = scale_and_shift("RMSNorm", "d", d, dtype)
        self.eps = eps

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized rows, in the shape of `x`, (…, d); see `ops.rms_norm`."""
        return ops.rms_norm(
            as_input("RMSNorm", x, self.gamma), self.gamma, eps=self.eps
        )

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.gamma.size}, eps={self.eps}"
