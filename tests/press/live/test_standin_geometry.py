"""Where the stand-in for matplotlib puts things: at the places that matplotlib gives them, to the pixel."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from matplotlib import ticker
from matplotlib.font_manager import fontManager

from dlbook.press import assets
from tests.press.live.standin_geometry import CODES, GRIDS, ROOT, STANDINS, measure

FINITE = st.floats(-1e6, 1e6, allow_nan=False)
SPAN = st.floats(1e-4, 1e6, allow_nan=False)


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    script = [sys.executable, "-W", "error", "-m", "tests.press.live.standin_geometry"]
    ran = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


@pytest.fixture(scope="module")
def the_books_font(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """matplotlib measures its words with the face that a page shows."""
    kept = list(fontManager.ttflist)
    for font in assets.figure_fonts(ROOT, tmp_path_factory.mktemp("fonts")):
        fontManager.addfont(font)
    yield
    fontManager.ttflist[:] = kept


@pytest.fixture(scope="module")
def standin() -> dict[str, Any]:
    """Modules of the stand-in, imported beside the real ones, which are back in their places afterwards."""

    def is_real(name: str) -> bool:
        return name.partition(".")[0] in ("matplotlib", "cycler")

    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if is_real(name)}
    sys.path.insert(0, str(STANDINS))
    try:
        names = ("matplotlib", "matplotlib.ticker", "matplotlib.mathtext")
        modules = {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(STANDINS))
        for name in [name for name in sys.modules if is_real(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
    assert Path(modules["matplotlib"].__file__ or "").is_relative_to(STANDINS)
    return dict(modules)


@pytest.mark.parametrize("name", [*CODES, *GRIDS])
def test_limits_ticks_and_places_are_those_of_matplotlib(
    name: str, ours: dict[str, Any], the_books_font: None
) -> None:
    theirs = measure((CODES | GRIDS)[name])
    # before the layout nothing hangs on the widths of letters; afterwards a pixel or two do
    for when, pixels in (("first", 0.01), ("laid out", 2.0)):
        assert len(ours[name][when]) == len(theirs[when])
        for our, their in zip(ours[name][when], theirs[when], strict=True):
            size = np.abs(their["limits"]).max()
            assert np.allclose(our["limits"], their["limits"], rtol=0, atol=1e-9 * size)
            for a, b in zip(our["ticks"], their["ticks"], strict=True):
                assert len(a) == len(b), (when, a, b)
                assert np.allclose(a, b, rtol=1e-9, atol=1e-12 * size)
            gaps = np.subtract(our["corners"], their["corners"])
            assert np.abs(gaps).max() <= pixels, (when, our, their)


@given(
    low=FINITE,
    span=SPAN,
    nbins=st.integers(1, 12),
    options=st.fixed_dictionaries(
        {
            "integer": st.booleans(),
            "min_n_ticks": st.integers(1, 3),
            "steps": st.sampled_from([None, [1, 2, 5, 10], [1, 2, 2.5, 5, 10]]),
        }
    ),
)
def test_ticks_stand_where_matplotlib_puts_them(
    standin: dict[str, Any],
    low: float,
    span: float,
    nbins: int,
    options: dict[str, Any],
) -> None:
    our = standin["matplotlib.ticker"].MaxNLocator(nbins, **options)
    their = ticker.MaxNLocator(nbins, **options)
    values = their.tick_values(low, low + span)
    assert np.array_equal(our.tick_values(low, low + span), values)


@given(low=st.floats(-15, 15), decades=st.floats(0.01, 25), minor=st.booleans())
def test_logarithmic_ticks_stand_where_matplotlib_puts_them(
    standin: dict[str, Any], low: float, decades: float, minor: bool
) -> None:
    ends = 10.0**low, 10.0 ** (low + decades)
    our = standin["matplotlib.ticker"].LogLocator(minor).tick_values(*ends)
    their = ticker.LogLocator(10, "auto" if minor else (1.0,)).tick_values(*ends)
    ours, theirs = (
        [tick for tick in ticks if ends[0] <= tick <= ends[1]] for ticks in (our, their)
    )
    assert len(ours) == len(theirs)
    assert np.allclose(ours, theirs, rtol=1e-12)


@given(low=FINITE, span=SPAN)
def test_ticks_are_written_as_matplotlib_writes_them(
    standin: dict[str, Any], low: float, span: float
) -> None:
    high = low + span
    places = ticker.MaxNLocator(9, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    their = ticker.ScalarFormatter(useOffset=False)
    their.create_dummy_axis()
    assert their.axis
    their.axis.set_view_interval(low, high)
    our = standin["matplotlib.ticker"].ScalarFormatter()
    our.axis = SimpleNamespace(limits=lambda: (low, high))
    with standin["matplotlib"].rc_context({"axes.formatter.useoffset": False}):
        texts = our.format_ticks(places)
    assert [float(t.replace("−", "-")) for t in texts] == [
        float(t.replace("−", "-")) for t in their.format_ticks(list(places))
    ]
    assert our.get_offset().replace("−", "-") == their.get_offset().replace("−", "-")


@example(low=1.5, decades=1.5)
@given(low=st.floats(-9, 9), decades=st.floats(0.1, 12))
def test_powers_of_ten_are_written_as_matplotlib_writes_them(
    standin: dict[str, Any], low: float, decades: float
) -> None:
    ends = 10.0**low, 10.0 ** (low + decades)
    places = ticker.LogLocator(10, "all").tick_values(*ends)
    assume(len(places) < 200 and min(places) > 0)
    assume(not math.isclose(decades, 0.4, abs_tol=1e-6))
    their = ticker.LogFormatterSciNotation(10)
    their.create_dummy_axis()
    assert their.axis
    their.axis.set_view_interval(*ends)
    our = standin["matplotlib.ticker"].LogFormatter()
    our.axis = SimpleNamespace(limits=lambda: ends)
    assert our.format_ticks(places) == their.format_ticks(list(places))


@pytest.mark.parametrize(
    "text",
    [
        "relative error",
        "The quick brown fox, 0123456789",
        "score $z$",
        r"probability $\sigma(z)$",
        r"$u = b \times c$",
        r"best $h \approx$ 3.8×10$^{\mathdefault{-6}}$",
        r"$\Vert dw \Vert = 0.47$",
    ],
)
def test_words_are_as_wide_as_matplotlib_s(
    text: str, standin: dict[str, Any], the_books_font: None
) -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    from dlbook.plot.style import settings

    family = settings()["font.family"]
    font = FontProperties(family=family, size=10, math_fontfamily="cm")
    is_math = "$" in text
    their, *_ = text_to_path.get_text_width_height_descent(text, font, ismath=is_math)
    our = standin["matplotlib.mathtext"].width(text, 10)
    assert abs(our - their) <= 0.06 * their + 1
