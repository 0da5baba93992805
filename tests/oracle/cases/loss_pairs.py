"""Losses of margins, pairs and triplets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook import ops
from tests.oracle.cases.comparison import Comparison, of_function
from tests.oracle.cases.loss import REDUCTIONS, reduced

if TYPE_CHECKING:
    from tests.oracle.choice import Choice


def sides(choice: Choice, *shape: int) -> Any:
    """-1 or +1."""
    return 2.0 * choice.labels(2, *shape) - 1


def on_the_margin(choice: Choice, z: Any, margin: Any) -> Any:
    """Some numbers put exactly on the margin, where the slope is a convention."""
    return np.where(choice.normal(*np.shape(z)) > 1.5, margin, z)


def hinge_loss(choice: Choice) -> Comparison:
    """The hinge of two sides, which PyTorch has no name for."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    y, squared = sides(choice, *shape), bool(choice.integer(0, 1))
    z = on_the_margin(choice, choice.normal(*shape), y)

    def theirs(torch: Any, z: Any, y: Any) -> Any:
        lack = torch.relu(1 - y * z)
        return reduced(lack**2 if squared else lack, reduction)

    return of_function(
        choice,
        [z, y],
        lambda z, y: ops.hinge_loss(z, y, squared=squared, reduction=reduction),
        theirs,
        constants=(1,),
    )


def soft_margin_loss(choice: Choice) -> Comparison:
    """The rounded hinge."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    return of_function(
        choice,
        [choice.numbers(-20, 20, shape), sides(choice, *shape)],
        lambda z, y: ops.soft_margin_loss(z, y, reduction=reduction),
        lambda torch, z, y: torch.nn.functional.soft_margin_loss(
            z, y, reduction=reduction
        ),
        constants=(1,),
    )


def multi_margin_loss(choice: Choice) -> Comparison:
    """The hinge of several classes; some leads are exactly the margin."""
    k, rows = choice.integer(1, 4), choice.shape(most=1)
    settings: dict[str, Any] = {
        "p": choice.integer(1, 2),
        "margin": choice.among([0.5, 1.0]),
        "reduction": choice.among(REDUCTIONS),
    }
    weight = choice.positive(k) if choice.integer(0, 1) else None
    z = on_the_margin(choice, choice.normal(*rows, k), 0.5)
    return of_function(
        choice,
        [z, choice.labels(k, *rows), weight],
        lambda z, t, weight: ops.multi_margin_loss(z, t, weight, **settings),
        lambda torch, z, t, weight: torch.nn.functional.multi_margin_loss(
            z, t, weight=weight, **settings
        ),
        constants=(2,),
    )


def margin_ranking_loss(choice: Choice) -> Comparison:
    """Which of two is ahead; some leads are exactly the margin."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    margin = choice.among([0.0, 0.5])
    x2, y = choice.normal(*shape).round(), sides(choice, *shape)
    x1 = on_the_margin(choice, choice.normal(*shape), x2 + y * margin)
    settings: dict[str, Any] = {"margin": margin, "reduction": reduction}
    return of_function(
        choice,
        [x1, x2, y],
        lambda x1, x2, y: ops.margin_ranking_loss(x1, x2, y, **settings),
        lambda torch, x1, x2, y: torch.nn.functional.margin_ranking_loss(
            x1, x2, y, **settings
        ),
        constants=(2,),
    )


