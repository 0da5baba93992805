"""What happened in a run, epoch by epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


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

    loss: tuple[float, ...] = ()
    validation_loss: tuple[float, ...] = ()
    metrics: dict[str, tuple[float, ...]] = field(default_factory=dict)
    steps: int = 0
    seconds: float = 0.0

    def __repr__(self) -> str:
        # Without the seconds: a page that prints this must read the same on every machine.
        shown = [
            f"{name} {values[0]:.4g} → {values[-1]:.4g}"
            for name, values in self.series().items()
        ]
        return f"History({', '.join([f'{len(self.loss)} epochs', f'{self.steps} steps', *shown])})"

    def series(self) -> dict[str, tuple[float, ...]]:
        """Whatever was measured in each epoch, by name; what was not is left out.

        Examples:
            >>> History(loss=(0.9, 0.4), metrics={"accuracy": (0.5, 0.75)}).series()
            {'loss': (0.9, 0.4), 'accuracy': (0.5, 0.75)}
        """
        all_of_them = {
            "loss": self.loss,
            "validation_loss": self.validation_loss,
            **self.metrics,
        }
        return {name: values for name, values in all_of_them.items() if values}

    def as_dict(self) -> dict[str, Any]:
        """The fields as a dict of lists, strings and numbers, ready for JSON.

        Examples:
            >>> History(loss=(0.9,), steps=1).as_dict()["loss"]
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
