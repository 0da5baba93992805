"""Faults in the optimizers."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, oracle

SGD, ADAM, DESCENT = "optim/sgd.py", "optim/adam.py", "optim/descent.py"

FAULTS = [
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
        "descent goes up",
        DESCENT,
        "path[k] - lr * g",
        "path[k] + lr * g",
        ("tests/optim/test_descent.py", "-k", "each_step"),
    ),
    Fault(
        "a gradient may write into the path of a descent",
        DESCENT,
        "gradient(np.array(path[k]))",
        "gradient(path[k])",
        ("tests/optim/test_descent.py", "-k", "written_to"),
    ),
    Fault(
        "a gradient with one finite entry is taken for a good one",
        DESCENT,
        "np.isfinite(g).all()",
        "np.isfinite(g).any()",
        ("tests/optim/test_descent.py", "-k", "names_the_step"),
    ),
]
