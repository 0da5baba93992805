"""The training loop: what it feeds the model, what it measures, and when it stops."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from dlbook.autograd import Parameter, Tensor, grad
from dlbook.metrics import accuracy
from dlbook.nn import Linear, Module
from dlbook.ops import cross_entropy, mse_loss
from dlbook.optim import SGD
from dlbook.train import History, fit, predict

X = np.arange(10.0)[:, np.newaxis]


class Witness(Module):
    """One weight; remembers each batch that it saw and whether it was trained on it."""

    def __init__(self) -> None:
        self.w = Parameter([[1.0]])
        self.seen: list[tuple[list[float], Any]] = []

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        self.seen.append((x[:, 0].tolist(), rng))
        return x @ self.w


def run(model: Any, x: Any = X, y: Any = X, **settings: Any) -> History:
    defaults: dict[str, Any] = {
        "loss": mse_loss,
        "epochs": 1,
        "rng": np.random.default_rng(0),
        "progress": False,
    }
    optimizer = settings.pop("optimizer", None) or SGD(
        model.parameters(), lr=settings.pop("lr", 0.0)
    )
    return fit(model, x, y, optimizer=optimizer, **(defaults | settings))


def test_every_epoch_uses_each_example_once_in_a_new_order() -> None:
    model = Witness()
    history = run(model, epochs=3, batch_size=4)
    assert history.steps == 9
    assert [len(batch) for batch, _ in model.seen] == [4, 4, 2] * 3
    epochs = [
        [number for batch, _ in model.seen[i : i + 3] for number in batch]
        for i in (0, 3, 6)
    ]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_without_a_batch_size_a_step_sees_everything_in_order() -> None:
    model = Witness()
    assert run(model, epochs=2).steps == 2
    assert [batch for batch, _ in model.seen] == [list(range(10))] * 2


def test_the_model_is_trained_with_the_generator_and_measured_without() -> None:
    model = Witness()
    rng = np.random.default_rng(0)
    run(model, rng=rng, epochs=2, batch_size=5, validation=(X[:3], X[:3]))
    assert [given is rng for _, given in model.seen] == [True, True, False] * 2
    assert [given for _, given in model.seen if given is not rng] == [None, None]


def test_without_a_generator_nothing_is_shuffled_or_drawn() -> None:
    model = Witness()
    run(model, rng=None, batch_size=5, epochs=2)
    assert model.seen == [([0, 1, 2, 3, 4], None), ([5, 6, 7, 8, 9], None)] * 2


def test_the_same_seed_trains_the_same_model(rng: np.random.Generator) -> None:
    x = rng.normal(size=(30, 2))
    weights = []
    for _ in range(2):
        model = Linear(2, 1, rng=np.random.default_rng(5))
        run(
            model,
            x,
            x[:, :1],
            lr=0.1,
            epochs=3,
            batch_size=7,
            rng=np.random.default_rng(6),
        )
        weights.append(model.w.value)
    assert_array_equal(weights[0], weights[1])


def test_the_steps_are_those_of_gradient_descent(rng: np.random.Generator) -> None:
    x, y = rng.normal(size=(8, 3)), rng.normal(size=(8, 1))
    model, other = (
        Linear(3, 1, rng=np.random.default_rng(1), dtype=np.float64) for _ in range(2)
    )
    losses = run(model, x, y, lr=0.05, epochs=6).loss
    for expected in losses:
        loss = mse_loss(other(x), y)
        assert loss.item() == pytest.approx(expected, rel=1e-12)
        for p, g in zip(
            other.parameters(), grad(loss, other.parameters()), strict=True
        ):
            p.value = p.value - 0.05 * g
    assert_allclose(model.w.value, other.w.value, rtol=1e-12)


def test_the_loss_of_an_epoch_weighs_each_example_alike() -> None:
    # Batches of 4, 4 and 2 examples, an unmoved model: the mean of the batches' losses would be another number.
    history = run(Witness(), y=np.zeros_like(X), batch_size=4, rng=None)
    assert history.loss[0] == pytest.approx((X**2).mean(), rel=1e-12)
    assert np.mean([(X[i : i + 4] ** 2).mean() for i in (0, 4, 8)]) != pytest.approx(
        (X**2).mean(), rel=1e-3
    )


def test_only_the_optimizer_s_parameters_move(rng: np.random.Generator) -> None:
    model = Linear(1, 1, rng=rng)
    assert model.b is not None
    before, after = model.w.value, model.b.value
    run(model, optimizer=SGD([model.b], lr=0.1))
    assert model.w.value is before
    assert (model.b.value != after).all()


def test_validation_measures_the_model_after_each_epoch() -> None:
    model = Witness()
    x, y = np.array([[1.0], [2.0]]), np.array([[0.0], [1.0]])
    after = []

    def error(targets: Any, outputs: Any) -> float:
        assert type(targets) is type(outputs) is np.ndarray
        after.append(model.w.value.item())
        return float(np.abs(targets - outputs).max())

    history = run(
        model,
        y=np.zeros_like(X),
        lr=1e-3,
        epochs=3,
        validation=(x, y),
        metrics={"error": error},
    )
    assert after[0] > after[1] > after[2]
    assert history.validation_loss == tuple(
        pytest.approx(((w * x - y) ** 2).mean(), rel=1e-12) for w in after
    )
    assert history.metrics == {
        "error": tuple(pytest.approx(abs(w * x - y).max(), rel=1e-12) for w in after)
    }


def test_a_classifier_learns_what_can_be_learned(rng: np.random.Generator) -> None:
    x = rng.normal(size=(200, 2))
    t = (x[:, 0] > x[:, 1]).astype(int)
    model = Linear(2, 2, rng=rng)
    history = run(
        model, x[:150], t[:150], loss=cross_entropy, lr=1.0, epochs=30, batch_size=30,
        validation=(x[150:], t[150:]), metrics={"accuracy": lambda y, z: accuracy(y, z.argmax(axis=1))},
    )  # fmt: skip
    assert history.loss[-1] < 0.3 * history.loss[0]
    assert history.metrics["accuracy"][-1] >= 0.98
    assert history.steps == 30 * 5
    assert history.seconds > 0


def test_the_loss_that_is_not_finite_stops_the_run_and_says_where() -> None:
    losses = iter([1.0, 1.0, 1.0, np.nan])
    model = Witness()

    def loss(output: Tensor, y: Any) -> Tensor:
        return (output * 0).sum() + next(losses)

    with pytest.raises(
        FloatingPointError,
        match=r"fit: loss: expected a finite number, got nan in epoch 2, step 4",
    ):
        run(model, loss=loss, batch_size=5, epochs=5)
    with pytest.raises(FloatingPointError, match=r"got inf in epoch 1, step 1"):
        run(model, loss=lambda output, y: output.sum() + np.inf)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "fit: epochs: expected at least 1, got 0"),
        ({"x": X[:0], "y": X[:0]}, ValueError, "expected enough for one batch"),
        (
            {"x": X[:0], "y": X[:0], "batch_size": 4},
            ValueError,
            "expected enough for one batch of 4, got 0",
        ),
        ({"y": X[:9]}, ValueError, "expected 10 examples in each, got 9"),
        ({"batch_size": 0}, ValueError, "batch_size: expected at least 1"),
        ({"rng": 3, "batch_size": 5}, TypeError, "rng: expected"),
        (
            {"metrics": {"error": accuracy}},
            ValueError,
            "fit: metrics: expected validation examples",
        ),
        ({"validation": (X[:0], X[:0])}, ValueError, "expected enough for one batch"),
        (
            {"loss": lambda z, y: z},
            TypeError,
            r"fit: loss: expected a Tensor with one element, got shape \(10, 1\)",
        ),
        (
            {"loss": lambda z, y: 1.0},
            TypeError,
            "fit: loss: expected a Tensor with one element, got float",
        ),
    ],
)
def test_what_cannot_be_trained_on_is_refused(
    settings: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(Witness(), **settings)


def test_a_gradient_that_overflows_stops_the_run(rng: np.random.Generator) -> None:
    model = Linear(1, 1, rng=rng, dtype=np.float64)
    with (
        np.errstate(over="ignore"),
        pytest.raises(FloatingPointError, match="expected"),
    ):
        run(model, X, X, lr=1e3, epochs=1000)


def test_predicting_in_batches_changes_nothing(rng: np.random.Generator) -> None:
    model = Linear(3, 2, rng=rng, dtype=np.float64)
    x = rng.normal(size=(25, 3))
    whole = predict(model, x)
    assert type(whole) is np.ndarray
    assert_allclose(predict(model, x, batch_size=4), whole, rtol=1e-12)
    assert_allclose(whole, model(x).value, rtol=1e-12)


def test_predicting_records_no_graph() -> None:
    seen = []

    def model(x: Any) -> Any:
        seen.append(Parameter([[2.0]]) * x)
        return seen[-1]

    predict(model, X)
    assert seen[0].inputs == ()


def test_a_history_reads_the_same_on_every_machine() -> None:
    history = History(loss=(0.69314718, 0.25), validation_loss=(0.7, 0.3), metrics={"accuracy": (0.5, 0.875)},
                      steps=20, seconds=1.234)  # fmt: skip
    assert repr(history) == (
        "History(2 epochs, 20 steps, loss 0.6931 → 0.25, validation_loss 0.7 → 0.3, accuracy 0.5 → 0.875)"
    )


def test_a_history_goes_through_json() -> None:
    history = History(
        loss=(0.5,),
        validation_loss=(),
        metrics={"accuracy": (0.5,)},
        steps=2,
        seconds=0.5,
    )
    assert json.loads(json.dumps(history.as_dict())) == {
        "loss": [0.5], "validation_loss": [], "metrics": {"accuracy": [0.5]}, "steps": 2, "seconds": 0.5,
    }  # fmt: skip


def test_a_progress_bar_counts_the_steps(capsys: pytest.CaptureFixture[str]) -> None:
    run(Witness(), epochs=3, batch_size=5, progress=True, validation=(X, X))
    shown = capsys.readouterr()
    assert "6/6" in shown.err
    assert "loss=" in shown.err and "validation_loss=" in shown.err
    assert shown.out == ""
    run(Witness(), epochs=3, progress=False)
    assert capsys.readouterr().err == ""


def test_the_progress_bar_is_imported_only_where_it_is_shown() -> None:
    code = (
        "import sys, numpy as np\n"
        "from dlbook import nn, ops, optim, train\n"
        "m = nn.Linear(1, 1, rng=np.random.default_rng(0))\n"
        "train.fit(m, np.ones((2, 1)), np.ones((2, 1)), loss=ops.mse_loss, optimizer=optim.SGD(m.parameters()),\n"
        "          epochs=1, rng=None, progress=False)\n"
        "print('tqdm' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"


def test_validation_loss_that_is_not_finite_stops_the_training() -> None:
    with pytest.raises(
        FloatingPointError, match="fit: validation loss: expected a finite"
    ):
        run(Witness(), validation=(X, np.full_like(X, np.nan)))
