"""Faults in normalizations, dropout and penalties."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, differences

FOLDER = "ops/normalization/"
CHANNELS, WITHIN, LAYER, BATCH, GROUP = (
    f"{FOLDER}{name}.py" for name in ("channels", "within", "layer", "batch", "group")
)
PLAIN = ("tests/ops/test_normalization.py",)
LAYERS = ("tests/nn/test_normalization.py",)
REGULARIZATION = ("tests/ops/test_regularization.py",)

FAULTS = [
    Fault(
        "a row's gradient keeps its mean",
        WITHIN,
        "                taken_off += mean\n",
        "",
        differences("layer_norm"),
    ),
    Fault(
        "a row's gradient keeps its part along the row",
        WITHIN,
        "np.multiply(x_hat[i].reshape(taken_off.shape), along, out=taken_off)",
        "taken_off[:] = 0",
        differences("layer_norm"),
    ),
    Fault(
        "a row's gradient is not scaled",
        WITHIN,
        "rows *= s[i].reshape(-1, 1)",
        "pass",
        differences("layer_norm"),
    ),
    Fault(
        "a row's gradient forgets the learned scale",
        WITHIN,
        "g = dy[i] if gammas is None else np.multiply(dy[i], gammas, out=dx[i])",
        "g = dy[i]",
        differences("layer_norm"),
    ),
    Fault(
        "a row's variance is the unbiased one",
        WITHIN,
        "[..., None] / out.shape[-1] - rest * rest",
        "[..., None] / (out.shape[-1] - 1) - rest * rest",
        PLAIN,
    ),
    Fault(
        "what rounding left of a row's mean stays",
        WITHIN,
        "        out -= rest\n",
        "        pass\n",
        PLAIN,
    ),
    Fault(
        "the groups are as long as there are of them",
        WITHIN,
        "size = c // groups * l",
        "size = groups * l",
        PLAIN,
    ),
    Fault(
        "the mean square's gradient has the wrong sign",
        LAYER,
        "np.subtract(g, np.multiply(x_hat[i], along, out=dx[i]), out=dx[i])",
        "np.add(g, np.multiply(x_hat[i], along, out=dx[i]), out=dx[i])",
        differences("rms_norm"),
    ),
    Fault(
        "instances have no positions to themselves",
        GROUP,
        "groups=c, eps=eps",
        "groups=1, eps=eps",
        PLAIN,
    ),
    Fault(
        "the scale's gradient is that of the numbers before normalization",
        BATCH,
        "dgamma = s * (dgamma - rest * dbeta)",
        "dgamma = dgamma - rest * dbeta",
        differences("batch_norm"),
    ),
    Fault(
        "the scale's gradient forgets where the shift was put",
        BATCH,
        "dgamma = s * (dgamma - rest * dbeta)",
        "dgamma = s * dgamma",
        differences("batch_norm"),
    ),
    Fault(
        "a batch's gradient forgets its positions",
        BATCH,
        "slope = s * dgamma / m",
        "slope = s * dgamma / len(x)",
        differences("batch_norm"),
    ),
    Fault(
        "a batch's gradient keeps its mean",
        BATCH,
        "dbeta / m - rest * slope",
        "-rest * slope",
        differences("batch_norm"),
    ),
    Fault(
        "the variance is a difference of large numbers",
        BATCH,
        "    for _ in range(2):  #",
        "    for _ in range(0):  #",
        PLAIN,
    ),
    Fault(
        "the shift of the numbers is rounded once and for all",
        BATCH,
        "    for _ in range(2):  #",
        "    for _ in range(1):  #",
        PLAIN,
    ),
    Fault(
        "the part of the mean behind the shift is not told",
        BATCH,
        "return centered, rest, shift + rest,",
        "return centered, rest, shift,",
        PLAIN,
    ),
    Fault(
        "a given variance's gradient lacks its half",
        BATCH,
        "-0.5 * a * s * dgamma",
        "-a * s * dgamma",
        differences("batch_norm"),
    ),
    Fault(
        "a given mean's gradient has the wrong sign",
        BATCH,
        "-a * dbeta",
        "a * dbeta",
        differences("batch_norm"),
    ),
    Fault(
        "only the first part of the examples counts",
        CHANNELS,
        "for i in range(0, len(x), size)",
        "for i in range(0, min(len(x), 2 * size), size)",
        PLAIN,
    ),
    Fault(
        "long sums are added up in float32",
        CHANNELS,
        "min(_EXAMPLES, _BYTES // max(1, x[:1].nbytes))",
        "_EXAMPLES * _BYTES",
        PLAIN,
    ),
    Fault(
        "the running variance is the biased one",
        "nn/batch_norm.py",
        "moments[1] * (m / (m - 1))",
        "moments[1]",
        LAYERS,
    ),
    Fault(
        "the running statistics keep a tenth",
        "nn/batch_norm.py",
        "running + self.momentum * (now - running)",
        "now + self.momentum * (running - now)",
        LAYERS,
    ),
    Fault(
        "a frozen layer's statistics are moved",
        "nn/batch_norm.py",
        "if rng is None or self.is_frozen:",
        "if rng is None:",
        LAYERS,
    ),
    Fault(
        "a single value for each channel is trained on",
        "nn/batch_norm.py",
        "if m < 2:",
        "if m < 1:",
        LAYERS,
    ),
    Fault(
        "the statistics are written into",
        "nn/batch_norm.py",
        "self.running_mean = self._moved(self.running_mean, moments[0])",
        "self.running_mean[:] = self._moved(self.running_mean, moments[0])",
        LAYERS,
    ),
    Fault(
        "an evaluation without rng goes unnoticed",
        "nn/dropout.py",
        "return evaluated(self, x)",
        "return x",
        LAYERS,
    ),
    Fault(
        "what stays is not scaled up",
        "ops/dropout.py",
        "1 / (1 - p) if p < 1 else 0",
        "1",
        REGULARIZATION,
    ),
    Fault(
        "the share that stays is taken for the share that goes",
        "ops/dropout.py",
        "np.float32) >= p",
        "np.float32) < p",
        REGULARIZATION,
    ),
    Fault(
        "a square's slope lacks its two in the penalty",
        "ops/penalty.py",
        "w * (2 * dpenalty)",
        "w * dpenalty",
        differences("l2"),
    ),
    Fault(
        "the size has a slope at zero",
        "ops/penalty.py",
        "np.sign(w) * dpenalty",
        "np.where(w < 0, -1, 1) * dpenalty",
        REGULARIZATION,
    ),
    Fault(
        "only the first array is penalized",
        "ops/penalty.py",
        "np.sum([np.abs(w).sum() for w in ws])",
        "np.sum([np.abs(w).sum() for w in ws[:1]])",
        REGULARIZATION,
    ),
]
