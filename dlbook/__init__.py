"""A deep-learning textbook's library: every equation of the book as a tested NumPy function."""

from typing import TYPE_CHECKING

from dlbook._lazy import attach
from dlbook._memory import keep_freed_memory

if TYPE_CHECKING:
    from dlbook import autograd as autograd
    from dlbook import data as data
    from dlbook import gradcheck as gradcheck
    from dlbook import init as init
    from dlbook import metrics as metrics
    from dlbook import models as models
    from dlbook import nn as nn
    from dlbook import ops as ops
    from dlbook import optim as optim
    from dlbook import plot as plot
    from dlbook import train as train
    from dlbook.autograd import Parameter as Parameter
    from dlbook.autograd import Tensor as Tensor
    from dlbook.autograd import concatenate as concatenate
    from dlbook.autograd import exp as exp
    from dlbook.autograd import grad as grad
    from dlbook.autograd import log as log
    from dlbook.autograd import no_grad as no_grad
    from dlbook.autograd import primitive as primitive
    from dlbook.autograd import stack as stack
    from dlbook.autograd import where as where
    from dlbook.gradcheck import check_vjp as check_vjp
    from dlbook.gradcheck import hvp as hvp
    from dlbook.gradcheck import numerical_gradient as numerical_gradient

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(
    __name__,
    {
        "Parameter": "autograd",
        "Tensor": "autograd",
        "autograd": ".",
        "check_vjp": "gradcheck",
        "concatenate": "autograd",
        "data": ".",
        "exp": "autograd",
        "grad": "autograd",
        "gradcheck": ".",
        "hvp": "gradcheck",
        "init": ".",
        "log": "autograd",
        "metrics": ".",
        "models": ".",
        "nn": ".",
        "no_grad": "autograd",
        "numerical_gradient": "gradcheck",
        "ops": ".",
        "optim": ".",
        "plot": ".",
        "primitive": "autograd",
        "stack": "autograd",
        "train": ".",
        "where": "autograd",
    },
)

keep_freed_memory()
