"""How far one distribution is from another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlbook.autograd import primitive
from dlbook.ops.loss.checks import expect_values
from dlbook.ops.loss.reduction import reduced

if TYPE_CHECKING:
    from jaxtyping import Float

    from dlbook.autograd.core import Array, Rule


@primitive
def kl_div(
    log_q: Float[Array, "*shape"],
    p: Float[Array, "*shape"],
    /,
    *,
    log_target: bool = False,
    reduction: str = "mean",
) -> Rule:
    r"""The Kullback–Leibler divergence of predicted logarithms from target probabilities, term by term.

    $$\ell_{ij} = p_{ij}\,(\ln p_{ij} - \ln q_{ij}), \qquad
    \frac{\partial \ell_{ij}}{\partial \ln q_{ij}} = -p_{ij}, \qquad
    \frac{\partial \ell_{ij}}{\partial p_{ij}} = \ln p_{ij} - \ln q_{ij} + 1 .$$
    Summed over a row it is $\mathrm{KL}(p \,\Vert\, q)$: the *target* comes first in the symbol and second in
    the call. A target of zero costs nothing, and its own slope is minus infinity.

    Args:
        log_q: Logarithms of predicted probabilities, of any shape, a distribution in each row.
        p: Target probabilities (or their logarithms, see `log_target`), of the same shape.
        log_target: Whether `p` holds logarithms.
        reduction: `"batchmean"` (the sum, divided by the number of rows: the divergence of a row, on
            average), `"mean"` (divides by the number of *elements*, and so once more by the length of a row),
            `"sum"` or `"none"`.

    Returns:
        The divergence, in nats.

    Raises:
        ValueError: If a target probability is negative or NaN, the shapes differ, the reduction is unknown,
            or there is nothing to average.

    Source:
        S. Kullback, R. A. Leibler, *On information and sufficiency*, Annals of Mathematical Statistics 22
        (1951).

    Examples:
        >>> log_q, p = np.log([[0.5, 0.5]]), [[0.75, 0.25]]
        >>> float(kl_div(log_q, p, reduction="batchmean").round(4))
        0.1308
        >>> float(kl_div(log_q, p, reduction="mean").round(4))
        0.0654
    """
    if not log_target:
        expect_values("kl_div: p", "probabilities of zero or more", p, p >= 0)
    # a target of zero costs zero, also where the prediction is zero and its logarithm infinite
    with np.errstate(divide="ignore", invalid="ignore"):
        log_p, p = (p, np.exp(p)) if log_target else (np.log(p), p)
        ratio = np.where(p == 0, log_p, log_p - log_q)
        losses = np.where(p == 0, 0, p * ratio)
    total = losses.size
    if reduction == "batchmean":
        total, reduction = (len(losses) if losses.ndim else 1), "mean"
    elif reduction not in ("mean", "sum", "none"):
        raise ValueError(
            f"kl_div: reduction: expected 'batchmean', 'mean', 'sum' or 'none', got {reduction!r}"
        )
    loss, scale = reduced("kl_div", losses, reduction, total)

    def vjp(
        dloss: Array, needs: tuple[bool, ...] = (True, True)
    ) -> tuple[Array, Array | None]:
        dlosses = scale * dloss
        dp = None
        if needs[1]:
            dp = dlosses * (losses + p if log_target else ratio + 1)
        return -dlosses * p, dp

    return loss, vjp
