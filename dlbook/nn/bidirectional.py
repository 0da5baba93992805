"""Two recurrent networks, one for each direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlbook import ops
from dlbook.autograd.operators import concatenate
from dlbook.nn.module import Module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    from dlbook.autograd import Tensor


class Bidirectional(Module):
    r"""Two networks over the same sequences, one from the first step on, one from the last real step back.

    $$y_t = [\overrightarrow{h}_t, \overleftarrow{h}_t],$$
    so that each step's output knows what comes before and what comes after. The two are of one kind, and have
    weights of their own. For several layers, put one `Bidirectional` upon another: PyTorch's
    `bidirectional=True` does so.

    Args:
        layer_forward: An `RNN`, an `LSTM` or a `GRU`: the one that reads forward.
        layer_backward: Another of the same kind: the one that reads backward.

    Attributes:
        layer_forward: The network that reads forward.
        layer_backward: The network that reads backward.

    Raises:
        TypeError: If the two are not of one kind.

    Source:
        M. Schuster and K. K. Paliwal, *Bidirectional recurrent neural networks* (1997).

    Examples:
        >>> import numpy as np
        >>> from dlbook.nn import GRU
        >>> rng = np.random.default_rng(0)
        >>> network = Bidirectional(GRU(3, 5, rng=rng), GRU(3, 5, rng=rng))
        >>> h, h_n = network(np.ones((2, 4, 3)))
        >>> h.shape, h_n.shape
        ((2, 4, 10), (2, 2, 5))
    """

    def __init__(self, layer_forward: Module, layer_backward: Module) -> None:
        if type(layer_forward) is not type(layer_backward):
            raise TypeError(
                "Bidirectional: layer_backward: expected the kind of layer_forward, got "
                f"{type(layer_forward).__name__} and {type(layer_backward).__name__}"
            )
        self.layer_forward, self.layer_backward = layer_forward, layer_backward

    def forward(
        self,
        x: Tensor | ArrayLike,
        initial: Any = None,
        *,
        lengths: ArrayLike | None = None,
        rng: np.random.Generator | None = None,
    ) -> tuple[Tensor, Any]:
        """Both networks' states side by side, (n, t, 2k), and their last states, forward first.

        Args:
            x: Sequences, (n, t, d).
            initial: What the networks take as initial states, the forward one's first along the first axis.
            lengths: How many steps of each sequence are real, (n,). The backward network begins at the last real
                step.
            rng: Handed on.
        """
        before, after = _halves(initial)
        y, last = self.layer_forward(x, before, lengths=lengths, rng=rng)
        x = ops.reverse_sequence(x, lengths=lengths)
        y_back, last_back = self.layer_backward(x, after, lengths=lengths, rng=rng)
        y_back = ops.reverse_sequence(y_back, lengths=lengths)
        return concatenate([y, y_back], axis=-1), _joined(last, last_back)


def _halves(initial: Any) -> tuple[Any, Any]:
    """The first and the second half of the initial states; of each, if there are several kinds."""
    if initial is None:
        return None, None
    if isinstance(initial, tuple):
        first, second = zip(*map(_halves, initial), strict=True)
        return first, second
    middle = len(initial) // 2
    return initial[:middle], initial[middle:]


def _joined(first: Any, second: Any) -> Any:
    """Both networks' last states along the first axis; of each, if there are several kinds."""
    if isinstance(first, tuple):
        return tuple(map(_joined, first, second))
    return concatenate([first, second])
