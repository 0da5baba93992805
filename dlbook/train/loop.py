"""The training loop: batches, a loss, its gradient, a step."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from dlbook.autograd import Tensor, grad
from dlbook.data.batch import batches
from dlbook.nn import Module
from dlbook.optim import clip_grad_norm
from dlbook.train.callback import Callback, Progress
from dlbook.train.checkpoint import Checkpoint, restore
from dlbook.train.nonfinite import origin_in_gradients, origin_in_pass
from dlbook.train.prediction import predict
from dlbook.train.run import Run, state_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from dlbook.autograd.core import Array
    from dlbook.optim import Optimizer
    from dlbook.train.history import History

    Loss = Callable[[Tensor, Array], Tensor]
    Metrics = Mapping[str, Callable[[Array, Array], Any]]


def fit(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int | None = None,
    rng: np.random.Generator | None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    metrics: Metrics | None = None,
    schedule: Callable[[int], float] | None = None,
    clip_norm: float | None = None,
    callbacks: Sequence[Callback] = (),
    resume: str | os.PathLike[str] | None = None,
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
        schedule: The learning rate as a function of the number of steps that the optimizer has taken, such as
            `CosineAnnealingLR`; left out, the optimizer's own.
        clip_norm: Gradients that are longer, all together, are scaled to this length; see `clip_grad_norm`.
        callbacks: Are called at certain moments, in this order: `EarlyStopping`, `Checkpoint` (whose turn is
            always the last), or others of the class `Callback`.
        resume: The file of a `Checkpoint`. The run goes on where that one was when the file was written, with the
            same numbers, to the last bit, as if it had not been cut. Everything else is given as it was then;
            `epochs` is the number of all, and may be higher.
        progress: Whether to show a progress bar.

    Returns:
        The losses and metrics of each epoch.

    Raises:
        TypeError: If the loss is not a tensor with one element, or a callback is no `Callback`.
        ValueError: If there are no examples, no epochs, or metrics without validation examples; if lengths
            differ; if `rng` is None and a layer, not frozen, computes something else in training, such as
            dropout; or if `resume` names a file that the run can't go on with.
        FloatingPointError: If the loss or a gradient is not finite. The message names epoch, step and the first
            layer that is to blame. The parameters are those before the step; running statistics have seen its batch.
        KeyboardInterrupt: After Ctrl-C, when the step is complete; a second Ctrl-C does not wait for it. A
            `Checkpoint` has then written its file.

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
    x, y, metrics = np.asarray(x), np.asarray(y), metrics or {}
    differing = _differing(model)
    if rng is None and differing:
        raise ValueError(
            f"fit: rng: expected np.random.default_rng(seed), since {differing[0]} computes something else "
            "in training, got None; freeze() it if an evaluation is meant"
        )
    if epochs < 1:
        raise ValueError(f"fit: epochs: expected at least 1, got {epochs}")
    if metrics and validation is None:
        raise ValueError(
            "fit: metrics: expected validation examples to measure them on, got validation=None"
        )
    for callback in callbacks:
        if not isinstance(callback, Callback):
            raise TypeError(f"fit: callbacks: expected Callbacks, got {callback!r}")
    if batch_size is None:
        portions = batches(x, y, batch_size=max(len(x), 1))
    else:
        portions = batches(x, y, batch_size=batch_size, rng=rng)
    run = Run(model, optimizer, rng, portions, epochs, draws=bool(differing))
    run.measured = [] if validation is None else ["validation_loss", *metrics]
    run.callbacks = sorted(
        [*callbacks, Progress()] if progress else callbacks,
        key=lambda callback: isinstance(callback, Checkpoint),
    )
    if resume is not None:
        restore(run, resume)
    with run.reported():
        while run.epoch < epochs and not run.is_stopping:
            for x_batch, y_batch in run.remaining():
                with run.whole:
                    if schedule is not None:
                        optimizer.lr = schedule(optimizer.steps)
                    cost = _step(run, loss, x_batch, y_batch, clip_norm)
                    run.end_step(cost, len(x_batch))
            measured = _validate(run, loss, validation, metrics)
            with run.whole:
                run.end_epoch(*measured)
    return run.history


def _step(run: Run, loss: Loss, x: Array, y: Array, clip_norm: float | None) -> float:
    """One step: the loss, its gradient, the optimizer. Returns the loss before it."""
    state = state_of(run.rng) if run.draws else None
    cost = loss(run.model(x, rng=run.rng), y)
    value = _number("loss", cost)
    if not isfinite(value):
        raise FloatingPointError(
            f"fit: loss: expected a finite number, got {value} in {run.place}; "
            f"not finite is first {origin_in_pass(run, x, state)}; is the learning rate too large?"
        )
    gradients: Sequence[Array] = grad(cost, run.optimizer.parameters)
    try:
        if clip_norm is not None:
            gradients, _ = clip_grad_norm(gradients, clip_norm)
        run.optimizer.step(gradients)
    except FloatingPointError as error:
        if origin := origin_in_gradients(run, gradients):
            raise FloatingPointError(
                f"fit: gradient: expected finite numbers, got others in {run.place}; "
                f"on the way back the first is that of {origin}; the parameters were left as they are"
            ) from error
        raise
    return value


def _validate(
    run: Run,
    loss: Loss,
    validation: tuple[ArrayLike, ArrayLike] | None,
    metrics: Metrics,
) -> tuple[float | None, dict[str, float]]:
    """The loss on the validation examples, if there are any, and the metrics."""
    if validation is None:
        return None, {}
    outputs, targets = predict(run.model, validation[0]), np.asarray(validation[1])
    value = _number("validation loss", loss(Tensor(outputs), targets))
    if not isfinite(value):
        raise FloatingPointError(
            f"fit: validation loss: expected a finite number, got {value} "
            f"after epoch {run.epoch + 1}, step {run.step}"
        )
    return value, {
        name: float(metric(targets, outputs)) for name, metric in metrics.items()
    }


def _number(name: str, cost: Any) -> float:
    if not isinstance(cost, Tensor) or cost.size != 1:
        got = f"shape {cost.shape}" if isinstance(cost, Tensor) else type(cost).__name__
        raise TypeError(f"fit: {name}: expected a Tensor with one element, got {got}")
    return float(cost.item())


def _differing(model: Any) -> list[str]:
    """The layers, not frozen, that compute something else in training than in an evaluation."""
    return [
        f"{name or 'the model'} ({type(module).__name__})"
        for name, module in (model.named_modules() if isinstance(model, Module) else [])
        if module.differs_in_training and not module.is_frozen
    ]
