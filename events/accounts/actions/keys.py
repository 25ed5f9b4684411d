"""People come into being here, and the keys in their mails are issued, used and revoked."""

from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.actions.addresses import forget_return
from events.accounts.forms import SignUp
from events.accounts.models import AuditEntry, PersonalKey, User
from events.accounts.queries import find_user_by_email, get_user
from events.accounts.signals import KeyUsed, SignInLinkAsked, SignUpStarted
from events.core import clock, secrets
from events.core.access import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.errors import NotFound

KEY_LIFETIME = timedelta(days=60)
CONFIRM_LIFETIME = timedelta(days=2)
SIGN_IN_LIFETIME = timedelta(minutes=30)


def start_sign_up(db: Session, actor: Actor, data: SignUp, locale: str, *, subject_id: str = "") -> User:
    """Send a link to the address. Whether it is known already, only its owner learns, by mail.

    The key carries `subject_id`, which a feature above gave it: KeyUsed brings it back, in any browser.
    """
    authorize(policy.may_sign_up, actor)
    person = find_or_create_person(db, SYSTEM, data.name, data.email, locale)
    _send_link(db, person, subject_id)
    return person


def ask_sign_in_link(db: Session, actor: Actor, email: str) -> None:
    """Send a sign-in link when somebody has this address; the answer is the same when nobody does."""
    authorize(policy.may_sign_up, actor)
    user = find_user_by_email(db, email)
    # Written for unknown addresses too, so that both answers cost one commit and take equally long.
    db.add(AuditEntry.by(user.id if user else None, "sign_in_link_asked"))
    if user is not None:
        _send_link(db, user)


def use_key(db: Session, actor: Actor, key: PersonalKey) -> User:
    """Use a one-use key: its person is confirmed, and whoever gave it a subject acts on that.

    Of two presses on the button one wins; the other is told that the link is gone.
    """
    authorize(policy.may_use_key, actor, key)
    moment = clock.now()
    still_valid = (
        PersonalKey.id == key.id,
        PersonalKey.used_at.is_(None),
        PersonalKey.revoked_at.is_(None),
        PersonalKey.expires_at > moment,
    )
    marked = update(PersonalKey).where(*still_valid).values(used_at=moment).returning(PersonalKey.id)
    if db.scalar(marked) is None:
        raise NotFound("key_gone")
    user = get_user(db, key.user_id)
    user.confirmed_at = user.confirmed_at or moment
    forget_return(db, SYSTEM, user.id)  # the link came by mail, so mail arrives
    announce(db, KeyUsed(key.id))
    return user


def complete_sign_up(
    db: Session, actor: Actor, user: User, *, name: str, zone: str, hashed: str | None
) -> None:
    """What was typed at sign-up counts once the address is confirmed in the same browser."""
    authorize(policy.may_sign_in, actor, user)
    user.name = name
    user.zone = zone
    user.password_hash = user.password_hash or hashed


def find_or_create_person(db: Session, actor: Actor, name: str, email: str, locale: str) -> User:
    """The person with this address; a new one is unconfirmed and has no password."""
    authorize(policy.may_issue_keys, actor)
    known = find_user_by_email(db, email)
    if known is not None:
        return known
    user = User(name=name, email=email.lower(), created_at=clock.now(), locale=locale, languages=locale)
    try:
        with db.begin_nested():
            db.add(user)
    except IntegrityError:  # the same address arrived twice at once
        known = find_user_by_email(db, email)
        if known is None:
            raise
        return known
    return user


def issue_key(
    db: Session,
    actor: Actor,
    user_id: str,
    purpose: str,
    subject_id: str = "",
    lifetime: timedelta = KEY_LIFETIME,
    *,
    anew: bool = False,
) -> PersonalKey:
    """A personal key for a mail. The valid one for the same purpose and subject is given again.

    With `anew` there is always a new one: a link that is asked for again is also mailed again.
    """
    authorize(policy.may_issue_keys, actor)
    moment = clock.now()
    query = _open_keys(user_id, purpose, subject_id).where(PersonalKey.expires_at > moment + lifetime / 2)
    key = None if anew else db.scalar(query.limit(1))
    if key is None:
        key = PersonalKey(
            user_id=user_id,
            purpose=purpose,
            subject_id=subject_id,
            nonce=secrets.new_nonce(),
            created_at=moment,
            expires_at=moment + lifetime,
        )
        db.add(key)
        db.flush()
    return key


def revoke_keys(db: Session, actor: Actor, user_id: str, purpose: str, subject_id: str = "") -> None:
    """Links for this purpose and subject that are still in someone's mailbox open nothing any more."""
    authorize(policy.may_issue_keys, actor)
    for key in db.scalars(_open_keys(user_id, purpose, subject_id)):
        key.revoked_at = clock.now()


def _open_keys(user_id: str, purpose: str, subject_id: str) -> Select[PersonalKey]:
    return select(PersonalKey).where(
        PersonalKey.user_id == user_id,
        PersonalKey.purpose == purpose,
        PersonalKey.subject_id == subject_id,
        PersonalKey.used_at.is_(None),
        PersonalKey.revoked_at.is_(None),
    )


def _send_link(db: Session, user: User, subject_id: str = "") -> None:
    """The link that lets this person in; the first time it also proves that the address is theirs."""
    if user.confirmed_at is None:
        key = issue_key(db, SYSTEM, user.id, "confirm", subject_id, CONFIRM_LIFETIME, anew=True)
        announce(db, SignUpStarted(user.id, key.id))
    else:
        key = issue_key(db, SYSTEM, user.id, "sign_in", subject_id, SIGN_IN_LIFETIME, anew=True)
        announce(db, SignInLinkAsked(user.id, key.id))
