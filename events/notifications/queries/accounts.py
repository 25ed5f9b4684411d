"""Content of mails about accounts and circles."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.actions.keys import issue_key
from events.accounts.models import PersonalKey, User
from events.accounts.queries.actors import is_valid
from events.circles.models import Circle, Invitation, JoinRequest
from events.circles.policy import organises
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.text.markup import plain_name
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import next_livestream
from events.notifications.queries.mail_content import Look, MailContent

INVITATION_REMINDER = "invitation_reminder"  # its sequence counts the reminders of an invitation
INVITATION_REMINDERS = (timedelta(days=4), timedelta(days=11))  # after it was written
MIN_DAYS_BETWEEN_INVITATIONS = timedelta(days=3)


def read_confirm(db: Session, mail: OutgoingMail, _person: User) -> MailContent | None:
    return _link(db, mail, "accounts/confirm")


def read_sign_in_link(db: Session, mail: OutgoingMail, _person: User) -> MailContent | None:
    return _link(db, mail, "accounts/sign_in_link")


def read_invited(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """Due while the invitation stands and its person has not joined by another way.

    Its reader may never have heard of us: no name that somebody else typed for them, and no text of the
    circle but one line without links, addresses and numbers; the names of circle and inviter only in a form
    that carries no message.
    """
    invitation = db.get(Invitation, mail.subject_id)
    if invitation is None or not invitation.is_open:
        return None
    if find_membership(db, person.id, invitation.circle_id) is not None:
        return None
    circle = invitation.circle
    reminder = mail.sequence if mail.kind == INVITATION_REMINDER else 0
    if reminder and _was_mailed_lately(db, invitation):
        return None
    # A key lets in without a sign-in for some days from its issue, so each reminder has its own.
    key = issue_key(db, SYSTEM, person.id, "join", circle.id, anew=reminder > 0)
    return invitation_content(db, circle, invitation.invited_by, reminder=reminder, key=key)


def invitation_content(
    db: Session, circle: Circle, inviter: User, *, reminder: int = 0, key: PersonalKey | None = None
) -> MailContent:
    """Without a `key` for a preview."""
    name = plain_name(circle.name) or "Ontmoet"
    coming = next_livestream(db, circle.id)
    return MailContent(
        "circles/invited",
        ("circles.show", {"slug": circle.slug}),
        circle=name,
        look=Look.of(circle),
        hears=name,
        hears_team=True,
        given_key=key,
        locale=circle.locale,
        to_stranger=True,
        words={
            "inviter": plain_name(inviter.name),
            "reminder": reminder,
            "reminders": len(INVITATION_REMINDERS),
            "line": circle.invitation_line,
            "coming": coming,
            "title": _plain_title(coming) if coming is not None else "",
        },
    )


def _was_mailed_lately(db: Session, invitation: Invitation) -> bool:
    """Whether the team mailed it again within the last days."""
    query = select(OutgoingMail.id).where(
        OutgoingMail.person_id == invitation.user_id,
        OutgoingMail.subject_id == invitation.id,
        OutgoingMail.kind == "invited",
        OutgoingMail.sent_at > clock.now() - MIN_DAYS_BETWEEN_INVITATIONS,
    )
    return db.scalar(query.limit(1)) is not None


def read_join_asked(db: Session, mail: OutgoingMail, person: User) -> MailContent | None:
    """For who organises still, while nobody of the team has decided yet."""
    request = db.get(JoinRequest, mail.subject_id)
    circle = db.get(Circle, request.circle_id) if request is not None else None
    if request is None or circle is None or request.decision is not None:
        return None
    if not organises(find_membership(db, person.id, circle.id)):
        return None
    return MailContent(
        "circles/join_asked",
        ("circles.requests", {"slug": circle.slug}),
        circle=circle.name,
        look=Look.of(circle),
        words={"asker": request.user},
    )


def read_join_decided(db: Session, mail: OutgoingMail, _person: User) -> MailContent | None:
    request = db.get(JoinRequest, mail.subject_id)
    circle = db.get(Circle, request.circle_id) if request is not None else None
    if request is None or circle is None or request.decision is None:
        return None
    return MailContent(
        "circles/join_decided",
        ("circles.show", {"slug": circle.slug}),
        circle=circle.name,
        look=Look.of(circle),
        hears=circle.name,
        hears_team=True,
        words={"accepted": request.decision == "accepted"},
    )


def _link(db: Session, mail: OutgoingMail, template: str) -> MailContent | None:
    """A one-use link; not sent once it is used or too old."""
    key = db.get(PersonalKey, mail.subject_id)
    if key is None or not is_valid(key):
        return None
    if key.subject_id:  # only a requested circle gives these keys a subject
        template = "circles/start"
    return MailContent(
        template, ("accounts.sign_in", {}), given_key=key, words={"expires_at": key.expires_at}
    )


def _plain_title(livestream: Livestream) -> str:
    """Its title when that carries no message; to strangers only the date otherwise."""
    return livestream.title if plain_name(livestream.title) == livestream.title else ""
