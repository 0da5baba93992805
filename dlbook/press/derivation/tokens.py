"""TeX cut into tokens, and the atoms of which `tree` makes a formula.

Spaces and the sizes of brackets leave no trace, except that a size tells on which side a bar stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_SPACES = {rf"\{sign}" for sign in ",;:!> "} | {"~"}
_SPACES |= {r"\quad", r"\qquad", r"\displaystyle", r"\textstyle", r"\limits"}
_OPENERS = {"(": "(", "[": "[", r"\{": "{", r"\lvert": "|", r"\lVert": "‖"}
_OPENERS |= {r"\langle": "⟨", r"\lfloor": "⌊", r"\lceil": "⌈", r"\lbrace": "{"}
_CLOSERS = {")": "(", "]": "[", r"\}": "{", r"\rvert": "|", r"\rVert": "‖"}
_CLOSERS |= {r"\rangle": "⟨", r"\rfloor": "⌊", r"\rceil": "⌈", r"\rbrace": "{"}
_BARS = {"|": "|", r"\vert": "|", r"\|": "‖", r"\Vert": "‖"}
_SIZES = ("big", "Big", "bigg", "Bigg")
_SIDES = {r"\left": "open", r"\right": "close"}
_SIDES |= {rf"\{size}l": "open" for size in _SIZES}
_SIDES |= {rf"\{size}r": "close" for size in _SIZES}
_SIDES |= {rf"\{size}": "" for size in _SIZES}
_SIDES |= {r"\middle": "mid", **{rf"\{size}m": "mid" for size in _SIZES}}


class UnreadableError(Exception):
    """A formula that can't be read, or that could be read in two ways; the message names the place."""


@dataclass(frozen=True)
class Atom:
    """One thing on a formula's line, with what stands at its corners.

    Args:
        kind: `letter`, `number`, `word` (upright), `function`, `large` (a sum's sign), `group`, `fraction`,
            `root`, `cases`, `sign`, `text` or `command` (whatever else).
        text: Which one: `x`, `sigma`, `y_hat`; the opening bracket of a group.
        place: Where in the TeX it begins; no part of a comparison.
        parts: What stands within: numerator and denominator, a group's contents, cells of `cases`.
        sub: The subscript.
        sup: The superscript.
        primes: How many.
    """

    kind: str
    text: str
    place: int = field(default=0, compare=False)
    parts: tuple[tuple[Atom, ...], ...] = ()
    sub: tuple[Atom, ...] = ()
    sup: tuple[Atom, ...] = ()
    primes: int = 0

    def bare(self) -> Atom:
        """The atom without its corners."""
        return replace(self, sub=(), sup=(), primes=0)

    def is_sign(self, signs: str) -> bool:
        """Whether it is one of some signs, given by one character each."""
        return self.kind == "sign" and self.text in signs


@dataclass(frozen=True)
class Token:
    """A piece of TeX.

    Args:
        text: The character or command; for a bracket, of whatever size, its kind.
        place: Where in the TeX it begins.
        role: `open` or `close` for a bracket, `bar` for one that does not say, `mid` for one that
            stands between two things, else nothing.
    """

    text: str
    place: int
    role: str = ""


def tokens(tex: str) -> list[Token]:
    """The tokens of a formula.

    Args:
        tex: The formula, without dollar signs.

    Returns:
        All but spaces and sizes.

    Raises:
        UnreadableError: Where a size has no bracket of its side.
    """
    found: list[Token] = []
    place, size = 0, None
    while piece := _TOKEN.match(tex, place):
        text, start, place = piece[0], place, piece.end()
        if text in _SIDES:
            size = text
        elif not text.isspace() and text not in _SPACES:
            token = _token(text, start, _SIDES[size] if size else "")
            if token is None or (size and not token.role):
                raise refusal(tex, start, f"expected a bracket behind {size}")
            found.append(token)
            size = None
    if size:
        raise refusal(tex, len(tex), f"expected a bracket behind {size}")
    return found


def _token(text: str, place: int, side: str) -> Token | None:
    """A token; nothing if it does not fit to its side."""
    if side == "mid":
        return Token(r"\mid", place, side) if _BARS.get(text) == "|" else None
    if text in _BARS:
        return Token(_BARS[text], place, side or "bar")
    for role, brackets in (("open", _OPENERS), ("close", _CLOSERS)):
        if text in brackets:
            fits = side in ("", role)
            return Token(brackets[text], place, role) if fits else None
    return Token(text, place)


def refusal(tex: str, place: int, message: str) -> UnreadableError:
    """The error that names a place of a formula."""
    rest = " ".join(tex[place : place + 30].split())
    where = f"at character {place + 1}, {rest!r}" if rest else "at the end"
    return UnreadableError(f"{message} ({where} of {tex!r})")


def split(atoms: tuple[Atom, ...], sign: str) -> list[tuple[Atom, ...]]:
    """The stretches between the signs of one kind, some of them empty perhaps."""
    parts: list[tuple[Atom, ...]] = [()]
    for atom in atoms:
        if atom.kind == "sign" and atom.text == sign:
            parts.append(())
        else:
            parts[-1] += (atom,)
    return parts
