"""A book that is made up, but has a real one's measures: pages, words, blocks, figures, formulas, references.

What a page holds is described once, as data; `dialects.py` writes it down for each contestant. The same number
of pages always gives the same book.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.book.formulas import formulas

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS = (
    6  # of a page, each with one block, one displayed formula and about 170 words
)
PAGES_OF_A_PART = 16
INLINE_OF_A_SECTION = 5
EXTRA_EVERY = 4  # such a page has one more formula: 80 pages have 2,900
PACKAGE_EVERY = 5  # such a page prints what a function of the package says of itself
WORDS_OF_A_PARAGRAPH = 80


@dataclass(frozen=True)
class Formula:
    """TeX; a labeled one has the number of its label."""

    tex: str
    display: bool = False
    label: str = ""
    number: str = ""


@dataclass(frozen=True)
class Value:
    """A Python expression in prose."""

    expression: str


@dataclass(frozen=True)
class Reference:
    """To a labeled equation or figure, with the page that it stands on."""

    label: str
    text: str
    page: str


@dataclass(frozen=True)
class Block:
    """Code that prints; or, with a label, whose last line is a figure."""

    code: str
    label: str = ""
    words: str = ""


Piece = str | Formula | Value | Reference
Part = tuple[Piece, ...] | Block | Formula


@dataclass(frozen=True)
class Page:
    """One page: its file relative to the folder of pages, and its parts from top to bottom."""

    file: str
    title: str
    parts: tuple[Part, ...]

    @property
    def formulas(self) -> int:
        """How many formulas the page shows."""
        pieces = [p for part in self.parts if isinstance(part, tuple) for p in part]
        return sum(isinstance(p, Formula) for p in [*self.parts, *pieces])

    @property
    def blocks(self) -> list[Block]:
        """What the page executes, but for the values in its prose."""
        return [part for part in self.parts if isinstance(part, Block)]


def pages(count: int) -> list[Page]:
    """The pages of a book, in the order of its navigation."""
    rng = random.Random(count)
    words = _words(rng)
    inline, display = formulas(rng)
    made = []
    for number in range(1, count + 1):
        parts: list[Part] = []
        blocks = list(_blocks(rng, number, words))
        for section, block in enumerate(blocks):
            own, equation = [], Formula(next(display), True)
            if section % 2 == 0:
                own = [_equation(number, section)]
                text = own[0].text.strip("()")
                equation = Formula(equation.tex, True, own[0].label, text)
            if block.label:
                own.append(
                    Reference(block.label, f"Figure {number}.1", own_file(number))
                )
            other = _equation(rng.randint(1, count), 2 * rng.randrange(SECTIONS // 2))
            extra = section == 0 and number % EXTRA_EVERY == 0
            pieces: list[Piece] = [
                Formula(next(inline)) for _ in range(INLINE_OF_A_SECTION + extra)
            ]
            pieces += [*own, other]
            if section > 0:
                pieces.append(Value(f'f"{{x[{section}, 0]:.3f}}"'))
            rng.shuffle(pieces)
            half = len(pieces) // 2
            parts += [
                (f"## {_sentence(words, 3)}",),
                _paragraph(words, pieces[:half]),
                equation,
                block,
                _paragraph(words, pieces[half:]),
            ]
        made.append(Page(own_file(number), _sentence(words, 3), tuple(parts)))
    return made


def own_file(number: int) -> str:
    """The file of a page, counted from 1."""
    return f"part-{(number - 1) // PAGES_OF_A_PART + 1}/page-{number:02d}.md"


def _equation(page: int, section: int) -> Reference:
    """A reference to the labeled equation of an even section."""
    text = f"({page}.{section // 2 + 1})"
    return Reference(f"eq:page-{page:02d}-{section}", text, own_file(page))


def _words(rng: random.Random) -> Iterator[str]:
    """Words that nobody knows, some frequent and most rare, as words are."""
    syllables = [c + v for c in "bdfglmnprstv" for v in ("a", "e", "i", "o", "u", "en")]
    known = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(4000)]
    weights = [1 / rank for rank in range(1, len(known) + 1)]
    while True:
        yield from rng.choices(known, weights, k=1000)


def _sentence(words: Iterator[str], length: int) -> str:
    return " ".join(next(words) for _ in range(length)).capitalize()


def _paragraph(words: Iterator[str], pieces: list[Piece]) -> tuple[Piece, ...]:
    """Sentences, with the pieces spread among them."""
    length = WORDS_OF_A_PARAGRAPH // (len(pieces) + 1)
    sentences: list[Piece] = [_sentence(words, length)]
    for piece in pieces:
        sentences += [piece, f"{next(words)}. {_sentence(words, length)}"]
    return (*sentences, f"{next(words)}.")


def _blocks(rng: random.Random, page: int, words: Iterator[str]) -> Iterator[Block]:
    """The blocks of a page; each uses what those before it have left."""
    rows, columns, steps = rng.randint(30, 60), rng.randint(2, 5), rng.randint(10, 40)
    yield Block(f"""import numpy as np

rng = np.random.default_rng({page})
x = rng.normal(size=({rows}, {columns}))
w = rng.normal(size={columns})
print(f"{{len(x)}} rows of {{x.shape[1]}}, the mean is {{x.mean():.3f}}")""")
    yield Block(f"""y = x @ w
v = np.zeros({columns})
for step in range({steps}):
    gap = x @ v - y
    v -= 0.1 * x.T @ gap / len(x)
print(f"after {{step + 1}} steps the loss is {{(gap**2).mean():.4f}}")""")
    yield Block("""def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


for row in softmax(x[:4]):
    print("  ".join(f"{p:.3f}" for p in row))""")
    if page % PACKAGE_EVERY == 1:
        yield Block("""from dlbook.ops import sigmoid

print(sigmoid.__doc__.splitlines()[0])
print(f"{sigmoid(x @ w).mean():.4f}")""")
    else:
        yield Block("""a = 1 / (1 + np.exp(-(x @ w)))
print(f"{a.min():.4f} to {a.max():.4f}")""")
    yield Block(
        f"""from dlbook import plot

figure, axes = plot.subplots(height=2.4)
grid = np.linspace(-3, 3, 121)
axes.plot(grid, np.tanh({rng.uniform(0.5, 2):.2f} * grid), color=plot.ACTIVATION)
axes.plot(x[:, 0], x @ w, "o", color=plot.DATA)
axes.set(xlabel="score $z$", ylabel="{next(words)} {next(words)}")
figure""",
        label=f"fig:page-{page:02d}",
        words=_sentence(words, 12) + ".",
    )
    yield Block("""u, s, vt = np.linalg.svd(x, full_matrices=False)
for k in range(len(s)):
    left = np.abs(x - (u[:, :k] * s[:k]) @ vt[:k]).max()
    print(f"{k} of {len(s)}: {s[k]:.3f}, off by at most {left:.3f}")""")
