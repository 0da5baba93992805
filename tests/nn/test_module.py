"""Modules: which parameters they have, under which names, and what they do with `rng`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Parameter, Tensor
from dlbook.nn import Linear, Module, Sequential, count_parameters
from dlbook.ops import relu


class Noise(Module):
    """Adds noise while training, and tells how it was called."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        self.heard.append(rng)
        return x if rng is None else x + rng.normal(size=np.shape(x))


class Odd(Module):
    """Parameters in every place where they may be."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.first = Linear(2, 3, rng=rng)
        self.scale = Parameter(1.0)
        self.blocks = [
            Linear(3, 3, rng=rng),
            (Parameter([2.0]), {"left": Linear(3, 1, bias=False, rng=rng)}),
        ]
        self.frozen = Tensor([1.0])
        self.size = 3
        self.table = {"b": Parameter([1.0]), "a": Parameter([2.0])}

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        return self.first(x, rng=rng)


def test_parameters_are_found_in_the_order_of_assignment(
    rng: np.random.Generator,
) -> None:
    names = [name for name, _ in Odd(rng).named_parameters()]
    assert names == [
        "first.w", "first.b", "scale", "blocks.0.w", "blocks.0.b", "blocks.1.0", "blocks.1.1.left.w",
        "table.b", "table.a",
    ]  # fmt: skip


def test_parameters_and_their_names_are_in_the_same_order(
    rng: np.random.Generator,
) -> None:
    model = Odd(rng)
    assert [id(p) for p in model.parameters()] == [
        id(p) for _, p in model.named_parameters()
    ]


def test_tied_weights_count_once_under_their_first_name(
    rng: np.random.Generator,
) -> None:
    first, second = Linear(3, 3, rng=rng), Linear(3, 3, rng=rng)
    second.w = first.w
    model = Sequential(first, second, first)
    assert [name for name, _ in model.named_parameters()] == ["0.w", "0.b", "1.b"]
    assert count_parameters(model) == 9 + 3 + 3


def test_modules_that_know_each_other_do_not_walk_forever(
    rng: np.random.Generator,
) -> None:
    model, other = Odd(rng), Odd(rng)
    model.friend = other  # type: ignore[attr-defined]
    other.friend = model  # type: ignore[attr-defined]
    assert len(model.parameters()) == 18


def test_a_set_of_modules_has_no_order_and_is_refused(rng: np.random.Generator) -> None:
    model = Odd(rng)
    model.layers = {Linear(1, 1, rng=rng)}  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="Module: layers: expected a list, got a set"):
        model.parameters()


def test_a_replaced_parameter_is_the_one_that_is_found(
    rng: np.random.Generator,
) -> None:
    layer = Linear(2, 1, rng=rng)
    layer.w = Parameter([[1.0], [2.0]])
    assert layer.parameters()[0] is layer.w


def test_parameters_are_counted() -> None:
    rng = np.random.default_rng(0)
    model = Sequential(
        Linear(784, 256, rng=rng),
        relu,
        Linear(256, 128, rng=rng),
        relu,
        Linear(128, 10, rng=rng),
    )
    assert count_parameters(model) == 235_146


def test_every_module_in_a_chain_hears_the_same_generator(
    rng: np.random.Generator,
) -> None:
    deep, shallow = Noise(), Noise()
    model = Sequential(shallow, Sequential(relu, Sequential(deep)))
    model(np.zeros(3), rng=rng)
    model(np.zeros(3))
    assert [id(heard) for heard in shallow.heard] == [id(rng), id(None)]
    assert [id(heard) for heard in deep.heard] == [id(rng), id(None)]


def test_training_is_random_and_evaluation_is_not(rng: np.random.Generator) -> None:
    model = Sequential(Noise())
    x = np.zeros(4)
    assert (model(x, rng=rng) != model(x, rng=rng)).all()
    assert (model(x) == x).all()


@pytest.mark.parametrize("rng", [0, np.random, "seed"])
def test_what_is_no_generator_is_refused(rng: Any) -> None:
    with pytest.raises(
        TypeError, match=r"Noise: rng: expected np\.random\.default_rng\(seed\), got"
    ):
        Noise()(np.zeros(2), rng=rng)


def test_what_forward_takes_by_name_is_given_by_name() -> None:
    class Scaled(Module):
        def forward(
            self, x: Any, *, factor: float = 1.0, rng: np.random.Generator | None = None
        ) -> Any:
            return factor * x

    assert Scaled()(3.0, factor=2.0) == 6
    with pytest.raises(TypeError, match="factr"):
        Scaled()(3.0, factr=2.0)


def test_a_generator_is_never_taken_for_an_input(rng: np.random.Generator) -> None:
    with pytest.raises(TypeError, match="positional argument"):
        Noise()(np.zeros(2), rng)


def test_a_forward_without_rng_is_refused_where_it_is_written() -> None:
    with pytest.raises(
        TypeError,
        match=r"Deaf\.forward: rng: expected the keyword-only argument rng=None",
    ):

        class Deaf(Module):
            def forward(self, x: Any) -> Any:
                return x

    with pytest.raises(TypeError, match=r"Demanding\.forward: rng"):

        class Demanding(Module):
            def forward(self, x: Any, *, rng: np.random.Generator) -> Any:
                return x

    with pytest.raises(TypeError, match=r"Loose\.forward: rng"):

        class Loose(Module):
            def forward(self, x: Any, rng: np.random.Generator | None = None) -> Any:
                return x


def test_a_subclass_may_inherit_its_forward(rng: np.random.Generator) -> None:
    class Quiet(Noise):
        pass

    assert (Quiet()(np.zeros(2)) == 0).all()


def test_changing_the_dtype_keeps_the_values_and_the_old_arrays(
    rng: np.random.Generator,
) -> None:
    model = Odd(rng)
    before = [p.value for p in model.parameters()]
    assert model.to(np.float64) is model
    for p, old in zip(model.parameters(), before, strict=True):
        assert p.dtype == np.float64
        assert (p.value == old).all()
    assert before[0].dtype == np.float32
    assert model(np.zeros((1, 2))).dtype == np.float64


@pytest.mark.parametrize("dtype", [np.int64, bool, complex, object])
def test_parameters_are_floats(dtype: Any, rng: np.random.Generator) -> None:
    with pytest.raises(
        TypeError, match=r"Linear\.to: dtype: expected a float type, got"
    ):
        Linear(2, 2, rng=rng).to(dtype)
    with pytest.raises(TypeError, match="Linear: dtype: expected a float type, got"):
        Linear(2, 2, rng=rng, dtype=dtype)


def test_a_module_shows_what_it_is_made_of(rng: np.random.Generator) -> None:
    model = Odd(rng)
    model.activation = relu  # type: ignore[attr-defined]
    assert repr(model) == (
        "Odd(\n"
        "  (first): Linear(in_features=2, out_features=3, bias=True)\n"
        "  (blocks.0): Linear(in_features=3, out_features=3, bias=True)\n"
        "  (blocks.1.1.left): Linear(in_features=3, out_features=1, bias=False)\n"
        "  (activation): relu\n"
        ")"
    )


def test_nested_models_are_indented(rng: np.random.Generator) -> None:
    model = Sequential(Sequential(relu), Noise())
    assert (
        repr(model)
        == "Sequential(\n  (0): Sequential(\n    (0): relu\n  )\n  (1): Noise()\n)"
    )
