"""What holds for every rule of the book, on every case of the grid."""

from __future__ import annotations

import types
import typing
from typing import Any

import jaxtyping
import numpy as np
import pytest
from beartype import beartype

from dlbook.autograd import Primitive, Tensor, grad
from tests.gradient_cases import CASES, Case, primitives

each_case = pytest.mark.parametrize("case", CASES, ids=str)


def test_every_primitive_has_a_case() -> None:
    covered = {id(case.primitive) for case in CASES}
    assert (
        sorted(
            name
            for name, primitive in primitives().items()
            if id(primitive) not in covered
        )
        == []
    )


def test_the_walk_finds_the_primitives() -> None:
    assert {
        "dlbook.ops.loss.categorical.cross_entropy",
        "dlbook.autograd.operators._stack",
    } <= primitives().keys()


@each_case
def test_the_annotations_are_true(case: Case) -> None:
    inputs = case.primitive.signature.check(list(case.inputs), case.settings)
    value, vjp = typed(case.primitive)(*inputs, **case.settings)
    assert isinstance(value, np.ndarray | np.floating)
    assert callable(vjp)


def typed(primitive: Primitive) -> Any:
    """The rule with its annotations resolved, and enforced by jaxtyping and beartype."""
    rule: Any = primitive.rule
    names = {
        name: getattr(jaxtyping, name) for name in ("Float", "Int", "Bool", "Shaped")
    }
    names |= {
        "Array": np.ndarray,
        "Rule": tuple[Any, Any],
        "ArrayLike": Any,
        "Axis": Any,
    }
    copy = types.FunctionType(
        rule.__code__,
        rule.__globals__,
        rule.__name__,
        rule.__defaults__,
        rule.__closure__,
    )
    copy.__kwdefaults__ = rule.__kwdefaults__
    copy.__annotations__ = typing.get_type_hints(rule, rule.__globals__ | names)
    return jaxtyping.jaxtyped(copy, typechecker=beartype)


def test_a_false_annotation_would_be_found() -> None:
    case = next(case for case in CASES if case.primitive.rule.__name__ == "linear")
    x, w, b = case.inputs
    with pytest.raises(jaxtyping.TypeCheckError):
        typed(case.primitive)(x, w.T, b)


@each_case
def test_neither_inputs_nor_cotangents_are_written_to(
    case: Case, rng: np.random.Generator
) -> None:
    inputs = [None if x is None else frozen(x) for x in case.inputs]
    value, vjp = case.primitive.rule(*inputs, **case.settings)
    dy = frozen(rng.normal(size=np.shape(value)))
    first = gradients(vjp, dy)
    if isinstance(value, np.ndarray):
        frozen(value)
    second = gradients(vjp, dy)
    for p, q in zip(first, second, strict=True):
        assert p is q is None or np.array_equal(p, q, equal_nan=True)


def frozen(x: Any) -> Any:
    """The array, closed to writing."""
    x = np.asarray(x)
    x.flags.writeable = False
    return x


def gradients(vjp: Any, dy: Any) -> tuple[Any, ...]:
    dxs = vjp(dy)
    return dxs if isinstance(dxs, tuple) else (dxs,)


def in_float32(x: Any) -> Any:
    return (
        x.astype(np.float32)
        if isinstance(x, np.ndarray) and x.dtype == np.float64
        else x
    )


@each_case
def test_float32_stays_float32(case: Case) -> None:
    inputs = [in_float32(x) for x in case.inputs]
    settings = {key: in_float32(value) for key, value in case.settings.items()}
    checked = case.primitive.signature.check(inputs, settings)
    value, vjp = case.primitive.rule(*checked, **settings)
    assert value.dtype == np.float32
    dxs = gradients(vjp, np.ones_like(value))
    assert [dxs[i].dtype for i in case.variables] == [np.float32] * len(case.variables)


@each_case
def test_the_recorded_gradients_are_those_of_the_rule(case: Case) -> None:
    tensors = [
        Tensor(x) if i in case.variables else x for i, x in enumerate(case.inputs)
    ]
    value, vjp = case.primitive.rule(*case.inputs, **case.settings)
    y = case.primitive(*tensors, **case.settings)
    assert np.array_equal(y.value, value)
    got = grad(y.sum(), [tensors[i] for i in case.variables])
    expected = gradients(vjp, np.ones_like(np.asarray(value)))
    for dx, i in zip(got, case.variables, strict=True):
        np.testing.assert_allclose(dx, expected[i], rtol=1e-13)


SETTINGS_LEFT_OUT = {
    "celu": {"alpha": 1.0},
    "cosine_embedding_loss": {"margin": 0.0},
    "cross_entropy": {"ignore_index": -100, "label_smoothing": 0.0},
    "elu": {"alpha": 1.0},
    "gaussian_nll_loss": {"full": False, "eps": 1e-6},
    "gelu": {"approximate": "none"},
    "hardshrink": {"lambd": 0.5},
    "hardtanh": {"min_val": -1.0, "max_val": 1.0},
    "hinge_embedding_loss": {"margin": 1.0},
    "hinge_loss": {"squared": False},
    "huber_loss": {"delta": 1.0},
    "info_nce": {"temperature": 0.1},
    "kl_div": {"log_target": False},
    "leaky_relu": {"negative_slope": 0.01},
    "margin_ranking_loss": {"margin": 0.0},
    "multi_margin_loss": {"p": 1, "margin": 1.0},
    "nll_loss": {"ignore_index": -100},
    "poisson_nll_loss": {"log_input": True, "full": False, "eps": 1e-8},
    "sigmoid_focal_loss": {"alpha": 0.25, "gamma": 2.0, "reduction": "none"},
    "smooth_l1_loss": {"beta": 1.0},
    "softplus": {"beta": 1.0, "threshold": 20.0},
    "softshrink": {"lambd": 0.5},
    "triplet_margin_loss": {"margin": 1.0, "p": 2.0, "eps": 1e-6, "swap": False},
}
"""PyTorch's, and torchvision's for the focal loss; the hinge for scores and InfoNCE are not in PyTorch."""


def test_settings_that_are_left_out_are_pytorchs() -> None:
    """Beside a reduction, which is the mean, and an axis, which is the last."""
    usual = {"axis": -1, "reduction": "mean"}
    left_out = {}
    for path, primitive in primitives().items():
        if not path.startswith(("dlbook.ops.activation.", "dlbook.ops.loss.")):
            continue
        settings: dict[str, Any] = primitive.rule.__kwdefaults__ or {}
        own = {
            name: value
            for name, value in settings.items()
            if value is not None and usual.get(name) != value
        }
        if own:
            left_out[path.rpartition(".")[2]] = own
    assert left_out == SETTINGS_LEFT_OUT
