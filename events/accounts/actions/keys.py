"""Creation of people, and issue, use and revocation of the personal keys in mails."""

from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from events.accounts import policy
from events.accounts.actions.bounced_addresses import clear_bounce
from events.accounts.models import AuditEntry, PersonalKey, User
from events.accounts.queries.people import get_user
from events.accounts.rules import PURPOSES
from events.accounts.signals import KeyUsed
from events.core import clock
from events.core.auth import crypto
from events.core.auth.actor import SYSTEM, Actor, authorize
from events.core.bus import announce
from events.core.db.session import insert_into
from events.core.errors import NotFound
from events.core.realtime.revocations import revoke_sockets
from events.core.text.email_address import normalise_address


def use_key(db: Session, actor: Actor, key: PersonalKey) -> User:
    """Consume a one-use key and confirm its person. Features that issued it listen to KeyUsed.

    Raises NotFound("key_gone") if it is no longer valid. One UPDATE decides between concurrent
    uses.
    """
    authorize(policy.may_use_key, actor, key)
    moment = clock.now()
    user = get_user(db, key.user_id)
    if not policy.may_sign_in_by_key(actor, key, user, moment):
        raise NotFound("key_gone")
    still_valid = (
        PersonalKey.id == key.id,
        PersonalKey.used_at.is_(None),
        PersonalKey.revoked_at.is_(None),
        PersonalKey.expires_at > moment,
    )
    marked = update(PersonalKey).where(*still_valid).values(used_at=moment).returning(PersonalKey.id)
    if db.scalar(marked) is None:
        raise NotFound("key_gone")
    user.confirmed_at = user.confirmed_at or moment
    clear_bounce(db, SYSTEM, user.id)  # the link came by mail, so the address works
    announce(db, KeyUsed(key.id))
    return user


def find_or_create_person(db: Session, actor: Actor, name: str, email: str, locale: str) -> User:
    """Get the person with this address; a new one is unconfirmed and has no password.

    Runs the same two statements for known and unknown addresses. Safe under concurrent calls.
    """
    authorize(policy.may_issue_keys, actor)
    address = normalise_address(email)
    new = insert_into(db, User).values(
        name=name, email=address, created_at=clock.now(), locale=locale, languages=locale
    )
    db.execute(new.on_conflict_do_nothing(index_elements=[User.email]))
    return db.scalars(select(User).where(User.email == address)).one()


def issue_key(
    db: Session,
    actor: Actor,
    user_id: str,
    purpose: str,
    subject_id: str = "",
    lifetime: timedelta | None = None,
    *,
    anew: bool = False,
    browser: str = "",
) -> PersonalKey:
    """Return the valid key for this purpose and subject, or a new one.

    `anew` always makes a new key. A valid key is reused only with at least half its lifetime left.
    """
    authorize(policy.may_issue_keys, actor)
    moment = clock.now()
    lifetime = lifetime or PURPOSES[purpose].lifetime
    epoch = get_user(db, user_id).key_epoch
    query = _open_keys(user_id, purpose, subject_id).where(
        PersonalKey.expires_at > moment + lifetime / 2, PersonalKey.epoch == epoch
    )
    key = None if anew else db.scalar(query.limit(1))
    if key is None:
        key = PersonalKey(
            user_id=user_id,
            purpose=purpose,
            subject_id=subject_id,
            nonce=crypto.new_nonce(),
            created_at=moment,
            expires_at=moment + lifetime,
            epoch=epoch,
            browser=browser,
        )
        db.add(key)
        db.flush()
    return key


def revoke_keys(
    db: Session, actor: Actor, user_id: str, purpose: str, subject_id: str = "", *, browser: str | None = None
) -> None:
    """Revoke unused keys for this purpose and subject; with `browser`, only those it requested."""
    authorize(policy.may_issue_keys, actor)
    for key in db.scalars(_open_keys(user_id, purpose, subject_id)):
        if browser in {None, key.browser}:
            key.revoked_at = clock.now()


def end_own_keys(db: Session, actor: Actor) -> None:
    """Void every key in the actor's mails, and every browser session opened by one."""
    user = get_user(db, actor.id)
    authorize(policy.may_change, actor, user)
    db.add(AuditEntry.by(user.id, "keys_ended"))
    void_keys(db, actor, user)


def void_keys(db: Session, actor: Actor, user: User) -> None:
    """Raise the person's key epoch, which voids all keys, and close sockets opened by a key.

    Keys that only switch off a kind of mail keep working.
    """
    authorize(policy.may_change, actor, user)
    user.key_epoch += 1
    db.flush()
    revoke_sockets(db, keys_of=user.id)


def _open_keys(user_id: str, purpose: str, subject_id: str) -> Select[PersonalKey]:
    return select(PersonalKey).where(
        PersonalKey.user_id == user_id,
        PersonalKey.purpose == purpose,
        PersonalKey.subject_id == subject_id,
        PersonalKey.used_at.is_(None),
        PersonalKey.revoked_at.is_(None),
    )
