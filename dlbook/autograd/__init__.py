"""Reverse-mode differentiation: tensors, primitives and the gradient of a loss."""

from dlbook.autograd.backward import grad
from dlbook.autograd.core import Parameter, Primitive, Tensor, no_grad, primitive
from dlbook.autograd.operators import concatenate, exp, log, stack, where

__all__ = [
    "Parameter",
    "Primitive",
    "Tensor",
    "concatenate",
    "exp",
    "grad",
    "log",
    "no_grad",
    "primitive",
    "stack",
    "where",
]
