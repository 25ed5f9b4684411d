"""Sign-up and sign-in links: requested on a page, mailed by a job, bound to one browser."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.actions.keys import find_or_create_person, issue_key, revoke_keys
from events.accounts.forms import SignUp
from events.accounts.models import AuditEntry, PendingSignUp, PersonalKey, User
from events.accounts.queries.people import find_user_by_email, get_user
from events.accounts.signals import (
    ConfirmationLinkIssued,
    SignInLinkIssued,
    SignInLinkRequested,
    SignUpRequested,
)
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.db.session import get_or_create

PENDING_RETENTION = timedelta(days=2)


def start_sign_up(
    db: Session,
    actor: Actor,
    data: SignUp,
    locale: str,
    *,
    browser: str,
    next_path: str = "",
    hashed: str | None = None,
) -> PendingSignUp:
    """Store a pending sign-up and announce that a link is to be mailed.

    Does the same work for known and unknown addresses. Replaces an earlier one from this browser.
    """
    authorize(policy.may_sign_up, actor)
    same = PendingSignUp.email == data.email, PendingSignUp.browser == browser
    pending, _created = get_or_create(
        db,
        lambda: db.scalar(select(PendingSignUp).where(*same)),
        lambda: PendingSignUp(
            email=data.email,
            browser=browser,
            name=data.name,
            zone=data.known_zone,
            locale=locale,
            next=next_path,
            created_at=clock.now(),
        ),
    )
    pending.name, pending.zone, pending.locale = data.name, data.known_zone, locale
    pending.next, pending.password_hash, pending.created_at = next_path, hashed, clock.now()
    db.flush()
    announce(db, SignUpRequested(pending.id))
    return pending


def start_sign_up_now(
    db: Session, actor: Actor, data: SignUp, locale: str, *, browser: str, subject_id: str
) -> User:
    """Create the person and mail a link at once, for a feature whose rows need the person.

    The key carries the feature's `subject_id`; KeyUsed returns it, from any browser.
    """
    authorize(policy.may_sign_up, actor)
    user = find_or_create_person(db, SYSTEM, data.name, data.email, locale)
    _send_link(db, user, browser, subject_id)
    return user


def request_sign_in_link(db: Session, actor: Actor, email: str, browser: str) -> None:
    """Queue a sign-in link. A job looks up the address, so the work never depends on it."""
    authorize(policy.may_sign_up, actor)
    announce(db, SignInLinkRequested(email, browser))


def request_own_link(db: Session, actor: Actor, browser: str) -> None:
    """Queue a link to the actor: to sign in, or as fresh proof of the mailbox."""
    user = get_user(db, actor.id)
    authorize(policy.may_request_own_link, actor, user)
    announce(db, SignInLinkRequested(user.email, browser))


def request_link_for_key(db: Session, actor: Actor, key: PersonalKey, browser: str) -> None:
    """Queue a short-lived link to the key's person, bound to the browser that opened the key."""
    authorize(policy.may_use_key, actor, key)
    about = key.subject_id if key.purpose != "join" else ""
    announce(db, SignInLinkRequested(key.user.email, browser, about))


def send_sign_in_link(db: Session, actor: Actor, email: str, browser: str, subject_id: str = "") -> None:
    """Issue and mail the link, revoking earlier ones that this browser requested.

    Links requested by other browsers stay valid, so a stranger cannot void them.
    """
    authorize(policy.may_issue_keys, actor)
    user = find_user_by_email(db, email)
    db.add(AuditEntry.by(user.id if user else None, "sign_in_link_asked"))
    if user is not None:
        _send_link(db, user, browser, subject_id)


def send_sign_up_link(db: Session, actor: Actor, pending_id: str) -> None:
    authorize(policy.may_issue_keys, actor)
    pending = db.get(PendingSignUp, pending_id)
    if pending is None:
        return
    user = find_or_create_person(db, SYSTEM, pending.name, pending.email, pending.locale)
    _send_link(db, user, pending.browser)


def complete_sign_up(
    db: Session,
    actor: Actor,
    user: User,
    pending_id: str,
    *,
    same_browser: bool,
    zone: str | None = None,
    hashed: str | None = None,
) -> None:
    """Apply the pending sign-up. `same_browser` means the one in which it was typed.

    Another browser applies only `zone` and `hashed`, which were chosen in it, so that whoever typed
    a stranger's address never learns that account's password.
    """
    authorize(policy.may_sign_in, actor, user)
    pending = db.get_one(PendingSignUp, pending_id)
    if same_browser:
        user.name, user.zone = pending.name, pending.zone
        user.password_hash = user.password_hash or pending.password_hash
    else:
        user.zone = zone or user.zone
        user.password_hash = user.password_hash or hashed
    db.delete(pending)


def delete_expired_sign_ups(db: Session, actor: Actor) -> None:
    authorize(policy.may_issue_keys, actor)
    db.execute(delete(PendingSignUp).where(PendingSignUp.created_at < clock.now() - PENDING_RETENTION))


def _send_link(db: Session, user: User, browser: str, subject_id: str = "") -> None:
    """Revokes earlier links of this browser for the same subject."""
    purpose = "confirm" if user.confirmed_at is None else "sign_in"
    revoke_keys(db, SYSTEM, user.id, purpose, subject_id, browser=browser)
    key = issue_key(db, SYSTEM, user.id, purpose, subject_id, anew=True, browser=browser)
    if purpose == "confirm":
        announce(db, ConfirmationLinkIssued(user.id, key.id))
    else:
        announce(db, SignInLinkIssued(user.id, key.id))
