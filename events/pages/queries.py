"""What Today shows: everything that asks for this person, the most urgent first."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.coffees.models import Coffee, Promise
from events.coffees.queries import list_coffees, list_own_promises, seat_of
from events.core import clock
from events.core.access import Actor
from events.livestreams.models import Livestream
from events.livestreams.queries import list_visible
from events.livestreams.rules.states import OPEN, TOGETHER
from events.matching.queries import Row, list_calling
from events.recordings.queries import Unfinished, list_unfinished
from events.registrations.models import Registration

MOST_ROWS = 4


@dataclass(frozen=True)
class Today:
    """`first` names what gets the one filled button: on_now, coffee, confirmed, round, next, recording,
    promise or nothing.
    """

    on_now: list[Livestream]
    coffees: list[Coffee]  # waiting for this person's answer
    confirmed: list[Coffee]  # ahead of us
    rounds: list[Row]  # to say yes to, or a draft to look at
    ahead: list[Livestream]
    registered: set[str]  # ids of livestreams
    unfinished: list[Unfinished]
    promised: list[tuple[Promise, Coffee]]  # by this person, not done yet

    @property
    def first(self) -> str:
        for name, found in (
            ("on_now", self.on_now),
            ("coffee", self.coffees),
            ("confirmed", self.confirmed),
            ("round", self.rounds),
            ("next", self.ahead),
            ("recording", self.unfinished),
            ("promise", self.promised),
        ):
            if found:
                return name
        return "nothing"


def today_of(db: Session, actor: Actor) -> Today:
    livestreams = [one for one in list_visible(db, actor) if one.state in OPEN]
    coffees = list_coffees(db, actor)
    moment = clock.now()
    return Today(
        on_now=[one for one in livestreams if one.state in TOGETHER],
        coffees=[
            one
            for one in coffees
            if one.state == "proposed"
            and one.answer_by > moment
            and seat_of(one, actor.id).answer == "waiting"
        ],
        confirmed=[one for one in coffees if one.state == "confirmed" and one.starts_at > moment][:MOST_ROWS],
        rounds=list_calling(db, actor, MOST_ROWS),
        ahead=[one for one in livestreams if one.state == "announced"][:MOST_ROWS],
        registered=_registered(db, actor.id),
        unfinished=list_unfinished(db, actor.id)[:MOST_ROWS],
        promised=list_own_promises(db, actor)[:MOST_ROWS],
    )


def _registered(db: Session, user_id: str) -> set[str]:
    query = select(Registration.livestream_id).where(
        Registration.user_id == user_id, Registration.state == "coming"
    )
    return set(db.scalars(query))
