"""Listener that plans the mail in which a newcomer is offered a welcome coffee."""

from sqlalchemy.orm import Session

from events.circles.models import Membership
from events.circles.signals import MembershipStarted
from events.core.bus import on
from events.core.mail.daily import after_the_night
from events.core.mail.outbox import queue_mail
from events.welcomes.queries import somebody_welcomes
from events.welcomes.rules import MAIL_AFTER


@on(MembershipStarted)
def plan_welcome(db: Session, signal: MembershipStarted) -> None:
    """Not where nobody welcomes: a planned mail takes its day from others. Dropped after a yes on Today."""
    membership = db.get_one(Membership, signal.membership_id)
    if not somebody_welcomes(db, membership.circle_id):
        return
    queue_mail(
        db,
        "welcome_offered",
        membership.user_id,
        membership.circle_id,
        at=after_the_night(membership.created_at + MAIL_AFTER, membership.user.zone),
        bulk=True,
        group_id=membership.circle_id,
        daily_in=membership.user.zone,
    )
