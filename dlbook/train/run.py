"""A run of `fit`: all that changes while it goes on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from dlbook.train.history import History
from dlbook.train.interruption import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from dlbook.autograd.core import Array
    from dlbook.data.batch import Batches
    from dlbook.optim import Optimizer
    from dlbook.train.callback import Callback


@dataclass
class Run:
    """A run of `fit`, as its callbacks see it.

    Attributes:
        model: What is trained.
        optimizer: What trains it.
        rng: The generator, or None.
        portions: The batches.
        epochs: The number of epochs that the run will have.
        draws: Whether the model may draw at random in a training pass.
        measured: The names of what is measured after each epoch.
        callbacks: All of them, in the order in which they are called.
        history: What was measured in the epochs that are complete.
        epoch: The number of epochs that are complete.
        step: The number of steps that are complete, over all epochs.
        total: The sum of the losses in this epoch, over the examples that it has used.
        is_stopping: Whether this epoch is the last.
        whole: What is done within `with run.whole:` is not cut in two by Ctrl-C.

    Examples:
        >>> from dlbook.data import batches
        >>> run = Run(None, None, None, batches([1, 2, 3, 4], batch_size=2), epochs=3)
        >>> run.epoch, run.step, run
        (0, 0, Run(after 0 of 3 epochs, 0 of 6 steps))
    """

    model: Any
    optimizer: Optimizer
    rng: np.random.Generator | None
    portions: Batches
    epochs: int
    draws: bool = False
    measured: Sequence[str] = ()
    callbacks: Sequence[Callback] = ()
    history: History = field(default_factory=History)
    epoch: int = 0
    step: int = 0
    total: float = 0.0
    is_stopping: bool = False
    whole: Whole = field(default_factory=Whole)
    epoch_state: dict[str, Any] | None = None  # the generator's, before the order
    started: float = field(default_factory=perf_counter)

    def __repr__(self) -> str:
        steps = self.epochs * len(self.portions)
        return f"Run(after {self.epoch} of {self.epochs} epochs, {self.step} of {steps} steps)"

    @property
    def place(self) -> str:
        """Where the next step stands, in words."""
        return f"epoch {self.epoch + 1}, step {self.step + 1}"

    @property
    def steps_of_epoch(self) -> int:
        """The number of steps that are complete in this epoch."""
        return self.step - self.epoch * len(self.portions)

    def remaining(self) -> Iterator[tuple[Array, ...]]:
        """The batches of this epoch that are still to come.

        In an epoch that was cut, its order is drawn once more, from the state that the generator had then.
        """
        done = self.steps_of_epoch
        with self.whole:
            now = state_of(self.rng)
            if done == 0:
                self.epoch_state = now
            set_state(self.rng, self.epoch_state)
            rest = iter(self.portions)
            for _ in range(done):
                next(rest)
            set_state(self.rng, now)
        return rest

    def end_step(self, loss: float, n: int) -> None:
        """Count a step on `n` examples, and tell the callbacks."""
        self.step += 1
        self.total += loss * n
        for callback in self.callbacks:
            callback.on_step(self)

    def end_epoch(
        self, validation_loss: float | None, metrics: Mapping[str, float]
    ) -> None:
        """Write the epoch into the history, and tell the callbacks."""
        past = self.history
        self.history = History(
            loss=(*past.loss, self.total / len(self.portions.arrays[0])),
            validation_loss=()
            if validation_loss is None
            else (*past.validation_loss, validation_loss),
            metrics={
                name: (*past.metrics.get(name, ()), value)
                for name, value in metrics.items()
            },
            steps=self.step,
            seconds=perf_counter() - self.started,
        )
        self.epoch, self.total, self.epoch_state = self.epoch + 1, 0.0, None
        for callback in self.callbacks:
            callback.on_epoch(self)

    @contextmanager
    def reported(self) -> Iterator[None]:
        """Tell the callbacks of the start and of the end, whatever it is."""
        with self.whole.listening():
            for callback in self.callbacks:
                callback.on_start(self)
            try:
                yield
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt) and not self.whole.torn:
                    error.add_note(
                        f"fit: stopped in epoch {self.epoch + 1}, after step {self.step}; the parameters are whole"
                    )
                self._end(error)
                raise
            self._end(None)

    def _end(self, error: BaseException | None) -> None:
        with self.whole:
            for callback in self.callbacks:
                callback.on_end(self, error)


def state_of(rng: np.random.Generator | None) -> Any:
    """The generator's state, as a value."""
    return None if rng is None else rng.bit_generator.state


def set_state(rng: np.random.Generator | None, state: Any) -> None:
    """Bring the generator into a state that it had."""
    if rng is not None and state is not None:
        rng.bit_generator.state = state
