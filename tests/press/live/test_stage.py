"""The stage: cells run on it as on a first reading of the page, whatever ran before, and no more runs than has to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from dlbook.press.live.changes import Fingerprints
from dlbook.press.live.execute import SHOWN, Result
from dlbook.press.live.packing import pack
from dlbook.press.live.slices import names
from dlbook.press.live.stage import Stage


class Page:
    """A page whose blocks were run once, as a build does, and its stage."""

    def __init__(
        self, *codes: str, frozen: tuple[int, ...] = (), **options: Any
    ) -> None:
        namespace: dict[str, Any] = {}
        seen = Fingerprints(namespace)
        blocks: list[dict[str, Any]] = []
        self.kept: dict[int, Mapping[str, Any]] = {}
        for number, code in enumerate(codes):
            exec(code, namespace)
            before, seen = seen, Fingerprints(namespace)
            changed = before.changed(seen, names(code).loads)
            blocks.append({"code": code, "changed": changed, "options": options})
            if number in frozen:
                blocks[-1]["frozen"] = True
                values = {name: namespace[name] for name in changed}
                self.kept[number] = pack(values)[0]
        self.codes = codes
        self.stage = Stage(
            json.loads(json.dumps(blocks)), {}, lambda number: self.kept[number]
        )

    def run(self, number: int, edits: dict[int, str] | None = None) -> Result:
        self.steps: list[tuple[int, int]] = []
        self.told = ""
        return self.stage.run(
            number, edits or {}, tell=self._tell, step=lambda *at: self.steps.append(at)
        )

    def _tell(self, text: str) -> None:
        self.told += text


def test_a_cell_runs_after_what_it_depends_on_and_nothing_else() -> None:
    page = Page("a = 1", "1 / (b := 1)", "print(a + 1)")
    result = page.run(2)
    assert (result.text, result.replayed, page.steps) == ("2\n", 1, [(1, 1)])
    assert "b" not in page.stage.namespace


def test_the_last_value_is_shown_and_what_is_printed_is_told_at_once() -> None:
    page = Page("print('x')\n[1, 2]")
    assert page.run(0).text == page.told == "x\n[1, 2]\n"


def test_a_second_run_replays_nothing() -> None:
    page = Page("a = [1]", "b = a * 2", "b")
    assert page.run(2).replayed == 2
    assert page.run(2).replayed == 0


def test_a_cell_that_changes_its_own_input_comes_out_the_same_every_time() -> None:
    page = Page("a = [1]", "a.append(2)\na")
    assert [page.run(1).text for _ in range(3)] == ["[1, 2]\n"] * 3


def test_a_cell_that_draws_comes_out_the_same_every_time_and_after_others() -> None:
    page = Page(
        "import numpy as np\nrng = np.random.default_rng(0)",
        "print(rng.integers(100))",
        "print(rng.integers(100))",
    )
    first, second = page.run(1).text, page.run(2).text
    assert first != second
    assert [page.run(n).text for n in (2, 1, 1, 2)] == [second, first, first, second]


def test_a_cell_before_another_does_not_see_what_the_later_one_did() -> None:
    page = Page("x = 1", "print(x)", "x = 2", "print(x)")
    assert page.run(3).text == "2\n"
    assert page.run(1).text == "1\n"
    assert page.run(3).text == "2\n"


def test_what_holds_on_to_a_value_is_made_anew_with_it() -> None:
    page = Page(
        "w = [0]",
        "class Step:\n    pass\ns = Step()\ns.w = w",
        "s.w.append(1)",
        "print(w, s.w)",
    )
    assert page.run(3).text == "[0, 1] [0, 1]\n"
    page.run(0)
    assert page.run(3).text == "[0, 1] [0, 1]\n"
    assert page.stage.namespace["w"] is page.stage.namespace["s"].w


def test_an_edit_changes_the_result_of_what_depends_on_it_and_of_nothing_else() -> None:
    page = Page("a = 1", "b = 5", "print(a)", "print(b)")
    page.run(2)
    page.run(3)
    assert page.run(2, {0: "a = 7"}).text == "7\n"
    result = page.run(3, {0: "a = 7"})
    assert (result.text, result.replayed) == ("5\n", 0)
    assert page.run(2).text == "1\n"


def test_an_edit_that_changes_a_value_in_place_is_seen() -> None:
    page = Page("a = [1]", "len(a)", "print(a)")
    edits = {1: "a.append(9)"}
    assert page.run(2, edits).text == "[1, 9]\n"
    assert page.run(2, edits).replayed == 0
    assert page.run(2).text == "[1]\n"


def test_an_edited_cell_s_new_names_can_be_used_by_an_edited_cell_after_it() -> None:
    page = Page("a = 1", "a")
    assert page.run(1, {0: "new = 3", 1: "new"}).text == "3\n"


def test_an_error_tells_its_line_and_leaves_the_stage_usable() -> None:
    page = Page("a = 1", "a")
    result = page.run(1, {1: "a\nb = 2\n1 / 0"})
    assert result.line == 3
    assert result.error.endswith("ZeroDivisionError: division by zero")
    assert "Line 3" in result.error
    assert page.run(1).text == "1\n"


def test_a_syntax_error_tells_its_line() -> None:
    result = Page("a = 1").run(0, {0: "a = 1\nb = ("})
    assert result.line == 2
    assert "SyntaxError" in result.error


def test_an_error_in_what_runs_first_names_the_block() -> None:
    page = Page("a = 1", "b = a", "b")
    result = page.run(2, {0: "a = 1 / 0"})
    assert (result.block, result.line, result.text) == (0, 1, "")
    assert page.run(2).text == "1\n"


def test_leaving_python_is_an_error_like_any_other() -> None:
    assert "SystemExit" in Page("1").run(0, {0: "raise SystemExit(3)"}).error


def test_an_error_that_belongs_to_the_page_is_shown_as_there() -> None:
    page = Page("1", raises="ValueError")
    result = page.run(0, {0: "int('x')"})
    assert result.error == ""
    assert result.text.startswith("ValueError: invalid literal")


def test_a_frozen_block_is_loaded_where_others_need_it_and_run_where_it_is_asked_for() -> (
    None
):
    page = Page(
        "count = [0]",
        "import math\ndef f(x):\n    return math.sqrt(x)\ncount[0] += 1\na = f(4.0)",
        "print(f(a), a)",
        frozen=(1,),
    )
    page.kept = {1: {**page.kept[1], "a": 9.0}}
    assert page.run(2).text == "3.0 9.0\n"
    page.run(1)
    assert page.stage.namespace["a"] == 2.0


def test_a_module_that_the_browser_lacks_is_passed_over_in_a_frozen_block() -> None:
    page = Page("import math\na = 1", "a", frozen=(0,))
    page.stage._built[0] = type(page.stage._built[0])(
        "import no_such_module_at_all\na = 1", frozenset({"a"}), True
    )
    assert page.run(1).text == "1\n"


def test_what_is_not_drawn_stops_only_the_cell_that_wants_to_show_it() -> None:
    page = Page("a = 1", "b = 2", "print(b)")
    code = "class NotDrawnError(Exception): pass\nraise NotDrawnError('no graph')\nno_name\nb = 3"
    assert page.run(2, {1: code}).text == "3\n"
    result = page.run(1, {1: code})
    assert (result.error, result.drawn) == ("no graph", False)


def test_a_flood_of_output_is_cut() -> None:
    result = Page("1").run(0, {0: "print('x' * 1_000_000)\nprint('y')"})
    assert len(result.text) < SHOWN + 100
    assert "more was printed than is shown" in result.text


def test_a_warning_is_shown_and_is_no_error() -> None:
    result = Page("1").run(0, {0: "import warnings\nwarnings.warn('careful')"})
    assert "careful" in result.text
    assert result.error == ""


def test_a_table_has_its_rich_form() -> None:
    code = "class T:\n    def _repr_html_(self):\n        return '<b>t</b>'\n"
    assert Page("1").run(0, {0: f"{code}T()"}).rich == "<b>t</b>"


def test_what_foreign_code_changed_is_made_anew() -> None:
    page = Page("a = [1]", "print(a)")
    assert page.stage.prepare("a", 1, {}, lambda *_: None) is None
    with page.stage.watching("a.append(2)"):
        page.stage.namespace["a"].append(2)
    assert page.run(1).text == "[1]\n"


@pytest.mark.parametrize(
    "order", [range(6), reversed(range(6)), (3, 5, 1, 4, 0, 2, 5, 3, 1)]
)
def test_cells_come_out_as_in_one_run_from_top_to_bottom_in_any_order(
    order: Any,
) -> None:
    page = Page(
        "import numpy as np\nrng = np.random.default_rng(1)\nw = rng.normal(size=3)\nprint(w)",
        "m = np.zeros(3)\nhistory = []\nprint(m)",
        "def step(g):\n    m[:] = 0.9 * m + g\n    history.append(m.copy())\nprint(len(history))",
        "for _ in range(3):\n    step(w)\n    w = w - 0.1 * m\nprint(w, len(history))",
        "w += rng.normal(size=3)\nprint(w)",
        "print(history[-1], w)",
    )
    namespace: dict[str, Any] = {}
    expected = []
    for code in page.codes:
        printed: list[str] = []
        namespace["print"] = lambda *v, out=printed: out.append(" ".join(map(str, v)))
        exec(code, namespace)
        expected.append(printed[0] + "\n")
    for number in order:
        assert page.run(number).text == expected[number], number
