"""Action that invites one member to a coffee, without a round."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user, has_blocked, list_blocks, lock_people
from events.bookings import policy
from events.bookings.forms import Invite
from events.bookings.queries.invitations import is_open_for
from events.circles.models import Circle
from events.circles.queries.circles import find_membership, membership_of
from events.coffees import rules
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.coffees.queries.common_times import list_offered_times
from events.coffees.queries.deadlines import answer_deadline
from events.coffees.queries.shared_topics import reasons_between
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.errors import Conflict, Invalid
from events.livestreams.models import Livestream

MIN_TIMES = 3


def invite_person(
    db: Session, actor: Actor, circle: Circle, user_id: str, data: Invite, occasion: Livestream | None = None
) -> Coffee:
    """Invite another member. After a block neither notices.

    The row, the mail that is dropped when due, and every sentence are those of an unanswered invitation.
    """
    own, other = membership_of(db, actor, circle.id), find_membership(db, user_id, circle.id)
    authorize(policy.may_invite, actor, own, other)
    lock_people(db, [actor.id, user_id])
    receiver = get_user(db, user_id)
    if has_blocked(db, actor, user_id):
        raise Conflict("you_blocked")
    if not is_open_for(db, actor.id, receiver):
        raise Conflict("no_invitation_now")
    minutes = int(data.minutes)
    offered = list_offered_times(db, actor.id, [user_id], minutes, notice=rules.INVITATION_NOTICE)
    times = _times(data.times, offered)
    kept_away = bool(list_blocks(db, [actor.id, user_id]))
    mine, theirs = reasons_between(db, circle, actor.id, user_id)
    told: list[dict[str, object]] = [_moment(occasion, data.at)] if occasion and data.at is not None else []
    return propose_coffee(
        db,
        SYSTEM,
        Proposal(
            circle_id=circle.id,
            occasion_id=occasion.id if occasion is not None else None,
            starts_at=times[0],
            alternatives=times[1:],
            answer_by=answer_deadline(db, circle, times[0], days=rules.INVITATION_DAYS),
            minutes=minutes,
            form=data.form,
            invited_by_id=actor.id,
            asked="invited",
            people=[
                Participant(actor.id, [*mine, *told], data.about or "", proposes=True),
                Participant(user_id, [*theirs, *told], delivered=not kept_away),
            ],
        ),
    )


def _times(chosen: list[datetime], offered: list[datetime]) -> list[datetime]:
    """Chosen times, sorted. Invalid("not_offered") whatever is wrong with them."""
    times = sorted(set(chosen))
    if not set(times) <= set(offered) or len(times) < min(MIN_TIMES, len(offered)):
        raise Invalid(fields=[("times", "not_offered")])
    return times


def _moment(occasion: Livestream, second: int) -> dict[str, object]:
    return {"code": "at_moment", "title": occasion.title, "slug": occasion.slug, "second": second}
