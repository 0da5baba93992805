"""Each update in place beside the plain form of its equation, where PyTorch has none to compare with in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from dlbook.autograd import Parameter
from dlbook.optim import LAMB, Lion, Muon, NAdam
from dlbook.optim.muon import orthogonalized

STEPS = 50


def waves(rng: np.random.Generator, *shapes: tuple[int, ...]) -> list[list[Any]]:
    """Gradients that keep their size and change their sign."""
    return [[rng.normal(size=shape) for shape in shapes] for _ in range(STEPS)]


def test_lion_is_its_equations(rng: np.random.Generator) -> None:
    lr, b1, b2, decay = 0.01, 0.9, 0.99, 0.1
    start = rng.normal(size=(3, 2))
    w, m = start, np.zeros_like(start)
    p = Parameter(start)
    lion = Lion([p], lr=lr, betas=(b1, b2), weight_decay=decay)
    for (g,) in waves(rng, (3, 2)):
        c = b1 * m + (1 - b1) * g
        w = (1 - lr * decay) * w - lr * np.sign(c)
        m = b2 * m + (1 - b2) * g
        lion.step([g])
    assert_allclose(p.value, w, rtol=1e-12)


def test_lamb_is_its_equations_for_each_parameter(rng: np.random.Generator) -> None:
    lr, b1, b2, eps, decay = 0.01, 0.9, 0.99, 1e-6, 0.1
    w = [rng.normal(size=(3, 2)), 100 * rng.normal(size=4), np.zeros(3)]
    m, v = [0 * x for x in w], [0 * x for x in w]
    parameters = [Parameter(x) for x in w]
    lamb = LAMB(parameters, lr=lr, betas=(b1, b2), eps=eps, weight_decay=decay)
    for k, gradients in enumerate(waves(rng, (3, 2), (4,), (3,)), start=1):
        for i, g in enumerate(gradients):
            m[i] = b1 * m[i] + (1 - b1) * g
            v[i] = b2 * v[i] + (1 - b2) * g**2
            r = m[i] / (1 - b1**k) / (np.sqrt(v[i] / (1 - b2**k)) + eps) + decay * w[i]
            size = np.sqrt((w[i] ** 2).sum())
            w[i] = w[i] - lr * (size / np.sqrt((r**2).sum()) if size else 1) * r
        lamb.step(gradients)
    for p, x in zip(parameters, w, strict=True):
        assert_allclose(p.value, x, rtol=1e-10)


def test_lamb_stands_still_for_a_gradient_of_zero() -> None:
    p = Parameter([3.0, 4.0])
    LAMB([p], weight_decay=0.0).step([np.zeros(2)])
    assert p.value.tolist() == [3, 4]


@pytest.mark.parametrize("nesterov", [True, False])
@pytest.mark.parametrize("shape", [(4, 4), (6, 2), (2, 6)])
def test_muon_is_its_equations(
    rng: np.random.Generator, nesterov: bool, shape: tuple[int, int]
) -> None:
    lr, mu, decay = 0.02, 0.9, 0.1
    w = rng.normal(size=shape)
    v = np.zeros(shape)
    p = Parameter(w)
    muon = Muon([p], lr=lr, momentum=mu, nesterov=nesterov, weight_decay=decay)
    for (g,) in waves(rng, shape):
        v = mu * v + (1 - mu) * g
        x = mu * v + (1 - mu) * g if nesterov else v
        x = x / np.linalg.norm(x)
        for _ in range(5):
            x = 3.4445 * x - 4.775 * (x @ x.T) @ x + 2.0315 * (x @ x.T) @ (x @ x.T) @ x
        scale = np.sqrt(max(1, shape[1] / shape[0]))
        w = (1 - lr * decay) * w - lr * scale * x
        muon.step([g])
    assert_allclose(p.value, w, rtol=1e-8, atol=1e-10)


def test_muon_agrees_with_pytorchs_short_floats() -> None:
    """PyTorch makes its matrix orthogonal in bfloat16, with three digits."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    start, g = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    ours = Parameter(start)
    Muon([ours], lr=0.1).step([g])
    theirs = torch.tensor(start.T.copy(), requires_grad=True)
    theirs.grad = torch.tensor(g.T.copy())
    torch.optim.Muon([theirs], lr=0.1).step()
    assert_allclose(ours.value, theirs.detach().numpy().T, atol=0.1 * 0.03)


def test_the_iteration_brings_all_directions_to_about_the_same_size(
    rng: np.random.Generator,
) -> None:
    u, _, vt = np.linalg.svd(rng.normal(size=(5, 8)), full_matrices=False)
    sizes = np.array([1.0, 0.5, 0.2, 0.05, 0.02])
    x = orthogonalized((u * sizes) @ vt, 5)
    assert_allclose(u.T @ x @ vt.T, np.diag(np.diag(u.T @ x @ vt.T)), atol=1e-12)
    assert (np.diag(u.T @ x @ vt.T) > 0.68).all()
    assert (np.diag(u.T @ x @ vt.T) < 1.14).all()


def test_muon_takes_matrices_only() -> None:
    with pytest.raises(
        ValueError,
        match=r"Muon: parameters: expected matrices, got shape \(2,\) as number 1",
    ):
        Muon([Parameter(np.zeros((2, 2))), Parameter(np.zeros(2))])
    with pytest.raises(ValueError, match="Muon: ns_steps: expected at least 1, got 0"):
        Muon([Parameter(np.zeros((2, 2)))], ns_steps=0)


def test_nadams_product_is_made_anew_when_steps_are_set_back() -> None:
    optimizer = NAdam([Parameter([1.0])])
    late = optimizer._product_until(5)
    early = optimizer._product_until(2)
    assert early == pytest.approx(optimizer._mu(1) * optimizer._mu(2), rel=1e-15)
    assert optimizer._product_until(5) == pytest.approx(late, rel=1e-15)
