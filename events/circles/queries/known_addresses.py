"""Query for the addresses of a list that an invitation would not reach, and why."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.models import CircleBan, Invitation, Membership
from events.circles.queries.circles import open_invitations


def known_addresses(db: Session, circle_id: str, emails: Collection[str]) -> dict[str, str]:
    """Outcome (removed, member or pending) by address, for the team; other addresses are absent.

    Tells nothing about accounts outside this circle.
    """
    pending = open_invitations(circle_id).with_only_columns(Invitation.user_id).subquery()
    query = (
        select(User.email, CircleBan.user_id, Membership.id, pending.c.user_id)
        .outerjoin(CircleBan, (CircleBan.user_id == User.id) & (CircleBan.circle_id == circle_id))
        .outerjoin(Membership, (Membership.user_id == User.id) & (Membership.circle_id == circle_id))
        .outerjoin(pending, pending.c.user_id == User.id)
        .where(User.email.in_(emails))
    )
    return {
        email: "removed" if banned else "member" if member else "pending"
        for email, banned, member, invited in db.execute(query)
        if banned or member or invited
    }
