"""From Python to JavaScript, by PScript; and the proof by trial that both come to the same."""

from __future__ import annotations

import json
import math
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

KNOWN = ("cos", "exp", "log", "sin", "sqrt", "tanh")
"""The functions that JavaScript has under the same names, for numbers."""

AGREEMENT = 1e-9
"""How far the two may part, relative to the larger of 1 and the value."""

_NODE = """
const request = JSON.parse(require("fs").readFileSync(0, "utf8"));
const plain = (v) => typeof v === "number" && !Number.isFinite(v) ? String(v)
  : Array.isArray(v) ? v.map(plain)
  : v && typeof v === "object" ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, plain(x)])) : v;
console.log(JSON.stringify(request.map(({ script, inputs }) => {
  try {
    const f = new Function(`${script}; return f;`)();
    return inputs.map((input) => plain(f(...input)));
  } catch (error) {
    return String(error);
  }
})));
"""


def javascript(function: Callable[..., Any]) -> str:
    """A function as JavaScript, with all that it needs, as a definition of `f`.

    Raises:
        ValueError: If PScript cannot translate it; says why.
    """
    from pscript import JSError, py2js, stdlib  # noqa: PLC0415  only pages with such a figure need it

    try:
        code = py2js(function, "f")
    except (JSError, SyntaxError) as error:
        reason = str(error).strip().splitlines()[-1]
        told = f"play: {function.__name__} cannot be translated to JavaScript: {reason}"
        raise ValueError(told) from None
    _, functions, methods = stdlib.get_std_info(code)
    known = f"const {{ {', '.join(KNOWN)} }} = Math;"
    return f"{known}\n{stdlib.get_partial_std_lib(functions, methods)}\n{code}"


def plain(value: Any) -> Any:
    """What a function returned as JSON can hold it; a number that is not finite is written as JavaScript writes it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | str):
        return value
    number = float(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def run(node: str, scripts: Sequence[tuple[str, list[list[Any]]]]) -> list[Any]:
    """What Node makes of each script on each of its inputs; a text where it failed."""
    request = [{"script": script, "inputs": inputs} for script, inputs in scripts]
    ran = subprocess.run(
        [node, "-e", _NODE],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return list(json.loads(ran.stdout))


def difference(expected: Any, got: Any, where: str = "") -> str:
    """Where two results part, in words; empty if they agree."""
    if (
        isinstance(expected, dict)
        and isinstance(got, dict)
        and expected.keys() == got.keys()
    ):
        return _first(
            difference(expected[k], got[k], f"{where}[{k!r}]") for k in expected
        )
    if (
        isinstance(expected, list)
        and isinstance(got, list)
        and len(expected) == len(got)
    ):
        pairs = enumerate(zip(expected, got, strict=True))
        return _first(difference(a, b, f"{where}[{i}]") for i, (a, b) in pairs)
    if isinstance(expected, int | float) and isinstance(got, int | float):
        if abs(expected - got) <= AGREEMENT * max(1.0, abs(expected)):
            return ""
    elif expected == got:
        return ""
    return (
        f"{where or 'the result'} is {expected!r} in Python and {got!r} in JavaScript"
    )


def _first(found: Iterable[str]) -> str:
    return next(filter(None, found), "")
