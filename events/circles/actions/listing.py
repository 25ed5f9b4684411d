"""A member's own answers to the three questions on joining, and their choice to be listed."""

from sqlalchemy.orm import Session

from events.accounts.queries.people import get_user
from events.accounts.signals import CompanyNamed
from events.circles import policy
from events.circles.actions.topics import choose_topics
from events.circles.forms.circles import FirstQuestions
from events.circles.models import Circle, Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import NotFound


def answer_questions(db: Session, actor: Actor, circle: Circle, data: FirstQuestions) -> Membership:
    """Keep what a member does, looks for and helps with, and whether the list shows them."""
    authorize(policy.is_own, actor, membership_of(db, actor, circle.id))
    membership = choose_listing(db, actor, circle, listed=data.listed)
    user = get_user(db, actor.id)
    user.headline, user.company = data.headline or "", data.company or ""
    announce(db, CompanyNamed(user.id))
    choose_topics(db, actor, circle, actor.id, data)
    db.flush()
    return membership


def choose_listing(db: Session, actor: Actor, circle: Circle, *, listed: bool) -> Membership:
    membership = membership_of(db, actor, circle.id)
    authorize(policy.is_own, actor, membership)
    if membership is None:
        raise NotFound
    membership.listed, membership.listing_chosen_at = listed, clock.now()
    db.flush()
    return membership
