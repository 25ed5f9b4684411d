"""Queries about people: keys, sign-ins, mail choices, bounces and blocks."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import Block, BouncedAddress, MailChoice, PendingSignUp, PersonalKey, SignIn, User
from events.accounts.queries.actors import is_valid
from events.core import clock
from events.core.auth import crypto
from events.core.auth.actor import Actor
from events.core.db.paging import Page, window
from events.core.db.session import is_sqlite
from events.core.errors import NotFound
from events.core.text.email_address import NotAnAddress, normalise_address

_SECRET = re.compile(r"[a-z2-7]{26}[A-Za-z0-9_-]{32}")

KeyPage = Callable[[Session, str], str | None]
_key_pages: dict[str, KeyPage] = {}
_key_titles: dict[str, KeyPage] = {}


def register_key_page(purpose: str, page: KeyPage, title: KeyPage | None = None) -> None:
    """Register where keys of a purpose lead: page(db, subject id) -> path.

    `title(db, subject id)` names the subject on the confirmation page of a one-use key.
    """
    _key_pages[purpose] = page
    if title is not None:
        _key_titles[purpose] = title


@dataclass(frozen=True)
class Announcement:
    """Public facts about the page behind a path, safe for anyone who was given the path."""

    title: str
    circle: str
    starts_at: datetime
    ends_at: datetime
    guest_path: str  # "" where guests cannot come


Announcer = Callable[[Session, str], Announcement | None]
_announcers: list[Announcer] = []


def register_announcer(announcer: Announcer) -> None:
    """Register announcer(db, path) -> Announcement, or None for foreign or non-public paths."""
    _announcers.append(announcer)


def find_announcement(db: Session, path: str) -> Announcement | None:
    return next((found for announcer in _announcers if (found := announcer(db, path)) is not None), None)


def find_key_page(db: Session, key: PersonalKey) -> str | None:
    """The path a key leads to; None when its subject is gone or its purpose has no page."""
    page = _key_pages.get(key.purpose)
    return page(db, key.subject_id) if page is not None else None


def find_key_title(db: Session, key: PersonalKey) -> str | None:
    """The name of the key's subject; None when its purpose has none."""
    title = _key_titles.get(key.purpose)
    return title(db, key.subject_id) if title is not None else None


@dataclass(frozen=True)
class AccessiblePage:
    """A page that a key in this browser opens. `title` is its subject's name, or empty."""

    purpose: str
    path: str
    title: str


def list_accessible_pages(db: Session, actor: Actor) -> list[AccessiblePage]:
    """Pages that the key holder's keys open, without duplicates."""
    found = {}
    for purpose, subject_id in sorted(actor.keys):
        path = _key_pages[purpose](db, subject_id) if purpose in _key_pages else None
        if path is not None:
            name = _key_titles.get(purpose)
            found[path] = AccessiblePage(purpose, path, (name(db, subject_id) if name else None) or "")
    return list(found.values())


def find_pending(db: Session, key: PersonalKey) -> PendingSignUp | None:
    """The pending sign-up that this key confirms."""
    if key.purpose != "confirm":
        return None
    typed = PendingSignUp.email == key.user.email, PendingSignUp.browser == key.browser
    return db.scalar(select(PendingSignUp).where(*typed))


def get_user(db: Session, user_id: str) -> User:
    user = db.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def find_user_by_email(db: Session, email: str) -> User | None:
    """Case-insensitive; an internationalised domain matches in either spelling."""
    try:
        address = normalise_address(email)
    except NotAnAddress:
        return None
    return db.scalar(select(User).where(User.email == address))


def list_users(db: Session, user_ids: list[str]) -> dict[str, User]:
    """People by id, in one query."""
    return {user.id: user for user in db.scalars(select(User).where(User.id.in_(user_ids)))}


def find_key(db: Session, secret: str) -> PersonalKey | None:
    """The usable key with this secret; None for any other, without a reason."""
    key = db.get(PersonalKey, secret[:26]) if _SECRET.fullmatch(secret) else None
    if key is None or not crypto.is_derived(key.purpose, key.id, key.nonce, secret):
        return None
    return key if is_valid(key) else None


def secret_of(key: PersonalKey) -> str:
    """Derives the secret again, for the mail that carries it."""
    return crypto.derive(key.purpose, key.id, key.nonce)


def list_sign_ins(db: Session, user_id: str) -> list[SignIn]:
    """Active sign-ins, most recently seen first."""
    query = select(SignIn).where(
        SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now()
    )
    return list(db.scalars(query.order_by(SignIn.last_seen_at.desc())))


def wants_mail(db: Session, user_id: str, kind: str) -> bool:
    query = select(MailChoice.id).where(MailChoice.user_id == user_id, MailChoice.kind == kind)
    return db.scalar(query) is None


def list_declined_mails(db: Session, user_id: str) -> set[str]:
    return set(db.scalars(select(MailChoice.kind).where(MailChoice.user_id == user_id)))


def is_suppressed(db: Session, user: User) -> bool:
    """Whether mail to this person's current address is suppressed after bounces."""
    bounce = db.get(BouncedAddress, user.id)
    return bounce is not None and bounce.address == user.email and bounce.suppressed_at is not None


def lock_people(db: Session, user_ids: Sequence[str]) -> None:
    """Lock rows until commit, so that per-person counts hold while a row is added.

    Locks in id order to avoid deadlocks. A no-op on SQLite, which has one writer.
    """
    if not is_sqlite(db):
        query = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
        db.execute(query.with_for_update(key_share=True))


def has_blocked(db: Session, actor: Actor, user_id: str) -> bool:
    """Whether the actor blocked that person. The opposite direction is never revealed."""
    query = select(Block.id).where(Block.blocker_id == actor.person_id, Block.blocked_id == user_id)
    return db.scalar(query) is not None


def list_blocked(db: Session, actor: Actor, user_ids: Collection[str]) -> set[str]:
    """Those of these people whom the actor blocked. The opposite direction is never revealed."""
    query = select(Block.blocked_id).where(
        Block.blocker_id == actor.person_id, Block.blocked_id.in_(user_ids)
    )
    return set(db.scalars(query))


def list_own_blocks(db: Session, actor: Actor, number: int) -> Page[User]:
    """A page of people the actor blocked, by name."""
    query = select(User).join(Block, Block.blocked_id == User.id).where(Block.blocker_id == actor.person_id)
    return Page.of(db.scalars(window(query.order_by(User.name, User.id), number)), number)


def list_blocks(db: Session, user_ids: list[str]) -> set[frozenset[str]]:
    """Every blocked pair among these people, in either direction."""
    query = select(Block.blocker_id, Block.blocked_id).where(
        Block.blocker_id.in_(user_ids), Block.blocked_id.in_(user_ids)
    )
    return {frozenset((blocker, blocked)) for blocker, blocked in db.execute(query)}
