"""The process of one page, from its first breath to its last.

This file imports nothing of the book's library: what a page's process has loaded of it before recording begins
would be missing in the record.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
import traceback
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any

from dlbook.press.running.limits import limit
from dlbook.press.running.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection


def work(
    pipe: Connection,
    payload: bytes,
    root: str,
    fonts: Sequence[str],
    scratch: str,
    *,
    environment: dict[str, str],
) -> None:
    """Run a page: tell the line of each slot as it begins, and at the end what the page came to and used.

    Args:
        pipe: Takes an `int` for a line; a `str` if the press itself failed; else the tuple that ends it.
        payload: The page's name and its slots, pickled: their classes are loaded while recording.
        root: The project's folder.
        fonts: The figures' fonts, as TrueType files.
        scratch: A folder for the page's temporary files.
        environment: The variables as they are now; the server has kept those of its start.
    """
    os.setsid()  # what the page starts dies with it: the whole group is killed
    try:
        _let_go_of_the_server()
        limit()
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.environ.clear()
        os.environ.update(environment)
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        if root not in sys.path:
            sys.path.insert(0, root)
        astray: list[BaseException] = []
        recorder = Recorder(root, scratch, astray)
        recorder.begin()
        for name in [n for n in sys.modules if n.partition(".")[0] == "dlbook"]:
            del sys.modules[name]  # loaded anew, and on record
        _prepare(recorder, fonts)
        from dlbook.press.running.session import run_page  # noqa: PLC0415
        from dlbook.press.running.uses import Uses  # noqa: PLC0415

        page, slots = pickle.loads(payload)
        result = run_page(page, slots, root, started=pipe.send, astray=astray)
        message: Any = (*result, Uses(**vars(recorder.uses())))
    except BaseException:
        message = traceback.format_exc()
    try:
        pipe.send(message)
    except OSError:  # the page has closed what is not its own
        os._exit(1)
    os.killpg(0, signal.SIGKILL)  # children that are left, and this process, at once


def _let_go_of_the_server() -> None:
    """Close what keeps the server alive: if the build is killed, the server ends, and with it this process."""
    server = vars(forkserver)["_forkserver"]
    if server._forkserver_alive_fd is not None:
        os.close(server._forkserver_alive_fd)
        server._forkserver_alive_fd = None


def _prepare(recorder: Recorder, fonts: Sequence[str]) -> None:
    """Take the figures' fonts, print arrays to digits that any CPU gives, note what matplotlib was set up by."""
    import matplotlib as mpl  # noqa: PLC0415  loaded in the page's process, not in the one that serves
    import numpy as np  # noqa: PLC0415
    from matplotlib import font_manager  # noqa: PLC0415

    from dlbook.press.running.display import PRINTED  # noqa: PLC0415

    np.set_printoptions(**PRINTED)
    for path in ("matplotlibrc", mpl.matplotlib_fname()):
        recorder.note_file(path)
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in fonts:
        if path not in known:  # the server may have started for another book
            font_manager.fontManager.addfont(path)
