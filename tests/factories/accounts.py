"""People for tests."""

import contextvars
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import Block, PersonalKey, SignIn, User
from events.core import clock
from events.core.auth import crypto
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.core.jobs import queue


def build_user(name: str, *, email: str | None = None, locale: str = "en") -> User:
    """A confirmed person with an id, not yet in a session: several go in by one flush."""
    return User(
        id=new_id(),
        name=name,
        email=email or f"{name.lower().replace(' ', '.')}@example.test",
        confirmed_at=clock.now(),
        created_at=clock.now(),
        locale=locale,
        languages="nl en",
    )


def make_user(db: Session, name: str, *, email: str | None = None, locale: str = "en") -> User:
    user = build_user(name, email=email, locale=locale)
    db.add(user)
    db.flush()
    return user


def make_sign_in(db: Session, user: User) -> SignIn:
    moment = clock.now()
    sign_in = SignIn(
        user_id=user.id,
        created_at=moment,
        last_seen_at=moment,
        expires_at=moment + timedelta(days=60),
        how="link",
    )
    db.add(sign_in)
    db.flush()
    return sign_in


def make_key(db: Session, user: User, purpose: str, subject_id: str = "") -> PersonalKey:
    key = PersonalKey(
        user_id=user.id,
        purpose=purpose,
        subject_id=subject_id,
        nonce=crypto.new_nonce(),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        epoch=user.key_epoch,
    )
    db.add(key)
    db.flush()
    return key


def set_password(user_id: str, password: str) -> None:
    """Hash outside and store in a unit of work of its own."""
    hashed = crypto.hash_password(password)
    with unit_of_work() as db:
        db.get_one(User, user_id).password_hash = hashed


def make_block(db: Session, blocker: User, blocked: User) -> None:
    db.add(Block(blocker_id=blocker.id, blocked_id=blocked.id, created_at=clock.now()))
    db.flush()


def keys_mailed(email: str, purpose: str) -> list[PersonalKey]:
    """The keys of this purpose in somebody's mailbox once the jobs that mail them have run, oldest first."""
    run_jobs()
    with unit_of_work() as db:
        query = select(PersonalKey).join(User).where(User.email == email, PersonalKey.purpose == purpose)
        return list(db.scalars(query.order_by(PersonalKey.created_at, PersonalKey.id)))


def run_jobs() -> None:
    """Work off what is due, not in the context of the request that queued it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # what the proxy stands for

    def work() -> None:
        with app.test_request_context(base_url="http://localhost:8000"):
            queue.run_due()

    contextvars.Context().run(work)
