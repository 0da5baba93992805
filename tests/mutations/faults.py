"""The faults, and for each the tests that are to find it.

A fault is a small and plausible mistake: a sign, an axis, a factor, a transpose left out. The tests are named
so that each runs in a second; that all tests would find it follows.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """A text of a file under `dlbook/`, another in its place, and pytest's arguments for the tests that mind."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def differences(name: str) -> tuple[str, ...]:
    """The central differences of one primitive's cases."""
    return "tests/ops/test_differences.py", "-k", name


def oracle(name: str) -> tuple[str, ...]:
    """PyTorch's stored values of one case."""
    return "tests/oracle/test_stored.py", "-k", f"pytorchs and {name}"


OPERATORS, CORE, BACKWARD = (
    "autograd/operators.py",
    "autograd/core.py",
    "autograd/backward.py",
)
SIGNATURE = "autograd/signature.py"
ACTIVATION, LINEAR, LOSS = "ops/activation.py", "ops/linear.py", "ops/loss.py"
SGD, ADAM = "optim/sgd.py", "optim/adam.py"
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
        "arrived = np.asarray(gradients[id(x)] + arrived)",
        "pass",
        (GRAD,),
    ),
    Fault(
        "a gradient is added up in place",
        BACKWARD,
        "arrived = np.asarray(gradients[id(x)] + arrived)",
        "arrived = np.add(gradients[id(x)], arrived, out=gradients[id(x)])",
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
    Fault(
        "the sigmoid's slope lacks a factor",
        ACTIVATION,
        "da * a * (1 - a)",
        "da * (1 - a)",
        differences("sigmoid"),
    ),
    Fault(
        "the sigmoid's branches are swapped",
        ACTIVATION,
        "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))",
        "np.exp(np.minimum(-z, 0)) / (1 + np.exp(-np.abs(z)))",
        oracle("elementwise"),
    ),
    Fault(
        "tanh's slope is that of the input",
        ACTIVATION,
        "da * (1 - a * a)",
        "da * (1 - z * z)",
        differences("tanh"),
    ),
    Fault(
        "relu has a slope at zero",
        ACTIVATION,
        "da * (z > 0)",
        "da * (z >= 0)",
        ("tests/ops/test_activation.py",),
    ),
    Fault(
        "the softmax has no gradient",
        ACTIVATION,
        "lambda dp: p * (dp - (dp * p).sum(axis=axis, keepdims=True))",
        "lambda dp: 0 * dp",
        differences("softmax"),
    ),
    Fault(
        "the softmax's gradient leaves out the sum",
        ACTIVATION,
        "p * (dp - (dp * p).sum(axis=axis, keepdims=True))",
        "p * dp",
        differences("softmax"),
    ),
    Fault(
        "the softmax's gradient sums over the last axis, whichever was asked for",
        ACTIVATION,
        "(dp * p).sum(axis=axis,",
        "(dp * p).sum(axis=-1,",
        differences("softmax"),
    ),
    Fault(
        "the largest score is not subtracted",
        ACTIVATION,
        "log_p = z - z.max(axis=axis, keepdims=True)",
        "log_p = z.copy()",
        ("tests/ops/test_activation.py",),
    ),
    Fault(
        "the log-softmax's gradient weighs by the logarithm",
        ACTIVATION,
        "dlog_p - np.exp(log_p) *",
        "dlog_p - log_p *",
        differences("log_softmax"),
    ),
    Fault(
        "a layer's bias is averaged over the batch",
        LINEAR,
        "dy.sum(axis=0)",
        "dy.mean(axis=0)",
        differences("linear"),
    ),
    Fault(
        "a layer writes into its bias' gradient only for one example",
        LINEAR,
        "dy.sum(axis=0)",
        "dy[-1]",
        oracle("linear"),
    ),
    Fault(
        "a square's slope lacks its two",
        LOSS,
        "(2 * scale * dloss) * w * error",
        "(scale * dloss) * w * error",
        differences("mse_loss"),
    ),
    Fault(
        "the weighted mean of squares divides by their number",
        LOSS,
        "error.size if weight is None else weight.sum()",
        "error.size",
        oracle("mse_loss"),
    ),
    Fault(
        "the mean's gradient is that of the sum",
        LOSS,
        "return losses.sum() / total, 1 / total",
        "return losses.sum() / total, 1",
        differences("mse_loss"),
    ),
    Fault(
        "the weights of a log-loss are ignored",
        LOSS,
        "losses = -w * (y * log_p + (1 - y) * log_q)",
        "losses = -(y * log_p + (1 - y) * log_q)",
        oracle("binary_cross_entropy"),
    ),
    Fault(
        "a logarithm of zero is let through",
        LOSS,
        "np.maximum(np.log(p), -100)",
        "np.log(p)",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "the weight of the positives is given to the negatives too",
        LOSS,
        "both = cy + (1 - y)",
        "both = c",
        oracle("with_logits"),
    ),
    Fault(
        "the log-loss of scores loses the digits of a small loss",
        LOSS,
        "losses = both * np.maximum(z, 0) - cy * z + both * np.log1p(e)",
        "losses = both * np.log(1 + np.exp(z)) - cy * z",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "the cross-entropy's slope is the probability alone",
        LOSS,
        "dz[i, t] -= 1",
        "dz[i, t] -= 0",
        differences("cross_entropy"),
    ),
    Fault(
        "the weighted mean over labels divides by their number",
        LOSS,
        "return losses, vjp, w_t.sum()",
        "return losses, vjp, n",
        oracle("cross_entropy"),
    ),
    Fault(
        "an ignored label counts in the mean",
        LOSS,
        "return losses, vjp, w_t.sum()",
        "return losses, vjp, w_t.sum() + (n - len(i))",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "negative labels count from the end",
        LOSS,
        "t.min() >= 0 and t.max() < k",
        "t.max() < k",
        ("tests/ops/test_loss.py",),
    ),
    Fault(
        "smoothing takes nothing from the label",
        LOSS,
        "w[t] * (1 - label_smoothing)",
        "w[t]",
        oracle("cross_entropy"),
    ),
    Fault(
        "smoothing forgets the number of classes",
        LOSS,
        "w * (label_smoothing / k)",
        "w * label_smoothing",
        oracle("cross_entropy"),
    ),
    Fault(
        "the classes' axis is taken to be the last",
        LOSS,
        "axis = min(1, z.ndim - 1)",
        "axis = z.ndim - 1",
        oracle("cross_entropy"),
    ),
    Fault(
        "a target's gradient loses its sign",
        LOSS,
        "dt = (label_smoothing - 1) * w",
        "dt = (1 - label_smoothing) * w",
        differences("cross_entropy"),
    ),
    Fault(
        "Nesterov's step is the plain momentum's",
        SGD,
        "g = g + self.momentum * v if self.nesterov else v",
        "g = v",
        oracle("sgd"),
    ),
    Fault(
        "the first gradient is dampened too",
        SGD,
        "g if self.steps == 1 else (1 - self.dampening) * g",
        "(1 - self.dampening) * g",
        oracle("sgd"),
    ),
    Fault(
        "Adam's means are not corrected for their start",
        ADAM,
        "-self.lr * c / (1 - beta_1**k)",
        "-self.lr * c",
        oracle("adam"),
    ),
    Fault(
        "Adam's eps is added before the correction",
        ADAM,
        "new += c * self.eps",
        "new += self.eps",
        oracle("adam"),
    ),
    Fault(
        "the check of derivatives takes a cotangent of ones",
        "gradcheck.py",
        "rng.normal(size=x.shape), rng.normal(size=np.shape(y))",
        "rng.normal(size=x.shape), np.ones(np.shape(y))",
        ("tests/test_gradcheck.py",),
    ),
    Fault(
        "the check of derivatives lets NaN pass",
        "gradcheck.py",
        "if not gap <= tolerance:",
        "if gap > tolerance:",
        ("tests/test_gradcheck.py",),
    ),
]
