"""Stop when it no longer gets better."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from dlbook.train.callback import Callback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlbook.train.run import Run


class EarlyStopping(Callback):
    r"""End a run when the validation loss has not become less for some epochs, and go back to where it was least.

    An epoch is better if its validation loss is below $J_{\min} - \delta$, where $J_{\min}$ is that of the best
    epoch so far. After `patience` epochs in a row that are not, the run ends.

    Args:
        patience: How many epochs in a row may fail to be better, at least 1.
        min_delta: $\delta$, at least 0.
        restore_best: Whether the model gets back the parameters of the best epoch, when the run has come to its
            end, by patience or by its number of epochs.

    Attributes:
        best: The validation loss of the best epoch.
        best_epoch: Which one it was, counted from 1.

    Raises:
        ValueError: If a setting is out of its range; in `fit`, if there are no validation examples.

    Source:
        L. Prechelt, *Early stopping — but when?* (1998), which compares rules of this kind.

    Examples:
        >>> import numpy as np
        >>> from dlbook import nn, ops, optim, train
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(20, 10))
        >>> y = x[:, :1] + rng.normal(size=(20, 1))
        >>> model = nn.Linear(10, 1, rng=rng)
        >>> stopping = EarlyStopping(patience=3)
        >>> history = train.fit(
        ...     model, x[:12], y[:12], loss=ops.mse_loss, optimizer=optim.SGD(model.parameters(), 0.1), epochs=500,
        ...     rng=None, validation=(x[12:], y[12:]), callbacks=[stopping], progress=False,
        ... )
        >>> len(history.loss) == stopping.best_epoch + 3, stopping.best == min(history.validation_loss)
        (True, True)
    """

    def __init__(
        self, patience: int, *, min_delta: float = 0.0, restore_best: bool = True
    ) -> None:
        if patience < 1:
            raise ValueError(
                f"EarlyStopping: patience: expected at least 1, got {patience}"
            )
        if not min_delta >= 0:  # a NaN fails too
            raise ValueError(
                f"EarlyStopping: min_delta: expected at least 0, got {min_delta}"
            )
        self.patience = patience
        self.min_delta = min_delta
        self.restore_best = restore_best
        self.best, self.best_epoch = inf, 0
        self._kept: dict[str, Any] = {}

    def on_start(self, run: Run) -> None:
        """Begin anew, or go on with what a resumed run had seen."""
        if "validation_loss" not in run.measured:
            raise ValueError(
                "fit: EarlyStopping: expected validation examples, got validation=None"
            )
        if run.step == 0:
            self.best, self.best_epoch, self._kept = inf, 0, {}
        self._judge(run)

    def on_epoch(self, run: Run) -> None:
        """Compare."""
        loss = run.history.validation_loss[-1]
        if loss < self.best - self.min_delta:
            self.best, self.best_epoch = loss, run.epoch
            if self.restore_best:
                self._kept = run.model.state_dict()
        self._judge(run)

    def on_end(self, run: Run, error: BaseException | None) -> None:
        """Go back to the best epoch, if nothing went wrong."""
        if error is None and self._kept:
            run.model.load_state_dict(self._kept)

    def state_dict(self) -> dict[str, Any]:
        """The best epoch, its loss and its parameters."""
        kept = {f"kept.{name}": array for name, array in self._kept.items()}
        return {"best": self.best, "best_epoch": self.best_epoch, **kept}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.best, self.best_epoch = float(state["best"]), int(state["best_epoch"])
        self._kept = {
            name.removeprefix("kept."): array
            for name, array in state.items()
            if name.startswith("kept.")
        }

    def _judge(self, run: Run) -> None:
        if run.epoch - self.best_epoch >= self.patience:
            run.is_stopping = True
