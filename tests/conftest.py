"""What all tests share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile(
    "dlbook", deadline=None, derandomize=True, max_examples=50, print_blob=True
)
settings.load_profile("dlbook")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
