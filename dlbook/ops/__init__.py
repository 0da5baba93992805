"""Every equation of the book: pure rules, one file a topic."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.ops.activation import log_softmax as log_softmax
    from dlbook.ops.activation import relu as relu
    from dlbook.ops.activation import sigmoid as sigmoid
    from dlbook.ops.activation import softmax as softmax
    from dlbook.ops.activation import tanh as tanh
    from dlbook.ops.linear import linear as linear
    from dlbook.ops.loss import binary_cross_entropy as binary_cross_entropy
    from dlbook.ops.loss import (
        binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    )
    from dlbook.ops.loss import cross_entropy as cross_entropy
    from dlbook.ops.loss import mse_loss as mse_loss

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "binary_cross_entropy": "loss",
        "binary_cross_entropy_with_logits": "loss",
        "cross_entropy": "loss",
        "linear": "linear",
        "log_softmax": "activation",
        "mse_loss": "loss",
        "relu": "activation",
        "sigmoid": "activation",
        "softmax": "activation",
        "tanh": "activation",
    },
)
