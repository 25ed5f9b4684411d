"""Joining a circle: directly, on request or by invitation."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from events.accounts.actions import keys
from events.accounts.models import AuditEntry, User
from events.circles import policy
from events.circles.forms.circles import Invitee
from events.circles.models import Circle, Invitation, JoinRequest, Membership
from events.circles.queries.bans import is_banned
from events.circles.queries.circles import (
    find_invitation,
    find_membership,
    find_request,
    lock_circle,
    membership_of,
)
from events.circles.queries.known_addresses import known_addresses
from events.circles.rules import (
    MAX_INVITATIONS_PER_DAY,
    MAX_INVITATIONS_PER_PERSON_PER_MONTH,
    max_invitations_per_day,
)
from events.circles.signals import JoinDecided, JoinRequested, MemberInvited, MembershipStarted
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict, NotFound, TooMany
from events.core.mail.ledger import count_mail, lock_quotas

DAY, MONTH = timedelta(days=1), timedelta(days=30)


@dataclass(frozen=True)
class InvitationResult:
    """Outcome of one entry: invited, pending, declined, member, removed, enough or
    no_address."""

    written: str
    outcome: str


def join_circle(db: Session, actor: Actor, circle: Circle) -> Membership:
    """Join an open circle. Idempotent."""
    lock_circle(db, circle)
    membership = membership_of(db, actor, circle.id)
    if membership is not None:
        return membership
    authorize(policy.may_join, actor, circle, membership)
    if is_banned(db, actor.id, circle.id):
        raise Conflict("request_declined")
    return _start_membership(db, circle, actor.id, "member")


def request_to_join(db: Session, actor: Actor, circle: Circle) -> JoinRequest:
    authorize(policy.may_request_to_join, actor, circle, membership_of(db, actor, circle.id))
    return _request(db, circle, actor.id)


def request_for_guest(db: Session, actor: Actor, circle: Circle, user_id: str) -> JoinRequest:
    """A guest's request, however members join otherwise: the team has met them, and decides."""
    authorize(policy.may_request_for_guest, actor)
    return _request(db, circle, user_id)


def _request(db: Session, circle: Circle, user_id: str) -> JoinRequest:
    lock_circle(db, circle)
    if is_banned(db, user_id, circle.id):
        raise Conflict("request_declined")
    request = find_request(db, user_id, circle.id)
    if request is not None and request.decision is None:
        return request
    if request is not None and request.decision == "declined":
        raise Conflict("request_declined")
    if request is not None:  # was accepted, left, and asks again: a new request with a new notification
        db.delete(request)
        db.flush()
    request = JoinRequest(circle_id=circle.id, user_id=user_id, created_at=clock.now())
    db.add(request)
    db.flush()
    announce(db, JoinRequested(request.id))
    return request


def decide_request(db: Session, actor: Actor, circle: Circle, request_id: str, decision: str) -> JoinRequest:
    """Accept or decline. Of two organisers the first decides."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    request = db.get(JoinRequest, request_id, populate_existing=True)
    if request is None or request.circle_id != circle.id:
        raise NotFound
    if request.decision is not None:
        raise Conflict("already_decided")
    request.decision = decision
    if decision == "accepted" and is_banned(db, request.user_id, circle.id):
        raise Conflict("removed_before")
    if decision == "accepted" and find_membership(db, request.user_id, circle.id) is None:
        _start_membership(db, circle, request.user_id, "member")
    db.add(AuditEntry.by(actor.person_id, f"join_request_{decision}", request.user_id))
    announce(db, JoinDecided(request.id))
    return request


def invite_members(
    db: Session, actor: Actor, circle: Circle, invitees: list[Invitee]
) -> list[InvitationResult]:
    """Invite each address and report the outcome of each."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    lock_circle(db, circle)
    moment = clock.now()
    most = max_invitations_per_day(circle.created_at, moment)
    if actor.operator:
        most = MAX_INVITATIONS_PER_DAY
    # Counts mails, so that withdrawing an invitation frees no quota.
    typed = {entry.email: entry for entry in invitees if entry.email is not None}
    known = known_addresses(db, circle.id, typed)
    if count_mail(db, circle.id, moment - DAY) + len(invitees) - len(known) > most:
        raise TooMany(int(DAY.total_seconds()), "too_many_invited", most=most)
    people = [
        keys.find_or_create_person(db, SYSTEM, typed[email].name, email, circle.locale)
        for email in sorted(typed)  # one order: concurrent lists with the same new addresses cannot deadlock
    ]
    lock_quotas(db, [person.id for person in people])  # in one statement, not two for each mail
    outcomes: dict[str | None, str] = {None: "no_address"}
    for person in sorted(people, key=lambda entry: entry.id):  # the order in which rows of people are locked
        outcomes[person.email] = _invite(db, actor, circle, person, typed[person.email])
    return [InvitationResult(entry.written, outcomes[entry.email]) for entry in invitees]


