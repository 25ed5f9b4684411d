"""Query for the members whose profile page the actor may open."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from events.circles import policy
from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor


def list_openable(
    db: Session, actor: Actor, circle_id: str, memberships: Iterable[Membership]
) -> frozenset[str]:
    """Ids of those of these members of the circle for whom `get_member` would succeed."""
    own = membership_of(db, actor, circle_id)
    if not policy.may_see_members(actor, own):
        return frozenset()
    organises = policy.organises(own)
    return frozenset(one.user_id for one in memberships if one.listed or organises)
