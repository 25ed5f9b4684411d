"""State of a simulated year: its circle, members, clock and chances, and the evening of each round."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import Circle
from events.coffees.models import Coffee
from events.core.auth.actor import Actor
from events.seed.people import acting
from events.seed.year.assumptions import Switches
from events.seed.year.people import Chance, Member
from events.seed.year.timeline import Timeline


@dataclass
class World:
    """`rounds`: the number of its evening, by id. `took_place`: whether the people of a coffee met.

    `looking`: until when the page of somebody who offers a quarter of an hour stays open.
    """

    circle_id: str
    owner_id: str
    members: dict[str, Member]  # by id, of who joined so far
    timeline: Timeline
    chance: Chance
    switches: Switches
    rounds: dict[str, int] = field(default_factory=dict)
    took_place: dict[str, bool] = field(default_factory=dict)
    quick_calls: set[str] = field(default_factory=set)
    looking: dict[str, datetime] = field(default_factory=dict)

    def owner(self, db: Session) -> Actor:
        return acting(db.get_one(User, self.owner_id))

    def circle(self, db: Session) -> Circle:
        return db.get_one(Circle, self.circle_id)

    def number(self, round_id: str) -> int:
        """The number of its evening: the same in two runs that differ in their ids."""
        return self.rounds[round_id]

    def key(self, coffee: Coffee) -> str:
        """The occasion and the people of a coffee: the same in two runs that differ in their ids."""
        numbers = sorted(self.members[seat.user_id].number for seat in coffee.seats)
        round_id = coffee.round_id
        occasion = str(self.number(round_id)) if round_id is not None else f"{coffee.proposed_at:%Y-%m-%d}"
        return f"{occasion}:{numbers}"

    def delay(self, member: Member, *question: object) -> timedelta:
        """Until this person answers a mail."""
        return timedelta(hours=self.chance.hours(member.kind.hours, member.number, *question))
