"""Packages that import a file only when one of its names is asked for (PEP 562).

`import dlbook` should cost hardly more than `import numpy`, and importing one op should import one file. A
package states where each public name lives and hands that table to `attach`; a block under `TYPE_CHECKING`
says the same to the type checker, and a test holds the two together.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def attach(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], tuple[str, ...]]:
    """Make `__getattr__`, `__dir__` and `__all__` of a package whose names are loaded when first used.

    A function may carry its file's name (`ops.linear` lives in `ops/linear.py`). Importing such a file binds
    the module to that name in the package, and would hide the function behind it; the package's class
    prevents this, so the name always means the function, as it does in a package that imports eagerly.

    Args:
        package: The package's `__name__`.
        homes: For each public name the module that defines it, relative to the package: `"activation"` for
            `from package.activation import name`, `"."` for a submodule, `from package import name`.

    Returns:
        The three names that the package binds.

    Examples:
        In `dlbook/ops/__init__.py`:

            __getattr__, __dir__, __all__ = attach(__name__, {"relu": "activation", "linear": "linear"})

        >>> import dlbook.ops.linear
        >>> dlbook.ops.linear
        <primitive dlbook.ops.linear.linear>
    """
    module = sys.modules[package]

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(
                f"module {package!r} has no attribute {name!r}", name=name, obj=module
            )
        home = homes[name]
        value = (
            import_module(f"{package}.{name}")
            if home == "."
            else getattr(import_module(f"{package}.{home}"), name)
        )
        setattr(module, name, value)  # the next look-up finds it without asking here
        return value

    class LazyPackage(ModuleType):
        def __setattr__(self, name: str, value: Any) -> None:
            if not isinstance(value, ModuleType) or homes.get(name, ".") == ".":
                super().__setattr__(name, value)

    module.__class__ = LazyPackage
    names = tuple(sorted(homes))
    return load, lambda: sorted({*module.__dict__, *names}), names
