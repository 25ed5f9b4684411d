"""Two coffees of the demo that stand and begin at once, put into the database of a running product.

Run as `python -m tests.journeys.fixtures <moment>` in the environment of that product; prints their ids.
"""

import sys
from datetime import datetime

from sqlalchemy import select

from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.signals import CoffeeConfirmed
from events.core.bus import announce
from events.core.db.session import unit_of_work
from tests.factories.coffees import make_coffee
from wsgi import app

PAIRS = (("Bram", "Dana"), ("Chris", "Farid"))


def arrange(starts_at: datetime) -> list[str]:
    found = []
    with app.app_context(), unit_of_work() as db:
        people = {user.name: user for user in db.scalars(select(User))}
        circle = db.scalars(select(Circle)).one()
        for one, other in PAIRS:
            coffee = make_coffee(
                db, circle, [people[one], people[other]], state="confirmed", starts_at=starts_at
            )
            announce(db, CoffeeConfirmed(coffee.id))
            found.append(coffee.id)
    return found


if __name__ == "__main__":
    sys.stdout.write(" ".join(arrange(datetime.fromisoformat(sys.argv[1]))))
