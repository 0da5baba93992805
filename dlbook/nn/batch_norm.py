"""Layers that normalize over the examples of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook import ops
from dlbook.autograd import Tensor
from dlbook.nn.evaluation import evaluated
from dlbook.nn.inputs import as_input
from dlbook.nn.module import Module
from dlbook.nn.scale import scale_and_shift

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, DTypeLike

    from dlbook.autograd.core import Array


class _BatchNorm(Module):
    """What the batch normalizations share; a subclass says how many axes its batches may have."""

    axes: tuple[int, ...]

    def __init__(
        self,
        num_features: int,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        dtype: DTypeLike = np.float32,
    ) -> None:
        name = type(self).__name__
        if not 0 <= momentum <= 1:
            raise ValueError(
                f"{name}: momentum: expected a number from 0 to 1, got {momentum}"
            )
        self.gamma, self.beta = scale_and_shift(
            name, "num_features", num_features, dtype
        )
        self.running_mean = np.zeros(num_features, dtype)
        self.running_var = np.ones(num_features, dtype)
        self.eps, self.momentum = eps, momentum

    def forward(
        self, x: Tensor | ArrayLike, *, rng: np.random.Generator | None = None
    ) -> Tensor:
        """The normalized batch, in the shape of `x`; see `ops.batch_norm`.

        A training pass takes mean and variance from the batch, and moves the running ones towards them. An
        evaluation, and every pass of a frozen layer, takes the running ones and leaves them as they are.

        Raises:
            ValueError: If `x` has another number of axes or channels, or a training batch has only one value for
                each channel: that is its own mean, and nothing would be left of it.
            TypeError: If `x` does not hold numbers, or is a tensor of another dtype than the parameters.
        """
        name = type(self).__name__
        batch = as_input(name, x, self.gamma)
        if batch.ndim not in self.axes:
            wanted = " or ".join(map(str, self.axes))
            raise ValueError(
                f"{name}: x: expected {wanted} axes, got shape {batch.shape}"
            )
        if rng is None or self.is_frozen:
            mean, var = self.running_mean, self.running_var
            y = ops.batch_norm(batch, self.gamma, self.beta, mean, var, eps=self.eps)
            return evaluated(self, y)
        m = batch.size // max(batch.shape[1], 1)
        if m < 2:
            raise ValueError(
                f"{name}: x: expected at least two values for each channel in a training pass, "
                f"got shape {batch.shape}"
            )
        moments = np.empty((2, self.gamma.size))
        y = ops.batch_norm(batch, self.gamma, self.beta, eps=self.eps, moments=moments)
        self.running_mean = self._moved(self.running_mean, moments[0])
        self.running_var = self._moved(self.running_var, moments[1] * (m / (m - 1)))
        return y

    def _moved(self, running: Array, now: Array) -> Array:
        moved = running + self.momentum * (now - running)  # in float64, as `now` is
        return moved.astype(running.dtype)

    @property
    def differs_in_training(self) -> bool:
        """Whether a training pass computes something else than an evaluation: it does."""
        return True

    def extra_repr(self) -> str:
        """The layer's settings."""
        return f"{self.gamma.size}, eps={self.eps}, momentum={self.momentum}"


class BatchNorm1d(_BatchNorm):
    r"""Each feature, or channel of sequences, brought to mean 0 and variance 1 over the batch, then scaled and shifted.

    In a training pass mean and variance are those of the batch, and `forward` moves the running ones towards them,
    $\mu \leftarrow (1 - \alpha)\,\mu + \alpha\,\mu_\text{batch}$ with the momentum $\alpha$, and so the variance, of
    which the unbiased one is taken. In an evaluation the running ones are used, so that no example depends on the
    others.

    Args:
        num_features: The number of features or channels, $c$.
        eps: Added to the variance.
        momentum: $\alpha$, from 0 to 1: how far the running statistics move with each batch.
        dtype: The dtype of parameters and statistics, and so of the output.

    Attributes:
        gamma: The scale of each channel, in the shape (c,); 1 at the start.
        beta: The shift of each channel, in the shape (c,); 0 at the start.
        running_mean: A plain array, in the shape (c,); 0 at the start.
        running_var: A plain array, in the shape (c,); 1 at the start.

    Raises:
        ValueError: If `num_features` is less than 1, or `momentum` is outside [0, 1].
        TypeError: If `dtype` is not a float type.

    Source:
        S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
        covariate shift*, ICML (2015).

    Examples:
        >>> layer = BatchNorm1d(1)
        >>> layer
        BatchNorm1d(1, eps=1e-05, momentum=0.1)
        >>> layer([[0.0], [4.0]], rng=np.random.default_rng(0)).value.round(4)
        array([[-1.],
               [ 1.]], dtype=float32)
        >>> layer.running_mean, layer.running_var
        (array([0.2], dtype=float32), array([1.7], dtype=float32))
        >>> layer([[0.2]])
        Tensor([[0.]])
    """

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    r"""Each channel of images brought to mean 0 and variance 1 over the batch, then scaled and shifted.

    It is `BatchNorm1d` for batches `(n, c, h, w)`; a channel's numbers are those of all pixels of all images.

    Args:
        num_features: The number of channels, $c$.
        eps: Added to the variance.
        momentum: $\alpha$, from 0 to 1: how far the running statistics move with each batch.
        dtype: The dtype of parameters and statistics, and so of the output.

    Attributes:
        gamma: The scale of each channel, in the shape (c,); 1 at the start.
        beta: The shift of each channel, in the shape (c,); 0 at the start.
        running_mean: A plain array, in the shape (c,); 0 at the start.
        running_var: A plain array, in the shape (c,); 1 at the start.

    Raises:
        ValueError: If `num_features` is less than 1, or `momentum` is outside [0, 1].
        TypeError: If `dtype` is not a float type.

    Source:
        S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal
        covariate shift*, ICML (2015).

    Examples:
        >>> layer = BatchNorm2d(3)
        >>> x = np.random.default_rng(0).normal(5, 2, (8, 3, 4, 4))
        >>> y = layer(x, rng=np.random.default_rng(1)).value
        >>> abs(y.mean(axis=(0, 2, 3))).max() < 1e-6, abs(y.std(axis=(0, 2, 3)) - 1).max() < 1e-5
        (np.True_, np.True_)
    """

    axes = (4,)
