r"""Formulas as data: TeX with what is needed to put it beside other TeX, and the ways to join them.

A formula knows how loosely it binds, how tall it is (for the size of brackets around it), what stands at its
two ends (for what goes between it and its neighbor), and whether it swallows what follows, as $\ln x$ and
$\sum_i x_i$ do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# How tightly a formula holds together.
RELATION, SUM, NEGATIVE, PRODUCT, APPLIED, POWER, FRACTION, ATOM = range(8)

_SIZES = ("", r"\big", r"\Big", r"\bigg", r"\Bigg")
_PAIRS = {
    "(": ("(", ")"),
    "[": ("[", "]"),
    "|": (r"\lvert", r"\rvert"),
    "||": (r"\lVert", r"\rVert"),
    "<": (r"\langle", r"\rangle"),
    "floor": (r"\lfloor", r"\rfloor"),
    "ceil": (r"\lceil", r"\rceil"),
}
_GROUP = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Tex:
    """A formula.

    Args:
        text: Its TeX.
        level: How tightly it holds together.
        size: Which size of brackets goes around it, 0 to 4.
        depth: How many brackets are nested in it.
        first: What it starts with: letter, upright, number, fraction, bracket, operator or negative.
        last: What it ends with, one of these, script or inline (a fraction on one line).
        sup: Whether it has a superscript at its end.
        sub: Whether it has a subscript at its end.
        closed: The same formula with brackets, if without them it swallows what follows.
        inner: What stands behind the minus sign, if it starts with one.
        row: Whether it is a vector written as a row.
        dot: Whether its factors are multiplied element by element.
    """

    text: str
    level: int = ATOM
    size: int = 0
    depth: int = 0
    first: str = "letter"
    last: str = "letter"
    sup: bool = False
    sub: bool = False
    closed: Tex | None = None
    inner: Tex | None = None
    row: bool = False
    dot: bool = False


def spaced(left: str, right: str) -> str:
    r"""Two pieces of TeX side by side; a blank where a command would run into a letter."""
    return f"{left} {right}" if re.search(r"\\[A-Za-z]+$", left) else left + right


def bracketed(inner: Tex, kind: str = "(", *, call: bool = False) -> Tex:
    """A formula in brackets of its size; a call within a call, $f(g(x))$, is not yet tall."""
    nested = call and inner.level == ATOM and inner.size == inner.depth == 1
    size = _SIZES[0 if nested and not inner.sup else inner.size]
    left, right = _PAIRS[kind]
    if size:
        opening, closing = f"{size}l{left}", f"{size}r{right}"
    else:
        opening, closing = left, right
    text = f"{spaced(opening, inner.text)}{_gap(inner.text, closing)}{closing}"
    depth = inner.depth + 1
    return Tex(text, ATOM, min(inner.size + 1, 4), depth, "bracket", "bracket")


def listed(parts: list[Tex]) -> Tex:
    """Arguments with commas between them."""
    if len(parts) == 1:
        return parts[0]
    size = max((part.size for part in parts), default=0)
    depth = max((part.depth for part in parts), default=0)
    return Tex(", ".join(part.text for part in parts), size=size, depth=depth)


def _gap(text: str, closing: str) -> str:
    return " " if re.search(r"\\[A-Za-z]+$", text) and closing[0].isalpha() else ""


def grouped(inner: Tex) -> Tex:
    """A formula in brackets that say what belongs together; square ones around two layers of round ones."""
    group = bracketed(inner, "[" if inner.depth and inner.depth % 2 == 0 else "(")
    return replace(group, first="negative") if inner.level == NEGATIVE else group


def at_least(inner: Tex, level: int) -> Tex:
    """A formula in brackets if it holds together less tightly than is needed."""
    return grouped(inner) if inner.level < level else inner


def ended(inner: Tex) -> Tex:
    """A formula behind which another may stand."""
    return inner.closed or inner


def negative(inner: Tex) -> Tex:
    """Minus a formula."""
    inner = at_least(inner, PRODUCT)
    return replace(
        inner,
        text=f"-{inner.text}",
        level=NEGATIVE,
        first="negative",
        closed=negative(inner.closed) if inner.closed else None,
        inner=inner,
        sup=False,
    )


def total(left: Tex, sign: str, right: Tex) -> Tex:
    """A sum or a difference."""
    left = at_least(left, SUM)
    right = at_least(right, PRODUCT)
    text = f"{left.text} {sign} {right.text}"
    return Tex(
        text,
        SUM,
        max(left.size, right.size),
        max(left.depth, right.depth),
        left.first,
        right.last,
    )


def product(left: Tex, right: Tex, *, sign: str = "") -> Tex:
    """A product; what goes between the factors is decided by their ends, unless a sign is given."""
    if left.level == NEGATIVE and left.inner:
        return negative(product(left.inner, right, sign=sign))
    left = ended(at_least(left, PRODUCT))
    left = grouped(left) if left.last == "inline" else left
    right = grouped(right) if right.last == "inline" else at_least(right, PRODUCT)
    between = f" {sign} " if sign.strip() else sign or _between(left, right)
    return Tex(
        _glued(left.text, between, right.text),
        PRODUCT,
        max(left.size, right.size),
        max(left.depth, right.depth),
        left.first,
        right.last,
        closed=product(left, right.closed, sign=sign) if right.closed else None,
        dot=sign == r"\odot" or left.dot or right.dot,
    )


def _glued(left: str, between: str, right: str) -> str:
    if not between and re.search(r"\\[A-Za-z]+$", left):
        between = " "
    return f"{left}{between}{right}"


def _between(left: Tex, right: Tex) -> str:
    last, first = left.last, right.first
    if first in ("number", "negative") or (first == "fraction" == last):
        return r" \cdot "
    if last == "number":
        if first == "fraction":
            return r" \cdot "
        return r"\," if first == "upright" else " " if first != "bracket" else ""
    if first == "operator":
        return " "
    if last == "letter" and first == "letter":
        return " "
    return r"\,"


def fraction(above: Tex, below: Tex) -> Tex:
    """A fraction with a bar; the minus sign of its upper part stands before it."""
    if above.level == NEGATIVE and above.inner:
        return negative(fraction(above.inner, below))
    size = min(2 + max(above.size, below.size), 4)
    text = rf"\frac{{{above.text}}}{{{below.text}}}"
    depth = max(above.depth, below.depth)
    return Tex(text, FRACTION, size, depth, "fraction", "fraction")


def inline_fraction(above: Tex, below: Tex) -> Tex:
    """A fraction on one line, as exponents have it."""
    if above.level == NEGATIVE and above.inner:
        return negative(inline_fraction(above.inner, below))
    above = ended(at_least(above, PRODUCT))
    above = grouped(above) if above.last == "inline" else above
    below = at_least(below, APPLIED)
    text = f"{above.text}/{below.text}"
    depth = max(above.depth, below.depth)
    return Tex(text, PRODUCT, 0, depth, above.first, "inline")


def power(base: Tex, exponent: Tex) -> Tex:
    """A power."""
    base = base if base.level == ATOM and not base.sup else grouped(base)
    text = f"{base.text}^{script(exponent.text)}"
    small = re.fullmatch(r"[0-9A-Za-z]", exponent.text)
    size = base.size if small else max(base.size, 1)
    return replace(base, text=text, level=POWER, size=size, last="script", sup=True)


def script(tex: str) -> str:
    """A sub- or superscript's TeX, in braces unless it is one character."""
    return tex if re.fullmatch(r"[0-9A-Za-z]|\\[A-Za-z]+", tex) else f"{{{tex}}}"


