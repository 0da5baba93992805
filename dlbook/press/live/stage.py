"""The stage in the reader's browser: a page's namespace, and the blocks that run on it, on request.

A cell runs after what it depends on (`slices.py`), and what it depends on runs only if that has changed since or never
ran: each name remembers which code, on which inputs, made the value that it holds.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from dlbook.press.live.changes import Fingerprints
from dlbook.press.live.execute import Piece, Result
from dlbook.press.live.slices import Block, Reads, dependencies, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Stage:
    """A page's namespace in the browser.

    Args:
        blocks: The page's blocks, in order: `code`, `changed`, and `frozen` and `options` where there are any.
        names: What every page has from the start, such as `table`.
        thaw: From a frozen block's number to its packed values.
    """

    def __init__(
        self,
        blocks: Sequence[Mapping[str, Any]],
        names: Mapping[str, Any],
        thaw: Callable[[int], Mapping[str, Any]],
    ) -> None:
        self._options = [block.get("options", {}) for block in blocks]
        self._built = [
            Block(b["code"], frozenset(b["changed"]), bool(b.get("frozen")))
            for b in blocks
        ]
        self._given = {"__name__": "__page__", **names}
        self.namespace: dict[str, Any] = dict(self._given)
        self._thaw = thaw
        self._made: dict[str, str] = {}  # by name: what made the value that it holds
        self._learned: dict[tuple[int, str], frozenset[str]] = {}
        self._fixed = frozenset(
            name
            for name in {n for b in self._built for n in b.changed}
            if all(name in b.names.fixed for b in self._built if name in b.changed)
        )

    def run(
        self,
        number: int,
        edits: Mapping[int, str],
        *,
        tell: Callable[[str], None],
        step: Callable[[int, int], None],
    ) -> Result:
        """Run a cell, after what it depends on.

        Args:
            number: The cell's block.
            edits: The code of the blocks that the reader has changed.
            tell: Told what the cell prints, as it prints it.
            step: Told, before each block that must run first, its place and how many there are.
        """
        blocks = self._blocks(edits)
        plan = dependencies(blocks, blocks[number].code, number)
        keys, _ = self._keys(blocks, [*plan, number])
        replayed, failed = self._replay(blocks, plan, blocks[number].code, step)
        if failed:
            return failed
        piece = Piece(blocks[number].code, number, self._options[number])
        result = self._keep(
            number,
            blocks[number],
            keys[number],
            lambda: piece.show(self.namespace, tell),
        )
        return replace(result, replayed=replayed)

    def prepare(
        self,
        code: str,
        before: int,
        edits: Mapping[int, str],
        step: Callable[[int, int], None],
    ) -> Result | None:
        """Run what a piece of code at some place of the page depends on; what went wrong, if anything did."""
        blocks = self._blocks(edits)
        return self._replay(blocks, dependencies(blocks, code, before), code, step)[1]

    @contextlib.contextmanager
    def watching(self, code: str) -> Iterator[None]:
        """While code that is no block of the page runs: values that it changes are made anew when they are wanted."""
        reads = Reads(self._built).of(code) - self._fixed
        before = self._prints(reads)
        try:
            yield
        finally:
            for name in before.changed(self._prints(reads), reads):
                self._made.pop(name, None)

    def _blocks(self, edits: Mapping[int, str]) -> list[Block]:
        blocks = list(self._built)
        for number, code in edits.items():
            if code != blocks[number].code:
                blocks[number] = Block(code, self._changed(number, code))
        return blocks

    def _changed(self, number: int, code: str) -> frozenset[str]:
        """The names that edited code changes: as was seen when it ran, before that all that it might."""
        if (number, code) in self._learned:
            return self._learned[number, code]
        found = names(code)
        return found.binds | (Reads(self._built).of(code) - self._fixed)

    def _replay(
        self,
        blocks: Sequence[Block],
        plan: Sequence[int],
        code: str,
        step: Callable[[int, int], None],
    ) -> tuple[int, Result | None]:
        """Run those blocks of a plan that have to; how many, and what went wrong, if anything did."""
        keys, inputs = self._keys(blocks, plan)
        missing = self._missing(blocks, plan, Reads(blocks).of(code), keys, inputs)
        for place, number in enumerate(missing, 1):
            step(place, len(missing))
            block = blocks[number]
            result = self._keep(
                number, block, keys[number], partial(self._again, number, block)
            )
            if result.error:
                return place, replace(result, text="", rich="", block=number)
        return len(missing), None

    def _missing(
        self,
        blocks: Sequence[Block],
        plan: Sequence[int],
        reads: frozenset[str],
        keys: Mapping[int, str],
        inputs: Mapping[int, Mapping[str, str]],
    ) -> list[int]:
        """The blocks of a plan that have to run so that all that is read is as on a first reading."""
        final: dict[str, str] = {}
        for number in plan:
            final |= dict.fromkeys(blocks[number].changes, keys[number])
        stale = {n for n in reads if n in final and self._made.get(n) != final[n]}
        missing: set[int] = set()
        while True:
            size = len(missing), len(stale)
            for number in plan:
                changes, wanted = blocks[number].changes, inputs[number]
                # it makes what is missing, or it holds on to a value that is made anew
                if number in missing or not stale.isdisjoint(changes | wanted.keys()):
                    missing.add(number)
                    stale |= changes
                    stale |= {
                        n for n, key in wanted.items() if self._made.get(n) != key
                    }
            if size == (len(missing), len(stale)):
                return sorted(missing)

    def _keys(
        self, blocks: Sequence[Block], plan: Sequence[int]
    ) -> tuple[dict[int, str], dict[int, dict[str, str]]]:
        """For each block of a plan, a key of what it makes, and the keys of what it reads."""
        reads = Reads(blocks)
        made: dict[str, str] = {}
        keys, inputs = {}, {}
        for number in plan:
            block = blocks[number]
            wanted = () if block.frozen else sorted(reads.of(block.code))
            inputs[number] = {name: made[name] for name in wanted if name in made}
            keys[number] = str(hash((number, block.code, *inputs[number].items())))
            made |= dict.fromkeys(block.changes, keys[number])
        return keys, inputs

    def _prints(self, wanted: frozenset[str]) -> Fingerprints:
        return Fingerprints({n: v for n, v in self.namespace.items() if n in wanted})

    def _again(self, number: int, block: Block) -> Result:
        """Run a block that others need."""
        piece = Piece(block.code, number, self._options[number])
        if block.frozen:
            return piece.load(self.namespace, self._thaw(number))
        return piece.replay(self.namespace)

    def _keep(
        self, number: int, block: Block, key: str, run: Callable[[], Result]
    ) -> Result:
        """Run a block in some way, and keep in mind what it has made."""
        was = {name: self._made.pop(name, None) for name in block.changes}
        if block.code == self._built[number].code:
            result = run()
            changed = block.changes
        else:
            watched = Reads(self._built).of(block.code) | block.names.binds
            watched -= self._fixed
            before = self._prints(watched)
            result = run()
            changed = frozenset(before.changed(self._prints(watched), watched))
            changed |= block.names.binds
            self._learned[number, block.code] = changed
            self._made |= {n: k for n, k in was.items() if k and n not in changed}
        if not result.error:
            self._made |= dict.fromkeys(changed, key)
        return result