def withdraw_invitation(db: Session, actor: Actor, circle: Circle, invitation_id: str) -> None:
    """Withdraw it and revoke the key in its mail."""
    authorize(policy.may_organise, actor, membership_of(db, actor, circle.id))
    invitation = db.get(Invitation, invitation_id)
    if invitation is None or invitation.circle_id != circle.id:
        raise NotFound
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        keys.revoke_keys(db, SYSTEM, invitation.user_id, "join", circle.id)
        db.add(AuditEntry.by(actor.person_id, "invitation_withdrawn", invitation.user_id))


def accept_invitation(
    db: Session, actor: Actor, circle: Circle, user_id: str, *, first: bool = False
) -> Membership:
    """Become a member by invitation. Idempotent.

    If this confirms the address for the `first` time, the name the team typed is taken over.
    """
    authorize(policy.may_accept, actor, user_id)
    lock_circle(db, circle)
    existing = find_membership(db, user_id, circle.id)
    if existing is not None:
        return existing
    invitation = find_invitation(db, user_id, circle.id)
    if invitation is None or is_banned(db, user_id, circle.id):
        raise NotFound
    if first:
        invitation.user.name = invitation.name or invitation.user.name
        invitation.user.company = invitation.company
    return _start_membership(db, circle, user_id, invitation.role)


def _invite(db: Session, actor: Actor, circle: Circle, person: User, invitee: Invitee) -> str:
    """Runs the same statements whether or not the address had an account before."""
    if invitee.company:  # kept until its owner changes it, as with the name
        unknown = User.id == person.id, User.confirmed_at.is_(None), User.company == ""
        db.execute(update(User).where(*unknown).values(company=invitee.company))
    if is_banned(db, person.id, circle.id):
        return "removed"
    if find_membership(db, person.id, circle.id) is not None:
        return "member"
    pending = find_invitation(db, person.id, circle.id)
    if pending is not None:
        return "pending" if pending.is_open else "declined"
    month_ago = clock.now() - MONTH
    if count_mail(db, circle.id, month_ago, recipient_id=person.id) >= MAX_INVITATIONS_PER_PERSON_PER_MONTH:
        return "enough"
    _replace_invitation(db, actor, circle, person, invitee)
    return "invited"


def _replace_invitation(db: Session, actor: Actor, circle: Circle, person: User, typed: Invitee) -> None:
    """Delete a withdrawn or used invitation, so that the new row is mailed as new."""
    query = select(Invitation).where(Invitation.circle_id == circle.id, Invitation.user_id == person.id)
    former = db.scalar(query)
    if former is not None:
        db.delete(former)
        db.flush()
    invitation = Invitation(
        circle_id=circle.id,
        user_id=person.id,
        invited_by_id=actor.id,
        name=typed.name,
        company=typed.company,
        created_at=clock.now(),
    )
    db.add(invitation)
    db.add(AuditEntry.by(actor.id, "invited", person.id))
    db.flush()
    keys.issue_key(db, SYSTEM, person.id, "join", circle.id)
    announce(db, MemberInvited(invitation.id))


def _start_membership(db: Session, circle: Circle, user_id: str, role: str) -> Membership:
    """Create the membership, accept an open invitation and revoke its key."""
    membership = Membership(circle_id=circle.id, user_id=user_id, role=role, created_at=clock.now())
    db.add(membership)
    invitation = find_invitation(db, user_id, circle.id)
    if invitation is not None:
        invitation.accepted_at = clock.now()
        keys.revoke_keys(db, SYSTEM, user_id, "join", circle.id)
    db.flush()
    announce(db, MembershipStarted(membership.id))
    return membership