def subscript(base: Tex, index: str) -> Tex:
    """A formula with an index."""
    if base.level < ATOM or base.sub:
        base = grouped(base)
    text = f"{base.text}_{script(index)}"
    return replace(base, text=text, sub=True)


def applied(name: str, argument: Tex) -> Tex:
    r"""A function that needs no brackets around a simple argument, as in $\ln x$."""
    closed = spaced_call(name, argument)
    if argument.level < FRACTION and not argument.text.startswith(r"\prod"):
        return replace(closed, level=APPLIED)
    return Tex(
        f"{name} {argument.text}",
        APPLIED,
        argument.size,
        argument.depth,
        "operator",
        argument.last,
        closed=replace(closed, level=APPLIED),
    )


def spaced_call(name: str, argument: Tex) -> Tex:
    """A function with its argument in brackets."""
    inner = bracketed(argument, call=True)
    return replace(inner, text=name + inner.text, first="operator")


def swallowing(head: str, body: Tex, *, size: int, first: str = "operator") -> Tex:
    r"""What takes all that follows up to the next sum: $\sum_i$, $\prod_i$, $\max_i$, $\frac{d}{dx}$."""
    body = at_least(body, PRODUCT)
    open_ = Tex(
        f"{head} {body.text}",
        PRODUCT,
        max(size, body.size),
        body.depth,
        first,
        body.last,
    )
    return replace(open_, closed=grouped(open_))


def custom(text: str) -> Tex:
    """A formula from the symbol table: what it is, is seen in its TeX."""
    bare = text
    while True:
        shorter = _GROUP.sub("", bare)
        if shorter == bare:
            break
        bare = shorter
    outside = re.sub(
        r"\(.*\)|\[.*\]|\\lvert.*\\rvert|\\lVert.*\\rVert|\|.*\|", "()", bare
    )
    size = 1 if "(" in bare or "^" in outside else 0
    for bigger, tall in enumerate(
        (r"\\bigl|\\big\b", r"\\Bigl|\\[td]?frac", r"\\biggl|\\sum|\\prod|\\left"), 2
    ):
        size = bigger if re.search(tall, text) else size
    level, first, last = ATOM, "letter", "letter"
    if re.search(r"(?<=.)[+-]", outside.replace("_-", "").replace("^-", "")):
        level = SUM
    elif outside.startswith("-"):
        level, first = NEGATIVE, "negative"
    elif "/" in outside:
        level = PRODUCT
    elif re.match(r"\\(ln|log|exp|max|min|sum|prod|operatorname)(?![A-Za-z])", text):
        level, first = APPLIED, "operator"
    elif re.fullmatch(r"\\[td]?frac", outside.strip()):
        level, first, last = FRACTION, "fraction", "fraction"
    elif text.startswith((r"\mathrm", r"\text")) or re.match(r"d( |\\|[A-Za-z])", text):
        first = "upright"
    sup = bool(re.search(r"\^[^()]*$|'$", outside))
    if last == "letter":
        last = "bracket" if re.search(r"\)\s*$", outside) else "script" if sup else last
        last = "upright" if first == "upright" and last == "letter" else last
    formula = Tex(text, level, size, 1 if "(" in bare else 0, first, last, sup)
    formula = replace(formula, sub="_" in outside)
    if level == APPLIED:
        return replace(formula, closed=grouped(formula))
    if level == NEGATIVE:
        return negative(custom(text.lstrip().removeprefix("-").lstrip()))
    return formula
