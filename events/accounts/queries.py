"""Reads about people: the actor behind a cookie, their keys, and who wants to be left alone by whom."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from events.accounts.models import (
    Block,
    MailChoice,
    PendingSignUp,
    PersonalKey,
    ReturnedAddress,
    SignIn,
    User,
)
from events.accounts.rules import SESSION_PURPOSES
from events.core import clock, secrets
from events.core.access import VISITOR, Actor
from events.core.db import is_sqlite
from events.core.email_address import NotAnAddress, normalise_address
from events.core.errors import NotFound

_SIGN_IN = (  # made once: asked with every page and by the frames of every second
    select(SignIn).options(joinedload(SignIn.user)).where(SignIn.id == bindparam("id"))
)
_SECRET = re.compile(r"[a-z2-7]{26}[A-Za-z0-9_-]{32}")

KeyPage = Callable[[Session, str], str | None]
_key_pages: dict[str, KeyPage] = {}
_key_titles: dict[str, KeyPage] = {}


def register_key_page(purpose: str, page: KeyPage, title: KeyPage | None = None) -> None:
    """The feature that owns a purpose's subjects says where its keys lead: (db, subject id) -> path.

    `title` gives the name of the subject, for the page on which a one-use key is confirmed.
    """
    _key_pages[purpose] = page
    if title is not None:
        _key_titles[purpose] = title


@dataclass(frozen=True)
class Announcement:
    """What a path leads to, in words that everybody may read who was given the path."""

    title: str
    circle: str
    starts_at: datetime
    ends_at: datetime
    guest_path: str


Announcer = Callable[[Session, str], Announcement | None]
_announcers: list[Announcer] = []


def register_announcer(announcer: Announcer) -> None:
    """A feature says what a path of its own leads to, as (db, path) -> Announcement; None when it is no such
    path, or when it is not for everybody's eyes."""
    _announcers.append(announcer)


def find_announcement(db: Session, path: str) -> Announcement | None:
    return next((found for one in _announcers if (found := one(db, path)) is not None), None)


def find_key_page(db: Session, key: PersonalKey) -> str | None:
    """The path that a key leads to; None when its subject is gone or its purpose leads nowhere."""
    page = _key_pages.get(key.purpose)
    return page(db, key.subject_id) if page is not None else None


def find_key_title(db: Session, key: PersonalKey) -> str | None:
    """The name of what a key opens; None when its purpose has no subject with a name."""
    title = _key_titles.get(key.purpose)
    return title(db, key.subject_id) if title is not None else None


@dataclass(frozen=True)
class Opened:
    """One page that a key in this browser opens; `title` is what its subject is called, or empty."""

    purpose: str
    path: str
    title: str


def list_opened(db: Session, actor: Actor) -> list[Opened]:
    """Where the keys of whoever came by the link of a mail lead; each page once."""
    found = {}
    for purpose, subject_id in sorted(actor.keys):
        path = _key_pages[purpose](db, subject_id) if purpose in _key_pages else None
        if path is not None:
            name = _key_titles.get(purpose)
            found[path] = Opened(purpose, path, (name(db, subject_id) if name else None) or "")
    return list(found.values())


def find_pending(db: Session, key: PersonalKey) -> PendingSignUp | None:
    """What was typed at the sign-up that this key confirms."""
    if key.purpose != "confirm":
        return None
    typed = PendingSignUp.email == key.user.email, PendingSignUp.browser == key.browser
    return db.scalar(select(PendingSignUp).where(*typed))


def load_actor(db: Session, sign_in_id: str | None, key_ids: tuple[str, ...]) -> Actor:
    """Who stands at the door: a valid sign-in decides, else the newest valid key's person, within keys."""
    keys = _valid_keys(db, key_ids)
    sign_in = db.scalar(_SIGN_IN, {"id": sign_in_id}) if sign_in_id is not None else None
    db.info["sign_in"] = sign_in  # a session holds its objects weakly, and `note_seen` reads this one again
    if sign_in is not None and sign_in.ended_at is None and sign_in.expires_at > clock.now():
        return _actor_of(sign_in.user, keys, sign_in_id=sign_in.id)
    if keys:
        return _actor_of(keys[0].user, keys)
    return VISITOR


def get_user(db: Session, user_id: str) -> User:
    user = db.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def find_user_by_email(db: Session, email: str) -> User | None:
    """Whose address this is, however it is written: in capitals, or with its domain in other letters."""
    try:
        address = normalise_address(email)
    except NotAnAddress:
        return None
    return db.scalar(select(User).where(User.email == address))


