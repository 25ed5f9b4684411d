"""A simulated year on a small scale: its funnel adds up, it repeats itself, and it does no harm."""

import inspect
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from events.coffees.models import Coffee
from events.core import clock
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Job, enqueue
from events.core.mail.outbox import queue_mail
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.runtime import runtime, system_time
from events.livestreams.jobs import open_lobby_when_due
from events.livestreams.models import Livestream
from events.rounds.models import OptIn
from events.schema import metadata
from events.seed.run import RealPeople, sow_year
from events.seed.year import AlreadyThere, assumptions, simulate
from events.seed.year.assumptions import KINDS, OFF, ON
from events.seed.year.evenings import plan_evenings
from events.seed.year.funnel import is_expected, total_of
from events.seed.year.people import Chance, make_members
from events.seed.year.run import Size
from events.seed.year.table import funnel_table
from tests.factories.accounts import make_key, make_user
from tests.support.cast import Cast

SMALL = Size(members=12, evenings=3, days=63)
PASSWORD = "koffie-koffie"


def test_the_funnel_adds_up_nothing_is_left_to_be_sent_and_a_year_repeats_itself(app: Flask) -> None:
    first = simulate(PASSWORD, size=SMALL).months
    total = total_of(first)
    assert total.evenings == 3
    assert 0 < total.asked <= total.evenings * 11
    assert 0 < total.confirmed <= total.proposed
    assert total.told <= total.took_place <= total.confirmed
    assert total.worth_it <= total.answered <= total.cards
    assert total.most_a_day == 1
    with unit_of_work() as db:
        assert total.said_yes == db.scalar(select(func.count(OptIn.id)).where(OptIn.state != "withdrawn"))
        of_rounds = select(func.count(Coffee.id)).where(Coffee.round_id.is_not(None))
        assert total.proposed == db.scalar(of_rounds)
        assert total.told + total.by_call == db.scalar(of_rounds.where(Coffee.state == "met"))
        assert db.scalar(select(Coffee.id).where(Coffee.by_call).limit(1)) is not None, "the job saw it"
        assert set(db.scalars(select(Livestream.state))) == {"replay"}, "also of the forgotten evening"
        assert set(db.scalars(select(OutgoingMail.state))) <= {"sent", "dropped"}
        assert set(db.scalars(select(Job.state))) == {"done"}, "no job failed, and none is left"
    assert (runtime.clock, runtime.take_mail) == (system_time, None)
    with pytest.raises(AlreadyThere):
        simulate(PASSWORD, size=SMALL)
    with unit_of_work() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    assert funnel_table(simulate(PASSWORD, size=SMALL).months) == funnel_table(first)


def test_without_the_behaviour_fewer_say_yes_and_a_forgotten_evening_waits_for_days(cast: Cast) -> None:
    """What others have waiting is left alone; people who ignore a mail still get it."""
    with unit_of_work() as db:
        queue_mail(db, "sign_in_link", cast.bram.id, make_key(db, cast.bram, "sign_in").id)
        enqueue(db, open_lobby_when_due, "nothing", key="mine", at=clock.now() + timedelta(days=1))
    total = total_of(simulate(PASSWORD, OFF, SMALL).months)
    with unit_of_work() as db:
        ended = [one.ended_at - one.ends_at for one in db.scalars(select(Livestream)) if one.ended_at]
        waiting = select(func.count()).where(OutgoingMail.state == "waiting")
        assert db.scalar(waiting) == 1
        assert db.scalar(select(Job.state).where(Job.key == "mine")) == "waiting"
    assert max(ended) == timedelta(days=3)
    assert total.asked > total.said_yes > 0


@pytest.mark.long
def test_between_evenings_people_call_at_once_and_newcomers_are_welcomed(app: Flask) -> None:
    """The same people without the switches: the round is the same, and nothing happens beside it."""
    size = Size(members=30, evenings=1, days=100)
    total = total_of(simulate(PASSWORD, size=size).months)
    assert total.quick_calls > 0
    assert total.welcomes > 0
    with unit_of_work() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
    without = replace(ON, quick_calls=False, welcomes=False, calls_seen=False)
    other = total_of(simulate(PASSWORD, without, size).months)
    assert (other.quick_calls, other.welcomes, other.by_call) == (0, 0, 0)
    assert (other.said_yes, other.evenings) == (total.said_yes, total.evenings)


def test_a_year_beside_real_people_is_refused(settings: Settings) -> None:
    with unit_of_work() as db:
        make_user(db, "Vera").email = "vera@bakkerij-vera.nl"
    with pytest.raises(RealPeople):
        sow_year(settings)


def test_the_stated_assumptions_are_those_that_are_used() -> None:
    """Each share in the table of the docstring, in the order of the fields."""
    lines = (inspect.getdoc(assumptions.Kind) or "").splitlines()
    cells = [[cell.strip() for cell in line.split("|")[2:5]] for line in lines if line.count("%") == 3]
    for place, kind in enumerate(KINDS):
        used = [getattr(kind, name) for name in kind.__dataclass_fields__ if name not in {"name", "hours"}]
        assert [f"{100 * share:.0f} %" for share in used] == [row[place] for row in cells]


def test_who_is_there_from_the_start_and_what_a_year_holds() -> None:
    members = make_members(120, 365, Chance(12))
    assert sum(one.joins == 0 for one in members) == 96
    assert max(one.joins for one in members) < 330
    assert make_members(120, 365, Chance(12)) == members
    evenings = plan_evenings()
    assert {one.how for one in evenings} == {"held", "forgotten", "cancelled", "standalone"}
    apart = [later.starts_at - one.starts_at for one, later in pairwise(evenings)]
    assert min(apart) > timedelta(days=14)


def test_mail_about_ones_own_coffee_and_answers_to_ones_own_act_are_expected() -> None:
    assert all(
        map(is_expected, ("coffee_proposed", "coffee_day", "left_without", "look_back", "place_taken"))
    )
    assert not any(map(is_expected, ("round_opened", "round_reminder", "livestream_day", "recording_ready")))
