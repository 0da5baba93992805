"""Whole models, put together from ops, modules, optimizers and the training loop."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.models.gpt import GPT as GPT
    from dlbook.models.lenet import LeNet5 as LeNet5
    from dlbook.models.linear import LinearRegression as LinearRegression
    from dlbook.models.logic import LogicTable as LogicTable
    from dlbook.models.logic import logic_table as logic_table
    from dlbook.models.logistic import LogisticRegression as LogisticRegression
    from dlbook.models.logistic import SoftmaxRegression as SoftmaxRegression
    from dlbook.models.mlp import MLP as MLP
    from dlbook.models.perceptron import Lessons as Lessons
    from dlbook.models.perceptron import Perceptron as Perceptron
    from dlbook.models.resnet import ResNet as ResNet
    from dlbook.models.sequence_classifier import (
        SequenceClassifier as SequenceClassifier,
    )

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "GPT": "gpt",
        "LeNet5": "lenet",
        "Lessons": "perceptron",
        "LinearRegression": "linear",
        "LogicTable": "logic",
        "LogisticRegression": "logistic",
        "MLP": "mlp",
        "Perceptron": "perceptron",
        "ResNet": "resnet",
        "SequenceClassifier": "sequence_classifier",
        "SoftmaxRegression": "logistic",
        "logic_table": "logic",
    },
)
