"""The training loop: batches, a loss, its gradient, a step; and what happened on the way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import Tensor, grad, no_grad
from dlbook.data.batch import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array
    from dlbook.optim import Optimizer


@dataclass(frozen=True)
class History:
    """What a training run measured, epoch by epoch.

    Attributes:
        loss: The mean training loss of each epoch, over its examples, taken while the parameters moved.
        validation_loss: The loss on the validation examples after each epoch; empty without validation.
        metrics: For each metric its value on the validation examples after each epoch.
        steps: The number of steps taken, over all epochs.
        seconds: The time it took, validation included.

    Examples:
        >>> History(loss=(0.9, 0.4), validation_loss=(), metrics={}, steps=10, seconds=0.1)
        History(2 epochs, 10 steps, loss 0.9 → 0.4)
    """

    loss: tuple[float, ...]
    validation_loss: tuple[float, ...]
    metrics: dict[str, tuple[float, ...]]
    steps: int
    seconds: float

    def __repr__(self) -> str:
        # Without the seconds: a page that prints this must read the same on every machine.
        series = {
            "loss": self.loss,
            "validation_loss": self.validation_loss,
            **self.metrics,
        }
        shown = [
            f"{name} {values[0]:.4g} → {values[-1]:.4g}"
            for name, values in series.items()
            if values
        ]
        return f"History({', '.join([f'{len(self.loss)} epochs', f'{self.steps} steps', *shown])})"

    def as_dict(self) -> dict[str, Any]:
        """The fields as a dict of lists, strings and numbers, ready for JSON.

        Examples:
            >>> History(loss=(0.9,), validation_loss=(), metrics={}, steps=1, seconds=0.0).as_dict()["loss"]
            [0.9]
        """
        fields = asdict(self)
        fields["metrics"] = {
            name: list(values) for name, values in self.metrics.items()
        }
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in fields.items()
        }


def fit(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    loss: Callable[[Tensor, Array], Tensor],
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    rng: np.random.Generator | None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    metrics: Mapping[str, Callable[[Array, Array], Any]] | None = None,
    progress: bool = True,
) -> History:
    """Train a model: in each epoch one step per batch, on freshly shuffled examples.

    Args:
        model: Called as `model(batch, rng=rng)` to train and as `model(batch)` to validate.
        x: The training examples, one per entry of the first axis.
        y: Their targets.
        loss: Called as `loss(output, targets)`; returns a mean over the batch, such as `cross_entropy`.
        optimizer: Holds the parameters to train, all of the model's or some.
        epochs: How often each example is used.
        batch_size: The number of examples for a step; left out, all of them, in the order given.
        rng: Shuffles the examples, then serves the model. None stands for: nothing is random, the batches
            come in the order of the data and the model is run as in an evaluation.
        validation: Examples and targets that are measured after each epoch and never trained on.
        metrics: Functions of the validation targets and the model's outputs, both as arrays, by name.
        progress: Whether to show a progress bar.

    Returns:
        The losses and metrics of each epoch.

    Raises:
        TypeError: If the loss is not a tensor with one element.
        ValueError: If there are no examples, no epochs, or metrics without validation examples; or if
            lengths differ.
        FloatingPointError: If the loss is not finite; the message names the epoch and the step.

    Examples:
        >>> from dlbook.nn import Linear
        >>> from dlbook.ops import mse_loss
        >>> from dlbook.optim import SGD
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(100, 1))
        >>> model = Linear(1, 1, rng=rng)
        >>> history = fit(
        ...     model, x, 3 * x + 2, loss=mse_loss, optimizer=SGD(model.parameters(), lr=0.1),
        ...     epochs=20, batch_size=10, rng=rng, progress=False,
        ... )
        >>> model.w.value.round(3), model.b.value.round(3), history.steps
        (array([[3.]], dtype=float32), array([2.], dtype=float32), 200)
    """
    x, y = np.asarray(x), np.asarray(y)
    if epochs < 1:
        raise ValueError(f"fit: epochs: expected at least 1, got {epochs}")
    if metrics and validation is None:
        raise ValueError(
            "fit: metrics: expected validation examples to measure them on, got validation=None"
        )
    if batch_size is None:
        portions = batches(x, y, batch_size=max(len(x), 1))
    else:
        portions = batches(x, y, batch_size=batch_size, rng=rng)
    bar = _bar(epochs * len(portions)) if progress else None
    mean_loss: list[float] = []
    validation_loss: list[float] = []
    measured: dict[str, list[float]] = {name: [] for name in metrics or {}}
    steps = 0
    started = perf_counter()
    for epoch in range(1, epochs + 1):
        total = 0.0
        for x_batch, y_batch in portions:
            cost = loss(model(x_batch, rng=rng), y_batch)
            steps += 1
            total += _finite("loss", cost, epoch, steps) * len(x_batch)
            optimizer.step(grad(cost, optimizer.parameters))
            if bar is not None:
                bar.update()
        mean_loss.append(total / len(x))
        if validation is not None:
            outputs, targets = predict(model, validation[0]), np.asarray(validation[1])
            cost = loss(Tensor(outputs), targets)
            validation_loss.append(_finite("validation loss", cost, epoch, steps))
            for name, metric in (metrics or {}).items():
                measured[name].append(float(metric(targets, outputs)))
        if bar is not None:
            latest = {"loss": mean_loss, "validation_loss": validation_loss, **measured}
            bar.set_postfix(
                {name: values[-1] for name, values in latest.items() if values},
                refresh=False,
            )
    if bar is not None:
        bar.close()
    return History(
        loss=tuple(mean_loss),
        validation_loss=tuple(validation_loss),
        metrics={name: tuple(values) for name, values in measured.items()},
        steps=steps,
        seconds=perf_counter() - started,
    )


def predict(
    model: Callable[[Array], Any], x: ArrayLike, *, batch_size: int = 1024
) -> Array:
    """The model's outputs for many examples: an evaluation, without a graph, in batches.

    Args:
        model: Called as `model(batch)`.
        x: The examples, one per entry of the first axis.
        batch_size: How many are computed at once; it limits the memory and changes nothing else.

    Returns:
        The outputs of all examples as one array.

    Raises:
        ValueError: If there are no examples.

    Examples:
        >>> predict(lambda x: 2 * x, [1.0, 2.0, 3.0], batch_size=2)
        array([2., 4., 6.])
    """
    with no_grad():
        outputs = [model(batch) for (batch,) in batches(x, batch_size=batch_size)]
    return np.concatenate(
        [output.value if isinstance(output, Tensor) else output for output in outputs]
    )


def _finite(name: str, cost: Any, epoch: int, step: int) -> float:
    if not isinstance(cost, Tensor) or cost.size != 1:
        got = f"shape {cost.shape}" if isinstance(cost, Tensor) else type(cost).__name__
        raise TypeError(f"fit: {name}: expected a Tensor with one element, got {got}")
    value = float(cost.item())
    if not isfinite(value):
        raise FloatingPointError(
            f"fit: {name}: expected a finite number, got {value} in epoch {epoch}, step {step}; "
            "is the learning rate too large?"
        )
    return value


def _bar(total: int) -> Any:
    from tqdm import tqdm  # noqa: PLC0415 - slow to import, and not needed where no bar is shown

    return tqdm(total=total, unit="step")