def hinge_embedding_loss(choice: Choice) -> Comparison:
    """Distances that shall be small, or large; some exactly the margin."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    margin = choice.among([1.0, 2.0])
    x = on_the_margin(choice, choice.positive(*shape), margin)
    settings: dict[str, Any] = {"margin": margin, "reduction": reduction}
    return of_function(
        choice,
        [x, sides(choice, *shape)],
        lambda x, y: ops.hinge_embedding_loss(x, y, **settings),
        lambda torch, x, y: torch.nn.functional.hinge_embedding_loss(x, y, **settings),
        constants=(1,),
    )


def cosine_embedding_loss(choice: Choice) -> Comparison:
    """Angles of rows, or of one pair."""
    n, d = choice.shape(most=1), choice.integer(1, 4)
    settings: dict[str, Any] = {
        "margin": choice.among([-0.5, 0.0, 0.5]),
        "reduction": choice.among(REDUCTIONS),
    }
    x1 = choice.positive(*n, d) * sides(choice, *n, d)
    x2 = choice.positive(*n, d) * sides(choice, *n, d)
    return of_function(
        choice,
        [x1, x2, sides(choice, *n)],
        lambda x1, x2, y: ops.cosine_embedding_loss(x1, x2, y, **settings),
        lambda torch, x1, x2, y: torch.nn.functional.cosine_embedding_loss(
            x1, x2, y, **settings
        ),
        constants=(2,),
    )


def triplet_margin_loss(choice: Choice) -> Comparison:
    """Triplets by every norm, with and without swap; some rows are equal."""
    n, d = choice.shape(most=2), choice.integer(1, 4)
    settings: dict[str, Any] = {
        "margin": choice.among([0.5, 1.0, 5.0]),
        "p": choice.among([1.0, 2.0, 3.0]),
        "eps": choice.among([1e-6, 0.1]),
        "swap": bool(choice.integer(0, 1)),
        "reduction": choice.among(REDUCTIONS),
    }
    a, b, c = (choice.normal(*n, d) for _ in range(3))
    if choice.integer(0, 1):
        b = a.copy()
    return of_function(
        choice,
        [a, b, c],
        lambda a, b, c: ops.triplet_margin_loss(a, b, c, **settings),
        lambda torch, a, b, c: torch.nn.functional.triplet_margin_loss(
            a, b, c, **settings
        ),
    )


def sigmoid_focal_loss(choice: Choice) -> Comparison:
    """The focal loss, composed as torchvision does."""
    shape, reduction = choice.shape(), choice.among(REDUCTIONS)
    alpha, gamma = choice.among([-1, 0.25, 1.0]), choice.among([0.0, 1.0, 2.0, 3.5])

    def theirs(torch: Any, z: Any, y: Any) -> Any:
        y = y.to(z.dtype)
        p = torch.sigmoid(z)
        cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits(
            z, y, reduction="none"
        )
        p_t = p * y + (1 - p) * (1 - y)
        losses = cross_entropy * (1 - p_t) ** gamma
        if alpha >= 0:
            losses = (alpha * y + (1 - alpha) * (1 - y)) * losses
        return reduced(losses, reduction)

    return of_function(
        choice,
        [choice.numbers(-5, 5, shape), choice.labels(2, *shape)],
        lambda z, y: ops.sigmoid_focal_loss(
            z, y, alpha=alpha, gamma=gamma, reduction=reduction
        ),
        theirs,
    )


def info_nce(choice: Choice) -> Comparison:
    """The cross-entropy over the batch, composed in PyTorch."""
    n, d, reduction = (
        choice.integer(1, 4),
        choice.integer(1, 4),
        choice.among(REDUCTIONS),
    )
    temperature = choice.among([0.1, 0.5, 1.0])
    queries = choice.positive(n, d) * sides(choice, n, d)
    keys = choice.positive(n, d) * sides(choice, n, d)

    def theirs(torch: Any, queries: Any, keys: Any) -> Any:
        unit = torch.nn.functional.normalize
        scores = unit(queries, dim=1) @ unit(keys, dim=1).T / temperature
        return torch.nn.functional.cross_entropy(
            scores, torch.arange(n), reduction=reduction
        )

    return of_function(
        choice,
        [queries, keys],
        lambda queries, keys: ops.info_nce(
            queries, keys, temperature=temperature, reduction=reduction
        ),
        theirs,
    )


CASES = [
    hinge_loss,
    soft_margin_loss,
    multi_margin_loss,
    margin_ranking_loss,
    hinge_embedding_loss,
    cosine_embedding_loss,
    triplet_margin_loss,
    sigmoid_focal_loss,
    info_nce,
]
