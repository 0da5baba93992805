"""Faults in the training loop, its callbacks and its files."""

from __future__ import annotations

from tests.mutations.faults.fault import Fault

LOOP, RUN, FILE = "train/loop.py", "train/run.py", "train/file.py"
CHECKPOINT, STOPPING = "train/checkpoint.py", "train/stopping.py"
NONFINITE, INTERRUPTION = "train/nonfinite.py", "train/interruption.py"
CUT = ("tests/train/test_checkpoint.py", "-x", "-k")

FAULTS = [
    Fault(
        "the rest of an epoch that was cut comes in another order",
        RUN,
        "set_state(self.rng, self.epoch_state)",
        "set_state(self.rng, now)",
        (*CUT, "after_any_step"),
    ),
    Fault(
        "an order that was drawn and not used is lost",
        CHECKPOINT,
        '"state": now if run.steps_of_epoch else before',
        '"state": now',
        (*CUT, "between_the_drawing"),
    ),
    Fault(
        "the loss of an epoch that was cut has no first half",
        CHECKPOINT,
        '"total": run.total',
        '"total": 0.0',
        (*CUT, "after_any_step"),
    ),
    Fault(
        "a checkpoint is written before the others have decided",
        LOOP,
        "isinstance(callback, Checkpoint),",
        "not isinstance(callback, Checkpoint),",
        (*CUT, "early_stopping_goes_on"),
    ),
    Fault(
        "another optimizer with as many arrays is taken",
        CHECKPOINT,
        '"optimizer": type(run.optimizer).__name__',
        '"optimizer": ""',
        (*CUT, "another_run"),
    ),
    Fault(
        "what was torn is written over what was whole",
        CHECKPOINT,
        "isinstance(error, KeyboardInterrupt) and not run.whole.torn",
        "isinstance(error, KeyboardInterrupt)",
        ("tests/train/test_interruption.py", "-k", "second_ctrl_c"),
    ),
    Fault(
        "the second Ctrl-C waits as well",
        INTERRUPTION,
        "if not self._inside or self._asked:",
        "if not self._inside:",
        ("tests/train/test_interruption.py", "-k", "second_ctrl_c"),
    ),
    Fault(
        "Ctrl-C stops a step halfway",
        INTERRUPTION,
        "self._inside = True",
        "self._inside = False",
        ("tests/train/test_interruption.py", "-k", "end_of_the_step"),
    ),
    Fault(
        "a new file takes the old one's place before it is on the disk",
        FILE,
        "os.fsync(file.fileno())",
        "pass",
        ("tests/train/test_file.py", "-k", "on_the_disk"),
    ),
    Fault(
        "a new file is written over the old one",
        FILE,
        'path.with_name(path.name + ".partial")',
        "path",
        ("tests/train/test_file.py", "-k", "old_file_whole"),
    ),
    Fault(
        "what is not better by min_delta counts as better",
        STOPPING,
        "loss < self.best - self.min_delta",
        "loss < self.best",
        ("tests/train/test_stopping.py", "-k", "patience"),
    ),
    Fault(
        "patience lasts an epoch too long",
        STOPPING,
        "run.epoch - self.best_epoch >= self.patience",
        "run.epoch - self.best_epoch > self.patience",
        ("tests/train/test_stopping.py", "-k", "patience"),
    ),
    Fault(
        "a gradient's trouble is put down to the first layer that it reached last",
        NONFINITE,
        "wrong[-1] if wrong",
        "wrong[0] if wrong",
        ("tests/train/test_nonfinite.py", "-k", "way_back"),
    ),
    Fault(
        "the pass is run again with other numbers drawn",
        NONFINITE,
        "set_state(run.rng, state)",
        "pass",
        ("tests/train/test_nonfinite.py", "-k", "drawn_again"),
    ),
    Fault(
        "a schedule forgets the steps of the run before",
        LOOP,
        "schedule(optimizer.steps)",
        "schedule(run.step)",
        ("tests/train/test_callbacks.py", "-k", "schedule"),
    ),
    Fault(
        "a frozen layer asks for a generator",
        LOOP,
        "module.differs_in_training and not module.is_frozen",
        "module.differs_in_training",
        ("tests/train/test_callbacks.py", "-k", "asks_for_a_generator"),
    ),
    Fault(
        "an epoch's loss weighs its batches alike",
        RUN,
        "self.total += loss * n",
        "self.total += loss * len(self.portions.arrays[0]) / len(self.portions)",
        ("tests/train/test_loop.py", "-k", "weighs"),
    ),
]
