"""A file is replaced only by a whole one; weights go out and come back."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.nn import Linear, Module
from dlbook.train import Checkpoint, load, save
from dlbook.train.file import read, write
from tests.train.parts import network, train


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_weights_come_back_to_the_last_bit(dtype: Any, tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    model, other = network().to(dtype), network(seed=9).to(dtype)
    model[2].mean = np.arange(4, dtype=dtype)  # type: ignore[attr-defined]
    model[0].freeze()  # type: ignore[attr-defined]
    save(path, model)
    assert load(path, other) is other
    state = other.state_dict()
    assert list(state) == ["0.w", "0.b", "2.mean", "3.w", "3.b"]
    for name, array in model.state_dict().items():
        assert_array_equal(state[name], array)
        assert state[name].dtype == dtype


def test_weights_are_brought_to_the_module_s_dtype(tmp_path: Path) -> None:
    save(tmp_path / "weights.npz", network())
    model = load(str(tmp_path / "weights.npz"), network(seed=9).to(np.float64))
    assert model[0].w.dtype == np.float64  # type: ignore[attr-defined]
    assert_array_equal(model[0].w.value, network()[0].w.value)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (network(hidden=5), r"0.w: expected shape \(3, 5\), got \(3, 4\)"),
        (network()[:2], "has the unknown 2.mean, 3.w, 3.b"),
        (Linear(3, 4, rng=np.random.default_rng(0)), "lacks w, b"),
    ],
)
def test_weights_of_another_module_are_refused(
    other: Module, message: str, tmp_path: Path
) -> None:
    save(tmp_path / "weights.npz", network())
    before = other.state_dict()
    with pytest.raises(ValueError, match=rf"load: .*weights.npz: .*{message}"):
        load(tmp_path / "weights.npz", other)
    np.testing.assert_equal(other.state_dict(), before)


def test_only_modules_are_saved(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="save: module: expected a Module, got dict"):
        save(tmp_path / "weights.npz", {"w": np.ones(3)})  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_nothing_is_ever_pickled(tmp_path: Path) -> None:
    class Odd(Module):
        def __init__(self) -> None:
            self.things = np.array([{}, None], dtype=object)

        def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
            return x

    with pytest.raises(
        TypeError, match=r"model.things: expected numbers, got Python objects"
    ):
        save(tmp_path / "weights.npz", Odd())
    assert not list(tmp_path.iterdir())


def test_numpy_alone_reads_the_file(tmp_path: Path) -> None:
    save(tmp_path / "weights.npz", network())
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as file:
        assert_array_equal(file["model.0.w"], network()[0].w.value)  # type: ignore[attr-defined]


def test_any_name_can_be_given_to_a_part_or_an_array(tmp_path: Path) -> None:
    named = {
        name: np.ones(2)
        for name in ("file", "allow_pickle", "a.b/c", "header", "größe")
    }
    write(tmp_path / "any", {"n": 2**127, "nan": float("nan")}, header=named)
    told, parts = read(tmp_path / "any")
    assert told["n"] == 2**127
    np.testing.assert_equal(parts, {"header": named})


def broken(*_: Any, **__: Any) -> NoReturn:
    raise OSError("no space left on device")


def half(file: Any, **_: Any) -> NoReturn:
    file.write(b"PK half a file")
    raise OSError("no space left on device")


def interrupted(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("target", "failure"),
    [
        ("os.replace", broken),
        ("os.fsync", broken),
        ("numpy.savez", half),
        ("os.fsync", interrupted),
    ],
)
def test_a_write_that_fails_leaves_the_old_file_whole(
    target: str, failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.npz"
    train(network(), epochs=2, callbacks=[Checkpoint(path)])
    before = path.read_bytes()
    monkeypatch.setattr(target, failure)
    with pytest.raises((OSError, KeyboardInterrupt)) as caught:
        train(network(), epochs=4, callbacks=[Checkpoint(path)], resume=path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]
    assert any("resume=" in note for note in caught.value.__notes__)
    train(network(), epochs=4, callbacks=[Checkpoint(path)], resume=path)


def test_the_file_is_on_the_disk_before_it_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    replace, fsync = os.replace, os.fsync

    def synced(number: int) -> None:
        fsync(number)
        done.append(("fsync", os.fstat(number).st_size))

    def replaced(partial: Path, path: Path) -> None:
        done.append(("replace", partial.stat().st_size))
        assert partial.parent == path.parent
        replace(partial, path)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    save(tmp_path / "weights.npz", network())
    size = (tmp_path / "weights.npz").stat().st_size
    assert done == [("fsync", size), ("replace", size)]


def test_a_file_may_be_read_by_whom_any_other_file_may_be_read(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    save(tmp_path / "weights.npz", network())
    plain, weights = (
        stat.S_IMODE((tmp_path / name).stat().st_mode)
        for name in ("plain", "weights.npz")
    )
    assert weights == plain


def test_a_process_that_is_killed_while_it_writes_leaves_a_whole_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "weights.npz"
    code = (
        "import sys, numpy as np\n"
        "from dlbook import nn, train\n"
        "model = nn.Linear(700, 500, rng=np.random.default_rng(0))\n"
        "while True:\n"
        "    train.save(sys.argv[1], model)\n"
        "    print('.', flush=True)\n"
    )
    expected = Linear(700, 500, rng=np.random.default_rng(0)).w.value
    for wait in (0.0, 0.003, 0.011):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(wait)
            child.send_signal(signal.SIGKILL)
        model = Linear(700, 500, rng=np.random.default_rng(1))
        assert_array_equal(load(path, model).w.value, expected)
