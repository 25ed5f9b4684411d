"""Audit entries of exports; the file itself is streamed after the commit."""

from sqlalchemy.orm import Session

from events.accounts.models import AuditEntry
from events.circles.models import Circle
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.exports import policy
from events.livestreams.models import Livestream


def note_export_of_people(db: Session, actor: Actor, circle: Circle, what: str) -> None:
    """`what` is members or invitations."""
    authorize(policy.may_export_people, actor, membership_of(db, actor, circle.id))
    db.add(AuditEntry.by(actor.person_id, f"{what}_exported", circle.id))
    db.flush()


def note_export_of_registrations(db: Session, actor: Actor, livestream: Livestream) -> None:
    membership = membership_of(db, actor, livestream.circle_id)
    authorize(policy.may_export_registrations, actor, livestream, membership)
    db.add(AuditEntry.by(actor.person_id, "registrations_exported", livestream.id))
    db.flush()
