"""An evening of the demo circle that is about to begin, and one that nobody started.

Run as `python -m tests.journeys.arranging_endings <moment>` in the environment of that product.
"""

import sys
from datetime import datetime, timedelta

from sqlalchemy import select

from events.accounts.models import User
from events.circles.models import Circle
from events.core.db.session import unit_of_work
from tests.factories.livestreams import make_livestream
from wsgi import app

BEGINS, FORGOTTEN = "begint-zo", "vergeten"
FILM = "/static/vendor/demo/film.m3u8"


def arrange(moment: datetime) -> None:
    with app.app_context(), unit_of_work() as db:
        anna = db.scalars(select(User).where(User.email == "anna@demo.test")).one()
        circle = db.scalars(select(Circle)).one()
        for slug, starts_at in ((BEGINS, moment), (FORGOTTEN, moment - timedelta(hours=1))):
            made = make_livestream(
                db,
                circle,
                anna,
                title=slug.replace("-", " "),
                state="lobby",
                starts_at=starts_at,
                source_ref=FILM,
            )
            made.slug = slug


if __name__ == "__main__":
    arrange(datetime.fromisoformat(sys.argv[1]))
