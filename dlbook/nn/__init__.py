"""Modules: parameters and the function that uses them. No derivative is written here."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.nn.batch_norm import BatchNorm1d as BatchNorm1d
    from dlbook.nn.batch_norm import BatchNorm2d as BatchNorm2d
    from dlbook.nn.dropout import Dropout as Dropout
    from dlbook.nn.linear import Linear as Linear
    from dlbook.nn.module import Module as Module
    from dlbook.nn.module import count_parameters as count_parameters
    from dlbook.nn.normalization import GroupNorm as GroupNorm
    from dlbook.nn.normalization import InstanceNorm2d as InstanceNorm2d
    from dlbook.nn.normalization import LayerNorm as LayerNorm
    from dlbook.nn.normalization import RMSNorm as RMSNorm
    from dlbook.nn.prelu import PReLU as PReLU
    from dlbook.nn.sequential import Sequential as Sequential

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "BatchNorm1d": "batch_norm",
        "BatchNorm2d": "batch_norm",
        "Dropout": "dropout",
        "GroupNorm": "normalization",
        "InstanceNorm2d": "normalization",
        "LayerNorm": "normalization",
        "Linear": "linear",
        "Module": "module",
        "PReLU": "prelu",
        "RMSNorm": "normalization",
        "Sequential": "sequential",
        "count_parameters": "module",
    },
)
