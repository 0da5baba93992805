"""The stand-in for matplotlib: the book's own drawing functions run on it; it draws what they ask for, or refuses."""

from __future__ import annotations

import importlib.util
import json
import math
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ticker import MaxNLocator

from tests.press.live.standin_figures import ROOT, STANDINS

Figures = dict[str, dict[str, str]]


def alone(name: str) -> ModuleType:
    """A module of the stand-in that imports nothing else of it."""
    spec = importlib.util.spec_from_file_location(
        f"standin_{name}", STANDINS / "matplotlib" / f"{name}.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(code: str) -> str:
    """What a program prints for which the stand-in is matplotlib."""
    program = f"import sys; sys.path[:0] = [{str(STANDINS)!r}, {str(ROOT)!r}]\n{code}"
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def figures() -> Figures:
    script = [sys.executable, "-m", "tests.press.live.standin_figures"]
    ran = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_most_figures_of_the_book_are_drawn_and_the_others_refused(
    figures: Figures,
) -> None:
    refused = {name for name, made in figures.items() if made["error"]}
    for name in refused:
        assert "is not drawn in the browser" in figures[name]["error"], name
    drawn = figures.keys() - refused
    print(
        f"{len(drawn)} of {len(figures)} drawn; refused: {', '.join(sorted(refused))}"
    )
    assert len(drawn) >= 0.7 * len(figures)


def test_what_is_drawn_is_sound_svg_without_numbers_that_are_none(
    figures: Figures,
) -> None:
    for name, made in figures.items():
        if made["svg"]:
            ET.fromstring(made["svg"])
            assert not re.search(r"\b(nan|inf|None)\b", made["svg"]), name


def test_what_is_drawn_stays_in_the_picture(figures: Figures) -> None:
    for name, made in figures.items():
        if not made["svg"]:
            continue
        root = ET.fromstring(made["svg"])
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            assert -1 <= x <= width + 1, (name, text.text)
            assert 0 <= y <= height + 1, (name, text.text)


def test_a_point_stands_where_its_coordinates_say() -> None:
    code = """
import io, re
from matplotlib.figure import Figure
figure = Figure((4, 3))
ax = figure.subplots()
ax.plot([0, 10], [0, 1], "o")
ax.set(xlim=(0, 20), ylim=(0, 2))
out = io.StringIO()
figure.savefig(out, format="svg")
left, top, wide, high = ax.box
marks = re.findall(r"translate\\(([\\d.]+) ([\\d.]+)\\)", out.getvalue())
print([(round((float(x) - left) / wide, 2), round((float(y) - top) / high, 2)) for x, y in marks])
"""
    assert run(code).strip() == "[(0.0, 1.0), (0.5, 0.5)]"


def test_a_curve_is_broken_where_it_is_not_finite() -> None:
    code = """
import io, re
import numpy as np
from matplotlib.figure import Figure
figure = Figure((4, 3))
ax = figure.subplots()
ax.plot([0, 1, 2, 3, 4], [0, 1, np.nan, 3, np.inf])
out = io.StringIO()
figure.savefig(out, format="svg")
(d,) = [d for d in re.findall(r' d="([^"]*)" fill="none" stroke="#0072B2"', out.getvalue())]
print(re.sub(r"[\\d. -]", "", d))
"""
    assert run(code).strip() == "MLM"


@pytest.mark.parametrize(
    "call",
    [
        "ax.quiver(0, 0, 1, 1)",
        "ax.contourf([[0, 1], [1, 2]])",
        "ax.no_such_thing()",
        "ax.scatter([0, 1], [0, 1], s=[1, 2])",
        "ax.plot([0], [0], marker='8'); figure.savefig(io.StringIO(), format='svg')",
        "figure.add_subplot(projection='3d')",
        "figure.savefig(io.StringIO(), format='png')",
    ],
)
def test_what_is_not_drawn_is_refused_by_name(call: str) -> None:
    code = f"""
import io
from matplotlib import NotDrawnError
from matplotlib.figure import Figure
figure = Figure((4, 3))
ax = figure.subplots()
try:
    {call}
except NotDrawnError as error:
    print(error)
"""
    assert "is not drawn in the browser" in run(code)


def test_it_is_quick() -> None:
    begun = time.perf_counter()
    code = """
import time
begun = time.perf_counter()
from dlbook import plot
import numpy as np
import io
figure, ax = plot.subplots()
x = np.linspace(0, 1, 300)
(line,) = ax.plot(x, x**2)
plot.label_line(ax, line, "$x^2$")
plot.svg(figure)
print(time.perf_counter() - begun)
"""
    assert float(run("import numpy\n" + code)) < 0.5
    assert time.perf_counter() - begun < 10


@given(
    st.floats(-1e3, 1e3, allow_nan=False),
    st.floats(1e-3, 1e3, allow_nan=False),
    st.integers(2, 9),
)
def test_ticks_are_round_few_and_as_dense_as_matplotlib_s(
    low: float, span: float, most: int
) -> None:
    ticks = alone("ticker").MaxNLocator().tick_values(low, low + span, most)
    theirs = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, low + span)
    inside = [t for t in theirs if low - 1e-9 * span <= t <= low + span * (1 + 1e-9)]
    assert len(ticks) <= most + 1
    assert abs(len(ticks) - len(inside)) <= max(1, 0.6 * len(inside))
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
        assert any(abs(mantissa - round_) < 1e-6 for round_ in (1, 2, 2.5, 5, 10))


@pytest.mark.parametrize(
    ("ticks", "texts"),
    [
        ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
        ([-2.0, 0.0, 2.0], ["−2", "0", "2"]),
        ([0.0, 0.25, 0.5], ["0.00", "0.25", "0.50"]),
        ([], []),
    ],
)
def test_ticks_are_written_with_the_decimals_that_tell_them_apart(
    ticks: list[float], texts: list[str]
) -> None:
    assert alone("ticker").ScalarFormatter().format(ticks) == texts


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        ("score $z$", "score z"),
        (r"$\sigma(z)$", "σ(z)"),
        (r"$x_i^2 - \mathrm{d}w$", "xi2 − dw"),
        (r"$10^{\mathdefault{-8}}$", "10−8"),
        ("a < b & c", "a < b & c"),
    ],
)
def test_mathematics_reads_as_it_should(tex: str, words: str) -> None:
    assert alone("text").plain(tex).replace("\u200b", "") == words
