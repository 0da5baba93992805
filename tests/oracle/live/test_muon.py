"""Muon beside PyTorch's, which makes its matrices orthogonal in bfloat16, with three digits."""

from __future__ import annotations

import numpy as np
import torch
from numpy.testing import assert_allclose

from dlbook.autograd import Parameter
from dlbook.optim import Muon


def test_muon_agrees_with_pytorchs_short_floats(rng: np.random.Generator) -> None:
    start, g = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    ours = Parameter(start)
    Muon([ours], lr=0.1).step([g])
    theirs = torch.tensor(start.T.copy(), requires_grad=True)
    theirs.grad = torch.tensor(g.T.copy())
    torch.optim.Muon([theirs], lr=0.1).step()
    assert_allclose(ours.value, theirs.detach().numpy().T, atol=0.1 * 0.03)
