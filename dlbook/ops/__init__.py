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
    from dlbook.ops.loss.divergence import kl_div as kl_div
    from dlbook.ops.loss.focal import sigmoid_focal_loss as sigmoid_focal_loss
    from dlbook.ops.loss.hinge import hinge_loss as hinge_loss
    from dlbook.ops.loss.hinge import multi_margin_loss as multi_margin_loss
    from dlbook.ops.loss.hinge import soft_margin_loss as soft_margin_loss
    from dlbook.ops.loss.likelihood import gaussian_nll_loss as gaussian_nll_loss
    from dlbook.ops.loss.likelihood import poisson_nll_loss as poisson_nll_loss
    from dlbook.ops.loss.margin import perceptron_loss as perceptron_loss
    from dlbook.ops.loss.metric import cosine_embedding_loss as cosine_embedding_loss
    from dlbook.ops.loss.metric import hinge_embedding_loss as hinge_embedding_loss
    from dlbook.ops.loss.metric import info_nce as info_nce
    from dlbook.ops.loss.metric import margin_ranking_loss as margin_ranking_loss
    from dlbook.ops.loss.metric import triplet_margin_loss as triplet_margin_loss
    from dlbook.ops.loss.regression import l1_loss as l1_loss
    from dlbook.ops.loss.regression import mse_loss as mse_loss
    from dlbook.ops.loss.robust import huber_loss as huber_loss
    from dlbook.ops.loss.robust import smooth_l1_loss as smooth_l1_loss

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "binary_cross_entropy": "loss.binary",
        "binary_cross_entropy_with_logits": "loss.binary",
        "cosine_embedding_loss": "loss.metric",
        "cross_entropy": "loss.categorical",
        "gaussian_nll_loss": "loss.likelihood",
        "hinge_embedding_loss": "loss.metric",
        "hinge_loss": "loss.hinge",
        "huber_loss": "loss.robust",
        "info_nce": "loss.metric",
        "kl_div": "loss.divergence",
        "l1_loss": "loss.regression",
        "linear": "linear",
        "log_softmax": "activation.softmax",
        "margin_ranking_loss": "loss.metric",
        "mse_loss": "loss.regression",
        "multi_margin_loss": "loss.hinge",
        "perceptron_loss": "loss.margin",
        "poisson_nll_loss": "loss.likelihood",
        "relu": "activation.rectifiers",
        "sigmoid": "activation.squashing",
        "sigmoid_focal_loss": "loss.focal",
        "smooth_l1_loss": "loss.robust",
        "soft_margin_loss": "loss.hinge",
        "softmax": "activation.softmax",
        "tanh": "activation.squashing",
        "triplet_margin_loss": "loss.metric",
    },
)
