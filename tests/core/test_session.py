"""The unit of work: all or nothing, told afterwards, and never held open over outside work."""

import pytest
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import bus
from events.core.db.session import IOInsideTransaction, assert_no_transaction, unit_of_work
from tests.factories.accounts import make_user


class Happened:
    """A signal of this test."""


def test_what_is_announced_is_heard_inside_and_after_the_commit() -> None:
    heard: list[str] = []

    def inside(db: Session, signal: Happened) -> None:
        heard.append("inside")

    def afterwards(signal: Happened) -> None:
        heard.append("after")

    bus.on(Happened)(inside)
    bus.after_commit(Happened)(afterwards)
    with unit_of_work() as db:
        bus.announce(db, Happened())
        assert heard == ["inside"]
    assert heard == ["inside", "after"]


def test_a_failure_keeps_nothing_and_tells_nobody() -> None:
    heard: list[object] = []
    bus.after_commit(Happened)(heard.append)
    with pytest.raises(ZeroDivisionError), unit_of_work() as db:  # noqa: PT012 - the failure is inside
        make_user(db, "Bram")
        bus.announce(db, Happened())
        raise ZeroDivisionError
    with unit_of_work() as db:
        assert db.query(User).count() == 0
    assert heard == []


def test_outside_work_in_a_unit_of_work_is_refused() -> None:
    assert_no_transaction("a test")
    with pytest.raises(IOInsideTransaction), unit_of_work():
        assert_no_transaction("a test")
