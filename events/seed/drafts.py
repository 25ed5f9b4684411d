"""Sows a coffee round of its own that has closed: its draft lies before Anna until it is proposed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from events.circles.models import Circle
from events.core import clock
from events.core.db.session import unit_of_work
from events.rounds.actions.lifecycle import close_round, open_standalone
from events.rounds.actions.opting_in import join_round
from events.rounds.forms import OpenRound, OptInForm
from events.rounds.models import Round
from events.seed.livestreams import at, find_person
from events.seed.people import acting
from events.seed.people_data import CIRCLE_SLUG

TITLE = "Koffie voor de feestdagen"
SAID_YES = (
    "quinten", "sem", "tess", "umut", "vera", "wout", "xandra", "yusuf", "zara", "aart", "bo", "cees", "dirk",
)  # fmt: skip
LENGTHS = ([30], [15, 30], [30, 45])


def sow_draft() -> None:
    """Opened two days ago, closed just now to look first: it is proposed on the next working day."""
    with unit_of_work() as db:
        circle = db.scalars(select(Circle).where(Circle.slug == CIRCLE_SLUG)).one()
        if db.scalar(select(Round.id).where(Round.circle_id == circle.id, Round.livestream_id.is_(None))):
            return
    with at(clock.now() - timedelta(days=2)):
        with unit_of_work() as db:
            circle = db.scalars(select(Circle).where(Circle.slug == CIRCLE_SLUG)).one()
            anna = acting(find_person(db, "anna"))
            round_id = open_standalone(db, anna, circle, OpenRound(title=TITLE)).id
        with unit_of_work() as db:
            round_ = db.get_one(Round, round_id)
            for number, name in enumerate(SAID_YES):
                times = [datetime.fromisoformat(text) for text in round_.times]
                chosen = [time for place, time in enumerate(times) if (place + number) % 3]
                form = OptInForm(times=chosen, forms=["online"], lengths=LENGTHS[number % 3], trio=True)
                join_round(db, acting(find_person(db, name)), round_, form)
    with unit_of_work() as db:
        anna = acting(find_person(db, "anna"))
        close_round(db, anna, db.get_one(Round, round_id), look_first=True)
