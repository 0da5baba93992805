"""Optimizers: from gradients to the next parameters."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.optim.adam import Adam as Adam
    from dlbook.optim.descent import gradient_descent as gradient_descent
    from dlbook.optim.optimizer import Optimizer as Optimizer
    from dlbook.optim.sgd import SGD as SGD

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Adam": "adam",
        "Optimizer": "optimizer",
        "SGD": "sgd",
        "gradient_descent": "descent",
    },
)
