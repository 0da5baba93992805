"""`stored_run(name)`: results that took too long, or depend too much on the machine, to be computed by a page.

`python -m benchmarks.NAME` makes the run and stores it, with the SHA-256 of each file that it came from. A run is
shown only while all of these are what they were.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlbook.press.digests import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_MACHINE = ("processor", "python", "numpy", "blas")  # what a provenance cannot lack
_NO_PACKAGES = {*_MACHINE, "cores", "system", "environment"}


class StaleRunError(Exception):
    """A stored run whose sources are no longer the files that it came from."""


class StoredRun(dict[str, Any]):
    """A stored run: what the script wrote, and where it comes from.

    As the last expression of a block it shows its provenance.
    """

    @property
    def provenance(self) -> str:
        """Date, processor, threads and versions, in one line."""
        machine, blas = self["machine"], self["machine"]["blas"]
        threads = blas.get("num_threads")
        library = (
            blas.get("internal_api"),
            blas.get("version"),
            blas.get("architecture"),
        )
        parts = [
            re.sub(r"\((?:R|TM)\)", "", machine["processor"]),
            f"{threads} thread{'s' * (threads != 1)}" if threads else "",
            machine["python"],
            f"NumPy {machine['numpy']}",
            *(
                f"{name} {version}"
                for name, version in machine.items()
                if name not in _NO_PACKAGES
            ),
            " ".join(str(part) for part in library if part),
        ]
        return (
            f"{self['script']}, run on {self['date']}: {', '.join(filter(None, parts))}"
        )

    def _repr_html_(self) -> str:
        return f'<p class="press-provenance">{html.escape(self.provenance)}</p>'


def stored_run(name: str) -> StoredRun:
    """The run that `benchmarks/<name>.py` stored when it last ran.

    Args:
        name: The script's name.

    Returns:
        A dictionary of all that is stored, with its `provenance`.

    Raises:
        FileNotFoundError: If there is no such run; says how to make it.
        ValueError: If the file is damaged, or does not say when, where and from what it was made.
        StaleRunError: If a file that it came from has changed since, or is gone.
    """
    path = Path("benchmarks") / f"{name}.json"
    command = f"python -m benchmarks.{name}"
    if not path.exists():
        raise FileNotFoundError(
            f"stored_run: name: no {path.as_posix()}, there are {_known()}; {command} makes it"
        )
    run = read_run(path, command)
    sources = run["sources"]
    changed = [_change(file, was, sources) for file, was in sources.items()]
    if any(changed):
        raise StaleRunError(
            f"stored_run: {path.as_posix()} is of {run['date']}, and not of the files as they are now: "
            f"{', '.join(filter(None, changed))}; run {command} to renew it"
        )
    return run


def _known() -> str:
    """The runs that there are."""
    return (
        ", ".join(sorted(file.stem for file in Path("benchmarks").glob("*.json")))
        or "none"
    )


def read_run(path: Path, command: str) -> StoredRun:
    """A stored run in which everything is there that its readers count on."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
        faults = list(_faults(run, f"benchmarks/{path.stem}.py"))
    except ValueError as error:  # no JSON, or no UTF-8
        faults = [f"a file that can be read ({error})"]
    if faults:
        raise ValueError(
            f"stored_run: {path.as_posix()}: expected {', '.join(faults)}; run {command} to make it anew"
        )
    return StoredRun(run)


def _faults(run: Any, script: str) -> Iterator[str]:
    """What a stored run should have, and has not."""
    if not isinstance(run, dict):
        yield f"an object, got {type(run).__name__}"
        return
    date, machine, sources = (run.get(key) for key in ("date", "machine", "sources"))
    if run.get("script") != script:
        yield f"script {script}, got {run.get('script')!r}"
    if not (isinstance(date, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", date)):
        yield f"a date, got {date!r}"
    if not (isinstance(machine, dict) and all(machine.get(part) for part in _MACHINE)):
        yield f"a machine with {', '.join(_MACHINE)}, got {machine!r}"
    if not (isinstance(sources, dict) and script in sources):
        yield f"sources with {script} among them, got {sources!r}"
    if "results" not in run:
        yield "results, got none"


def _change(file: str, was: str, sources: Collection[str]) -> str:
    """What has become of a source, if anything."""
    if not Path(file).exists():
        return f"{file} is gone"
    return "" if digest(file, sources, Path()) == was else f"{file} has changed"
