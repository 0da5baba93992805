"""Training: the loop, what may be hung into it, and what it leaves in files."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.train.callback import Callback as Callback
    from dlbook.train.checkpoint import Checkpoint as Checkpoint
    from dlbook.train.history import History as History
    from dlbook.train.loop import fit as fit
    from dlbook.train.prediction import predict as predict
    from dlbook.train.run import Run as Run
    from dlbook.train.stopping import EarlyStopping as EarlyStopping
    from dlbook.train.weights import load as load
    from dlbook.train.weights import save as save

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Callback": "callback",
        "Checkpoint": "checkpoint",
        "EarlyStopping": "stopping",
        "History": "history",
        "Run": "run",
        "fit": "loop",
        "load": "weights",
        "predict": "prediction",
        "save": "weights",
    },
)
