"""Query for the members whose profile page the actor may open."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from events.circles import policy
from events.circles.queries.circles import find_membership, membership_of
from events.core.auth.actor import Actor


def list_openable(db: Session, actor: Actor, circle_id: str, user_ids: Iterable[str]) -> frozenset[str]:
    """Those of these people for whom `get_member` would succeed."""
    own = membership_of(db, actor, circle_id)
    if not policy.may_see_members(actor, own):
        return frozenset()
    found = (find_membership(db, user_id, circle_id) for user_id in user_ids)
    return frozenset(
        membership.user_id
        for membership in found
        if membership and (membership.listed or policy.organises(own))
    )
