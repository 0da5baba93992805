"""Faults in the optimizers."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault, oracle

SGD, ADAM, DESCENT = "optim/sgd.py", "optim/adam.py", "optim/descent.py"
ACCUMULATED, NADAM, LION = "optim/accumulated.py", "optim/nadam.py", "optim/lion.py"
LAMB, MUON, OPTIMIZER = "optim/lamb.py", "optim/muon.py", "optim/optimizer.py"
SCHEDULES, CLIP = "optim/schedules.py", "optim/clip.py"
PLAIN = "tests/optim/test_plain_forms.py"

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
        "AMSGrad forgets the largest mean square",
        ADAM,
        "v = np.maximum(top, v, out=top)",
        "top[...] = v",
        oracle("adam"),
    ),
    Fault(
        "AdamW's decay does not shrink with the learning rate",
        ADAM,
        "(1 - self.lr * self.weight_decay) * w",
        "(1 - self.weight_decay) * w",
        oracle("adamw"),
    ),
    Fault(
        "NAdam looks one step too far ahead",
        NADAM,
        "self._mu(k), self._mu(k + 1)",
        "self._mu(k), self._mu(k + 2)",
        oracle("nadam"),
    ),
    Fault(
        "Adagrad's rate decays one step early",
        ACCUMULATED,
        "(1 + (self.steps - 1) * self.lr_decay)",
        "(1 + self.steps * self.lr_decay)",
        oracle("adagrad"),
    ),
    Fault(
        "RMSprop's eps is under the root",
        ACCUMULATED,
        "            np.sqrt(v, out=new)\n        new += self.eps",
        "            np.sqrt(v + self.eps, out=new)",
        oracle("rmsprop"),
    ),
    Fault(
        "Adadelta measures its step after it has been scaled",
        ACCUMULATED,
        "u += (1 - self.rho) * (new * new)",
        "u += (1 - self.rho) * (self.lr * new) ** 2",
        oracle("adadelta"),
    ),
    Fault(
        "Lion steps by the mean that it keeps",
        LION,
        "np.sign(beta_1 * m + (1 - beta_1) * g, out=new)",
        "np.sign(beta_2 * m + (1 - beta_2) * g, out=new)",
        (PLAIN, "-k", "lion"),
    ),
    Fault(
        "LAMB takes the length of all parameters together",
        LAMB,
        "whole: ClassVar[bool] = True",
        "whole: ClassVar[bool] = False",
        (PLAIN, "-k", "lamb"),
    ),
    Fault(
        "Muon scales by inputs over outputs",
        MUON,
        "max(1, k / d)",
        "max(1, d / k)",
        (PLAIN, "-k", "muon"),
    ),
    Fault(
        "a resumed optimizer counts its steps from zero",
        OPTIMIZER,
        'self.lr, self.steps = float(given.pop("lr")), int(given.pop("steps"))',
        'self.lr, self.steps = float(given.pop("lr")), 0 * int(given.pop("steps"))',
        ("tests/optim/test_state.py", "-k", "goes_on"),
    ),
    Fault(
        "a milestone takes effect one step late",
        SCHEDULES,
        "self.gamma ** bisect_right(self.milestones, k)",
        "self.gamma ** bisect_right(self.milestones, k - 1)",
        oracle("schedules"),
    ),
    Fault(
        "each gradient is clipped by its own norm",
        CLIP,
        "return [g * scale if scale < 1 else g for g in gradients], norm",
        "return [g * min(1, max_norm / np.linalg.norm(g)) for g in gradients], norm",
        oracle("clipping"),
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
