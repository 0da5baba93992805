"""What may be hung into the loop: the moments at which it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlbook.train.run import Run


class Callback:
    """Something that is called at certain moments of a run. Subclasses say what they do; by itself it does nothing.

    Each moment is handed the `Run`: the model, the optimizer, the history so far. Ctrl-C waits for the end of
    `on_step`, `on_epoch` and `on_end`.

    Examples:
        >>> import numpy as np
        >>> class Rates(Callback):
        ...     def on_start(self, run):
        ...         self.seen = []
        ...
        ...     def on_step(self, run):
        ...         self.seen.append(run.optimizer.lr)
        >>> from dlbook import nn, ops, optim, train
        >>> model = nn.Linear(1, 1, rng=np.random.default_rng(0))
        >>> rates = Rates()
        >>> history = train.fit(
        ...     model, np.ones((4, 1)), np.ones((4, 1)), loss=ops.mse_loss, optimizer=optim.SGD(model.parameters()),
        ...     epochs=3, rng=None, schedule=optim.StepLR(0.5, step_size=2), callbacks=[rates], progress=False,
        ... )
        >>> rates.seen
        [0.5, 0.5, 0.05]
    """

    def on_start(self, run: Run) -> None:
        """Before the first step; in a run that is resumed, after everything was read back."""

    def on_step(self, run: Run) -> None:
        """After a step."""

    def on_epoch(self, run: Run) -> None:
        """After an epoch and its validation; `run.is_stopping = True` makes it the last."""

    def on_end(self, run: Run, error: BaseException | None) -> None:
        """After everything; `error` is what stopped the run before its end, if something did."""

    def state_dict(self) -> dict[str, Any]:
        """Arrays by name, if the callback has to remember something for a run that is resumed."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave."""


class Progress(Callback):
    """The progress bar: one unit a step, with the latest measurements beside it."""

    def on_start(self, run: Run) -> None:
        """Show the bar."""
        from tqdm import tqdm  # noqa: PLC0415 - slow to import, and not needed where no bar is shown

        total = run.epochs * len(run.portions)
        self.bar = tqdm(total=total, initial=run.step, unit="step")

    def on_step(self, run: Run) -> None:
        """Move it."""
        self.bar.update()

    def on_epoch(self, run: Run) -> None:
        """Write the numbers."""
        latest = {name: values[-1] for name, values in run.history.series().items()}
        self.bar.set_postfix(latest, refresh=False)

    def on_end(self, run: Run, error: BaseException | None) -> None:
        """Leave it as it is."""
        self.bar.close()
