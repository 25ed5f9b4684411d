"""Unit of work: atomic, signals after the commit, no I/O while it is open."""

import pytest
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.core import bus
from events.core.db.session import IOInsideTransaction, assert_no_transaction, unit_of_work
from tests.factories.accounts import make_user


class Happened:
    """A signal of this test."""


def test_signals_reach_listeners_inside_and_after_the_transaction() -> None:
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


def test_a_failed_unit_of_work_rolls_back_and_dispatches_no_signal() -> None:
    heard: list[object] = []
    bus.after_commit(Happened)(heard.append)
    with pytest.raises(ZeroDivisionError), unit_of_work() as db:  # noqa: PT012 - the failure is inside
        make_user(db, "Bram")
        bus.announce(db, Happened())
        raise ZeroDivisionError
    with unit_of_work() as db:
        assert db.query(User).count() == 0
    assert heard == []


def test_io_inside_a_unit_of_work_raises() -> None:
    assert_no_transaction("a test")
    with pytest.raises(IOInsideTransaction), unit_of_work():
        assert_no_transaction("a test")
