from __future__ import annotations

from pathlib import Path

import pytest

from tests.book.build import site_in


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built book."""
    return site_in(tmp_path_factory.mktemp("book") / "site")
