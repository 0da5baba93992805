"""Ctrl-C: the step that it met is complete, and the file is there to go on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Tensor
from dlbook.nn import Linear
from dlbook.ops import mse_loss
from dlbook.optim import Adam
from dlbook.train import Callback, Checkpoint, Run
from dlbook.train.interruption import Whole
from tests.train.parts import Stop, network, train

SCRIPT = """
import hashlib, sys, numpy as np
from dlbook import models, ops, optim, train

class Told(train.Callback):
    def on_step(self, run):
        print(run.step, flush=True)

path, resume = sys.argv[1], sys.argv[2:] or [None]
rng = np.random.default_rng(0)
x, t = rng.normal(size=(640, 64)).astype(np.float32), rng.integers(10, size=640)
model = models.MLP([64, 32, 10], rng=rng)
train.fit(
    model, x, t, loss=ops.cross_entropy, optimizer=optim.Adam(model.parameters()), epochs=30, batch_size=16, rng=rng,
    callbacks=[train.Checkpoint(path), Told()], resume=resume[0], progress=False,
)
print(hashlib.sha256(b"".join(array.tobytes() for array in model.state_dict().values())).hexdigest())
"""


def script(*arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_ctrl_c_leaves_a_file_from_which_the_run_goes_on_to_the_last_bit(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "run.npz")
    with script(str(tmp_path / "through.npz")) as through:
        expected = through.communicate()[0].split()[-1]
    with script(path) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) == 57:
                break
        child.send_signal(signal.SIGINT)
        after, told = child.communicate()
    assert child.returncode in (-signal.SIGINT, 130)
    assert "KeyboardInterrupt" in told
    assert "the parameters are whole" in told
    assert f"fit: go on with resume={path!r}" in told
    steps = len(after.split())
    assert steps < 1000
    with script(path, path) as child:
        shown, told = child.communicate()
    assert told == ""
    *rest, digest = shown.split()
    assert digest == expected
    assert int(rest[0]) == 57 + steps + 1


def test_ctrl_c_waits_for_the_end_of_the_step() -> None:
    model = Linear(3, 1, rng=np.random.default_rng(0))
    optimizer = Adam(model.parameters())
    seen: list[Any] = []

    def loss(output: Tensor, y: Any) -> Tensor:
        if len(seen) == 7:
            signal.raise_signal(signal.SIGINT)
        seen.append(model.w.value)
        return mse_loss(output, y)

    with pytest.raises(KeyboardInterrupt) as caught:
        train(model, loss=loss, optimizer=optimizer, validation=None)
    assert len(seen) == optimizer.steps == 8
    assert not np.array_equal(model.w.value, seen[-1])
    assert caught.value.__notes__ == [
        "fit: stopped in epoch 2, after step 8; the parameters are whole"
    ]
    shown = "".join(traceback.format_exception(caught.value))
    assert shown.endswith("the parameters are whole\n")


def test_a_second_ctrl_c_does_not_wait_and_nothing_torn_is_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "run.npz"
    calls = []

    def loss(output: Tensor, y: Any) -> Tensor:
        calls.append(1)
        if len(calls) == 9:  # six steps and a validation, then the second of the epoch
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("hangs for ever")
        return mse_loss(output, y)

    model = network()
    optimizer = Adam(model.parameters(), 0.01)
    with pytest.raises(KeyboardInterrupt) as caught:
        train(model, loss=loss, optimizer=optimizer, callbacks=[Checkpoint(path)])
    assert optimizer.steps == 7
    assert caught.value.__notes__ == [f"fit: go on with resume={str(path)!r}"]
    through, resumed = network(), network(seed=9)
    train(through)
    train(resumed, resume=path)
    np.testing.assert_equal(resumed.state_dict(), through.state_dict())


def test_ctrl_c_does_not_tear_a_callback_or_the_last_file(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"

    class Impatient(Callback):
        def on_end(self, run: Run, error: BaseException | None) -> None:
            if error is not None:
                signal.raise_signal(signal.SIGINT)

    callbacks = [Stop(8), Impatient(), Checkpoint(path)]
    with pytest.raises(KeyboardInterrupt):
        train(network(), callbacks=callbacks)
    through, resumed = network(), network(seed=9)
    train(through)
    train(resumed, resume=path)
    np.testing.assert_equal(resumed.state_dict(), through.state_dict())


def test_without_a_checkpoint_the_message_names_the_place() -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        train(network(), callbacks=[Stop(5)])
    assert caught.value.__notes__ == [
        "fit: stopped in epoch 1, after step 5; the parameters are whole"
    ]


@pytest.mark.parametrize("error", [None, ValueError("no")])
def test_afterwards_ctrl_c_is_what_it_was(error: Exception | None) -> None:
    before = signal.getsignal(signal.SIGINT)
    if error is None:
        train(network(), epochs=1)
    else:
        with pytest.raises(ValueError, match="no"):
            train(network(), epochs=1, callbacks=[Stop(2, error)])
    assert signal.getsignal(signal.SIGINT) is before


def test_somebody_else_s_way_with_ctrl_c_is_left_alone() -> None:
    heard = []

    def hear(*_: Any) -> None:
        heard.append(1)

    before = signal.signal(signal.SIGINT, hear)
    try:
        train(network(), epochs=2, callbacks=[Stop(3)])
        assert signal.getsignal(signal.SIGINT) is hear
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [1]


def test_a_run_in_another_thread_is_as_good() -> None:
    model, other = network(), network()
    thread = threading.Thread(target=train, args=(model,))
    thread.start()
    thread.join()
    train(other)
    np.testing.assert_equal(model.state_dict(), other.state_dict())


def test_a_run_within_a_run_waits_for_the_outer_step() -> None:
    inner = network()
    steps = []

    class Nested(Callback):
        def on_step(self, run: Run) -> None:
            if run.step == 2:
                history = train(inner, epochs=1, callbacks=[Stop(1)])
                steps.append(history.steps)

    with pytest.raises(KeyboardInterrupt):
        train(network(), callbacks=[Nested()])
    assert steps == [5]


def test_outside_of_a_block_ctrl_c_is_immediate() -> None:
    whole = Whole()
    with pytest.raises(KeyboardInterrupt), whole.listening():
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("went on")
    with whole:
        pass
    assert not whole.torn
