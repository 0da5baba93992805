"""Whole models, put together from ops, modules, optimizers and the training loop."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.models.linear import LinearRegression as LinearRegression
    from dlbook.models.logistic import LogisticRegression as LogisticRegression
    from dlbook.models.logistic import SoftmaxRegression as SoftmaxRegression
    from dlbook.models.mlp import MLP as MLP

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "LinearRegression": "linear",
        "LogisticRegression": "logistic",
        "MLP": "mlp",
        "SoftmaxRegression": "logistic",
    },
)
