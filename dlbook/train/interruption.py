"""Ctrl-C between two steps, and not in the middle of one."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Whole:
    """`with whole:` holds what Ctrl-C must not cut in two: it waits for the end of the block.

    A step rebinds parameter after parameter. Stopped halfway, it would leave a network that never was. The second
    Ctrl-C in one block does not wait, so that what hangs can be stopped.

    Attributes:
        torn: Whether the last block was left by an error.

    Examples:
        >>> whole = Whole()
        >>> with whole.listening():
        ...     try:
        ...         with whole:
        ...             signal.raise_signal(signal.SIGINT)
        ...             print("to the end")
        ...     except KeyboardInterrupt:
        ...         print("and then stopped")
        to the end
        and then stopped
    """

    def __init__(self) -> None:
        self.torn = False
        self._inside = False
        self._asked = False

    def __enter__(self) -> None:
        self._inside = True

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        self._inside = False
        self.torn = kind is not None
        asked, self._asked = self._asked, False
        if asked and not self.torn:
            raise KeyboardInterrupt

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear Ctrl-C in here; where somebody else does, or in another thread than the main one, leave it to them."""
        if (
            threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        ):
            yield
            return
        signal.signal(signal.SIGINT, self._hear)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _hear(self, *_: Any) -> None:
        if not self._inside or self._asked:
            raise KeyboardInterrupt
        self._asked = True
