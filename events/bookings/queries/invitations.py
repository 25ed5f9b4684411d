"""Limits on invitations: whether one person may invite another, without telling which limit applies."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session, aliased

from events.accounts.models import User
from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.core import clock

MAX_OPEN = 3  # unanswered invitations a receiver
MAX_PER_WEEK = 5  # invitations a receiver
MAX_DECLINES = 2  # by one receiver to one inviter, then none are possible
MAX_PER_PAIR_PER_WEEK = 2  # from one person to another, in any state
MAX_BOOKED_PER_WEEK = 3  # from one person to another, on a booking page


def is_open_for(db: Session, inviter_id: str, receiver: User, *, by_link: bool = False) -> bool:
    """Whether `receiver` accepts an invitation of this person now.

    Blocks play no part: an invitation to a person who blocked the inviter is one without an answer. So
    undelivered ones count as well, and the same queries run for everyone. Against the receiver's limits
    each inviter counts once, and withdrawn invitations do not: no one can use up another's limits.
    Against the pair's limit everything sent counts, withdrawn ones included.
    """
    now = clock.now()
    mine, theirs = aliased(Seat), aliased(Seat)
    lately = Coffee.proposed_at > now - timedelta(days=7)
    sent = Coffee.invited_by_id == inviter_id
    waits = and_(
        Coffee.state.in_(rules.OPEN), Coffee.starts_at > now, mine.answer != "no", theirs.answer != "no"
    )
    refused = and_(sent, Coffee.state == "declined", theirs.answer == "no")
    together = (
        select(_count(Coffee.state == "met"), _count(waits), _count(refused), _count(and_(sent, lately)))
        .join(mine, mine.coffee_id == Coffee.id)
        .join(theirs, theirs.coffee_id == Coffee.id)
        .where(mine.user_id == inviter_id, mine.delivered, theirs.user_id == receiver.id)
    )
    asker = aliased(Seat)
    got = (
        select(_count_people(Coffee.state == "proposed"), _count_people(lately))
        .join(Seat, Seat.coffee_id == Coffee.id)
        .join(asker, and_(asker.coffee_id == Coffee.id, asker.user_id == Coffee.invited_by_id))
        .where(Seat.user_id == receiver.id, Coffee.invited_by_id != receiver.id, asker.answer != "no")
    )
    pair, inbox = together.subquery(), got.subquery()
    found = db.execute(select(*pair.c, *inbox.c).join_from(pair, inbox, true())).one()
    met, waiting, declined, sent_lately, open_ones, this_week = found
    if by_link:  # an open booking page replaces the receiver's limits
        return bool(waiting == 0 and declined < MAX_DECLINES and sent_lately < MAX_BOOKED_PER_WEEK)
    welcome = receiver.welcomes == "all" or (receiver.welcomes == "met" and met > 0)
    room = open_ones < MAX_OPEN and this_week < MAX_PER_WEEK and sent_lately < MAX_PER_PAIR_PER_WEEK
    return welcome and room and waiting == 0 and declined < MAX_DECLINES


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((which, Coffee.id)))


def _count_people(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(func.distinct(case((which, Coffee.invited_by_id))))
