"""Faults in networks of images."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

LENET, RESNET = "models/lenet.py", "models/resnet.py"
OF_LENET = ("tests/models/test_lenet.py", "-k", "not learns and not differences")
OF_RESNET = ("tests/models/test_resnet.py", "-k", "block or shortcut or he_s")

FAULTS = [
    Fault(
        "a map of C3 sees the wrong maps",
        LENET,
        "(0, 1, 4, 5), (0, 1, 2, 5)",
        "(0, 1, 3, 5), (0, 1, 2, 5)",
        OF_LENET,
    ),
    Fault(
        "subsampling takes the mean of four neighbors instead of their sum",
        LENET,
        "(4 * w) * means + b",
        "w * means + b",
        OF_LENET,
    ),
    Fault(
        "the kernels of the table are put into other places",
        LENET,
        "places[outputs, inputs] = range(len(self.w))",
        "places[outputs, inputs] = range(len(self.w))[::-1]",
        OF_LENET,
    ),
    Fault(
        "the farthest picture has the largest score",
        LENET,
        "return -(apart * apart).sum(axis=2)",
        "return (apart * apart).sum(axis=2)",
        OF_LENET,
    ),
    Fault(
        "LeNet's squashing does not keep one",
        LENET,
        "ops.tanh(2 / 3 * z)",
        "ops.tanh(z)",
        OF_LENET,
    ),
    Fault(
        "the last norm of a block has a ReLU before the sum",
        RESNET,
        "if norm is not last:",
        "if norm is not self.norms[0]:",
        OF_RESNET,
    ),
    Fault(
        "a block forgets what came",
        RESNET,
        "x if self.shortcut is None else",
        "0 * x if self.shortcut is None else",
        OF_RESNET,
    ),
    Fault(
        "a bottleneck loses its stride",
        RESNET,
        "strides = (1, stride, 1) if bottleneck",
        "strides = (1, 1, 1) if bottleneck",
        OF_RESNET,
    ),
    Fault(
        "the norms of a block learn nothing of training",
        RESNET,
        "norm(convolution(y, rng=rng), rng=rng)",
        "norm(convolution(y, rng=rng))",
        OF_RESNET,
    ),
    Fault(
        "new channels come before the old ones",
        RESNET,
        "pad=(0, 0, 0, 0, 0, self.more)",
        "pad=(0, 0, 0, 0, self.more, 0)",
        OF_RESNET,
    ),
]
