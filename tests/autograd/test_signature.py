"""A rule's annotations as the check of its calls: held against jaxtyping, which reads the same notation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jaxtyping
import numpy as np
import pytest
from beartype import beartype
from hypothesis import given
from hypothesis import strategies as st

from dlbook.autograd import Tensor, primitive
from dlbook.autograd.signature import Form

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int, Shaped

    from dlbook.autograd.core import Array, Rule

axis = st.sampled_from(["n", "d", "k", "2", "3", "_"])


@st.composite
def axes(draw: st.DrawFn) -> str:
    """The axes of an annotation, with at most one that stands for several."""
    names = draw(st.lists(axis, max_size=3))
    star = draw(st.sampled_from(["", "", "*batch", "*rest", "..."]))
    if star:
        names.insert(draw(st.integers(0, len(names))), star)
    return " ".join(names)


shape = st.lists(st.integers(1, 3), max_size=4).map(tuple)


@given(notes=st.lists(axes(), min_size=1, max_size=3), data=st.data())
def test_a_call_fits_exactly_when_jaxtyping_says_so(
    notes: list[str], data: st.DataObject
) -> None:
    shapes = [data.draw(shape) for _ in notes]
    sizes: dict[str, Any] | None = {}
    for note, of in zip(notes, shapes, strict=True):
        sizes = None if sizes is None else Form("Float", note).bind(of, sizes)
    assert (sizes is not None) is accepted_by_jaxtyping(notes, shapes)


@given(note=axes(), times=st.integers(1, 3), data=st.data())
def test_a_multiple_of_a_known_length_fits_exactly_when_jaxtyping_says_so(
    note: str, times: int, data: st.DataObject
) -> None:
    notes = ["n d", f"{note} {times}*n", f"{times}*n"]
    shapes = [data.draw(shape) for _ in notes]
    sizes: dict[str, Any] | None = {}
    for text, of in zip(notes, shapes, strict=True):
        sizes = None if sizes is None else Form("Float", text).bind(of, sizes)
    assert (sizes is not None) is accepted_by_jaxtyping(notes, shapes)


def accepted_by_jaxtyping(notes: list[str], shapes: list[tuple[int, ...]]) -> bool:
    names = "xyz"[: len(notes)]
    scope: dict[str, Any] = {}
    exec(f"def call({', '.join(names)}): pass", scope)
    call = scope["call"]
    call.__annotations__ = {
        name: jaxtyping.Float[np.ndarray, note]
        for name, note in zip(names, notes, strict=True)
    }
    try:
        jaxtyping.jaxtyped(call, typechecker=beartype)(*map(np.zeros, shapes))
    except jaxtyping.TypeCheckError:
        return False
    return True


@primitive
def mixed(
    x: Float[Array, "n d"],
    t: Int[Array, " n"] | Float[Array, "n k"],
    keep: Bool[Array, " n"] | None = None,
    any_kind: Shaped[Array, "..."] | None = None,
    /,
    *,
    rate: float = 0.5,
) -> Rule:
    """Gives back what came in."""
    received[:] = [x, t, keep, any_kind]
    return x * rate, lambda dy: (dy * rate, None, None, None)


received: list[Any] = []


@primitive
def joined(*xs: Float[Array, " n"], scale: float = 1.0) -> Rule:
    """Takes any number of vectors of one length."""
    return scale * sum(xs[1:], xs[0]), lambda dy: (dy,) * len(xs)


X = np.zeros((4, 3))
T = np.zeros(4, int)


@pytest.mark.parametrize(
    ("inputs", "settings", "error", "message"),
    [
        ((np.zeros(3), T), {}, ValueError, "mixed: x: expected shape (n, d), got (3,)"),
        ((X, T[:3]), {}, ValueError, "mixed: t: expected shape (n=4,), got (3,)"),
        (
            (X, np.zeros(4)),
            {},
            ValueError,
            "mixed: t: expected shape (n=4, k), got (4,)",
        ),
        (
            (X, np.zeros((3, 2))),
            {},
            ValueError,
            "mixed: t: expected shape (n=4, k), got (3, 2)",
        ),
        (
            (X, T, np.zeros(3, bool)),
            {},
            ValueError,
            "mixed: keep: expected shape (n=4,), got (3,)",
        ),
        (
            (X, T, np.zeros(4)),
            {},
            TypeError,
            "mixed: keep: expected truth values, got float64",
        ),
        ((X, T, T), {}, TypeError, "mixed: keep: expected truth values, got int64"),
        ((X + 1j, T), {}, TypeError, "mixed: x: expected numbers, got complex128"),
        (
            (X, T.astype(complex)),
            {},
            TypeError,
            "mixed: t: expected integers or numbers, got complex128",
        ),
        (
            (np.full((4, 3), None), T),
            {},
            TypeError,
            "mixed: x: expected numbers, got object",
        ),
        (
            ([[1.0], [1.0, 2.0]], T),
            {},
            ValueError,
            "mixed: x: expected an array, got [[1.0], [1.0, 2.0]]",
        ),
        ((None, T), {}, TypeError, "mixed: x: expected numbers, got object"),
        (
            (X,),
            {},
            TypeError,
            "mixed: expected the arrays x, t, keep, any_kind, got 1 of them",
        ),
        (
            (X, T, None, None, X),
            {},
            TypeError,
            "mixed: expected the arrays x, t, keep, any_kind, got 5 of them",
        ),
        ((X, T), {"rat": 1}, TypeError, "mixed: rat: no such setting; expected rate"),
        (
            (X, T),
            {"keep": None},
            TypeError,
            "mixed: keep: no such setting; expected rate; arrays are given by position",
        ),
    ],
)
def test_a_misfit_is_named(
    inputs: Any, settings: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        mixed(*inputs, **settings)
    assert str(caught.value) == message


def test_a_tensor_is_held_to_the_same_shapes() -> None:
    with pytest.raises(
        ValueError, match=r"^mixed: x: expected shape \(n, d\), got \(3,\)$"
    ):
        mixed(Tensor(np.zeros(3)), T)


def test_what_was_left_out_is_none() -> None:
    y = mixed(Tensor(X), T)
    assert received[2:] == [None, None]
    assert len(y.inputs) == 4


def test_alternatives_are_told_apart_by_kind() -> None:
    mixed(X, T)
    assert received[1].dtype == np.int64
    mixed(X, np.zeros((4, 2)))
    assert received[1].dtype == np.float64


@pytest.mark.parametrize(
    "x", [[[1, 2]], [[True, False]], np.ones((1, 2), np.int8), [[1.0, 2.0]]]
)
def test_numbers_without_a_float_type_take_that_of_the_others(x: Any) -> None:
    mixed(x, np.zeros((1, 2), np.float32))
    assert received[0].dtype == np.float32
    mixed(x, np.zeros((1, 2)))
    assert received[0].dtype == np.float64
    mixed(x, [0])
    assert received[0].dtype == np.float64


def test_arrays_keep_their_float_type() -> None:
    mixed(np.ones((1, 2), np.float32), np.zeros((1, 2)))
    assert received[0].dtype == np.float32


def test_any_kind_of_number_is_let_through_as_it_is() -> None:
    for kind in (bool, np.int16, np.uint8, np.float32):
        mixed(X, T, None, np.ones((2, 2), kind))
        assert received[3].dtype == kind


def test_any_number_of_arrays_is_checked_one_by_one() -> None:
    assert joined([1.0, 2.0], [3.0, 4.0], [5.0, 6.0], scale=2).tolist() == [18, 24]
    with pytest.raises(
        ValueError, match=r"^joined: xs: expected shape \(n=2,\), got \(3,\)$"
    ):
        joined(np.ones(2), np.ones(3))
    with pytest.raises(
        TypeError, match=r"^joined: size: no such setting; expected scale$"
    ):
        joined(np.ones(2), size=3)


def test_several_axes_are_written_out_once_they_are_known() -> None:
    assert (
        Form("Float", "*batch d").expected({"*batch": (2, 3), "d": 5}) == "(2, 3, d=5)"
    )
    assert Form("Float", "*batch d").expected({}) == "(*batch, d)"
    assert Form("Float", "d").expected({}) == "(d,)"
    assert Form("Float", "").expected({}) == "()"
