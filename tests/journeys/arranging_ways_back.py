"""Preconditions of the ways back into a round, written to the database of a running demo.

Run as `python -m tests.journeys.arranging_ways_back` in the environment of that product.
"""

from sqlalchemy import select

from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.signals import CoffeeProposed
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.rounds.rules.timeline import parse_time
from events.rounds.signals import PersonUnmatched
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from wsgi import app

PAIRS = (("Hedwig", "Ilse"), ("Lotte", "Milan"))
APART = ("Jip", "Koen")


def arrange() -> None:
    """A published round: two proposed coffees, and two people who share no time."""
    with app.app_context(), unit_of_work() as db:
        people = {user.name: user for user in db.scalars(select(User))}
        circle = db.scalars(select(Circle)).one()
        livestream = make_livestream(db, circle, people["Anna"], title="Wie neemt over?", state="ended")
        round_ = make_round(db, livestream, state="published")
        for pair in PAIRS:
            for name in pair:
                make_yes(db, round_, people[name], state="matched", times=round_.times[5:7])
            coffee = make_coffee(
                db,
                circle,
                [people[name] for name in pair],
                starts_at=parse_time(round_.times[5]),
                round_id=round_.id,
                occasion_id=livestream.id,
            )
            announce(db, CoffeeProposed(coffee.id))
        for name, own, other in ((APART[0], 5, 6), (APART[1], 6, 5)):
            yes = make_yes(db, round_, people[name], state="left", times=round_.times[own : own + 1])
            yes.asked_time = round_.times[other]
            announce(db, PersonUnmatched(round_.id, people[name].id))


if __name__ == "__main__":
    arrange()
