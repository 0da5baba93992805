"""A run in a file, and back: it goes on as if nothing had happened."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from dlbook.nn import Module
from dlbook.train.callback import Callback
from dlbook.train.file import read, write
from dlbook.train.history import History
from dlbook.train.run import set_state, state_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from dlbook.autograd.core import Array
    from dlbook.train.run import Run


class Checkpoint(Callback):
    """Write a run into a file after each epoch, so that `fit(…, resume=path)` goes on exactly where it was.

    The file holds the model, the optimizer, the generator's state, the history, and what the other callbacks remember.
    A run that was cut and resumed gives the same numbers, to the last bit, as one that was not: also when it was cut
    in the middle of an epoch. Ctrl-C writes the file once more, after the step that it met. What the run was made with
    (the data, the settings of loss, optimizer and schedule) is not in the file: it must be made in the same way again.
    Nor is what a module keeps in anything but parameters and plain arrays.

    It is an `.npz` of NumPy, without pickle; `train.load` reads the model's part. A new file takes the old one's place
    only when it is whole.

    Args:
        path: The file, usually with the suffix `.npz`.
        every_steps: Write also whenever this many steps were taken.

    Raises:
        ValueError: If `every_steps` is less than 1; in `fit`, if the optimizer has a parameter that the model has not.
        FileNotFoundError: In `fit`, if the file's folder does not exist.
        TypeError: In `fit`, if the model is not a module.

    Examples:
        >>> import numpy as np
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from dlbook import nn, ops, optim, train
        >>> def run(path, epochs, resume=None):
        ...     rng = np.random.default_rng(0)
        ...     x = rng.normal(size=(20, 3))
        ...     model = nn.Linear(3, 1, rng=rng)
        ...     train.fit(
        ...         model, x, x[:, :1], loss=ops.mse_loss, optimizer=optim.Adam(model.parameters()), epochs=epochs,
        ...         batch_size=5, rng=rng, callbacks=[Checkpoint(path)], resume=resume, progress=False,
        ...     )
        ...     return model.w.value
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "run.npz")
        ...     through = run(path, epochs=10)
        ...     _ = run(path, epochs=4)
        ...     resumed = run(path, epochs=10, resume=path)
        >>> bool((resumed == through).all())
        True
    """

    def __init__(
        self, path: str | os.PathLike[str], *, every_steps: int | None = None
    ) -> None:
        if every_steps is not None and every_steps < 1:
            raise ValueError(
                f"Checkpoint: every_steps: expected at least 1, got {every_steps}"
            )
        self.path = Path(path)
        self.every_steps = every_steps

    def on_start(self, run: Run) -> None:
        """See that it will be possible."""
        _expect_whole("Checkpoint", run)
        self._is_there = run.step > 0 and self.path.exists()
        if not self.path.absolute().parent.is_dir():
            raise FileNotFoundError(
                f"Checkpoint: path: expected a file in a folder that exists, got {self.path}"
            )

    def on_step(self, run: Run) -> None:
        """Write, if it is time."""
        if self.every_steps and run.step % self.every_steps == 0:
            self.write(run)

    def on_epoch(self, run: Run) -> None:
        """Write."""
        self.write(run)

    def on_end(self, run: Run, error: BaseException | None) -> None:
        """Write after Ctrl-C, and say where the file is."""
        if isinstance(error, KeyboardInterrupt) and not run.whole.torn:
            self.write(run)
        if error is not None and self._is_there:
            error.add_note(f"fit: go on with resume={str(self.path)!r}")

    def write(self, run: Run) -> None:
        """Write the run as it is now."""
        now = state_of(run.rng)
        before = run.epoch_state or now
        told = {
            "run": {
                **_kept(run),
                "epoch": run.epoch,
                "step": run.step,
                "total": run.total,
                "history": run.history.as_dict(),
                "seconds": perf_counter() - run.started,
                "epoch_state": before,
                # before the first step of an epoch, its order must be drawn again, too
                "state": now if run.steps_of_epoch else before,
            }
        }
        states = _callback_states(run)
        write(
            self.path,
            told,
            model=run.model.state_dict(),
            optimizer=run.optimizer.state_dict(),
            callbacks={
                f"{i}.{name}": array
                for i, state in enumerate(states.values())
                for name, array in state.items()
            },
        )
        self._is_there = True


def restore(run: Run, path: str | os.PathLike[str]) -> None:
    """Bring a run to where another one was when its checkpoint was written.

    Args:
        run: A run that has not begun.
        path: The checkpoint.

    Raises:
        OSError: If there is no such file, or it may not be read.
        ValueError: If it is not a whole checkpoint, or one of a run that this one cannot go on with.
            Nothing is changed.
    """
    where = f"fit: resume: {path}"
    _expect_whole("resume", run)
    told, parts = read(path)
    if "run" not in told:
        raise ValueError(f"{where}: expected a checkpoint, got a model's weights alone")
    saved = told["run"]
    for name, own in _kept(run).items():
        if saved[name] != own:
            raise ValueError(f"{where}: {name}: expected {own}, got {saved[name]}")
    _expect_alike(f"{where}: model", run.model.state_dict(), parts.get("model", {}))
    _expect_alike(f"{where}: optimizer", run.optimizer.state_dict(), parts["optimizer"])
    if saved["epoch"] > run.epochs:
        raise ValueError(
            f"{where}: epochs: expected at most {run.epochs}, got {saved['epoch']}"
        )
    run.model.load_state_dict(parts.get("model", {}))
    run.optimizer.load_state_dict(parts["optimizer"])
    for i, callback in enumerate(_callback_states(run)):
        prefix = f"{i}."
        callback.load_state_dict(
            {
                name.removeprefix(prefix): array
                for name, array in parts["callbacks"].items()
                if name.startswith(prefix)
            }
        )
    past = saved["history"]
    run.history = History(
        tuple(past["loss"]),
        tuple(past["validation_loss"]),
        {name: tuple(values) for name, values in past["metrics"].items()},
        past["steps"],
        past["seconds"],
    )
    run.epoch, run.step, run.total = saved["epoch"], saved["step"], saved["total"]
    run.started = perf_counter() - saved["seconds"]
    run.epoch_state = saved["epoch_state"]
    set_state(run.rng, saved["state"])


def _kept(run: Run) -> dict[str, Any]:
    """What a run must have in common with the one that it goes on with, by name."""
    portions, rng = run.portions, run.rng
    order = "in order" if portions.rng is None else "shuffled"
    return {
        "optimizer": type(run.optimizer).__name__,
        "rng": None if rng is None else type(rng.bit_generator).__name__,
        "examples": f"{len(portions.arrays[0])} in batches of {portions.batch_size}, {order}",
        "measured": list(run.measured),
        "callbacks": [type(callback).__name__ for callback in _callback_states(run)],
    }


def _callback_states(run: Run) -> dict[Callback, dict[str, Any]]:
    """The callbacks that remember something, and what it is."""
    states = {callback: callback.state_dict() for callback in run.callbacks}
    return {callback: state for callback, state in states.items() if state}


def _expect_whole(who: str, run: Run) -> None:
    """Refuse what a checkpoint could not hold: all that is trained must be in the model."""
    if not isinstance(run.model, Module):
        raise TypeError(
            f"fit: {who}: expected a Module as the model, got {type(run.model).__name__}"
        )
    held = {id(parameter) for parameter in run.model.parameters()}
    for i, parameter in enumerate(run.optimizer.parameters):
        if id(parameter) not in held:
            raise ValueError(
                f"fit: {who}: expected an optimizer of parameters that the model trains, got another as number {i}, "
                f"of shape {parameter.shape}"
            )


def _expect_alike(
    where: str, own: Mapping[str, Array], saved: Mapping[str, Array]
) -> None:
    """Refuse arrays of other names, shapes or dtypes."""
    for name in [*own, *saved]:
        ours, theirs = (
            f"{named[name].dtype} of shape {named[name].shape}"
            if name in named
            else "nothing"
            for named in (own, saved)
        )
        if ours != theirs:
            raise ValueError(f"{where}: {name}: expected {ours}, got {theirs}")
