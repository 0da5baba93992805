from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Parameter, Tensor, grad, operators
from dlbook.gradcheck import GradientMismatchError, check_vjp, hvp, numerical_gradient


def square(x: Any, /) -> Any:
    return x * x, lambda dy: 2 * dy * x


def test_a_true_rule_passes(rng: np.random.Generator) -> None:
    assert check_vjp(square, rng.normal(size=(3, 2)), rng=rng) < 1e-8


def test_a_wrong_factor_is_found(rng: np.random.Generator) -> None:
    def wrong(x: Any, /) -> Any:
        return x * x, lambda dy: 2.00001 * dy * x

    with pytest.raises(
        GradientMismatchError,
        match=r"^wrong: input 0: the rule gives .*, central differences .*gap",
    ):
        check_vjp(wrong, rng.normal(size=3), rng=rng)


def test_a_softmax_without_gradient_is_found(rng: np.random.Generator) -> None:
    def flat_softmax(z: Any, /) -> Any:
        return ops.softmax(z), lambda dp: np.zeros_like(
            z
        )  # what a cotangent of ones could not tell from the truth

    with pytest.raises(GradientMismatchError):
        check_vjp(flat_softmax, rng.normal(size=4), rng=rng)


def test_only_the_wrong_one_of_two_gradients_is_named(rng: np.random.Generator) -> None:
    def wrong(x: Any, y: Any, /) -> Any:
        return x * y, lambda dz: (dz * y, dz * y)

    with pytest.raises(GradientMismatchError, match=r"^wrong: input 1: "):
        check_vjp(wrong, rng.normal(size=3), rng.normal(size=3), rng=rng)


@pytest.mark.parametrize(("dx", "got"), [(None, "None"), (np.zeros(2), r"\(2,\)")])
def test_a_missing_or_misshapen_gradient_is_found(
    dx: Any, got: str, rng: np.random.Generator
) -> None:
    def wrong(x: Any, /) -> Any:
        return x * x, lambda dy: (dx,)

    with pytest.raises(
        GradientMismatchError,
        match=rf"^wrong: input 0: expected a gradient of shape \(3,\), got {got}$",
    ):
        check_vjp(wrong, rng.normal(size=3), rng=rng)


def test_a_gradient_of_nan_is_found(rng: np.random.Generator) -> None:
    def wrong(x: Any, /) -> Any:
        return x * x, lambda dy: dy * np.nan

    with pytest.raises(GradientMismatchError):
        check_vjp(wrong, rng.normal(size=3), rng=rng)


@pytest.mark.parametrize(
    "inputs",
    [
        (np.ones(2, np.float32),),
        (np.ones(2, int),),
        (np.ones(2), np.ones(2, np.float32)),
    ],
)
def test_the_check_is_made_in_float64(inputs: Any, rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match=r"^check_vjp: inputs: expected float64, got "):
        check_vjp(operators.add, *inputs, rng=rng)


def test_an_argument_left_out_is_left_alone(rng: np.random.Generator) -> None:
    assert (
        check_vjp(ops.linear, np.ones((2, 3)), np.ones((3, 1)), None, rng=rng) <= 1e-7
    )


def test_the_numerical_gradient_of_any_shape(rng: np.random.Generator) -> None:
    x = rng.normal(size=(2, 1, 3))
    np.testing.assert_allclose(
        numerical_gradient(lambda x: np.sin(x).sum(), x),
        np.cos(x),
        rtol=1e-8,
        atol=1e-9,
    )
    assert numerical_gradient(lambda x: x**2, np.array(3.0)) == pytest.approx(6)


def test_the_numerical_gradient_takes_tensors_and_leaves_its_input_alone() -> None:
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    assert numerical_gradient(
        lambda x: (Tensor(x) ** 2).sum(), x
    ).tolist() == pytest.approx([2, 4])


def test_a_function_of_several_values_has_no_gradient() -> None:
    with pytest.raises(
        ValueError,
        match=r"^numerical_gradient: f: expected one number, got shape \(2,\)$",
    ):
        numerical_gradient(lambda x: x * 2, np.ones(2))


def test_the_hessian_of_a_quadratic_is_its_matrix(rng: np.random.Generator) -> None:
    a = rng.normal(size=(3, 3))

    def gradient(x: Any) -> Any:
        w = Parameter(x)
        return grad(w @ a @ w, [w])[0]

    h = np.stack([hvp(gradient, rng.normal(size=3), v) for v in np.eye(3)])
    np.testing.assert_allclose(h, a + a.T, rtol=1e-6, atol=1e-8)


def test_a_direction_of_another_shape_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^hvp: v: expected shape \(2,\), that of x, got \(3,\)$"
    ):
        hvp(lambda x: x, np.ones(2), np.ones(3))


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_a_wrong_gradient_of_any_input_is_found(wrong: int) -> None:
    def rule(x: Any, y: Any, z: Any) -> Any:
        factors = [1 + 1e-3 * (i == wrong) for i in range(3)]
        terms = (y * z, x * z, x * y)
        return x * y * z, lambda d: tuple(
            f * d * t for f, t in zip(factors, terms, strict=True)
        )

    rng = np.random.default_rng(0)
    with pytest.raises(GradientMismatchError, match=f"input {wrong}"):
        check_vjp(rule, *rng.normal(size=(3, 5)), rng=rng)


def test_a_wrong_sign_is_found() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(GradientMismatchError):
        check_vjp(lambda x: (x * x, lambda d: -2 * d * x), rng.normal(size=5), rng=rng)


def test_an_error_just_above_the_promised_tolerance_is_found() -> None:
    """3e-7 of a slope that is as large as the value: neither the tolerance nor the floor may hide it."""
    rng = np.random.default_rng(0)
    with pytest.raises(GradientMismatchError):
        check_vjp(
            lambda x: (x * 1.0, lambda d: d * (1 + 3e-7)), rng.normal(size=5), rng=rng
        )


def test_as_many_directions_are_taken_as_asked_for_and_the_worst_is_told() -> None:
    calls = []

    def rule(x: Any) -> Any:
        def vjp(d: Any) -> Any:
            calls.append(d)
            return d * (
                1 + 1e-3 * (len(calls) == 2)
            )  # wrong in the second direction only

        return x * 1.0, vjp

    worst = check_vjp(
        rule, np.ones(3), rng=np.random.default_rng(0), directions=3, tolerance=1
    )
    assert len({d.tobytes() for d in calls}) == 3
    assert worst == pytest.approx(1e-3, rel=0.01)


def test_nothing_to_check_is_an_error() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="check_vjp: expected a direction"):
        check_vjp(operators.exp, np.ones(3), rng=rng, directions=0)
    with pytest.raises(ValueError, match="and an element at least"):
        check_vjp(operators.exp, np.ones((0, 3)), rng=rng)
