"""Networks of dense layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.performance.steps import products
from benchmarks.performance.workload import Makers, Step, workload

BATCH = 64
RATE, BETAS, EPS = 1e-3, (0.9, 0.999), 1e-8  # Adam's defaults everywhere


@workload(
    "MLP 784-256-128-10, an epoch of 100 Adam steps",
    at_most=0.9,
    small={"n": 128, "widths": [6, 5, 4, 3]},
    within=1e-3,  # Adam turns the rounding of a vanishing gradient into a whole step
)
def mlp(*, n: int = 6400, widths: Sequence[int] = (784, 256, 128, 10)) -> Makers:
    """The mean loss of an epoch in shuffled batches of 64; that of the second one shows that the first one taught."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, widths[0])).astype(np.float32)
    t = rng.integers(widths[-1], size=n)
    weights = [
        rng.normal(size=(d, k)).astype(np.float32) / np.float32(np.sqrt(d))
        for d, k in pairwise(widths)
    ]

    def dlbook() -> Step:
        from dlbook.models import MLP
        from dlbook.ops import cross_entropy
        from dlbook.optim import Adam
        from dlbook.train import fit

        model = MLP(widths, rng=np.random.default_rng(0))
        layers: list[Any] = list(model)[::2]
        for layer, w in zip(layers, weights, strict=True):
            layer.w.value, layer.b.value = w, np.zeros_like(layer.b.value)
        adam, order = Adam(model.parameters()), np.random.default_rng(1)
        fit_once: dict[str, Any] = {"loss": cross_entropy, "optimizer": adam}
        fit_once |= {"batch_size": BATCH, "epochs": 1, "progress": False}

        def step() -> Any:
            return fit(model, x, t, rng=order, **fit_once).loss[0]

        return step

    def torch() -> Step:
        import torch
        from torch import nn

        layers: list[Any] = []
        for w in weights:
            layer = nn.Linear(*w.shape)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(w.T))
                layer.bias.zero_()
            layers += [layer, nn.ReLU()]
        model = nn.Sequential(*layers[:-1])
        adam, order = torch.optim.Adam(model.parameters()), np.random.default_rng(1)
        x_torch, t_torch = torch.from_numpy(x), torch.from_numpy(t)

        def step() -> Any:
            total = 0.0
            for batch in torch.from_numpy(order.permutation(n)).split(BATCH):
                adam.zero_grad()
                loss = nn.functional.cross_entropy(
                    model(x_torch[batch]), t_torch[batch]
                )
                loss.backward()
                adam.step()
                total += loss.item() * len(batch)
            return total / n

        return step

    def autograd() -> Step:
        import autograd.numpy as anp
        from autograd import value_and_grad

        def cost(parameters: Any, x: Any, t: Any) -> Any:
            z = _scores(anp, parameters, x)
            top = z.max(axis=1, keepdims=True)
            log_p = z - top - anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))
            return -anp.mean(log_p[np.arange(len(t)), t])

        return _epochs(np, _adam(np, value_and_grad(cost)), weights, x, t)

    def jax(jit: bool) -> Step:
        import jax
        import jax.numpy as jnp

        def cost(parameters: Any, x: Any, t: Any) -> Any:
            log_p = jax.nn.log_softmax(_scores(jnp, parameters, x))
            return -jnp.take_along_axis(log_p, t[:, None], axis=1).mean()

        update = _adam(jnp, jax.value_and_grad(cost))
        return _epochs(jnp, jax.jit(update) if jit else update, weights, x, t)

    return {
        "dlbook": dlbook,
        "torch": torch,
        "autograd": autograd,
        "JAX": lambda: jax(jit=False),
        "JAX jit": lambda: jax(jit=True),
        "NumPy alone": lambda: products(
            *[((BATCH, d), (d, k)) for d, k in pairwise(widths)], batches=n // BATCH
        ),
    }


def _scores(xp: Any, parameters: list[Any], x: Any) -> Any:
    """The network in NumPy's words, for those that speak them: weights and biases in turns."""
    for w, b in zip(parameters[:-2:2], parameters[1:-1:2], strict=True):
        x = xp.maximum(x @ w + b, 0)
    return x @ parameters[-2] + parameters[-1]


def _adam(xp: Any, slope: Callable[..., Any]) -> Callable[..., Any]:
    """A step of Adam by hand, for libraries that have none: without writing into anything."""

    def update(state: Any, k: float, x: Any, t: Any) -> Any:
        loss, gradients = slope([w for w, _, _ in state], x, t)
        moved = []
        for (w, m_before, v_before), g in zip(state, gradients, strict=True):
            m = BETAS[0] * m_before + (1 - BETAS[0]) * g
            v = BETAS[1] * v_before + (1 - BETAS[1]) * g * g
            m_hat, v_hat = m / (1 - BETAS[0] ** k), v / (1 - BETAS[1] ** k)
            moved.append((w - RATE * m_hat / (xp.sqrt(v_hat) + EPS), m, v))
        return moved, loss

    return update


def _epochs(
    xp: Any, update: Callable[..., Any], weights: list[Any], x: Any, t: Any
) -> Step:
    """Epochs by hand: the state goes through the update, batch by batch."""
    first = [p for w in weights for p in (w, np.zeros(w.shape[1], np.float32))]
    state = [(xp.asarray(p), xp.zeros_like(p), xp.zeros_like(p)) for p in first]
    k, order = 0, np.random.default_rng(1)

    def step() -> Any:
        nonlocal state, k
        total, shuffled = 0.0, order.permutation(len(x))
        for i in range(0, len(x), BATCH):
            batch, k = shuffled[i : i + BATCH], k + 1
            state, loss = update(state, float(k), x[batch], t[batch])
            total += float(loss) * len(batch)
        return total / len(x)

    return step
