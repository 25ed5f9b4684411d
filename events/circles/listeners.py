"""Listeners that accept used invitations, create requested circles and keep companies in step."""

from sqlalchemy.orm import Session

from events.accounts.models import PersonalKey
from events.accounts.signals import CompanyNamed, KeyUsed
from events.circles.actions import circle as circles_circle
from events.circles.actions import companies, joining
from events.circles.jobs import send_circle_link
from events.circles.models import Circle, Membership, PendingCircle
from events.circles.queries.bans import is_banned
from events.circles.queries.circles import find_invitation
from events.circles.signals import CircleRequested, MembershipEnded, MembershipStarted
from events.core.auth.actor import SYSTEM
from events.core.bus import on
from events.core.jobs.queue import enqueue


@on(KeyUsed)
def accept_used_invitation(db: Session, signal: KeyUsed) -> None:
    """In the transaction that used the key, so signing in and joining happen together."""
    key = db.get_one(PersonalKey, signal.key_id)
    circle = db.get(Circle, key.subject_id) if key.purpose == "join" else None
    if circle is None or is_banned(db, key.user_id, circle.id):
        return
    if find_invitation(db, key.user_id, circle.id) is not None:
        first = key.user.confirmed_at == key.used_at
        joining.accept_invitation(db, SYSTEM, circle, key.user_id, first=first)


@on(KeyUsed)
def create_requested_circle(db: Session, signal: KeyUsed) -> None:
    key = db.get_one(PersonalKey, signal.key_id)
    if key.purpose not in {"confirm", "sign_in"} or not key.subject_id:
        return
    pending = db.get(PendingCircle, key.subject_id)
    if pending is not None and pending.user_id == key.user_id:
        if key.purpose == "confirm":
            pending.user.zone = pending.zone
        circles_circle.create_pending_circle(db, SYSTEM, pending)


@on(CircleRequested)
def queue_circle_link(db: Session, signal: CircleRequested) -> None:
    asked = (signal.circle, signal.name, signal.email, signal.zone, signal.locale, signal.browser)
    enqueue(db, send_circle_link, *asked)


@on(CompanyNamed)
def settle_companies(db: Session, signal: CompanyNamed) -> None:
    companies.settle_companies(db, SYSTEM, signal.user_id)


@on(MembershipStarted)
def settle_company(db: Session, signal: MembershipStarted) -> None:
    membership = db.get_one(Membership, signal.membership_id)
    companies.settle_companies(db, SYSTEM, membership.user_id, circle_id=membership.circle_id)


@on(MembershipEnded)
def prune_companies(db: Session, signal: MembershipEnded) -> None:
    companies.prune_companies(db, SYSTEM, signal.circle_id)
