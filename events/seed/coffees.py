"""Sows the coffee round of last week's livestream: some met, some are set, one waits for Bram."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees.actions.notes import write_note
from events.coffees.actions.outcomes import record_outcome
from events.coffees.actions.responses import accept_coffee
from events.coffees.forms import Note, Outcome
from events.coffees.models import Coffee, Seat
from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.rounds.actions.lifecycle import close_round
from events.rounds.actions.opting_in import submit_opt_in
from events.rounds.forms import OptInForm
from events.rounds.models import OptIn, Round
from events.seed.calls import sow_call
from events.seed.livestreams import at, find_livestream, find_person
from events.seed.people import acting

SAID_YES = (
    "anna", "bram", "chris", "dana", "farid", "greet", "hassan", "iris", "joost", "karima", "lars", "mirthe",
    "noor", "otto", "pien", "rosa",
)  # fmt: skip
OCCUPIES = {
    "dana": "In januari begint mijn eerste medewerker. Ik zie meer op tegen het loslaten dan tegen het loon.",
    "bram": "Twee monteurs gaan over drie jaar met pensioen.",
    "chris": "Ik wil minder maatwerk en meer meubels die klaarstaan.",
}
WAITS = "bram"  # has not answered yet, so that Today has something to ask
MET = 5  # coffees that were drunk yesterday; of the last one, one of both thought little


def sow_yes() -> None:
    """Sixteen people say yes an hour after the end of last week's livestream; then Anna closes the round."""
    with unit_of_work() as db:
        livestream = find_livestream(db, "demo-recorded")
        ended_at = livestream.ended_at
        if ended_at is None or db.scalar(select(OptIn.id).limit(1)) is not None:
            return
    with at(ended_at + timedelta(hours=1)), unit_of_work() as db:
        livestream = find_livestream(db, "demo-recorded")
        times = _times(db, livestream)
        for number, name in enumerate(SAID_YES):
            chosen = [time for place, time in enumerate(times) if (place + number) % 3]
            line = {"on_my_mind": OCCUPIES[name]} if name in OCCUPIES else {}
            form = OptInForm(times=chosen, forms=["online"], trio=True, **line)
            submit_opt_in(db, acting(find_person(db, name)), livestream, form)
    with unit_of_work() as db:
        livestream = find_livestream(db, "demo-recorded")
        round_ = db.scalars(select(Round).where(Round.livestream_id == livestream.id)).one()
        close_round(db, acting(livestream.host), round_)


def sow_answers() -> None:
    """Everyone but one says yes to the coffee that was proposed; two coffees have been drunk."""
    with unit_of_work() as db:
        livestream = find_livestream(db, "demo-recorded")
        coffees = list(db.scalars(select(Coffee).where(Coffee.occasion_id == livestream.id)))
        if any(coffee.state != "proposed" for coffee in coffees):
            return
        waits = find_person(db, WAITS).id
        ids = [coffee.id for coffee in coffees]
    for coffee_id in ids:
        with unit_of_work() as db:
            for seat in _seats(db, coffee_id):
                if seat.user_id != waits:
                    accept_coffee(db, acting(seat.user), db.get_one(Coffee, coffee_id))
    with unit_of_work() as db:
        confirmed = db.scalars(select(Coffee.id).where(Coffee.state == "confirmed").limit(MET)).all()
    for number, coffee_id in enumerate(confirmed):
        _drink(coffee_id, number, doubtful=coffee_id == confirmed[-1])


def _drink(coffee_id: str, number: int, *, doubtful: bool) -> None:
    yesterday = (clock.now() - timedelta(days=1)).replace(minute=30, second=0, microsecond=0)
    with unit_of_work() as db:
        db.get_one(Coffee, coffee_id).starts_at = yesterday
    sow_call(coffee_id, yesterday, number)
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        for seat in _seats(db, coffee_id):
            thought: Literal["yes", "no"] = "no" if doubtful and seat.position else "yes"
            form = Outcome(took_place="yes", worth_it=thought, again=thought)
            record_outcome(db, acting(seat.user), coffee, form)
        first = acting(coffee.seats[0].user)
        write_note(
            db, first, coffee, Note(body="Voorbeeld van een inwerkplan over en weer gestuurd.", version=0)
        )


def _seats(db: Session, coffee_id: str) -> list[Seat]:
    return list(db.scalars(select(Seat).where(Seat.coffee_id == coffee_id).order_by(Seat.position)))


def _times(db: Session, livestream: Livestream) -> list[datetime]:
    round_ = db.scalars(select(Round).where(Round.livestream_id == livestream.id)).one()
    return [datetime.fromisoformat(time) for time in round_.times]