def list_users(db: Session, user_ids: list[str]) -> dict[str, User]:
    """People by id, in one query."""
    return {user.id: user for user in db.scalars(select(User).where(User.id.in_(user_ids)))}


def find_key(db: Session, secret: str) -> PersonalKey | None:
    """The key whose secret this is, when it may still be used; nothing else tells why not."""
    key = db.get(PersonalKey, secret[:26]) if _SECRET.fullmatch(secret) else None
    if key is None or not secrets.is_derived(key.purpose, key.id, key.nonce, secret):
        return None
    return key if is_valid(key) else None


def is_valid(key: PersonalKey) -> bool:
    """Neither used, revoked nor expired, and of its person's present epoch. The link that only switches a
    kind of mail off outlives the epoch."""
    current = key.purpose == "mails" or key.epoch == key.user.key_epoch
    return current and key.revoked_at is None and key.used_at is None and key.expires_at > clock.now()


def secret_of(key: PersonalKey) -> str:
    """The secret of a key, derived again; for the mail that carries it."""
    return secrets.derive(key.purpose, key.id, key.nonce)


def list_sign_ins(db: Session, user_id: str) -> list[SignIn]:
    """Browsers that are signed in now, the most recent first."""
    query = select(SignIn).where(
        SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now()
    )
    return list(db.scalars(query.order_by(SignIn.last_seen_at.desc())))


def wants_mail(db: Session, user_id: str, kind: str) -> bool:
    query = select(MailChoice.id).where(MailChoice.user_id == user_id, MailChoice.kind == kind)
    return db.scalar(query) is None


def list_declined_mails(db: Session, user_id: str) -> set[str]:
    """The kinds of mail this person switched off."""
    return set(db.scalars(select(MailChoice.kind).where(MailChoice.user_id == user_id)))


def is_suppressed(db: Session, user: User) -> bool:
    """Whether mail to the present address of this person comes back for good."""
    known = db.get(ReturnedAddress, user.id)
    return known is not None and known.address == user.email and known.suppressed_at is not None


def hold_people(db: Session, user_ids: Sequence[str]) -> None:
    """Lock these people's rows until the commit, so that what is counted per person stays true while a row
    is added. Taken in one order: two transactions never wait for each other. SQLite has one writer."""
    if not is_sqlite(db):
        query = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
        db.execute(query.with_for_update(key_share=True))


def has_blocked(db: Session, actor: Actor, user_id: str) -> bool:
    """Whether the actor blocked that person; the other way round nobody learns."""
    query = select(Block.id).where(Block.blocker_id == actor.person_id, Block.blocked_id == user_id)
    return db.scalar(query) is not None


def list_own_blocks(db: Session, actor: Actor) -> list[User]:
    """Whom the actor blocked, by name."""
    query = select(User).join(Block, Block.blocked_id == User.id).where(Block.blocker_id == actor.person_id)
    return list(db.scalars(query.order_by(User.name)))


def list_blocks(db: Session, user_ids: list[str]) -> set[frozenset[str]]:
    """Every blocked pair among these people, whoever blocked."""
    query = select(Block.blocker_id, Block.blocked_id).where(
        Block.blocker_id.in_(user_ids), Block.blocked_id.in_(user_ids)
    )
    return {frozenset((one, other)) for one, other in db.execute(query)}


def _valid_keys(db: Session, key_ids: tuple[str, ...]) -> list[PersonalKey]:
    """The keys of the newest one's person; a browser that opened two people's links is the last one's."""
    if not key_ids:
        return []
    query = select(PersonalKey).options(joinedload(PersonalKey.user)).where(PersonalKey.id.in_(key_ids))
    found = {key.id: key for key in db.scalars(query)}
    valid = [
        found[key_id]
        for key_id in key_ids
        if key_id in found and is_valid(found[key_id]) and found[key_id].purpose in SESSION_PURPOSES
    ]
    return [key for key in valid if key.user_id == valid[0].user_id]


def _actor_of(user: User, keys: list[PersonalKey], *, sign_in_id: str | None = None) -> Actor:
    own = frozenset((key.purpose, key.subject_id) for key in keys if key.user_id == user.id)
    return Actor(
        kind="person" if sign_in_id else "key",
        person_id=user.id,
        name=user.name,
        sign_in_id=sign_in_id,
        keys=own,
        operator=user.is_operator and sign_in_id is not None,
        locale=user.locale,
        zone=user.zone,
        photo_url=user.photo_url,
        allowed_embeds=tuple(user.allowed_embeds.split()),
        since=user.created_at,
    )
