"""The engine's nouns: a value that remembers how it was computed, and the functions that are recorded.

A primitive is one NumPy function that returns its value and its vector-Jacobian product. Called with
arrays it returns arrays. Called with at least one `Tensor` it returns a `Tensor` that keeps the inputs and
the product: the graph is nothing but these references, and dies with the last of them.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import itertools
from typing import TYPE_CHECKING, Any, NoReturn, overload

import numpy as np

from dlbook.autograd.signature import Signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import ArrayLike, DTypeLike, NDArray

    Array = NDArray[Any]
    Rule = tuple[Array, Callable[..., Any]]

_clock = itertools.count()
_recording = contextvars.ContextVar("recording", default=True)


class Tensor:
    """An array that remembers the primitive call that made it.

    Args:
        value: The array; lists and numbers are converted as `np.asarray` does.
        dtype: The element type, if another than the value's own is wanted.

    Arithmetic, indexing and the reductions work as on a NumPy array and are recorded. Plain arrays that meet
    a tensor are constants: nothing is recorded for them and no gradient reaches them.

    Examples:
        >>> x = Tensor([1.0, 2.0])
        >>> (3 * x ** 2).sum()
        Tensor(15.)
    """

    __slots__ = ("__weakref__", "inputs", "made_by", "order", "value", "vjp")
    # array + tensor asks the tensor, instead of adding element by element
    __array_ufunc__ = None

    value: Array
    inputs: tuple[Any, ...]
    vjp: Callable[..., Any] | None
    made_by: str

    def __init__(self, value: ArrayLike, dtype: DTypeLike | None = None) -> None:
        if isinstance(value, Tensor):
            raise TypeError(
                "Tensor: value: expected an array, got a Tensor; pass tensor.value to copy its value"
            )
        self.value = np.asarray(value, dtype)
        self.inputs = ()
        self.vjp = None
        self.made_by = ""
        self.order = next(_clock)

    shape = property(lambda self: self.value.shape, doc="The lengths of the axes.")
    dtype = property(lambda self: self.value.dtype, doc="The type of the elements.")
    ndim = property(lambda self: self.value.ndim, doc="The number of axes.")
    size = property(lambda self: self.value.size, doc="The number of elements.")

    def __repr__(self) -> str:
        body = np.array2string(
            self.value, separator=", ", prefix=f"{type(self).__name__}("
        )
        return f"{type(self).__name__}({body})"

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def item(self) -> Any:
        """The single element as a Python number."""
        return self.value.item()

    def detach(self) -> Tensor:
        """The same value as a tensor of its own, cut off from the graph."""
        return Tensor(self.value)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise TypeError(
            "a Tensor is not an array: NumPy would lose its graph; use tensor.value for the array"
        )

    def __add__(self, other: Any) -> Tensor:
        return operators.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return operators.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return operators.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return operators.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return operators.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return operators.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return operators.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return operators.divide(other, self)

    def __pow__(self, other: Any) -> Tensor:
        return operators.power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return operators.power(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return operators.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return operators.matmul(other, self)

    def __neg__(self) -> Tensor:
        return operators.negative(self)

    def __getitem__(self, index: Any) -> Tensor:
        return operators.getitem(self, index=index)

    # Comparisons have no slope: they give plain arrays of truth values.
    def __eq__(self, other: object) -> Array:  # type: ignore[override]
        return np.equal(self.value, _value(other))

    def __ne__(self, other: object) -> Array:  # type: ignore[override]
        return np.not_equal(self.value, _value(other))

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> Array:
        return self.value < _value(other)

    def __le__(self, other: Any) -> Array:
        return self.value <= _value(other)

    def __gt__(self, other: Any) -> Array:
        return self.value > _value(other)

    def __ge__(self, other: Any) -> Array:
        return self.value >= _value(other)

    def reshape(self, *shape: int | tuple[int, ...]) -> Tensor:
        """The same elements under another shape; see `operators.reshape`."""
        return operators.reshape(self, shape=shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: int | tuple[int, ...]) -> Tensor:
        """The axes in another order (reversed if none is given); see `operators.transpose`."""
        return operators.transpose(
            self, axes=(axes[0] if len(axes) == 1 else axes) or None
        )

    @property
    def T(self) -> Tensor:
        """The axes in reverse order."""
        return operators.transpose(self)

    def sum(
        self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False
    ) -> Tensor:
        """The sum over the given axes; see `operators.sum`."""
        return operators.sum(self, axis=axis, keepdims=keepdims)

    def mean(
        self, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False
    ) -> Tensor:
        """The mean over the given axes; see `operators.mean`."""
        return operators.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: int | None = None, *, keepdims: bool = False) -> Tensor:
        """The largest element along an axis; see `operators.max`."""
        return operators.max(self, axis=axis, keepdims=keepdims)

    def exp(self) -> Tensor:
        """The exponential of each element."""
        return operators.exp(self)

    def log(self) -> Tensor:
        """The natural logarithm of each element."""
        return operators.log(self)


class Parameter(Tensor):
    """A tensor that training changes. An optimizer rebinds its `value`; it never writes into the array.

    Examples:
        >>> w = Parameter([1.0, -1.0])
        >>> w.value = w.value - 0.1
        >>> w
        Parameter([ 0.9, -1.1])
    """

    __slots__ = ()

    def _refuse(self, _: Any) -> NoReturn:
        raise TypeError(
            "Parameter: += and the like would put a plain tensor in its place; rebind parameter.value"
        )

    __iadd__ = __isub__ = __imul__ = __itruediv__ = _refuse


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Tensor) else x


class Primitive:
    """A NumPy function with its derivative: what `@primitive` makes of a rule.

    Attributes:
        rule: The function as written: arrays in, `(value, vjp)` out. `vjp(dy)` returns one gradient per
            argument, also for one that was left out (`None` where there is none to have). A vjp that takes
            an argument `needs` is told which gradients are needed, as a tuple of truth values, and may return
            `None` for the others.
        signature: What the rule's annotations promise; every call is held to it.

    Examples:
        >>> def double(x, /):
        ...     return 2 * x, lambda dy: 2 * dy
        >>> doubled = Primitive(double)
        >>> doubled(Tensor([1.0, 3.0]))
        Tensor([2., 6.])
        >>> value, vjp = doubled.rule(np.array([1.0, 3.0]))
        >>> vjp(np.ones(2))
        array([2., 2.])
    """

    def __init__(self, rule: Callable[..., Rule]) -> None:
        functools.update_wrapper(self, rule)
        self.rule = rule
        self.signature = Signature(rule)

    def __reduce__(self) -> str:
        return self.rule.__qualname__  # pickled by name, as functions are

    def __repr__(self) -> str:
        return f"<primitive {self.rule.__module__}.{self.rule.__name__}>"

    @overload
    def __call__(self, x: Tensor, /, *rest: Any, **settings: Any) -> Tensor: ...
    @overload
    def __call__(self, x: Any, /, *rest: Any, **settings: Any) -> Any: ...

    def __call__(self, *inputs: Any, **settings: Any) -> Any:
        """Compute the value; record the call when any input is a `Tensor`."""
        values: list[Any] = []
        recorded = False
        for x in inputs:
            if isinstance(x, Tensor):
                recorded = True
                values.append(x.value)
            else:
                values.append(x)
        if recorded:
            # a NumPy number beside a tensor is a plain number: it must not widen float32
            values = [v.item() if isinstance(v, np.generic) else v for v in values]
        values = self.signature.check(values, settings)
        value, vjp = self.rule(*values, **settings)
        if not recorded:
            return value
        y = Tensor(value)
        if _recording.get():
            left_out = (None,) * (len(values) - len(inputs))
            y.inputs, y.vjp, y.made_by = inputs + left_out, vjp, self.rule.__name__
        return y


def primitive(rule: Callable[..., Rule]) -> Primitive:
    """Make a primitive out of a rule: a NumPy function that returns `(value, vjp)`.

    Args:
        rule: Takes arrays as positional-only arguments and settings as keyword-only arguments. Its
            annotations (`Float[Array, "n d"]`) state the shapes; calls are checked against them.

    Examples:
        >>> @primitive
        ... def cube(x, /):
        ...     return x * x * x, lambda dy: dy * 3 * x * x
        >>> cube(2.0)
        8.0
        >>> cube(Tensor([1.0, 2.0]))
        Tensor([1., 8.])
    """
    return Primitive(rule)


@contextlib.contextmanager
def no_grad() -> Iterator[None]:
    """Within this block no call is recorded: tensors come out without a past.

    Examples:
        >>> x = Tensor(2.0)
        >>> with no_grad():
        ...     y = x * x
        >>> y.inputs
        ()
    """
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


# Tensor's methods and the operators need each other; by now everything that operators imports is defined.
from dlbook.autograd import operators  # noqa: E402
