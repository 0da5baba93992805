from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Parameter, Tensor, exp, grad, primitive, where


def test_the_worked_example_of_the_book() -> None:
    a, b, c = Tensor(5.0), Tensor(3.0), Tensor(2.0)
    u = b * c
    v = a + u
    assert [float(d) for d in grad(3 * v, [a, b, c, u, v])] == [3, 6, 9, 3, 3]


def test_a_value_used_twice_is_paid_twice() -> None:
    x = Tensor(3.0)
    assert grad(x * x + x, [x])[0] == 7
    y = x * 2
    assert grad(y * y + y, [x])[0] == 2 * (2 * 6 + 1)


def test_a_value_is_complete_before_it_is_passed_on() -> None:
    x = Tensor(2.0)
    y = x * x
    z = (
        exp(y * 0.5) * y + y
    )  # y is used early and late; its gradient must wait for all three
    assert grad(z, [x])[0] == pytest.approx((np.exp(2) * (0.5 * 4 + 1) + 1) * 2 * 2)


@primitive
def copied(x: Any, /, *, made: Any) -> Any:
    """The same value; its gradient is what `made` makes of `dy`."""
    return x * 1, made


def test_a_gradient_is_copied_if_anything_else_holds_its_memory() -> None:
    held = np.zeros((2, 3))
    rows = np.ones(3)
    for made, is_copied in (
        (lambda _: held.reshape(6), True),
        (lambda _: np.broadcast_to(rows[:1], 6), True),
        (lambda _: np.ones((6, 2))[:, 0], True),
        (lambda dy: np.ones((2, 3)).reshape(dy.shape), False),
        (lambda dy: np.full(dy.shape, 2.0), False),
    ):
        given: list[Any] = []

        def noted(dy: Any, made: Any = made, given: Any = given) -> Any:
            dx = made(dy)
            given.append(dx.__array_interface__["data"][0])
            return dx

        x = Tensor(np.ones(6))
        (dx,) = grad(copied(x, made=noted).sum(), [x])
        dx += 1  # it can be written to
        assert (dx.__array_interface__["data"][0] != given[0]) == is_copied
    assert held.max() == 0
    assert rows.max() == 1


def test_a_gradient_that_two_inputs_share_is_not_added_to_in_place() -> None:
    x, y = Tensor(1.0), Tensor(1.0)
    tripled = x * 3
    z = tripled + (x + y)  # a sum hands one array to both of its inputs
    assert [float(d) for d in grad(z, [x, y])] == [4, 1]


def test_a_parameter_given_twice_is_answered_twice() -> None:
    w = Parameter([1.0, 2.0])
    first, second = grad((w * w).sum(), [w, w])
    assert first.tolist() == second.tolist() == [2, 4]
    assert not np.shares_memory(first, second)


def test_an_intermediate_value_has_a_gradient_and_so_has_what_lies_before_it() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 3
    dx, dy = grad((y * y).sum(), [x, y])
    assert (dx.tolist(), dy.tolist()) == ([18, 36], [6, 12])


def test_the_loss_has_slope_one_in_itself() -> None:
    x = Tensor([2.0])
    loss = x * x
    assert [d.tolist() for d in grad(loss, [loss, x])] == [[1], [4]]


def test_gradients_come_in_the_order_asked_for() -> None:
    x, y = Tensor(2.0), Tensor(5.0)
    assert [float(d) for d in grad(x * y, [y, x])] == [2, 5]


def test_the_gradients_are_the_callers_own() -> None:
    x, y = Tensor(np.ones(3)), Tensor(np.ones(3))
    gradients = grad((x + y).sum(), [x, y])
    gradients[0][:] = 7  # the rules returned one read-only view for both
    assert gradients[1].tolist() == [1, 1, 1]


