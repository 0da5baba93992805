"""Modules: parameters and the function that uses them. No derivative is written here."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.nn.linear import Linear as Linear
    from dlbook.nn.module import Module as Module
    from dlbook.nn.module import count_parameters as count_parameters
    from dlbook.nn.pooling import AdaptiveAvgPool2d as AdaptiveAvgPool2d
    from dlbook.nn.pooling import AdaptiveMaxPool2d as AdaptiveMaxPool2d
    from dlbook.nn.pooling import AvgPool2d as AvgPool2d
    from dlbook.nn.pooling import MaxPool2d as MaxPool2d
    from dlbook.nn.pooling import Upsample as Upsample
    from dlbook.nn.prelu import PReLU as PReLU
    from dlbook.nn.sequential import Sequential as Sequential

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "AdaptiveAvgPool2d": "pooling",
        "AdaptiveMaxPool2d": "pooling",
        "AvgPool2d": "pooling",
        "Linear": "linear",
        "MaxPool2d": "pooling",
        "Module": "module",
        "PReLU": "prelu",
        "Sequential": "sequential",
        "Upsample": "pooling",
        "count_parameters": "module",
    },
)
