"""What is done to images before a network sees them: one row an example, one scale for all features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped
    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array


def flatten_images(
    images: Shaped[Array, "n c h w"] | Shaped[Array, "n h w"], /
) -> Shaped[Array, "n d"]:
    """Images as rows of numbers: (n, c, h, w) becomes (n, c·h·w), and (n, h, w) becomes (n, h·w).

    The pixels of a row keep their order: the first channel line by line from the top left, then the next
    channel. Nothing is copied where NumPy can avoid it.

    Args:
        images: The images, of any dtype.

    Returns:
        The same numbers in the shape (n, d), with the same dtype.

    Raises:
        ValueError: If there are fewer than three axes or more than four.

    Examples:
        >>> flatten_images(np.zeros((5, 1, 28, 28))).shape
        (5, 784)
        >>> flatten_images([[[1, 2], [3, 4]]])
        array([[1, 2, 3, 4]])
    """
    images = np.asarray(images)
    if images.ndim not in (3, 4):
        hint = (
            "; write image[np.newaxis] for a single image" if images.ndim == 2 else ""
        )
        raise ValueError(
            f"flatten_images: images: expected shape (n, c, h, w) or (n, h, w), got {images.shape}{hint}"
        )
    return images.reshape(
        len(images), int(np.prod(images.shape[1:]))
    )  # -1 would fail for n = 0


class Standardizer:
    r"""Puts every feature on the same scale: mean 0 and standard deviation 1 over the training examples.

    $$\tilde x_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}, \qquad \mu_j = \frac1n \sum_i x_{ij}, \qquad
      \sigma_j^2 = \frac1n \sum_i (x_{ij} - \mu_j)^2.$$
    The mean and the scale belong to the training part. Test data are transformed with these same numbers:
    statistics taken from test data would tell the model something about them. A feature that is constant in
    the training part has no scale; it is given the scale 1, so it becomes 0 there.

    Attributes:
        mean: $\mu$, in the shape (d,), float64. Set by `fit`.
        scale: $\sigma$, in the shape (d,), float64, with 1 for constant features. Set by `fit`.

    Examples:
        >>> x = np.array([[1.0, 7.0], [3.0, 7.0]])
        >>> Standardizer().fit(x).transform(x)
        array([[-1.,  0.],
               [ 1.,  0.]])
    """

    mean: Float[Array, " d"]
    scale: Float[Array, " d"]

    def fit(self, x: ArrayLike, /) -> Self:
        """Measure the mean and the scale of each feature.

        Args:
            x: The training examples, in the shape (n, d).

        Returns:
            The standardizer itself.

        Raises:
            TypeError: If `x` does not hold numbers.
            ValueError: If `x` has another number of axes, no examples, or a number that is not finite.
        """
        x = self._rows(x, "fit")
        if len(x) == 0:
            raise ValueError(
                f"Standardizer.fit: x: expected at least one example, got shape {x.shape}"
            )
        self.mean = x.mean(axis=0, dtype=np.float64)
        variance = x.var(axis=0, dtype=np.float64)
        # A constant like 0.1 has a mean that is off by rounding, so its variance is not exactly zero.
        epsilon = np.finfo(np.float64).eps
        rounding = (len(x) * epsilon * self.mean) ** 2
        self.scale = np.sqrt(np.where(variance <= rounding, 1.0, variance))
        return self

    def transform(self, x: ArrayLike, /) -> Array:
        """Subtract the mean of the training examples and divide by their scale.

        Args:
            x: Examples, in the shape (n, d).

        Returns:
            A new array in the shape (n, d); float32 stays float32, whole numbers become float64.

        Raises:
            RuntimeError: If nothing was fitted yet.
            TypeError: If `x` does not hold numbers.
            ValueError: If `x` has another number of features, or a number that is not finite.
        """
        x = self._fitted_rows(x, "transform")
        return ((x - self.mean) / self.scale).astype(self._dtype(x), copy=False)

    def fit_transform(self, x: ArrayLike, /) -> Array:
        """`fit(x)`, then `transform(x)`: for the training part, never for test data.

        Args:
            x: The training examples, in the shape (n, d).

        Raises:
            TypeError: As `fit` does.
            ValueError: As `fit` does.
        """
        return self.fit(x).transform(x)

    def inverse_transform(self, x: ArrayLike, /) -> Array:
        """Back to the units of the data: times the scale, plus the mean.

        Args:
            x: Standardized examples, in the shape (n, d).

        Returns:
            A new array in the shape (n, d), with the dtype of `transform`.

        Raises:
            RuntimeError: If nothing was fitted yet.
            TypeError: If `x` does not hold numbers.
            ValueError: If `x` has another number of features, or a number that is not finite.
        """
        x = self._fitted_rows(x, "inverse_transform")
        return (x * self.scale + self.mean).astype(self._dtype(x), copy=False)

    @staticmethod
    def _dtype(x: Array) -> np.dtype[np.floating]:
        return x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)

    @staticmethod
    def _rows(x: ArrayLike, method: str) -> Array:
        x = np.asarray(x)
        if x.dtype.kind not in "fiub":
            raise TypeError(
                f"Standardizer.{method}: x: expected numbers, got {x.dtype}"
            )
        if x.ndim != 2:
            hint = "; flatten_images makes rows of images" if x.ndim in (3, 4) else ""
            raise ValueError(
                f"Standardizer.{method}: x: expected shape (n, d), got {x.shape}{hint}"
            )
        if not np.isfinite(x).all():
            example, feature = np.argwhere(~np.isfinite(x))[0]
            where = f"in example {example}, feature {feature}"
            raise ValueError(
                f"Standardizer.{method}: x: expected finite numbers, got {x[example, feature]} {where}"
            )
        return x

    def _fitted_rows(self, x: ArrayLike, method: str) -> Array:
        if not hasattr(self, "mean"):
            raise RuntimeError(
                f"Standardizer.{method}: expected fit(x) to be called first"
            )
        x = self._rows(x, method)
        if x.shape[1] != len(self.mean):
            raise ValueError(
                f"Standardizer.{method}: x: expected {len(self.mean)} features, got {x.shape[1]}"
            )
        return x