def test_float32_stays_float32_beside_pythons_numbers() -> None:
    x = Tensor(np.ones(3, np.float32))
    y = (2 * x**2 / 3 + 1 - 0.5) ** 0.5
    assert y.dtype == np.float32
    assert where(np.array([True, False, True]), x, 0.0).dtype == np.float32
    assert grad(y.mean(), [x])[0].dtype == np.float32


def test_a_float32_parameter_gets_a_float32_gradient_from_float64_data() -> None:
    w = Parameter(np.ones(3, np.float32))
    (dw,) = grad((w * np.array([0.1, 0.2, 0.3])).sum(), [w])
    assert dw.dtype == np.float32


def test_a_whole_number_constant_takes_part() -> None:
    x = Tensor([1.0, 2.0])
    assert grad((x * np.array([3, 4])).sum(), [x])[0].tolist() == [3, 4]


def test_whole_numbers_have_no_gradient() -> None:
    x = Tensor([1, 2])
    with pytest.raises(
        TypeError, match=r"^grad: parameters: expected floats, got int64 as number 0$"
    ):
        grad((x * 0.5).sum(), [x])


def test_a_loss_that_is_no_tensor_is_refused() -> None:
    with pytest.raises(
        TypeError,
        match=r"^grad: loss: expected a Tensor, got float; was it computed from tensors\?$",
    ):
        grad(1.0, [])  # type: ignore[arg-type]


def test_a_loss_of_several_elements_is_refused() -> None:
    x = Tensor([1.0, 2.0])
    message = r"^grad: loss: expected a single element, got shape \(2,\); take its mean or sum$"
    with pytest.raises(ValueError, match=message):
        grad(x * x, [x])


def test_a_lone_parameter_is_refused() -> None:
    x = Tensor([1.0])
    message = r"^grad: parameters: expected a sequence of tensors, got one Tensor; write \[parameter\]$"
    with pytest.raises(TypeError, match=message):
        grad(x * x, x)


def test_an_array_among_the_parameters_is_refused() -> None:
    x = Tensor([1.0])
    with pytest.raises(
        TypeError,
        match=r"^grad: parameters: expected tensors, got ndarray as number 1$",
    ):
        grad(x * x, [x, np.ones(1)])  # type: ignore[list-item]


def test_an_unused_parameter_is_refused() -> None:
    x, unused = Tensor([1.0]), Parameter(np.ones((2, 3)))
    message = (
        r"^grad: parameters: the loss does not depend on number 1, of shape \(2, 3\)$"
    )
    with pytest.raises(ValueError, match=message):
        grad(x * x, [x, unused])


def test_a_detached_value_ends_the_graph() -> None:
    x = Tensor([3.0])
    assert grad(x * x.detach(), [x])[0].tolist() == [3]
    with pytest.raises(ValueError, match="does not depend on number 0"):
        grad(x.detach() * 2, [x])


@primitive
def crooked(x: Any, /) -> Any:
    """A rule whose vjp has the wrong shape."""
    return x * 2, lambda dy: np.ones(3)


@primitive
def constant(x: Any, y: Any, /) -> Any:
    """A rule that takes its second input as a constant."""
    return x * y, lambda dz: (dz * y, None)


def test_a_vjp_of_the_wrong_shape_is_named() -> None:
    x = Tensor([1.0, 2.0])
    message = r"^crooked: its vjp returned shape \(3,\) for an input of shape \(2,\)$"
    with pytest.raises(ValueError, match=message):
        grad(crooked(x).sum(), [x])


def test_a_gradient_is_never_left_out_in_silence() -> None:
    x = Tensor(2.0)
    message = r"^constant: input 1 is a constant of this primitive and has no gradient$"
    with pytest.raises(ValueError, match=message):
        grad(constant(x, x), [x])


def test_a_default_of_a_vjp_is_its_own() -> None:
    @primitive
    def triple(x: Any, /) -> Any:
        return 3 * x, lambda dy, factor=3: dy * factor

    x = Tensor([1.0, 2.0])
    assert grad(triple(x).sum(), [x])[0].tolist() == [3.0, 3.0]
