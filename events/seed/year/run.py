"""Simulates a year: people, evenings and mails from a fixed seed; what would still be sent is dropped."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from events.circles.actions.circle import create_circle
from events.circles.forms.circles import CreateCircle
from events.circles.models import Circle
from events.core.auth import crypto
from events.core.db.session import engine, unit_of_work
from events.core.jobs import queue
from events.core.jobs.queue import Job
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.runtime import runtime
from events.livestreams.jobs import follow_up_plans
from events.seed.livestreams import at
from events.seed.year import between_evenings, evenings, life
from events.seed.year.assumptions import ON, Switches
from events.seed.year.behaviour import Behaviour
from events.seed.year.evenings import DAYS, EVENINGS, FIRST_DAY, ZONE
from events.seed.year.funnel import Months, read_funnel
from events.seed.year.people import ABOUT, CIRCLE_NAME, CIRCLE_SLUG, Chance, Member, make_members
from events.seed.year.timeline import Timeline
from events.seed.year.world import World

MEMBERS = 120
SEED = 12
AFTERWARDS = timedelta(days=28)  # until the last coffees were told about


class AlreadyThere(Exception):
    """The circle of the simulated year exists; nothing was changed."""


@dataclass(frozen=True)
class Report:
    """`refused`: codes with which the product refused acts of people, with their numbers."""

    months: Months
    refused: Counter[str]


@dataclass(frozen=True)
class Size:
    members: int = MEMBERS
    evenings: int = EVENINGS
    days: int = DAYS


def simulate(password: str, switches: Switches = ON, size: Size = Size(), seed: int = SEED) -> Report:
    """A year of a circle of its own, in its own past. Raises AlreadyThere the second time.

    Only where nobody real is (`seed.run.refuse_beside_real_people`): jobs that were due by then run, too.
    """
    with unit_of_work() as db:
        if db.scalar(select(Circle.id).where(Circle.slug == CIRCLE_SLUG)) is not None:
            raise AlreadyThere
    hashed = crypto.hash_password(password)
    start = datetime.combine(FIRST_DAY, time(9), ZoneInfo(ZONE)).astimezone(UTC)
    end = start + timedelta(days=size.days) + AFTERWARDS
    chance, timeline = Chance(seed), Timeline(start, () if switches.ends_by_itself else (follow_up_plans,))
    members = make_members(size.members, size.days, chance)
    with _repeatable(seed), _without_fsync(engine()):
        earlier = _set_aside_periodic()
        with at(start), unit_of_work() as db:
            people = life.add_people(db, members, hashed)
            world = _found(db, people, timeline, chance, switches)
        behaviour = Behaviour(world)
        _plan(world, behaviour, people, start, size)
        timeline.run(end, behaviour.take_mail)
        _drop_the_rest(earlier, people)
    with unit_of_work(read_only=True) as db:
        months = read_funnel(db, world.circle_id, ZONE, world.took_place, {world.owner_id})
    return Report(months, timeline.refused)


def _found(
    db: Session, people: dict[str, Member], timeline: Timeline, chance: Chance, switches: Switches
) -> World:
    """The circle, owned by the first member."""
    owner_id = next(iter(people))
    world = World("", owner_id, {}, timeline, chance, switches)
    data = CreateCircle(name=CIRCLE_NAME, about=ABOUT, joining="open")
    circle = create_circle(db, world.owner(db), data)
    circle.slug, world.circle_id = CIRCLE_SLUG, circle.id
    circle.met_window = "six" if switches.met_fades else "twelve"
    return world


def _plan(world: World, behaviour: Behaviour, people: dict[str, Member], start: datetime, size: Size) -> None:
    for user_id, member in people.items():
        if user_id != world.owner_id:
            world.timeline.at(
                start + timedelta(days=member.joins), partial(life.join, world, user_id, member)
            )
            between_evenings.plan_quick_calls(world, user_id, member, size.days)
    for evening in evenings.plan_evenings(size.evenings, size.days):
        life.plan_evening(world, behaviour, evening)


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Ids from the seed and children in this process: two runs then differ in nothing."""
    usual = runtime.id_bytes, runtime.inline_children
    runtime.id_bytes, runtime.inline_children = Random(seed).randbytes, True  # noqa: S311 - a simulation
    try:
        yield
    finally:
        runtime.id_bytes, runtime.inline_children = usual


@contextmanager
def _without_fsync(connected: Engine) -> Iterator[None]:
    """Durability off on SQLite: a year is hundreds of thousands of short transactions."""
    if connected.dialect.name != "sqlite":
        yield
        return
    _set_synchronous(connected, "OFF")
    try:
        yield
    finally:
        connected.dispose()  # the next connection is durable again


def _set_synchronous(connected: Engine, value: str) -> None:
    raw = connected.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA synchronous = {value}")
    finally:
        raw.close()


def _set_aside_periodic() -> set[str]:
    """Ids of the other jobs that wait. A worker plans periodic ones anew; here they would run each minute."""
    queue.release_leases()
    with unit_of_work() as db:
        db.execute(delete(Job).where(Job.key.like("every:%"), Job.state == "waiting"))
        return set(db.scalars(select(Job.id).where(Job.state == "waiting")))


def _drop_the_rest(earlier: Collection[str], people: Collection[str]) -> None:
    """Jobs and mails of the simulated past that still wait: a worker would run and send them today."""
    waiting = OutgoingMail.state == "waiting", OutgoingMail.person_id.in_(people)
    with unit_of_work() as db:
        db.execute(delete(Job).where(Job.state == "waiting", Job.id.not_in(earlier)))
        db.execute(update(OutgoingMail).where(*waiting).values(state="dropped"))
