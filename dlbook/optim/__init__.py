"""Optimizers: from gradients to the next parameters."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.optim.accumulated import Adadelta as Adadelta
    from dlbook.optim.accumulated import Adagrad as Adagrad
    from dlbook.optim.accumulated import RMSprop as RMSprop
    from dlbook.optim.adam import Adam as Adam
    from dlbook.optim.adam import AdamW as AdamW
    from dlbook.optim.clip import clip_grad_norm as clip_grad_norm
    from dlbook.optim.clip import clip_grad_value as clip_grad_value
    from dlbook.optim.descent import gradient_descent as gradient_descent
    from dlbook.optim.lamb import LAMB as LAMB
    from dlbook.optim.lion import Lion as Lion
    from dlbook.optim.muon import Muon as Muon
    from dlbook.optim.nadam import NAdam as NAdam
    from dlbook.optim.optimizer import Optimizer as Optimizer
    from dlbook.optim.schedules import CosineAnnealingLR as CosineAnnealingLR
    from dlbook.optim.schedules import ExponentialLR as ExponentialLR
    from dlbook.optim.schedules import LinearLR as LinearLR
    from dlbook.optim.schedules import MultiStepLR as MultiStepLR
    from dlbook.optim.schedules import OneCycleLR as OneCycleLR
    from dlbook.optim.schedules import SequentialLR as SequentialLR
    from dlbook.optim.schedules import StepLR as StepLR
    from dlbook.optim.sgd import SGD as SGD

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Adadelta": "accumulated",
        "Adagrad": "accumulated",
        "Adam": "adam",
        "AdamW": "adam",
        "CosineAnnealingLR": "schedules",
        "ExponentialLR": "schedules",
        "LAMB": "lamb",
        "LinearLR": "schedules",
        "Lion": "lion",
        "MultiStepLR": "schedules",
        "Muon": "muon",
        "NAdam": "nadam",
        "OneCycleLR": "schedules",
        "Optimizer": "optimizer",
        "RMSprop": "accumulated",
        "SGD": "sgd",
        "SequentialLR": "schedules",
        "StepLR": "schedules",
        "clip_grad_norm": "clip",
        "clip_grad_value": "clip",
        "gradient_descent": "descent",
    },
)
