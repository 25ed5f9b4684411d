"""Signals: those announced in a savepoint that was rolled back are not dispatched after the commit."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from events.core.bus import announce, pop_announced, savepoint
from events.core.db.session import unit_of_work
from events.core.errors import Conflict


@dataclass(frozen=True)
class Rung:
    number: int


def ring_and_refuse(db: Session) -> None:
    with savepoint(db):
        announce(db, Rung(2))
        with savepoint(db):
            announce(db, Rung(3))
        raise Conflict("full")


def test_a_rolled_back_savepoint_takes_its_signals_with_it(app: Flask) -> None:
    with unit_of_work() as db:
        announce(db, Rung(1))
        with pytest.raises(Conflict):
            ring_and_refuse(db)
        with savepoint(db):
            announce(db, Rung(4))
        assert pop_announced(db) == [Rung(1), Rung(4)]


def test_a_savepoint_before_any_signal_may_be_rolled_back(app: Flask) -> None:
    with unit_of_work() as db:
        with pytest.raises(Conflict), savepoint(db):
            raise Conflict("full")
        assert pop_announced(db) == []
