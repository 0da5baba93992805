"""Whole models, put together from ops, modules, optimizers and the training loop."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach

if TYPE_CHECKING:
    from dlbook.models.logic import LogicTable as LogicTable
    from dlbook.models.logic import logic_table as logic_table
    from dlbook.models.logistic import LogisticRegression as LogisticRegression
    from dlbook.models.logistic import SoftmaxRegression as SoftmaxRegression
    from dlbook.models.perceptron import Lessons as Lessons
    from dlbook.models.perceptron import Perceptron as Perceptron

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Lessons": "perceptron",
        "LogicTable": "logic",
        "LogisticRegression": "logistic",
        "Perceptron": "perceptron",
        "SoftmaxRegression": "logistic",
        "logic_table": "logic",
    },
)
