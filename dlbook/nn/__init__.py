"""Modules: parameters and the function that uses them. No derivative is written here."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.nn.bidirectional import Bidirectional as Bidirectional
    from dlbook.nn.embedding import Embedding as Embedding
    from dlbook.nn.linear import Linear as Linear
    from dlbook.nn.module import Module as Module
    from dlbook.nn.module import count_parameters as count_parameters
    from dlbook.nn.prelu import PReLU as PReLU
    from dlbook.nn.recurrence import GRU as GRU
    from dlbook.nn.recurrence import LSTM as LSTM
    from dlbook.nn.recurrence import RNN as RNN
    from dlbook.nn.sequential import Sequential as Sequential

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Bidirectional": "bidirectional",
        "Embedding": "embedding",
        "GRU": "recurrence",
        "LSTM": "recurrence",
        "Linear": "linear",
        "Module": "module",
        "PReLU": "prelu",
        "RNN": "recurrence",
        "Sequential": "sequential",
        "count_parameters": "module",
    },
)
