"""The embedding: a vector for each of finitely many things, such as words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from dlbook.autograd.core import Array, Rule


@primitive
def embedding(
    i: Int[Array, "..."], w: Float[Array, "n d"], /, *, padding_idx: int | None = None
) -> Rule:
    r"""The rows of a table that the indices name, $y_p = w_{i_p}$ for each position $p$.

    It is the product $y = ew$ of one-hot rows $e_{pj} = [i_p = j]$ with the table, without the zeros. Its
    gradient $dw = e^\top dy$ adds up what each occurrence of an index receives:
    $$dw_j = \sum_{p \,:\, i_p = j} dy_p .$$
    Equal indices are brought together by a sort, and each index that occurs again is summed over its run.

    Args:
        i: Indices from 0 to $n - 1$, of any shape.
        w: The table, `(n, d)`: a row for each index.
        padding_idx: An index that stands for no word. Its row is looked up like any other, and gets no
            gradient.

    Returns:
        The rows, in the shape of `i` with the axis `d` added.

    Raises:
        TypeError: If the indices are not integers.
        ValueError: If an index, or `padding_idx`, names no row; a negative one never counts from the end.

    Source:
        Y. Bengio et al., *A neural probabilistic language model* (2003).

    Examples:
        >>> w = np.array([[0.0, 0.0], [1.0, 10.0], [2.0, 20.0]])
        >>> embedding([1, 2, 1], w)
        array([[ 1., 10.],
               [ 2., 20.],
               [ 1., 10.]])
        >>> _, vjp = embedding.rule(np.array([1, 2, 1]), w)
        >>> vjp(np.array([[1.0, 1.0], [5.0, 5.0], [2.0, 2.0]]))[1]
        array([[0., 0.],
               [3., 3.],
               [5., 5.]])
    """
    n, d = w.shape
    if i.size and (i.min() < 0 or i.max() >= n):
        raise ValueError(
            f"embedding: i: expected indices from 0 to {n - 1}, got {i.min()} to {i.max()}"
        )
    if padding_idx is not None and not 0 <= padding_idx < n:
        raise ValueError(
            f"embedding: padding_idx: expected an index from 0 to {n - 1}, got {padding_idx}"
        )

    def vjp(dy: Array) -> tuple[None, Array]:
        dw = np.zeros((n, d), dy.dtype)
        order = np.argsort(i, axis=None, kind="stable")
        j, dy = i.reshape(-1)[order], dy.reshape(i.size, d)[order]
        first = np.flatnonzero(np.diff(j, prepend=-1))
        end = np.append(first, i.size)[1:]
        dw[j[first]] = dy[first]
        again = end > first + 1  # reduceat would sum these at once, and more slowly
        for row, a, b in zip(j[first][again], first[again], end[again], strict=True):
            np.add.reduce(dy[a:b], axis=0, out=dw[row])
        if padding_idx is not None:
            dw[padding_idx] = 0
        return None, dw

    return w[i], vjp
