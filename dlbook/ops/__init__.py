"""Every equation of the book: pure rules, one file a topic."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.ops.activation.rectifiers import relu as relu
    from dlbook.ops.activation.softmax import log_softmax as log_softmax
    from dlbook.ops.activation.softmax import softmax as softmax
    from dlbook.ops.activation.squashing import sigmoid as sigmoid
    from dlbook.ops.activation.squashing import tanh as tanh
    from dlbook.ops.linear import linear as linear
    from dlbook.ops.loss.binary import binary_cross_entropy as binary_cross_entropy
    from dlbook.ops.loss.binary import (
        binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    )
    from dlbook.ops.loss.categorical import cross_entropy as cross_entropy
    from dlbook.ops.loss.categorical import nll_loss as nll_loss
    from dlbook.ops.loss.margin import perceptron_loss as perceptron_loss
    from dlbook.ops.loss.regression import l1_loss as l1_loss
    from dlbook.ops.loss.regression import mse_loss as mse_loss

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "binary_cross_entropy": "loss.binary",
        "binary_cross_entropy_with_logits": "loss.binary",
        "cross_entropy": "loss.categorical",
        "l1_loss": "loss.regression",
        "linear": "linear",
        "log_softmax": "activation.softmax",
        "mse_loss": "loss.regression",
        "nll_loss": "loss.categorical",
        "perceptron_loss": "loss.margin",
        "relu": "activation.rectifiers",
        "sigmoid": "activation.squashing",
        "softmax": "activation.softmax",
        "tanh": "activation.squashing",
    },
)
