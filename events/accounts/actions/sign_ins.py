"""Sign-ins: session rows that can be ended, last-seen times and passwords."""

from datetime import timedelta

from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.actions.keys import void_keys
from events.accounts.models import AuditEntry, SignIn, User
from events.accounts.queries.people import get_user, list_sign_ins
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.errors import Invalid, NotFound
from events.core.realtime.revocations import revoke_sockets

SIGN_IN_LIFETIME = timedelta(days=60)
LAST_SEEN_INTERVAL = timedelta(minutes=10)


def start_sign_in(db: Session, actor: Actor, user: User, how: str, browser: str) -> SignIn:
    """Create a sign-in, ending the one this browser had. The caller has checked the credentials."""
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
    """Writes at most once per LAST_SEEN_INTERVAL."""
    authorize(policy.is_signed_in, actor)
    sign_in = db.get(SignIn, actor.sign_in_id)
    if sign_in is not None and clock.now() - sign_in.last_seen_at >= LAST_SEEN_INTERVAL:
        sign_in.last_seen_at = clock.now()


def end_sign_in(db: Session, actor: Actor, sign_in_id: str) -> None:
    """End one of the actor's sign-ins and close its sockets. Raises NotFound for another's."""
    authorize(policy.is_signed_in, actor)
    sign_in = db.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.user_id != actor.id:
        raise NotFound
    if sign_in.ended_at is None:
        _end(db, sign_in)


def end_every_sign_in(db: Session, actor: Actor, *, but: str | None = None) -> None:
    """End all the actor's sign-ins except `but`, and void the keys in their mails."""
    authorize(policy.is_signed_in, actor)
    for sign_in in list_sign_ins(db, actor.id):
        if sign_in.id != but:
            _end(db, sign_in)
    void_keys(db, actor, get_user(db, actor.id))
    db.add(AuditEntry.by(actor.id, "signed_out_everywhere"))


def set_password(db: Session, actor: Actor, hashed: str | None) -> None:
    """Set, change or (None) remove the password; ends all other sign-ins and voids keys.

    Raises Invalid if a first password lacks recent proof of the mailbox.
    """
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    if hashed is not None and user.password_hash is None:
        sign_in = db.get(SignIn, actor.sign_in_id)
        if not policy.may_set_first_password(actor, sign_in, clock.now()):
            raise Invalid(fields=[("new", "fresh_proof")])
    if hashed is None:
        event = "password_removed"
    else:
        event = "password_changed" if user.password_hash else "password_set"
    user.password_hash = hashed
    db.add(AuditEntry.by(user.id, event))
    end_every_sign_in(db, actor, but=actor.sign_in_id)


def _end(db: Session, sign_in: SignIn) -> None:
    sign_in.ended_at = clock.now()
    revoke_sockets(db, sign_in_id=sign_in.id)
