"""A run that was cut goes on exactly; a file that it can't go on with is refused and changes nothing."""

from __future__ import annotations

import json
import pickle
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from dlbook.autograd import Parameter
from dlbook.data.batch import Batches
from dlbook.nn import BatchNorm1d, Dropout, Linear, Module, Sequential
from dlbook.ops import relu
from dlbook.optim import Adam, AdamW, CosineAnnealingLR
from dlbook.train import Callback, Checkpoint, EarlyStopping, History, Run, load, save
from tests.train.parts import Stop, network, numbers, train


def assert_same(a: Any, b: Any) -> None:
    """Two models with the same state, to the last bit."""
    ours, theirs = a.state_dict(), b.state_dict()
    assert list(ours) == list(theirs)
    for name, array in ours.items():
        assert_array_equal(array, theirs[name])


@pytest.mark.parametrize(
    "bits",
    [
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.MT19937,
        np.random.Philox,
        np.random.SFC64,
    ],
)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_ten_epochs_are_four_and_six_to_the_last_bit(
    optimizer: str, bits: Any, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    settings: dict[str, Any] = {"optimizer": optimizer, "bits": bits}
    through, cut, resumed = network(), network(), network(seed=9)
    whole = train(through, **settings)
    train(cut, epochs=4, callbacks=[Checkpoint(path)], **settings)
    history = train(resumed, resume=path, **settings)
    assert_same(resumed, through)
    assert numbers(history) == numbers(whole)
    assert history.steps == 50
    assert not np.array_equal(cut[0].w.value, through[0].w.value)  # type: ignore[attr-defined]


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("step", range(1, 16))
def test_a_run_may_be_cut_after_any_step(
    step: int, optimizer: str, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    settings: dict[str, Any] = {"optimizer": optimizer, "epochs": 3}
    through, cut, resumed = network(), network(), network(seed=9)
    whole = train(through, **settings)
    with pytest.raises(KeyboardInterrupt):
        train(cut, callbacks=[Stop(step), Checkpoint(path)], **settings)
    history = train(resumed, resume=path, **settings)
    assert_same(resumed, through)
    assert numbers(history) == numbers(whole)


def test_a_run_may_be_cut_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    through = network()
    whole = train(through)
    resume = None
    for step in (3, 4, 5, 17, 38):
        with pytest.raises(KeyboardInterrupt):
            train(network(), callbacks=[Stop(step), Checkpoint(path)], resume=resume)
        resume = path
    resumed = network()
    assert numbers(train(resumed, resume=path)) == numbers(whole)
    assert_same(resumed, through)


def test_a_run_may_be_cut_while_it_is_validated(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    calls = []

    def error(targets: Any, outputs: Any) -> float:
        calls.append(1)
        if len(calls) == 13:  # the third epoch of the run that is cut
            signal.raise_signal(signal.SIGINT)
        return float(np.abs(targets - outputs).max())

    through, resumed = network(), network(seed=9)
    whole = train(through, metrics={"error": error})
    with pytest.raises(KeyboardInterrupt):
        train(network(), metrics={"error": error}, callbacks=[Checkpoint(path)])
    assert len(calls) == 13
    history = train(resumed, metrics={"error": error}, resume=path)
    assert_same(resumed, through)
    assert numbers(history) == numbers(whole)


@pytest.mark.parametrize(("every", "last"), [(7, 21), (5, 20), (1, 23), (None, 20)])
def test_a_crash_costs_the_steps_since_the_last_file(
    every: int | None, last: int, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    through, resumed = network(), network(seed=9)
    train(through)
    with pytest.raises(RuntimeError, match="power") as caught:
        train(
            network(),
            callbacks=[
                Checkpoint(path, every_steps=every),
                Stop(24, RuntimeError("no power")),
            ],
        )
    assert caught.value.__notes__ == [f"fit: go on with resume={str(path)!r}"]
    steps: list[int] = []

    class Steps(Callback):
        def on_step(self, run: Run) -> None:
            steps.append(run.step)

    train(resumed, resume=path, callbacks=[Steps()])
    assert steps == list(range(last + 1, 51))
    assert_same(resumed, through)


def test_a_run_may_be_cut_between_the_drawing_of_an_order_and_its_first_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.npz"
    through, resumed = network(), network(seed=9)
    train(through)
    whole, passes = Batches.__iter__, []

    def cut(self: Batches) -> Iterator[Any]:
        portions = whole(self)
        passes.append(next(portions))
        if len(passes) == 5:  # each validation passes over its examples, too
            raise KeyboardInterrupt
        yield passes[-1]
        yield from portions

    monkeypatch.setattr(Batches, "__iter__", cut)
    with pytest.raises(KeyboardInterrupt):
        train(network(), callbacks=[Checkpoint(path)])
    monkeypatch.undo()
    assert len(passes[-1]) == 2
    train(resumed, resume=path)
    assert_same(resumed, through)


def test_only_a_file_of_this_run_is_recommended(tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "run.npz")
    for resume in (None, path):
        with pytest.raises(RuntimeError) as caught:
            train(
                network(),
                callbacks=[
                    EarlyStopping(99),
                    Checkpoint(path),
                    Stop(21, RuntimeError()),
                ]
                if resume
                else [Checkpoint(path), Stop(2, RuntimeError())],
                resume=resume,
            )
        notes = getattr(caught.value, "__notes__", [])
        assert notes == ([f"fit: go on with resume={str(path)!r}"] if resume else [])


def test_what_is_trained_outside_of_the_model_is_refused(tmp_path: Path) -> None:
    model, outside = network(), Parameter(np.ones(2, np.float32))
    optimizer = Adam([*model.parameters(), outside])
    with pytest.raises(
        ValueError,
        match=r"fit: Checkpoint: expected an optimizer of parameters that the model trains, "
        r"got another as number 4, of shape \(2,\)",
    ):
        train(model, optimizer=optimizer, callbacks=[Checkpoint(tmp_path / "run.npz")])


def test_a_schedule_goes_on_with_the_right_rate(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    schedule = CosineAnnealingLR(0.05, T_max=50)
    through, resumed = network(), network(seed=9)
    train(through, schedule=schedule, clip_norm=0.5)
    with pytest.raises(KeyboardInterrupt):
        train(
            network(),
            schedule=schedule,
            clip_norm=0.5,
            callbacks=[Stop(22), Checkpoint(path)],
        )
    train(resumed, schedule=schedule, clip_norm=0.5, resume=path)
    assert_same(resumed, through)


@pytest.mark.parametrize("error", [None, RuntimeError("no power")])
@pytest.mark.parametrize("step", [3, 16, 22, 41])
def test_early_stopping_goes_on_with_what_it_remembers(
    step: int, error: Exception | None, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    through, resumed = network(), network(seed=9)
    stopping, again = EarlyStopping(6), EarlyStopping(6)
    settings: dict[str, Any] = {"optimizer": "SGD", "epochs": 60}
    whole = train(through, callbacks=[stopping], **settings)
    assert 8 < len(whole.loss) < 60
    # the checkpoint's turn is the last, wherever it is named: it must hold what the others decided
    callbacks = [Checkpoint(path, every_steps=2), EarlyStopping(6), Stop(step, error)]
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        train(network(), callbacks=callbacks, **settings)
    history = train(resumed, callbacks=[again], resume=path, **settings)
    assert numbers(history) == numbers(whole)
    assert (again.best, again.best_epoch) == (stopping.best, stopping.best_epoch)
    assert_same(resumed, through)


def test_a_run_that_was_stopped_early_stays_stopped(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    settings: dict[str, Any] = {"optimizer": "SGD", "epochs": 60}
    first, second = network(), network(seed=9)
    callbacks = [EarlyStopping(6), Checkpoint(path)]
    whole = train(first, callbacks=callbacks, **settings)
    history = train(second, callbacks=[EarlyStopping(6)], resume=path, **settings)
    assert numbers(history) == numbers(whole)
    assert_same(second, first)
    longer = train(network(), callbacks=[EarlyStopping(9)], resume=path, **settings)
    assert len(longer.loss) > len(whole.loss)


def test_a_run_without_a_generator_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"

    def make() -> Linear:
        return Linear(3, 1, rng=np.random.default_rng(0))

    through, resumed = make(), make()
    train(through, rng=None)
    with pytest.raises(KeyboardInterrupt):
        train(make(), rng=None, callbacks=[Stop(8), Checkpoint(path)])
    train(resumed, rng=None, resume=path)
    assert_same(resumed, through)


@pytest.mark.parametrize("step", [2, 5, 8])
def test_dropout_and_batch_normalization_go_on(step: int, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"

    def make(seed: int) -> Sequential:
        rng = np.random.default_rng(seed)
        first, last = Linear(3, 8, rng=rng), Linear(8, 1, rng=rng)
        return Sequential(first, BatchNorm1d(8), relu, Dropout(0.3), last)

    through, resumed = make(0), make(9)
    whole = train(through, epochs=3)
    with pytest.raises(KeyboardInterrupt):
        train(make(0), epochs=3, callbacks=[Stop(step), Checkpoint(path)])
    history = train(resumed, epochs=3, resume=path)
    assert numbers(history) == numbers(whole)
    assert_same(resumed, through)


def test_a_finished_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    model, other = network(), network(seed=9)
    whole = train(model, callbacks=[Checkpoint(path)])
    history = train(other, resume=path)
    assert numbers(history) == numbers(whole)
    assert history.seconds == whole.seconds
    assert_same(other, model)


def test_the_time_of_both_parts_is_added(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    before = train(network(), epochs=4, callbacks=[Checkpoint(path)])
    assert train(network(), resume=path).seconds > before.seconds


def test_a_checkpoint_is_a_file_of_weights_too(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    model = network()
    train(model, epochs=2, callbacks=[Checkpoint(path)])
    assert_same(load(path, network(seed=9)), model)


def checkpoint(path: Path) -> Path:
    train(network(), epochs=4, callbacks=[EarlyStopping(99), Checkpoint(path)])
    return path


def refused(path: Path, match: str, error: Any = ValueError, **settings: Any) -> None:
    """The file is refused, and nothing has changed."""
    model = settings.pop("model", None) or network(seed=9)
    made = settings.pop("made", None) or Adam
    optimizer = made(model.parameters(), 0.01)
    rng = settings.pop("rng", np.random.default_rng(3))
    stopping = EarlyStopping(99)
    before = model.state_dict(), optimizer.state_dict(), rng and rng.bit_generator.state
    with pytest.raises(error, match=match):
        train(
            model,
            optimizer=optimizer,
            resume=path,
            **({"rng": rng, "callbacks": [stopping]} | settings),
        )
    after = model.state_dict(), optimizer.state_dict(), rng and rng.bit_generator.state
    np.testing.assert_equal(after, before)
    assert stopping.best == np.inf


class Renamed(Module):
    def __init__(self) -> None:
        self.other = network()

    def forward(self, x: Any, *, rng: np.random.Generator | None = None) -> Any:
        return self.other(x, rng=rng)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": network(hidden=5)}, r"model: 0.w: expected float32 of shape \(3, 5\), got .* \(3, 4\)"),
        ({"model": network().to(np.float64)}, r"model: 0.w: expected float64 of shape \(3, 4\), got float32"),
        ({"model": Renamed()}, r"model: other.0.w: expected float32 of shape \(3, 4\), got nothing"),
        ({"model": network()[2:]}, "model: "),
        ({"made": AdamW}, "optimizer: expected AdamW, got Adam"),
        ({"made": lambda p, lr: Adam(p, lr, amsgrad=True)}, "optimizer: state.2: expected .*, got nothing"),
        ({"made": lambda p, lr: Adam(p[:2], lr)}, r"optimizer: state.0: expected .* \(16,\), got .* \(21,\)"),
        ({"batch_size": 6}, "examples: expected 23 in batches of 6, shuffled, got 23 in batches of 5, shuffled"),
        ({"batch_size": None}, "examples: expected 23 in batches of 23, in order, got 23 in batches of 5"),
        ({"rng": np.random.Generator(np.random.MT19937(0))}, "rng: expected MT19937, got PCG64"),
        ({"epochs": 3}, "epochs: expected at most 3, got 4"),
        ({"metrics": {"error": lambda y, z: 0.0}}, r"measured: expected \['validation_loss', 'error'\], got"),
        ({"callbacks": []}, r"callbacks: expected \[\], got \['EarlyStopping'\]"),
    ],
)  # fmt: skip
def test_a_checkpoint_of_another_run_is_refused(
    settings: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = checkpoint(tmp_path / "run.npz")
    refused(path, f"^fit: resume: .*run.npz: {message}", **settings)


def test_what_was_random_can_not_go_on_without_a_generator(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    model = Linear(3, 1, rng=np.random.default_rng(0))
    train(model, epochs=2, callbacks=[Checkpoint(path)])
    refused(path, "rng: expected None, got PCG64", model=model, rng=None, callbacks=[])


def test_weights_alone_are_no_checkpoint(tmp_path: Path) -> None:
    save(tmp_path / "weights.npz", network())
    refused(
        tmp_path / "weights.npz", "expected a checkpoint, got a model's weights alone"
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.npz", "nowhere.npz", FileNotFoundError)


def text(path: Path) -> None:
    path.write_text("not a checkpoint")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps({"a": 1}))


def one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.ones(3))


def other_arrays(path: Path) -> None:
    np.savez(path, w=np.ones(3))


def objects(path: Path) -> None:
    np.savez(path, header=np.array([{"format": "dlbook.train"}], dtype=object))


@pytest.mark.parametrize(
    "write", [text, empty, pickled, one_array, other_arrays, objects]
)
def test_a_foreign_file_is_refused(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    write(tmp_path / "foreign.npz")
    refused(
        tmp_path / "foreign.npz",
        "foreign.npz: expected a whole file that dlbook.train has written, got one that can't be read",
    )


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"version": 2}, "expected dlbook.train version 1, got dlbook.train version 2"),
        ({"format": "other"}, "expected dlbook.train version 1, got other version 1"),
    ],
)
def test_another_version_of_the_format_is_refused(
    header: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with np.load(checkpoint(tmp_path / "run.npz")) as file:
        arrays = {name: file[name] for name in file.files}
    told = json.loads(arrays["header"].item()) | header
    arrays["header"] = np.array(json.dumps(told))
    np.savez(tmp_path / "later.npz", **arrays)
    refused(tmp_path / "later.npz", f"later.npz: {message}")


def test_a_file_that_lacks_its_end_is_refused_wherever_it_was_cut(
    tmp_path: Path,
) -> None:
    whole = checkpoint(tmp_path / "run.npz").read_bytes()
    cut = tmp_path / "cut.npz"
    for length in [*range(0, len(whole), 199), len(whole) - 1]:
        cut.write_bytes(whole[:length])
        refused(cut, "expected a whole file")


def test_a_flipped_bit_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    path = checkpoint(tmp_path / "run.npz")
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    expected = load(path, network()).state_dict()
    flipped, refusals = tmp_path / "flipped.npz", 0
    for place in rng.integers(len(whole), size=300):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        flipped.write_bytes(damaged)
        try:
            found = load(flipped, network()).state_dict()
        except ValueError:
            refusals += 1
        else:
            np.testing.assert_equal(found, expected)
    assert refusals > 200


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Checkpoint("x", every_steps=0), ValueError, "Checkpoint: every_steps: expected at least 1, got 0"),
        (lambda: train(network(), callbacks=[Checkpoint("no/such/folder/run.npz")]), FileNotFoundError,
         "Checkpoint: path: expected a file in a folder that exists"),
        (lambda: train(lambda x, rng=None: network()(x), optimizer=Adam(network().parameters()),
                       callbacks=[Checkpoint("run.npz")]), TypeError,
         "fit: Checkpoint: expected a Module as the model, got function"),
    ],
)  # fmt: skip
def test_a_checkpoint_that_could_not_be_written_is_refused_at_once(
    make: Callable[[], History], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()
