"""Fault scenario: actions at the demo circle during faults, and the stored result."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.availability.rules.slots import quarters
from events.circles.models import Circle
from events.coffees.models import Coffee
from events.core import clock
from events.core.jobs.queue import Job
from events.core.mail.outgoing_mail import OutgoingMail
from events.livestreams.models import Livestream
from events.registrations.models import Registration
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.faults.action_checker import Stored, Thing
from tests.support.processes import Ontmoet

PEOPLE = ("anna", "bram", "chris", "dana", "farid", "greet")
PLACES = 3
COFFEES = 60
SLUG = "vol-huis"  # an evening with fewer places than people
LIVE = "demo-live"


@contextmanager
def database_of(web: Ontmoet) -> Iterator[Session]:
    """Straight to the tables, past the product."""
    engine = create_engine(web.environment["DATABASE_URL"])
    try:
        with Session(engine, expire_on_commit=False) as db:
            yield db
            db.commit()
    finally:
        engine.dispose()


def arrange(web: Ontmoet, seed: int) -> tuple[dict[str, list[str]], int]:
    """An evening with few places, and coffees at times that overlap.

    Gives the coffees of each person, and the version of LIVE.
    """
    chance = random.Random(seed)  # noqa: S311 - not a secret
    with database_of(web) as db:
        circle = db.scalars(select(Circle).where(Circle.slug == "bedrijvenkring-demo")).one()
        people = {name: _person(db, name) for name in PEOPLE}
        if db.scalar(select(Livestream.id).where(Livestream.slug == SLUG)) is None:
            make_livestream(db, circle, people["anna"], capacity=PLACES).slug = SLUG
        start = (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
        theirs: dict[str, list[str]] = {name: [] for name in PEOPLE}
        for _ in range(COFFEES):
            pair = chance.sample(PEOPLE, 2)
            starts_at = start + timedelta(days=chance.randrange(3), minutes=15 * chance.randrange(8))
            coffee = make_coffee(db, circle, [people[name] for name in pair], starts_at=starts_at)
            for name in pair:
                theirs[name].append(coffee.id)
        return theirs, live_of(db).version


def read_stored(web: Ontmoet, version: int) -> Stored:
    """What the tables and the mailbox hold; `version` is that of the state at the beginning."""
    arrived = Counter(
        str(message_from_bytes(file.read_bytes(), policy=policy.default)["Message-ID"])
        for file in (Path(web.environment["MEDIA_DIR"]).parent / "mail").glob("*.eml")
    )
    with database_of(web) as db:
        names = {_person(db, name).id: name for name in PEOPLE}
        coffees = [
            one for one in db.scalars(select(Coffee)) if {seat.user_id for seat in one.seats} <= set(names)
        ]
        values: dict[Thing, str] = {
            ("seat", one.id, names[seat.user_id]): seat.answer for one in coffees for seat in one.seats
        }
        evening = db.scalars(select(Livestream).where(Livestream.slug == SLUG)).one()
        for place in db.scalars(select(Registration).where(Registration.livestream_id == evening.id)):
            values[("place", names[place.user_id])] = place.state
        live, stand = live_of(db), [one for one in coffees if one.state == "confirmed"]
        values[("state",)] = live.state
        mails = list(db.scalars(select(OutgoingMail)))
        return Stored(
            values=values,
            quarters=[
                (names[seat.user_id], f"{quarter}")
                for one in stand
                for seat in one.seats
                for quarter in quarters(one.starts_at, one.minutes)
            ],
            capacity=PLACES,
            steps=live.version - version,
            undone=[*list_undone(db, web), *list_forgotten(db)],
            confirmed={(one.id, seat.user_id) for one in stand for seat in one.seats},
            told={(mail.subject_id, mail.person_id) for mail in mails if mail.kind == "coffee_confirmed"},
            sent={mail.message_id for mail in mails if mail.state == "sent"},
            named={mail.message_id for mail in mails},
            arrived=arrived,
        )


def list_undone(db: Session, web: Ontmoet) -> list[str]:
    """Jobs that are due and wait, or that were given up. What comes back by itself is due again and again."""
    jobs = db.scalars(select(Job).where(Job.state != "done"))
    return [
        f"{one.name} {one.arguments} {one.state} {one.error or ''}"
        for one in jobs
        if one.state == "dead" or (one.due_at <= web.now() and not (one.key or "").startswith("every:"))
    ]


def list_forgotten(db: Session) -> list[str]:
    """Mails that wait although no job will ever send them."""
    planned = set(db.scalars(select(Job.key).where(Job.state == "waiting")))
    waiting = db.scalars(select(OutgoingMail).where(OutgoingMail.state == "waiting"))
    return [f"{one.kind} waits in vain" for one in waiting if f"mail:{one.id}" not in planned]


def _person(db: Session, name: str) -> User:
    return db.scalars(select(User).where(User.email == f"{name}@demo.test")).one()


def live_of(db: Session) -> Livestream:
    return db.scalars(select(Livestream).where(Livestream.slug == LIVE)).one()
