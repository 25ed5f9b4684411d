"""Child processes: results come back, and limits stop a runaway child."""

import pytest

from events.core.db.session import IOInsideTransaction, unit_of_work
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload, offload_all

pytestmark = pytest.mark.usefixtures("child_process")


def test_a_function_answers_from_its_child() -> None:
    assert offload("events.core.text.markup:header_line", "a\nb") == "a b"


def test_a_child_that_raises_says_so() -> None:
    with pytest.raises(OffloadFailed, match="TypeError"):
        offload("events.core.text.markup:header_line", 3)


def test_a_child_that_takes_too_long_is_killed() -> None:
    with pytest.raises(OffloadFailed, match="longer"):
        offload("events.core.text.markup:header_line", "a", ResourceLimits(wall=0))


def test_a_child_that_eats_memory_is_stopped() -> None:
    with pytest.raises(OffloadFailed):
        offload("events.core.text.markup:header_line", "a", ResourceLimits(memory=16))


def test_only_our_own_functions_are_run() -> None:
    with pytest.raises(OffloadFailed, match="our own"):
        offload("os:system", "true")


def test_a_child_is_never_waited_for_inside_a_unit_of_work() -> None:
    with pytest.raises(IOInsideTransaction), unit_of_work():
        offload("events.core.text.markup:header_line", "a")


def test_of_several_side_by_side_each_has_its_own_fate() -> None:
    assert offload_all("events.core.text.markup:header_line", ["a\nb", 3, "c"]) == ["a b", None, "c"]
    assert offload_all("events.core.text.markup:header_line", []) == []


def test_children_are_never_waited_for_inside_a_unit_of_work() -> None:
    with pytest.raises(IOInsideTransaction), unit_of_work():
        offload_all("events.core.text.markup:header_line", ["a"])
