"""Additive scores: how well a key fits a query, by a layer of hidden units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def additive_scores(
    q: Float[Array, "*batch t a"],
    k: Float[Array, "*batch s a"],
    w: Float[Array, " a"],
    /,
) -> Rule:
    r"""The score of each query with each key, from hidden units that see both.

    $$z_{ij} = \langle w, h_{ij} \rangle, \qquad h_{ij} = \tanh(q_i + k_j),$$
    $$dw = \sum_{ij} dz_{ij}\, h_{ij}, \qquad
    u_{ij} = dz_{ij}\, w \odot (1 - h_{ij}^2), \qquad dq_i = \sum_j u_{ij}, \qquad dk_j = \sum_i u_{ij} .$$
    The hidden units are the only large array, of $t \cdot s \cdot a$ numbers; they are kept for the way back.

    Args:
        q: Queries as the hidden units see them, `(*batch, t, a)`: already weighted, $W s_i$.
        k: Keys as they see them, `(*batch, s, a)`: $U h_j$, once for all queries.
        w: The weights of the hidden units in the score, `(a,)`.

    Returns:
        Scores, `(*batch, t, s)`.

    Raises:
        ValueError: If the shapes do not fit.

    Source:
        D. Bahdanau, K. Cho, Y. Bengio, *Neural machine translation by jointly learning to align and translate*
        (2015), appendix A.1.2.

    Examples:
        >>> additive_scores([[0.0, 1.0]], [[0.0, -1.0], [9.0, 0.0]], [1.0, 2.0]).round(3)
        array([[0.   , 2.523]])
    """
    h = q[..., :, None, :] + k[..., None, :, :]
    np.tanh(h, out=h)

    def vjp(dz: Array) -> tuple[Array, Array, Array]:
        dw = dz.reshape(dz.size) @ h.reshape(dz.size, len(w))
        u = h * h
        np.subtract(1, u, out=u)
        u *= dz[..., None]
        return u.sum(axis=-2) * w, u.sum(axis=-3) * w, dw

    return h @ w, vjp
