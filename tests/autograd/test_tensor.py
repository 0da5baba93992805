from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from dlbook import ops
from dlbook.autograd import Parameter, Tensor, concatenate, grad, stack


@pytest.mark.parametrize("ufunc", [np.exp, np.add, np.maximum])
def test_a_numpy_function_refuses_a_tensor(ufunc: Any) -> None:
    inputs = (Tensor([1.0]), np.ones(1))[: ufunc.nin]
    with pytest.raises(TypeError, match="Tensor"):
        ufunc(*inputs)


@pytest.mark.parametrize("convert", [np.asarray, np.array, np.sum, np.float64])
def test_numpy_does_not_take_a_tensor_for_an_array(convert: Any) -> None:
    with pytest.raises(TypeError):
        convert(Tensor([1.0, 2.0]))


def test_array_and_tensor_meet_in_both_orders() -> None:
    x, y = np.array([1.0, 2.0]), Tensor([3.0, 5.0])
    for z, expected in [
        (x + y, [4, 7]),
        (y + x, [4, 7]),
        (x - y, [-2, -3]),
        (y - x, [2, 3]),
        (x * y, [3, 10]),
        (x / y, [1 / 3, 0.4]),
        (y / x, [3, 2.5]),
        (x**y, [1, 32]),
        (y**x, [3, 25]),
        (x @ y, 13),
        (y @ x, 13),
        (2 - y, [-1, -3]),
        (2**y, [8, 32]),
        (-y, [-3, -5]),
    ]:
        assert isinstance(z, Tensor)
        assert z.value.tolist() == expected


def test_comparisons_give_arrays_of_truth_values() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    for found, expected in [
        (x < 2, [True, False, False]),
        (x <= 2, [True, True, False]),
        (x > 2, [False, False, True]),
        (x >= Tensor(2.0), [False, True, True]),
        (np.array([2.0]) < x, [False, False, True]),
    ]:
        assert type(found) is np.ndarray
        assert found.tolist() == expected


def test_a_tensor_of_a_tensor_is_refused() -> None:
    with pytest.raises(
        TypeError,
        match=r"^Tensor: value: expected an array, got a Tensor; pass tensor\.value",
    ):
        Tensor(Tensor(1.0))


def test_the_parts_of_a_tensor() -> None:
    x = Tensor([[1, 2, 3]], np.float32)
    assert (x.shape, x.ndim, x.size, len(x), x.dtype) == ((1, 3), 2, 3, 1, np.float32)
    assert (Tensor(2.5).item(), float(Tensor(2.5)), bool(Tensor(0.0))) == (
        2.5,
        2.5,
        False,
    )
    assert repr(Parameter([1.0])) == "Parameter([1.])"


def test_a_loop_over_a_tensor_gives_its_rows() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    rows = list(x)
    assert [row.value.tolist() for row in rows] == [[1, 2], [3, 4]]
    assert grad(rows[1].sum(), [x])[0].tolist() == [[0, 0], [1, 1]]


def test_a_single_number_is_no_sequence() -> None:
    with pytest.raises(TypeError, match="unsized"):
        list(Tensor(1.0))


def test_the_shape_may_be_given_as_a_tuple_or_as_numbers() -> None:
    x = Tensor(np.arange(6.0))
    assert (
        x.reshape(2, 3).shape
        == x.reshape((2, 3)).shape
        == x.reshape(2, -1).shape
        == (2, 3)
    )
    y = Tensor(np.zeros((2, 3, 5)))
    assert y.transpose(2, 0, 1).shape == y.transpose((2, 0, 1)).shape == (5, 2, 3)
    assert y.T.shape == y.transpose().shape == (5, 3, 2)


def test_the_methods_are_the_operators() -> None:
    x = Tensor([[1.0, 5.0], [5.0, 2.0]])
    assert x.sum(axis=0).value.tolist() == [6, 7]
    assert x.mean(axis=1, keepdims=True).value.tolist() == [[3], [3.5]]
    assert x.max().item() == 5
    np.testing.assert_allclose(x.exp().log().value, x.value)


def test_of_tied_elements_the_first_gets_the_gradient() -> None:
    x = Tensor([[1.0, 5.0], [5.0, 5.0]])
    assert grad(x.max(), [x])[0].tolist() == [[0, 1], [0, 0]]
    assert grad(x.max(axis=1).sum(), [x])[0].tolist() == [[0, 1], [1, 0]]
    assert grad(x.max(axis=0, keepdims=True).sum(), [x])[0].tolist() == [[0, 1], [1, 0]]


def test_a_power_is_flat_where_its_limit_is() -> None:
    x, y = Tensor([0.0, 0.0, 2.0]), Tensor([0.0, 2.0, 0.0])
    dx, dy = grad((x**y).sum(), [x, y])
    assert dx.tolist() == [0, 0, 0]
    assert dy.tolist() == pytest.approx([0, 0, np.log(2)])


def test_a_negative_base_has_no_slope_in_its_exponent() -> None:
    x, y = Tensor([-2.0]), Tensor([2.0])
    dx, dy = grad((x**y).sum(), [x, y])
    assert dx.tolist() == [-4]
    assert np.isnan(dy).all()


def test_a_tensor_joins_arrays() -> None:
    x, y = Tensor([1.0]), np.array([2.0, 3.0])
    assert concatenate([x, y]).value.tolist() == [1, 2, 3]
    assert grad((stack([x, y[:1]]) * np.array([[2.0], [3.0]])).sum(), [x])[
        0
    ].tolist() == [2]


@pytest.mark.parametrize("shape", [(-2, 3), -3, (2, -2)])
def test_a_negative_length_is_refused(shape: Any) -> None:
    with pytest.raises(
        ValueError,
        match=r"^reshape: shape: expected lengths of at least 0, or one -1, got ",
    ):
        Tensor(np.zeros(6)).reshape(shape)


def test_the_mean_of_nothing_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match=r"^mean: x: expected at least one element, got shape \(0, 3\)$",
    ):
        Tensor(np.zeros((0, 3))).mean()


def test_numpy_numbers_do_not_widen_a_float32_tensor() -> None:
    x = Tensor(np.ones(3, np.float32))
    assert (x * np.float64(2)).dtype == np.float32
    assert (np.float64(2) / x).dtype == np.float32


def test_equality_compares_elements_and_tensors_stay_hashable() -> None:
    x = Tensor([1.0, 2.0])
    assert (x == [1.0, 3.0]).tolist() == [True, False]
    assert (x != [1.0, 3.0]).tolist() == [False, True]
    assert {x: 1}[x] == 1


def test_a_parameter_is_not_changed_in_place() -> None:
    w = Parameter([1.0])
    with pytest.raises(TypeError, match=r"rebind parameter\.value"):
        w += 1


def test_a_primitive_is_pickled_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(ops.linear)) is ops.linear
