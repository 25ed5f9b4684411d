"""Preconditions of the tasks of `test_presses.py`, written to the database of a running demo.

Run as `python -m tests.journeys.arranging_tasks` in the environment of that product.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.signals import CoffeeConfirmed, CoffeeProposed
from events.core import clock
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.livestreams.actions.transitions import end_livestream
from events.seed.people import acting
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from wsgi import app

VIDEO = "aqz-KE-bpKQ"
OVER, LOBBY = "Wat leerden we van de storing?", "Hoe houd je je beste klant?"
FULL = "Rondleiding in de drukkerij"
PROPOSED = (("Hedwig", "Ilse"), ("Jip", "Koen"), ("Lotte", "Milan"), ("Siem", "Teun"))
CONFIRMED = (("Nienke", "Okke"), ("Puck", "Roos"))


def arrange() -> None:
    with app.app_context(), unit_of_work() as db:
        people = {user.name: user for user in db.scalars(select(User))}
        circle = db.scalars(select(Circle)).one()
        evenings(db, circle, people["Anna"])
        full = make_livestream(
            db, circle, people["Anna"], title=FULL, capacity=1, starts_at=clock.now() + timedelta(days=9)
        )
        make_registration(db, full, people["Gijs"])
        coffees(db, circle, people)


def evenings(db: Session, circle: Circle, anna: User) -> None:
    """One that has just ended and one in the lobby, both on YouTube."""
    moment = clock.now()
    for title, state, starts_at in (
        (OVER, "live", moment - timedelta(minutes=55)),
        (LOBBY, "lobby", moment + timedelta(minutes=5)),
    ):
        livestream = make_livestream(
            db,
            circle,
            anna,
            title=title,
            state=state,
            starts_at=starts_at,
            provider="youtube",
            source_ref=VIDEO,
        )
        if state == "live":
            livestream.went_live_at = starts_at
            end_livestream(db, acting(anna), livestream)


def coffees(db: Session, circle: Circle, people: dict[str, User]) -> None:
    day = clock.now().replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=5)
    for state, pairs, signal in (
        ("proposed", PROPOSED, CoffeeProposed),
        ("confirmed", CONFIRMED, CoffeeConfirmed),
    ):
        for pair in pairs:
            coffee = make_coffee(
                db,
                circle,
                [people[name] for name in pair],
                state=state,
                starts_at=day,
                alternatives=[day + timedelta(days=1)],
            )
            announce(db, signal(coffee.id))


if __name__ == "__main__":
    arrange()
