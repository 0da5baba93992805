"""What a module has learned, in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlbook.nn import Module
from dlbook.train.file import read, write

if TYPE_CHECKING:
    import os
    from typing import TypeVar

    M = TypeVar("M", bound=Module)


def save(path: str | os.PathLike[str], module: Module) -> None:
    """Write what a module has learned into a file: parameters, frozen ones too, and running statistics.

    It is an `.npz` of NumPy, without pickle, so reading it never runs anything. The code of the module is not in it.
    A file that was there is replaced only when the new one is whole.

    Args:
        path: The file, usually with the suffix `.npz`.
        module: A layer or a network.

    Raises:
        TypeError: If `module` is not a module.

    Examples:
        >>> import numpy as np
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from dlbook.nn import Linear
        >>> a, b = (Linear(3, 2, rng=np.random.default_rng(seed)) for seed in (0, 1))
        >>> with TemporaryDirectory() as folder:
        ...     save(Path(folder, "linear.npz"), a)
        ...     _ = load(Path(folder, "linear.npz"), b)
        >>> bool((b.w.value == a.w.value).all())
        True
    """
    if not isinstance(module, Module):
        raise TypeError(f"save: module: expected a Module, got {type(module).__name__}")
    write(path, {}, model=module.state_dict())


def load(path: str | os.PathLike[str], module: M) -> M:
    """Give a module what one of the same make has learned, from a file of `save` or of `Checkpoint`.

    Args:
        path: The file.
        module: Takes the arrays over, in its own dtypes.

    Returns:
        The module.

    Raises:
        OSError: If there is no such file, or it may not be read.
        ValueError: If it is not whole, not written by `dlbook.train`, or of another version; if a name is
            missing or unknown, or a shape is another. The module is left as it was.

    Examples:
        >>> import numpy as np
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from dlbook.nn import Linear
        >>> narrow, wide = (Linear(3, k, rng=np.random.default_rng(0)) for k in (2, 4))
        >>> with TemporaryDirectory() as folder:
        ...     save(Path(folder, "narrow.npz"), narrow)
        ...     load(Path(folder, "narrow.npz"), wide)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: load: ...narrow.npz: Linear.load_state_dict: w: expected shape (3, 4), got (3, 2)
    """
    _, parts = read(path)
    try:
        module.load_state_dict(parts.get("model", {}))
    except (KeyError, ValueError) as error:
        raise ValueError(f"load: {path}: {error.args[0]}") from error
    return module
