"""Modules: parameters and the function that uses them. No derivative is written here."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.nn.dropout import Dropout as Dropout
    from dlbook.nn.embedding import Embedding as Embedding
    from dlbook.nn.linear import Linear as Linear
    from dlbook.nn.module import Module as Module
    from dlbook.nn.module import count_parameters as count_parameters
    from dlbook.nn.normalization import LayerNorm as LayerNorm
    from dlbook.nn.prelu import PReLU as PReLU
    from dlbook.nn.sequential import Sequential as Sequential

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Dropout": "dropout",
        "LayerNorm": "normalization",
        "Embedding": "embedding",
        "Linear": "linear",
        "Module": "module",
        "PReLU": "prelu",
        "Sequential": "sequential",
        "count_parameters": "module",
    },
)
