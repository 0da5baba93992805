"""TeX as a tree: what stands beside, above, below and within what, before anything is given a meaning.

Colors leave no trace, and a group in braces is what it shows, its contents. So two ways of typing what looks the
same give the same tree, and templates of a symbol table can be compared with formulas atom by atom. A command
that is not known is kept as such: a template may name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dlbook.press.derivation.tokens import (
    Atom,
    UnreadableError,
    refusal,
    split,
    tokens,
)

_RAW = re.compile(r"\s*\{([^{}\\$]*)\}")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_TRANSPARENT = {r"\cdata", r"\cparam", r"\cact", r"\cgrad", r"\substack"}

_LETTERS = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho
sigma tau upsilon phi varphi chi psi omega ell Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_FUNCTIONS = {"ln", "log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh"}
_KINDS = {
    **dict.fromkeys(_LETTERS.split(), "letter"),
    **dict.fromkeys({*_FUNCTIONS, "arctan"}, "function"),
    **dict.fromkeys({"sum", "prod", "max", "min"}, "large"),
}
_SIGNS = {r"\cdot": "·", r"\times": "×", r"\odot": "⊙", r"\\": r"\\"}
_SIGNS |= {r"\lt": "<", r"\gt": ">", r"\ne": "≠", r"\neq": "≠"}
_SIGNS |= {r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥"}


def tree(tex: str) -> tuple[Atom, ...]:
    """The atoms of a formula.

    Args:
        tex: The formula, without dollar signs.

    Returns:
        What stands on its line, from left to right.

    Raises:
        UnreadableError: Where brackets do not match or an argument is missing.
    """
    return _Tree(tex).sequence("")


class _Tree:
    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.tokens = tokens(tex)
        self.at = 0
        self.commands: dict[str, Callable[[int], Atom]] = {
            **dict.fromkeys(("frac", "tfrac", "dfrac"), self.fraction),
            **dict.fromkeys(("operatorname", "mathrm", "text"), self.word),
            **dict.fromkeys(("hat", "bar", "tilde", "dot", "ddot"), self.accent),
            **dict.fromkeys(("mathbf", "mathcal", "mathbb", "boldsymbol"), self.styled),
            "sqrt": self.root,
            "begin": self.cases,
        }

    def refusal(self, message: str) -> UnreadableError:
        """What to raise at the next token."""
        known = self.at < len(self.tokens)
        place = self.tokens[self.at].place if known else len(self.tex)
        return refusal(self.tex, place, message)

    def sequence(self, closer: str) -> tuple[Atom, ...]:
        """Atoms up to a closer, which is passed over: a role and a text, or the end."""
        atoms: list[Atom] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            waits = ("sign", "large", "function")
            operand = bool(atoms) and atoms[-1].kind not in waits
            if token.role + token.text == closer and (token.role != "bar" or operand):
                self.at += 1
                return tuple(atoms)
            if token.role == "close" or token.text in ("}", r"\end"):
                raise self.refusal(f"expected {closer or 'no closing bracket'}")
            if token.role == "bar" and operand and atoms[-1].text not in ("|", "‖"):
                pairs = closer[:3] == "bar" or any(a.text in ("|", "‖") for a in atoms)
                if pairs:
                    told = r"does | open or close? expected \lvert and \rvert"
                    raise self.refusal(told)
            atoms += self.scripted(self.nucleus())
        if closer:
            raise self.refusal(f"expected {closer}")
        return tuple(atoms)

    def scripted(self, atoms: tuple[Atom, ...]) -> tuple[Atom, ...]:
        """Atoms with the scripts that follow, which must have one atom to stand at."""
        while self.at < len(self.tokens) and self.tokens[self.at].text in (
            "_",
            "^",
            "'",
        ):
            if len(atoms) != 1 or atoms[0].kind == "sign":
                raise self.refusal("expected one thing that has the script")
            sign = self.tokens[self.at].text
            atom = atoms[0]
            if (sign == "_" and atom.sub) or (sign == "^" and atom.sup):
                raise self.refusal("expected one script at this corner, got a second")
            self.at += 1
            script = self.argument() if sign != "'" else ()
            if sign == "'":
                atom = replace(atom, primes=atom.primes + 1)
            elif not script:
                raise self.refusal("expected a script")
            elif sign == "_":
                atom = replace(atom, sub=script)
            else:
                atom = replace(atom, sup=script)
            atoms = (atom,)
        return atoms

    def argument(self) -> tuple[Atom, ...]:
        """What a command or a script takes: a group in braces or the one token that follows."""
        none = self.at >= len(self.tokens)
        if none or self.tokens[self.at].role or self.tokens[self.at].text in "_^'}&":
            raise self.refusal("expected an argument")
        token = self.tokens[self.at]
        if _NUMBER.fullmatch(token.text):
            self.at += 1
            return (Atom("number", token.text, token.place),)
        return self.nucleus()

    def nucleus(self) -> tuple[Atom, ...]:
        """The next atom without scripts; braces give the atoms that they hold."""
        token = self.tokens[self.at]
        self.at += 1
        if token.role in ("open", "bar"):
            closer = ("close" if token.role == "open" else "bar") + token.text
            inside = self.sequence(closer)
            return (Atom("group", token.text, token.place, (inside,)),)
        if token.text == "{":
            return self.sequence("}")
        if token.text in _TRANSPARENT:
            return self.argument()
        return (self.one(token.text, token.place),)

    def one(self, text: str, place: int) -> Atom:
        """The atom that a token begins."""
        if number := _NUMBER.match(self.tex, place):
            while (
                self.at < len(self.tokens) and self.tokens[self.at].place < number.end()
            ):
                self.at += 1
            return Atom("number", number[0], place)
        if text.isascii() and text.isalpha():
            return Atom("letter", text, place)
        if text[0] != "\\" or text in _SIGNS:
            return Atom("sign", _SIGNS.get(text, text), place)
        command = self.commands.get(text[1:])
        if command:
            return command(place)
        return Atom(_KINDS.get(text[1:], "command"), text[1:], place)

    def accent(self, place: int) -> Atom:
        """A letter with an accent, as one letter."""
        name = self.tokens[self.at - 1].text[1:]
        argument = self.argument()
        if len(argument) != 1 or argument[0] != Atom("letter", argument[0].text):
            raise refusal(self.tex, place, "expected one letter below the accent")
        return Atom("letter", f"{argument[0].text}_{name}", place)

    def styled(self, place: int) -> Atom:
        """A letter in another style: a symbol of its own, which only the table can explain."""
        name = self.tokens[self.at - 1].text[1:]
        shown = " ".join(atom.text for atom in self.argument())
        return Atom("command", f"{name} {shown}", place)

    def fraction(self, place: int) -> Atom:
        """What stands above and below a bar."""
        return Atom("fraction", "frac", place, (self.argument(), self.argument()))

    def root(self, place: int) -> Atom:
        """What stands below a root's sign, and its degree."""
        degree: tuple[Atom, ...] = ()
        if self.at < len(self.tokens) and self.tokens[self.at].text == "[":
            self.at += 1
            degree = self.sequence("close[")
        return Atom("root", "sqrt", place, (self.argument(), degree))

    def word(self, place: int) -> Atom:
        """Upright letters, a name or words."""
        kind = "text" if self.tokens[self.at - 1].text == r"\text" else "word"
        return Atom(kind, self.raw(), place)

    def raw(self) -> str:
        """The letters between the braces that follow."""
        before = self.tokens[self.at - 1]
        found = _RAW.match(self.tex, before.place + len(before.text))
        if found is None:
            raise self.refusal("expected words in braces")
        while self.at < len(self.tokens) and self.tokens[self.at].place < found.end():
            self.at += 1
        return found[1].strip()

    def cases(self, place: int) -> Atom:
        """The rows of `cases`: a value, its condition, and so on."""
        begun = self.raw()
        rows = split(self.sequence(r"\end"), r"\\")
        if begun != "cases" or self.raw() != "cases":
            raise refusal(self.tex, place, "expected no environment but cases")
        rows = rows[:-1] if not rows[-1] else rows
        cells = [split(row, "&") for row in rows]
        if any(len(row) != 2 for row in cells):
            told = "cases: expected a value & a condition in each row"
            raise refusal(self.tex, place, told)
        return Atom(
            "cases", "cases", place, tuple(cell for row in cells for cell in row)
        )
