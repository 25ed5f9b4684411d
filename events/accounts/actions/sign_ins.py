"""Signing in and out: rows that can be ended, and the password that may open them."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.actions.keys import void_keys
from events.accounts.models import AuditEntry, SignIn, User
from events.accounts.queries.people import get_user, list_sign_ins
from events.accounts.signals import PasswordChanged, SignInEnded
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Invalid, NotFound
from events.core.server import revoke_sockets

SIGN_IN_LIFETIME = timedelta(days=60)
LAST_SEEN_INTERVAL = timedelta(minutes=10)


def start_sign_in(db: Session, actor: Actor, user: User, how: str, browser: str) -> SignIn:
    """Sign this person in, who has just shown a password or a link. A browser has one sign-in at a time."""
    authorize(policy.may_sign_in, actor, user)
    if actor.sign_in_id is not None:
        _end(db, db.get_one(SignIn, actor.sign_in_id))
    moment = clock.now()
    sign_in = SignIn(
        user_id=user.id,
        created_at=moment,
        last_seen_at=moment,
        expires_at=moment + SIGN_IN_LIFETIME,
        how=how,
        browser=browser,
    )
    db.add(sign_in)
    db.add(AuditEntry.by(user.id, "signed_in", how))
    db.flush()
    return sign_in


def update_last_seen(db: Session, actor: Actor) -> None:
    """Remember that this browser was here, at most every ten minutes."""
    authorize(policy.is_signed_in, actor)
    sign_in = db.get(SignIn, actor.sign_in_id)
    if sign_in is not None and clock.now() - sign_in.last_seen_at >= LAST_SEEN_INTERVAL:
        sign_in.last_seen_at = clock.now()


def end_sign_in(db: Session, actor: Actor, sign_in_id: str) -> None:
    """Sign one of the actor's browsers out; its sockets close."""
    authorize(policy.is_signed_in, actor)
    sign_in = db.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.user_id != actor.id:
        raise NotFound
    if sign_in.ended_at is None:
        _end(db, sign_in)


def end_every_sign_in(db: Session, actor: Actor, *, but: str | None = None) -> None:
    """Sign the actor out everywhere, or everywhere else. The links in their mails end as well."""
    authorize(policy.is_signed_in, actor)
    for sign_in in list_sign_ins(db, actor.id):
        if sign_in.id != but:
            _end(db, sign_in)
    void_keys(db, actor, get_user(db, actor.id))
    db.add(AuditEntry.by(actor.id, "signed_out_everywhere"))


def set_password(db: Session, actor: Actor, hashed: str | None) -> None:
    """Set, change or (None) remove the actor's password. Every other browser has to sign in again, and
    links in mails end."""
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    if hashed is not None and user.password_hash is None:
        here = db.get(SignIn, actor.sign_in_id)
        if not policy.may_set_first_password(actor, here, clock.now()):
            raise Invalid(fields=[("new", "fresh_proof")])
    if hashed is None:
        what = "password_removed"
    else:
        what = "password_changed" if user.password_hash else "password_set"
    user.password_hash = hashed
    db.add(AuditEntry.by(user.id, what))
    end_every_sign_in(db, actor, but=actor.sign_in_id)
    announce(db, PasswordChanged(user.id))


def _end(db: Session, sign_in: SignIn) -> None:
    sign_in.ended_at = clock.now()
    revoke_sockets(db, sign_in_id=sign_in.id)
    announce(db, SignInEnded(sign_in.id))
