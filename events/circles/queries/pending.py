"""Pages of a circle's unanswered invitations and open join requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from events.accounts.models import User
from events.circles import policy
from events.circles.models import Circle, Invitation, JoinRequest, Membership
from events.circles.queries.circles import membership_of
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.db.paging import Page, matches, window
from events.core.mail.outgoing_mail import OutgoingMail

SHOWN_AFTER_ANSWER = timedelta(days=30)


@dataclass(frozen=True)
class InvitationRow:
    """An invitation and what became of it.

    `status` is joined, declined, returned, looked, reminded, sent or waiting; `at` is the time of that. Only
    mails of this very invitation count: whether the address works elsewhere is not told. Nor is it known who
    opened the mail or its link; `looked` is a press, on a page that new and known addresses both get.
    """

    invitation: Invitation
    status: str
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.invitation.is_open


def has_invited(db: Session, circle_id: str) -> bool:
    """Whether somebody was invited to the circle, or belongs to it beside its team."""
    invited = select(Invitation.id).where(Invitation.circle_id == circle_id)
    members = select(Membership.id).where(Membership.circle_id == circle_id, Membership.role == "member")
    return bool(db.scalar(select(or_(invited.exists(), members.exists()))))


def list_invitations(
    db: Session, actor: Actor, circle: Circle, search: str, number: int
) -> Page[InvitationRow]:
    """Unanswered invitations, and those answered within SHOWN_AFTER_ANSWER; latest first."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    since = clock.now() - SHOWN_AFTER_ANSWER
    query = (
        select(Invitation)
        .join(Invitation.user)
        .where(Invitation.circle_id == circle.id, Invitation.withdrawn_at.is_(None))
        .where(Invitation.accepted_at.is_(None) | (Invitation.accepted_at > since))
        .where(Invitation.declined_at.is_(None) | (Invitation.declined_at > since))
        .where(*matches(search, User.email, Invitation.name))
    )
    query = query.options(contains_eager(Invitation.user).load_only(User.email))
    ordered = query.order_by(Invitation.created_at.desc(), Invitation.id)
    found = Page.of(db.scalars(window(ordered, number)), number)
    latest = _latest_mails(db, circle.id, found.rows)
    rows = [_row(invitation, latest.get(invitation.id)) for invitation in found.rows]
    return Page(rows, found.number, found.more)


def list_every_invitation(db: Session, circle_id: str, *, after: str, most: int) -> list[InvitationRow]:
    """The next invitations by id that were not withdrawn, however long ago; for an export of the team."""
    query = select(Invitation).join(Invitation.user).where(Invitation.circle_id == circle_id)
    query = query.where(Invitation.withdrawn_at.is_(None), Invitation.id > after)
    query = query.options(contains_eager(Invitation.user).load_only(User.email))
    found = list(db.scalars(query.order_by(Invitation.id).limit(most)))
    latest = _latest_mails(db, circle_id, found)
    return [_row(invitation, latest.get(invitation.id)) for invitation in found]


def _latest_mails(db: Session, circle_id: str, invitations: list[Invitation]) -> dict[str, OutgoingMail]:
    """The last mail of each invitation that left."""
    query = (
        select(OutgoingMail)
        .where(OutgoingMail.group_id == circle_id)
        .where(OutgoingMail.person_id.in_([one.user_id for one in invitations]))
        .where(OutgoingMail.kind.in_(("invited", "invitation_reminder")))
        .where(OutgoingMail.state.in_(("sent", "returned", "refused")))
        .order_by(func.coalesce(OutgoingMail.sent_at, OutgoingMail.created_at))
    )
    return {mail.subject_id: mail for mail in db.scalars(query)}


def _row(invitation: Invitation, mail: OutgoingMail | None) -> InvitationRow:
    if invitation.accepted_at is not None:
        return InvitationRow(invitation, "joined", invitation.accepted_at)
    if invitation.declined_at is not None:
        return InvitationRow(invitation, "declined", invitation.declined_at)
    if mail is not None and mail.state in {"returned", "refused"}:
        return InvitationRow(invitation, "returned", mail.sent_at or mail.created_at)
    if invitation.looked_at is not None:
        return InvitationRow(invitation, "looked", invitation.looked_at)
    if mail is None:
        return InvitationRow(invitation, "waiting", invitation.created_at)
    status = "sent" if mail.kind == "invited" else "reminded"
    return InvitationRow(invitation, status, mail.sent_at or mail.created_at)


def list_requests(db: Session, actor: Actor, circle: Circle, number: int) -> Page[JoinRequest]:
    """Open requests, oldest first."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    query = select(JoinRequest).where(JoinRequest.circle_id == circle.id, JoinRequest.decision.is_(None))
    query = query.options(joinedload(JoinRequest.user))
    ordered = query.order_by(JoinRequest.created_at, JoinRequest.id)
    return Page.of(db.scalars(window(ordered, number)), number)


def count_requests(db: Session, circle_id: str) -> int:
    query = select(func.count(JoinRequest.id)).where(JoinRequest.circle_id == circle_id)
    return db.scalar(query.where(JoinRequest.decision.is_(None))) or 0
