"""The evidence for each primitive: complete, and an error where it is not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from dlbook.autograd import Primitive
from dlbook.ops import relu, sigmoid
from dlbook.ops.activation import squashing
from tests import evidence
from tests.evidence import Evidence, bound, collect, planted
from tests.gradient_cases import CASES, primitives
from tests.mutations.faults import FAULTS, Fault
from tests.oracle.cases.comparison import ATOL, RTOL, assert_agreement, largest_gap
from tests.oracle.store import load
from tests.suite import ROOT


@pytest.fixture(scope="module")
def found() -> list[Evidence]:
    return collect(primitives())


def test_there_is_evidence_for_every_primitive(found: list[Evidence]) -> None:
    public = {name.replace("._", ".") for name in primitives()}
    assert {each.name for each in found} == public
    assert sum(len(each.gaps) for each in found) == len(CASES)
    assert all(max(each.gaps) <= 1e-7 for each in found)
    assert all(max(each.oracle_gaps) <= RTOL for each in found)


def test_a_primitive_stands_where_it_is_written(found: list[Evidence]) -> None:
    for each in found:
        text = (ROOT / each.file).read_text("utf-8").splitlines()
        first, last = each.lines
        name = each.name.rpartition(".")[2]
        assert text[first - 1] == "@primitive"
        assert re.match(rf"def _?{name}\(", text[first])
        assert text[last - 1].startswith("    ")
        assert text[last : last + 2] in ([], ["", ""])


def swish(z: Any, /) -> Any:
    """A rule that nobody checks."""
    return z * sigmoid(z), lambda da: da


def test_a_primitive_without_evidence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    unchecked = Primitive(swish)
    monkeypatch.setattr(squashing, "swish", unchecked, raising=False)
    message = "swish lacks a gradient case and a stored result of PyTorch and a test"
    with pytest.raises(
        AssertionError, match=rf"^dlbook\.ops\.activation\.squashing\.{message}"
    ):
        collect(primitives() | {"dlbook.ops.activation.squashing.swish": unchecked})


def test_a_private_primitive_without_a_public_name_is_named() -> None:
    with pytest.raises(
        AssertionError,
        match=r"dlbook\.ops\.activation\.squashing\._swish has no public name",
    ):
        collect({"dlbook.ops.activation.squashing._swish": Primitive(swish)})


def test_a_primitive_without_a_stored_result_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provenance, stored = load()
    kept = [each for each in stored if each.name != "matmul"]
    monkeypatch.setattr(evidence, "load", lambda: (provenance, kept))
    message = (
        r"^dlbook\.autograd\.operators\.matmul lacks a stored result of PyTorch(\n|$)"
    )
    with pytest.raises(AssertionError, match=message):
        collect(primitives())


def test_a_primitive_without_a_case_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [case for case in CASES if case.primitive is not relu]
    monkeypatch.setattr(evidence, "CASES", kept)
    message = r"^dlbook\.ops\.activation\.rectifiers\.relu lacks a gradient case(\n|$)"
    with pytest.raises(AssertionError, match=message):
        collect(primitives())


def test_a_stored_result_counts_for_what_it_calls_and_for_nothing_else(
    found: list[Evidence],
) -> None:
    count = {each.name.rpartition(".")[2]: len(each.oracle_gaps) for each in found}
    of_case = {
        name: sum(each.name == name for each in load()[1])
        for name in (
            "embedding",
            "embedding_module",
            "gpt",
            "power",
            "whole_power",
        )
    }
    assert count["power"] == of_case["power"] + of_case["whole_power"]
    # as a function, as a module, and in a model
    assert count["embedding"] == sum(
        of_case[name] for name in ("embedding", "embedding_module", "gpt")
    )


def test_faults_are_found_in_the_lines_of_their_primitive(
    found: list[Evidence],
) -> None:
    of_sigmoid = next(each.faults for each in found if each.name.endswith(".sigmoid"))
    assert of_sigmoid == [
        "the sigmoid's slope lacks a factor",
        "the sigmoid's branches are swapped",
        "a small probability is a difference",
    ]
    places = dict(zip((fault.what for fault in FAULTS), planted(found), strict=True))
    assert places["axes of length 1 are not summed over"] is None  # in a helper of many
    assert places["the walk back goes oldest call first"] is None


@pytest.mark.parametrize(("old", "times"), [("no such text", 0), ("@primitive", 3)])
def test_a_fault_that_cannot_be_planted_is_named(
    old: str, times: int, found: list[Evidence], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault("lost", "ops/activation/softmax.py", old, "", ())
    monkeypatch.setattr(evidence, "FAULTS", [fault])
    with pytest.raises(
        AssertionError,
        match=rf"^ops/activation/softmax\.py: expected once, found {times} times: {old}",
    ):
        planted(found)


def test_a_gap_is_rounded_up_to_a_power_of_ten() -> None:
    assert r"\(&lt; 10^{-8}\)" in bound([2e-9, 9.9e-9], -12)
    assert r"\(&lt; 10^{-7}\)" in bound([1e-8, 1e-12], -12)
    assert r"\(&lt; 10^{-8}\)" in bound([0.0], -8)


@pytest.mark.parametrize("gap", [np.nan, np.inf, 1.0])
def test_a_gap_without_bound_is_an_error(gap: float) -> None:
    with pytest.raises(AssertionError, match="a gap of"):
        bound([1e-9, gap], -8)


def test_the_gap_to_pytorch_is_what_the_comparison_bounds() -> None:
    theirs = {"value": np.array([0.0, 3.0, -50.0])}
    for size in (0.999, 1.001):
        ours = {"value": theirs["value"] + size * (ATOL + RTOL * abs(theirs["value"]))}
        assert largest_gap(ours, theirs) == pytest.approx(size * RTOL, rel=1e-4)
        if size < 1:
            assert_agreement(ours, theirs)
        else:
            with pytest.raises(AssertionError):
                assert_agreement(ours, theirs)
    assert np.isnan(
        largest_gap({"value": np.array([0.0, np.nan])}, {"value": np.zeros(2)})
    )


def test_the_overview_has_a_row_for_each_primitive_and_the_lists_name_every_fault(
    found: list[Evidence],
) -> None:
    rows = evidence.overview(found)._repr_html_()
    for each in found:
        assert rows.count(f'identifier="{each.name}"') == 1
        assert f"<code>{each.file}</code>" in rows
    assert evidence.listed_faults(found)._repr_html_().count("<li>") == len(FAULTS)
    names = evidence.listed_tests(found)._repr_html_()
    assert names.startswith("<p>Every primitive</p>")
    assert names.count("the rule agrees") == 1
    assert "relu has slope zero at zero" in names
