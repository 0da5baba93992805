"""The stand-in for matplotlib: the book's own drawing functions run on it; it draws what they ask for, or refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tests.press.live.standin_figures import ROOT, STANDINS

Figures = dict[str, dict[str, str]]
SVG = "{http://www.w3.org/2000/svg}"


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


def drawn(code: str) -> ET.Element:
    """The picture that a few lines draw into `ax`, as SVG."""
    head = "import io\nimport numpy as np\nfrom dlbook import plot\nfigure, ax = plot.subplots()\n"
    return ET.fromstring(run(f"{head}{code}\nprint(plot.svg(figure))"))


def curves(picture: ET.Element) -> list[dict[str, str]]:
    """The attributes of its paths that are drawn in a color that only the test uses."""
    paths = (path.attrib for path in picture.iter(f"{SVG}path"))
    return [
        path for path in paths if "#123456" in (path.get("stroke"), path.get("fill"))
    ]


@pytest.fixture(scope="module")
def figures() -> Figures:
    script = [sys.executable, "-m", "tests.press.live.standin_figures"]
    ran = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_the_figures_of_the_book_are_drawn_or_refused(figures: Figures) -> None:
    refused = {name for name, made in figures.items() if made["error"]}
    for name in refused:
        assert "is not drawn in the browser" in figures[name]["error"], name
    print(f"{len(figures) - len(refused)} of {len(figures)} drawn; refused: {refused}")
    assert len(refused) <= 0.1 * len(figures), refused


def test_what_is_drawn_is_sound_svg_without_numbers_that_are_none(
    figures: Figures,
) -> None:
    for name, made in figures.items():
        if made["svg"]:
            ET.fromstring(made["svg"])
            assert not re.search(r"\b(nan|inf|None)\b", made["svg"]), name
            assert not re.search(r'="[^"#]*\d\.\d{4}', made["svg"]), name


def test_every_id_that_is_referred_to_is_there_once(figures: Figures) -> None:
    for name, made in figures.items():
        ids = re.findall(r' id="([^"]*)"', made["svg"])
        wanted = re.findall(r'(?:url\(#|href="#)([^)"]+)', made["svg"])
        assert len(ids) == len(set(ids)), name
        assert set(wanted) <= set(ids), name
        assert all(one.startswith("live-") for one in ids), name


def test_words_lie_within_the_picture(figures: Figures) -> None:
    for name, made in figures.items():
        if not made["svg"]:
            continue
        root = ET.fromstring(made["svg"])
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for text in root.iter(f"{SVG}text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            assert 0 <= x <= width, (name, text.text)
            assert 0 <= y <= height, (name, text.text)


def test_the_same_figure_is_the_same_text() -> None:
    code = "ax.plot([0, 1], [1, 0], 'o--'); ax.scatter([1], [1], s=[4]); ax.set(xlabel='$x_1$')"
    assert ET.tostring(drawn(code)) == ET.tostring(drawn(code))


def test_a_curve_takes_color_and_dashes_from_the_cycle_unless_it_has_its_own() -> None:
    code = "ax.plot([0, 1]); ax.plot([1, 2], color='#123456', marker='.'); ax.plot([2, 3], '-', color='#123456')"
    dashed, solid = (c for c in curves(drawn(code)) if c.get("fill") == "none")
    assert dashed["stroke-dasharray"]
    assert "stroke-dasharray" not in solid


def test_a_mark_without_a_filling_is_open() -> None:
    code = "ax.plot(0, 0, 'o', color='#123456', fillstyle='none')"
    (mark,) = drawn(code).iter(f"{SVG}circle")
    assert (mark.attrib["fill"], mark.attrib["stroke"]) == ("none", "#123456")


def test_a_curve_is_broken_where_it_is_not_finite() -> None:
    (curve,) = curves(
        drawn("ax.plot([0, 1, np.nan, 3, np.inf, 2, 1], '-', color='#123456')")
    )
    assert re.sub(r"[\d. -]", "", curve["d"]) == "MLMML"


def test_steps_keep_the_old_height_up_to_the_next_point() -> None:
    (curve,) = curves(
        drawn("ax.step([0, 1], [0, 1], '-', where='post', color='#123456')")
    )
    first, corner, last = (point.split() for point in re.split("[ML]", curve["d"])[1:])
    assert corner == [last[0], first[1]]


def test_what_lies_between_curves_is_filled_only_where_it_is_said() -> None:
    code = "x = np.arange(6.0)\nax.fill_between(x, x, 0, where=x != 3, color='#123456')"
    (area,) = curves(drawn(code))
    assert area["d"].count("M") == 2


def test_hatches_are_drawn_in_the_color_of_the_edge() -> None:
    code = "ax.bar([1], [2], facecolor='none', edgecolor='#123456', hatch='////')"
    (pattern,) = drawn(code).iter(f"{SVG}pattern")
    assert [path.attrib["stroke"] for path in pattern] == ["#123456"]


def test_a_contour_closes_around_a_summit_and_a_region_has_its_hole() -> None:
    code = (
        "t = np.linspace(-1, 1, 41); x, y = np.meshgrid(t, t); z = x**2 + y**2\n"
        "ax.contour(x, y, z, levels=[0.25], colors=['#123456'])\n"
        "ax.contourf(x, y, z, levels=[0.25, np.inf], colors=['#123456'])"
    )
    line, region = sorted(curves(drawn(code)), key=lambda c: c["fill"] != "none")
    ends = re.split("[ML]", line["d"])[1:]
    assert line["d"].count("M") == 1
    assert ends[0] == ends[-1]
    assert region["d"].count("Z") == 2
    assert region["fill-rule"] == "evenodd"


def test_a_contour_is_opened_for_its_number() -> None:
    code = (
        "t = np.linspace(-1, 1, 41); x, y = np.meshgrid(t, t)\n"
        "lines = ax.contour(x, y, x**2 + y**2, levels=[0.5], colors=['#123456'])\n"
        "ax.clabel(lines, fmt=lambda _: 'half')"
    )
    picture = drawn(code)
    (line,) = curves(picture)
    ends = re.split("[ML]", line["d"])[1:]
    assert ends[0] != ends[-1]
    assert "half" in [text.text for text in picture.iter(f"{SVG}text")]


def test_a_name_is_kept_for_what_moves() -> None:
    code = "(line,) = ax.plot([0, 1]); line.set_gid('play-line'); ax.text(0, 0, 'a').set_gid('play-a')"
    groups = [group.get("id") for group in drawn(code).iter(f"{SVG}g")]
    assert {"play-line", "play-a"} <= set(groups)


def test_a_legend_names_what_has_a_name() -> None:
    code = "ax.plot([0, 1], label='training'); ax.plot([1, 0]); ax.bar([0], [1], label='bars'); ax.legend()"
    texts = [text.text for text in drawn(code).iter(f"{SVG}text")]
    assert {"training", "bars"} <= set(texts)


@pytest.mark.parametrize(
    "call",
    [
        "ax.quiver(0, 0, 1, 1)",
        "ax.boxplot([1, 2, 3])",
        "ax.no_such_thing()",
        "ax.plot([0], [0], no_such_option=1)",
        "ax.plot([0], [0], 'Z')",
        "ax.plot([0], [0], marker='8'); figure.savefig(io.StringIO(), format='svg')",
        "ax.plot([0], [0], ls='wavy'); figure.savefig(io.StringIO(), format='svg')",
        "ax.plot([0], color='no such color'); figure.savefig(io.StringIO(), format='svg')",
        "ax.plot([0], color=(0, 0, 0, 0.5)); figure.savefig(io.StringIO(), format='svg')",
        "ax.scatter([0, 1], [0, 1], c=[0.1, 0.9])",
        "ax.bar([0], [1], yerr=[1])",
        "ax.imshow([[0, 1]], cmap='viridis')",
        "ax.imshow([[0, 1]], norm='log')",
        "ax.contourf([[0, 1], [1, 2]])",
        "ax.set_xscale('symlog')",
        "ax.axis('equal')",
        "ax.text(0, 0, 'a', bbox={}); figure.savefig(io.StringIO(), format='svg')",
        r"ax.set_xlabel(r'$\nosuchsign$'); figure.savefig(io.StringIO(), format='svg')",
        "ax.annotate('a', (0, 0), (1, 1), arrowprops={'arrowstyle': 'fancy'})",
        "ax.legend(frameon=True)",
        "ax.xaxis.no_such_thing()",
        "ax.twinx()",
        "figure.colorbar(None)",
        "figure.add_subplot(projection='3d')",
        "figure.savefig(io.StringIO(), format='png')",
        "import matplotlib.pyplot",
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


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("score $z$", "score z"),
        (r"$\sigma(z)$", "σ(z)"),
        (r"$x_i^2 - \mathrm{d}w$", "xi2 − dw"),
        (r"$10^{\mathdefault{-8}}$", "10−8"),
        (r"$\hat{y} = -1.5$", "ŷ = −1.5"),
        (r"$a \le b, c \cdot d$", "a ≤ b, c ⋅ d"),
        (r"$\partial J / \partial w$", "∂J/∂w"),
        (r"$\frac{1}{1 + e^{-z}}$", "1/(1 + e−z)"),
        (r"$\sqrt{2}$, $\log n$", "√2, log n"),
        (r"a price of \$5", "a price of $5"),
        ("5 $ and no more", "5 $ and no more"),
        ("a < b & c", "a < b & c"),
    ],
)
def test_mathematics_reads_as_it_should(line: str, words: str) -> None:
    code = (
        "import unicodedata\nfrom matplotlib.mathtext import runs\n"
        f"text = ''.join(run.text for run in runs({line!r}))\n"
        "print(unicodedata.normalize('NFC', text))"
    )
    assert run(code) == f"{words}\n"


def test_spaces_are_kept_where_the_press_shortens_paths() -> None:
    code = """
from dlbook import plot
from dlbook.press.typesetting.svg import figure_svg
figure, ax = plot.subplots()
ax.set_xlabel("the matrix M z C")
print(figure_svg(figure, name="f", alt=""))
"""
    assert "the\u00a0matrix\u00a0M\u00a0z\u00a0C" in run(code)


def test_it_is_quick() -> None:
    code = """
import time
import numpy as np
begun = time.process_time()
import matplotlib.figure, matplotlib.textpath
imported = time.process_time() - begun
from dlbook import plot
def draw():
    figure, ax = plot.subplots()
    x = np.linspace(0, 1, 300)
    (line,) = ax.plot(x, x**2)
    plot.label_line(ax, line, "$x^2$")
    return plot.svg(figure)
draw()
begun = time.process_time()
draw()
print(imported, time.process_time() - begun)
"""
    imported, drawn_in = map(float, run(code).split())
    print(f"imported in {imported:.3f} s, a figure drawn in {drawn_in:.3f} s")
    assert imported < 0.5
    assert drawn_in < 0.25
