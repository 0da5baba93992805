"""Every equation of the book: pure rules, one file a topic."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.ops.activation.exponential import celu as celu
    from dlbook.ops.activation.exponential import elu as elu
    from dlbook.ops.activation.exponential import selu as selu
    from dlbook.ops.activation.gated import glu as glu
    from dlbook.ops.activation.hard import hardsigmoid as hardsigmoid
    from dlbook.ops.activation.hard import hardswish as hardswish
    from dlbook.ops.activation.hard import hardtanh as hardtanh
    from dlbook.ops.activation.hard import relu6 as relu6
    from dlbook.ops.activation.rectifiers import leaky_relu as leaky_relu
    from dlbook.ops.activation.rectifiers import prelu as prelu
    from dlbook.ops.activation.rectifiers import relu as relu
    from dlbook.ops.activation.shrink import hardshrink as hardshrink
    from dlbook.ops.activation.shrink import softshrink as softshrink
    from dlbook.ops.activation.shrink import tanhshrink as tanhshrink
    from dlbook.ops.activation.smooth import gelu as gelu
    from dlbook.ops.activation.smooth import mish as mish
    from dlbook.ops.activation.smooth import silu as silu
    from dlbook.ops.activation.smooth import softplus as softplus
    from dlbook.ops.activation.softmax import log_softmax as log_softmax
    from dlbook.ops.activation.softmax import softmax as softmax
    from dlbook.ops.activation.softmax import softmin as softmin
    from dlbook.ops.activation.squashing import logsigmoid as logsigmoid
    from dlbook.ops.activation.squashing import sigmoid as sigmoid
    from dlbook.ops.activation.squashing import softsign as softsign
    from dlbook.ops.activation.squashing import tanh as tanh
    from dlbook.ops.activation.step import heaviside as heaviside
    from dlbook.ops.activation.step import identity as identity
    from dlbook.ops.activation.step import threshold as threshold
    from dlbook.ops.attention.additive import additive_scores as additive_scores
    from dlbook.ops.attention.positions import rotary_embedding as rotary_embedding
    from dlbook.ops.attention.positions import (
        sinusoidal_positions as sinusoidal_positions,
    )
    from dlbook.ops.attention.scaled_dot_product import (
        scaled_dot_product_attention as scaled_dot_product_attention,
    )
    from dlbook.ops.attention.weights import masked_softmax as masked_softmax
    from dlbook.ops.convolution.correlation import conv1d as conv1d
    from dlbook.ops.convolution.correlation import conv2d as conv2d
    from dlbook.ops.convolution.geometry import output_size as output_size
    from dlbook.ops.convolution.transposed import conv_transpose2d as conv_transpose2d
    from dlbook.ops.dropout import dropout as dropout
    from dlbook.ops.embedding import embedding as embedding
    from dlbook.ops.interpolation import interpolate as interpolate
    from dlbook.ops.linear import linear as linear
    from dlbook.ops.loss.binary import binary_cross_entropy as binary_cross_entropy
    from dlbook.ops.loss.binary import (
        binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    )
    from dlbook.ops.loss.categorical import cross_entropy as cross_entropy
    from dlbook.ops.loss.categorical import nll_loss as nll_loss
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
    from dlbook.ops.normalization.batch import batch_norm as batch_norm
    from dlbook.ops.normalization.group import group_norm as group_norm
    from dlbook.ops.normalization.group import instance_norm as instance_norm
    from dlbook.ops.normalization.layer import layer_norm as layer_norm
    from dlbook.ops.normalization.layer import rms_norm as rms_norm
    from dlbook.ops.padding import pad as pad
    from dlbook.ops.penalty import l1 as l1
    from dlbook.ops.penalty import l2 as l2
    from dlbook.ops.pooling.adaptive import adaptive_avg_pool2d as adaptive_avg_pool2d
    from dlbook.ops.pooling.adaptive import adaptive_max_pool2d as adaptive_max_pool2d
    from dlbook.ops.pooling.average import avg_pool2d as avg_pool2d
    from dlbook.ops.pooling.max import max_pool2d as max_pool2d
    from dlbook.ops.recurrence.gru import gru as gru
    from dlbook.ops.recurrence.gru import gru_cell as gru_cell
    from dlbook.ops.recurrence.lstm import lstm as lstm
    from dlbook.ops.recurrence.lstm import lstm_cell as lstm_cell
    from dlbook.ops.recurrence.reverse import reverse_sequence as reverse_sequence
    from dlbook.ops.recurrence.rnn import rnn as rnn
    from dlbook.ops.recurrence.rnn import rnn_cell as rnn_cell
    from dlbook.ops.regions.anchors import anchors as anchors
    from dlbook.ops.regions.boxes import box_iou as box_iou
    from dlbook.ops.regions.coder import BoxCoder as BoxCoder
    from dlbook.ops.regions.roi import roi_align as roi_align
    from dlbook.ops.regions.roi import roi_pool as roi_pool
    from dlbook.ops.regions.suppression import nms as nms
    from dlbook.ops.regions.suppression import soft_nms as soft_nms

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "BoxCoder": "regions.coder",
        "adaptive_avg_pool2d": "pooling.adaptive",
        "adaptive_max_pool2d": "pooling.adaptive",
        "additive_scores": "attention.additive",
        "anchors": "regions.anchors",
        "avg_pool2d": "pooling.average",
        "batch_norm": "normalization.batch",
        "binary_cross_entropy": "loss.binary",
        "binary_cross_entropy_with_logits": "loss.binary",
        "box_iou": "regions.boxes",
        "celu": "activation.exponential",
        "conv1d": "convolution.correlation",
        "conv2d": "convolution.correlation",
        "conv_transpose2d": "convolution.transposed",
        "cosine_embedding_loss": "loss.metric",
        "cross_entropy": "loss.categorical",
        "dropout": "dropout",
        "elu": "activation.exponential",
        "embedding": "embedding",
        "gaussian_nll_loss": "loss.likelihood",
        "gelu": "activation.smooth",
        "glu": "activation.gated",
        "group_norm": "normalization.group",
        "gru": "recurrence.gru",
        "gru_cell": "recurrence.gru",
        "hardshrink": "activation.shrink",
        "hardsigmoid": "activation.hard",
        "hardswish": "activation.hard",
        "hardtanh": "activation.hard",
        "heaviside": "activation.step",
        "hinge_embedding_loss": "loss.metric",
        "hinge_loss": "loss.hinge",
        "huber_loss": "loss.robust",
        "identity": "activation.step",
        "info_nce": "loss.metric",
        "instance_norm": "normalization.group",
        "interpolate": "interpolation",
        "kl_div": "loss.divergence",
        "l1": "penalty",
        "l1_loss": "loss.regression",
        "l2": "penalty",
        "layer_norm": "normalization.layer",
        "leaky_relu": "activation.rectifiers",
        "linear": "linear",
        "log_softmax": "activation.softmax",
        "logsigmoid": "activation.squashing",
        "lstm": "recurrence.lstm",
        "lstm_cell": "recurrence.lstm",
        "margin_ranking_loss": "loss.metric",
        "masked_softmax": "attention.weights",
        "max_pool2d": "pooling.max",
        "mish": "activation.smooth",
        "mse_loss": "loss.regression",
        "multi_margin_loss": "loss.hinge",
        "nll_loss": "loss.categorical",
        "nms": "regions.suppression",
        "output_size": "convolution.geometry",
        "pad": "padding",
        "perceptron_loss": "loss.margin",
        "poisson_nll_loss": "loss.likelihood",
        "prelu": "activation.rectifiers",
        "relu": "activation.rectifiers",
        "relu6": "activation.hard",
        "reverse_sequence": "recurrence.reverse",
        "rms_norm": "normalization.layer",
        "rnn": "recurrence.rnn",
        "rnn_cell": "recurrence.rnn",
        "roi_align": "regions.roi",
        "roi_pool": "regions.roi",
        "rotary_embedding": "attention.positions",
        "scaled_dot_product_attention": "attention.scaled_dot_product",
        "selu": "activation.exponential",
        "sigmoid": "activation.squashing",
        "sigmoid_focal_loss": "loss.focal",
        "silu": "activation.smooth",
        "sinusoidal_positions": "attention.positions",
        "smooth_l1_loss": "loss.robust",
        "soft_margin_loss": "loss.hinge",
        "soft_nms": "regions.suppression",
        "softmax": "activation.softmax",
        "softmin": "activation.softmax",
        "softplus": "activation.smooth",
        "softshrink": "activation.shrink",
        "softsign": "activation.squashing",
        "tanh": "activation.squashing",
        "tanhshrink": "activation.shrink",
        "threshold": "activation.step",
        "triplet_margin_loss": "loss.metric",
    },
)
