"""Invitations after they were sent: mailed again by the team, looked at or declined by the invited person."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts.actions import keys
from events.accounts.models import AuditEntry
from events.circles import policy
from events.circles.models import Circle, Invitation
from events.circles.queries.circles import find_invitation, lock_circle, membership_of
from events.circles.rules import (
    MAX_INVITATIONS_PER_DAY,
    MAX_INVITATIONS_PER_PERSON_PER_MONTH,
    max_invitations_per_day,
)
from events.circles.signals import MemberInvited
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, NotFound, TooMany
from events.core.mail.ledger import count_mail

DAY, MONTH = timedelta(days=1), timedelta(days=30)


def resend_invitation(db: Session, actor: Actor, circle: Circle, invitation_id: str) -> None:
    """Mail it again, within the ceilings of inviting.

    Conflict("invited_enough") after MAX_INVITATIONS_PER_PERSON_PER_MONTH mails, Conflict("invitation_over")
    when it is not open any more.
    """
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    invitation = db.get(Invitation, invitation_id, populate_existing=True)
    if invitation is None or invitation.circle_id != circle.id:
        raise NotFound
    if not invitation.is_open:
        raise Conflict("invitation_over")
    now = clock.now()
    most = MAX_INVITATIONS_PER_DAY if actor.operator else max_invitations_per_day(circle.created_at, now)
    if count_mail(db, circle.id, now - DAY) >= most:
        raise TooMany(int(DAY.total_seconds()), "too_many_invited", most=most)
    sent = count_mail(db, circle.id, now - MONTH, recipient_id=invitation.user_id)
    if sent >= MAX_INVITATIONS_PER_PERSON_PER_MONTH:
        raise Conflict("invited_enough")
    db.add(AuditEntry.by(actor.id, "invited_again", invitation.user_id))
    keys.issue_key(db, SYSTEM, invitation.user_id, "join", circle.id)
    announce(db, MemberInvited(invitation.id))


def change_line(db: Session, actor: Actor, circle: Circle, line: str) -> bool:
    """Keep the team's own line in the mail of invitations; says whether it changed."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    if line == circle.invitation_line:
        return False
    circle.invitation_line = line
    db.add(AuditEntry.by(actor.person_id, "invitation_line_changed", circle.id))
    db.flush()
    return True


def decline_invitation(db: Session, actor: Actor, circle: Circle, user_id: str) -> None:
    """By the invited person: nothing more is mailed, and the team cannot mail it again. Idempotent.

    The link in the mail keeps working, for who thinks better of it.
    """
    authorize(policy.may_accept, actor, user_id)
    lock_circle(db, circle)
    invitation = find_invitation(db, user_id, circle.id)
    if invitation is not None and invitation.is_open:
        invitation.declined_at = clock.now()
        db.flush()


def note_look(db: Session, actor: Actor, circle: Circle, user_id: str) -> None:
    """The invited person pressed to see what it is. The first time counts; later ones change nothing."""
    authorize(policy.may_accept, actor, user_id)
    lock_circle(db, circle)
    invitation = find_invitation(db, user_id, circle.id)
    if invitation is not None and invitation.is_open and invitation.looked_at is None:
        invitation.looked_at = clock.now()
        db.flush()
