"""Modules: parameters and the function that uses them. No derivative is written here."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.nn.attention import BahdanauAttention as BahdanauAttention
    from dlbook.nn.attention import LuongAttention as LuongAttention
    from dlbook.nn.batch_norm import BatchNorm1d as BatchNorm1d
    from dlbook.nn.batch_norm import BatchNorm2d as BatchNorm2d
    from dlbook.nn.bidirectional import Bidirectional as Bidirectional
    from dlbook.nn.convolution import Conv1d as Conv1d
    from dlbook.nn.convolution import Conv2d as Conv2d
    from dlbook.nn.convolution import ConvTranspose2d as ConvTranspose2d
    from dlbook.nn.dropout import Dropout as Dropout
    from dlbook.nn.embedding import Embedding as Embedding
    from dlbook.nn.flatten import Flatten as Flatten
    from dlbook.nn.linear import Linear as Linear
    from dlbook.nn.module import Module as Module
    from dlbook.nn.module import count_parameters as count_parameters
    from dlbook.nn.multihead import MultiHeadAttention as MultiHeadAttention
    from dlbook.nn.normalization import GroupNorm as GroupNorm
    from dlbook.nn.normalization import InstanceNorm2d as InstanceNorm2d
    from dlbook.nn.normalization import LayerNorm as LayerNorm
    from dlbook.nn.normalization import RMSNorm as RMSNorm
    from dlbook.nn.pooling import AdaptiveAvgPool2d as AdaptiveAvgPool2d
    from dlbook.nn.pooling import AdaptiveMaxPool2d as AdaptiveMaxPool2d
    from dlbook.nn.pooling import AvgPool2d as AvgPool2d
    from dlbook.nn.pooling import MaxPool2d as MaxPool2d
    from dlbook.nn.pooling import Upsample as Upsample
    from dlbook.nn.positions import LearnedPositions as LearnedPositions
    from dlbook.nn.prelu import PReLU as PReLU
    from dlbook.nn.recurrence import GRU as GRU
    from dlbook.nn.recurrence import LSTM as LSTM
    from dlbook.nn.recurrence import RNN as RNN
    from dlbook.nn.sequential import Sequential as Sequential
    from dlbook.nn.transformer import TransformerBlock as TransformerBlock

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "AdaptiveAvgPool2d": "pooling",
        "AdaptiveMaxPool2d": "pooling",
        "AvgPool2d": "pooling",
        "BahdanauAttention": "attention",
        "BatchNorm1d": "batch_norm",
        "BatchNorm2d": "batch_norm",
        "Bidirectional": "bidirectional",
        "Conv1d": "convolution",
        "Conv2d": "convolution",
        "ConvTranspose2d": "convolution",
        "Dropout": "dropout",
        "Embedding": "embedding",
        "Flatten": "flatten",
        "GRU": "recurrence",
        "GroupNorm": "normalization",
        "InstanceNorm2d": "normalization",
        "LSTM": "recurrence",
        "LayerNorm": "normalization",
        "LearnedPositions": "positions",
        "Linear": "linear",
        "LuongAttention": "attention",
        "MaxPool2d": "pooling",
        "Module": "module",
        "MultiHeadAttention": "multihead",
        "PReLU": "prelu",
        "RMSNorm": "normalization",
        "RNN": "recurrence",
        "Sequential": "sequential",
        "TransformerBlock": "transformer",
        "Upsample": "pooling",
        "count_parameters": "module",
    },
)
