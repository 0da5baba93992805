"""Faults in the engine and its operators."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences

OPERATORS, CORE, BACKWARD = (
    "autograd/operators.py",
    "autograd/core.py",
    "autograd/backward.py",
)
SIGNATURE = "autograd/signature.py"
GRAD, GRAPH, TENSOR = (
    "tests/autograd/test_grad.py",
    "tests/autograd/test_graph.py",
    "tests/autograd/test_tensor.py",
)

FAULTS = [
    Fault(
        "a difference's second gradient loses its sign",
        OPERATORS,
        "unbroadcast(-dz, y)",
        "unbroadcast(dz, y)",
        differences("subtract"),
    ),
    Fault(
        "a sum's gradient keeps the stretched shape",
        OPERATORS,
        "np.add(x, y), lambda dz: (unbroadcast(dz, x),",
        "np.add(x, y), lambda dz: (dz,",
        differences("add"),
    ),
    Fault(
        "axes of length 1 are not summed over",
        OPERATORS,
        "if n == 1 and dy.shape[i] != 1",
        "if n == 2 and dy.shape[i] != 1",
        differences("multiply"),
    ),
    Fault(
        "a product's gradients are swapped",
        OPERATORS,
        "unbroadcast(dz * y, x), unbroadcast(dz * x, y)",
        "unbroadcast(dz * x, x), unbroadcast(dz * y, y)",
        differences("multiply"),
    ),
    Fault(
        "a quotient's second gradient loses its sign",
        OPERATORS,
        "unbroadcast(-dx * z, y)",
        "unbroadcast(dx * z, y)",
        differences("divide"),
    ),
    Fault(
        "a power's exponent is not lowered",
        OPERATORS,
        "np.where(np.equal(y, 0), 1, y - 1)",
        "np.where(np.equal(y, 0), 1, y)",
        differences("power"),
    ),
    Fault(
        "a matrix product forgets a transpose",
        OPERATORS,
        "np.swapaxes(rows, -1, -2) @ dz",
        "rows.reshape(*rows.shape[:-2], rows.shape[-1], -1) @ dz",
        differences("matmul"),
    ),
    Fault(
        "an element picked twice is paid once",
        OPERATORS,
        "np.add.at(dx, index, dy)",
        "dx[index] = dy",
        differences("getitem"),
    ),
    Fault(
        "a transposition is not undone",
        OPERATORS,
        "np.transpose(dy, back)",
        "np.transpose(dy, axes)",
        differences("transpose"),
    ),
    Fault(
        "a mean's gradient is not divided",
        OPERATORS,
        "_spread(dy, x, axis, keepdims) / n, x.shape",
        "_spread(dy, x, axis, keepdims), x.shape",
        differences("mean"),
    ),
    Fault(
        "a mean is divided by the size of what remains",
        OPERATORS,
        "n = x.size // y.size",
        "n = y.size",
        differences("mean"),
    ),
    Fault(
        "tied elements are all paid",
        OPERATORS,
        "np.put_along_axis(dx, winner, dy, axis)",
        "dx = dy * (x == x.max(axis=axis, keepdims=True))",
        (TENSOR, "-k", "tied"),
    ),
    Fault(
        "a choice's branches are swapped",
        OPERATORS,
        "dx, dy = np.where(condition, dz, 0), np.where(condition, 0, dz)",
        "dx, dy = np.where(condition, 0, dz), np.where(condition, dz, 0)",
        differences("where"),
    ),
    Fault(
        "joined arrays are cut apart along the first axis",
        OPERATORS,
        "tuple(np.split(dy, ends, axis))",
        "tuple(np.split(dy, ends))",
        differences("concatenate"),
    ),
    Fault(
        "stacked arrays are taken apart along the first axis",
        OPERATORS,
        "tuple(np.moveaxis(dy, axis, 0))",
        "tuple(dy)",
        differences("stack"),
    ),
    Fault(
        "the walk back goes oldest call first",
        BACKWARD,
        "y = path.pop()",
        "y = path.pop(0)",
        (GRAD,),
    ),
    Fault(
        "the walk back does not sort the calls",
        BACKWARD,
        'for y in sorted(calls.values(), key=attrgetter("order")):',
        "for y in reversed(calls.values()):",
        (GRAD,),
    ),
    Fault(
        "only the last gradient of a value used twice is kept",
        BACKWARD,
        "gradients[x] = np.asarray(gradients[x] + dx)",
        "gradients[x] = dx",
        (GRAD,),
    ),
    Fault(
        "a gradient is added up in place",
        BACKWARD,
        "gradients[x] = np.asarray(gradients[x] + dx)",
        "gradients[x] += dx",
        (GRAD,),
    ),
    Fault(
        "of three gradients only the first two are added",
        BACKWARD,
        "gradients[x] += dx",
        "pass",
        (GRAD,),
    ),
    Fault(
        "the gradients share memory",
        BACKWARD,
        "owned.pop(id(dx)) if id(dx) in owned else dx.copy()",
        "dx",
        (GRAD,),
    ),
    Fault(
        "a gradient is returned in the dtype of the loss",
        BACKWARD,
        "np.asarray(dx, x.dtype)",
        "np.asarray(dx)",
        (GRAD,),
    ),
    Fault(
        "every input is said to need its gradient",
        BACKWARD,
        "tuple(id(x) in needed for x in y.inputs)",
        "tuple(True for x in y.inputs)",
        (GRAPH,),
    ),
    Fault(
        "no_grad does not end with an exception",
        CORE,
        "    try:\n        yield\n    finally:\n        _recording.reset(token)",
        "    yield\n    _recording.reset(token)",
        (GRAPH,),
    ),
    Fault(
        "array + tensor goes element by element",
        CORE,
        "    __array_ufunc__ = None\n",
        "    _array_ufunc = None\n",
        (TENSOR,),
    ),
    Fault(
        "a length of an axis is not remembered from one argument to the next",
        SIGNATURE,
        "sizes = sizes.copy()",
        "sizes = {}",
        ("tests/autograd/test_signature.py",),
    ),
    Fault(
        "whole numbers make a float32 computation one in float64",
        SIGNATURE,
        "value.astype(_float_type(values))",
        "value.astype(np.float64)",
        ("tests/autograd/test_signature.py",),
    ),
]
