"""The book's running data: 1,797 handwritten digits."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlbook.data.bundled import verified

if TYPE_CHECKING:
    from jaxtyping import Int, UInt8

    from dlbook.autograd.core import Array


class Digits(NamedTuple):
    """Handwritten digits and what they show.

    Attributes:
        images: Ink from 0 (paper) to 16 (all inked), in the shape (n, 1, 8, 8).
        labels: The digit on each image, 0 to 9, in the shape (n,).

    Examples:
        >>> digits = load_digits()
        >>> digits.labels[-1], digits.images[-1].max()
        (np.int64(8), np.uint8(16))
    """

    images: UInt8[Array, "n 1 8 8"]
    labels: Int[Array, " n"]


def load_digits() -> Digits:
    """The 1,797 digits of 13 writers that the book learns to read.

    Each image was a bitmap of 32×32, cut into blocks of 4×4; a pixel counts the inked points of its block.
    The images are stored form by form: the text of the printed form, which the labels repeat, begins anew
    14 times. Folds in the stored order therefore meet mostly unseen writers, shuffled folds meet known ones;
    the two give different scores, so say which one was used.

    Returns:
        Images as uint8 in the shape (1797, 1, 8, 8) and labels as intp, the integer that indexes arrays, in the
        shape (1797,). The arrays are new with every call.

    Raises:
        ValueError: If the data file is not the one that `sources.toml` describes.

    Source:
        E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
        Repository (1998), test part, CC BY 4.0.

    Examples:
        >>> images, labels = load_digits()
        >>> images.shape, labels[:5]
        ((1797, 1, 8, 8), array([0, 1, 2, 3, 4]))
        >>> images[0, 0, 1]
        array([ 0,  0, 13, 15, 10, 15,  5,  0], dtype=uint8)
    """
    stored = verified("digits")
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        return Digits(arrays["images"], arrays["labels"].astype(np.intp))
