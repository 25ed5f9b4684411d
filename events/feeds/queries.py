"""Queries on feeds: entries under the owner's present rights, and a fingerprint computed without
loading them.
"""

import hashlib
import re
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from events.accounts.models import User
from events.circles.models import Membership
from events.coffees.models import Coffee, Seat
from events.coffees.queries.calendar_entry import calendar_entry as coffee_entry
from events.coffees.queries.coffees import seat_of
from events.core import clock
from events.core.auth import crypto
from events.core.calendar.itip import Entry
from events.feeds.models import Feed
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import calendar_entry as livestream_entry
from events.registrations.models import Registration

KIND = "feed"
SECRET_OCTETS = 32
PAST_WINDOW = timedelta(days=30)
MAX_ENTRIES = 300
_TOKEN = re.compile(r"[a-z2-7]{26}[A-Za-z0-9_-]{43}")
_BETWEEN = "\x1f"


def feed_of(db: Session, user_id: str) -> Feed | None:
    return db.scalar(select(Feed).where(Feed.user_id == user_id))


def find_feed(db: Session, token: str) -> Feed | None:
    """None for unknown, malformed and deleted addresses alike."""
    feed = db.get(Feed, token[:26]) if _TOKEN.fullmatch(token) else None
    if feed is None or not crypto.is_derived(KIND, feed.id, feed.nonce, token, octets=SECRET_OCTETS):
        return None
    return feed


def token_of(feed: Feed) -> str:
    """Secret of its address, derived again."""
    return crypto.derive(KIND, feed.id, feed.nonce, octets=SECRET_OCTETS)


def mark_of(db: Session, feed: Feed) -> str:
    """SHA-256 over everything that entries show, in one query and without loading one."""
    rows = db.scalars(union_all(_livestream_lines(feed.user_id), _coffee_lines(feed.user_id)))
    whole = "\n".join([feed.user.locale, *sorted(rows)])
    return hashlib.sha256(whole.encode()).hexdigest()


def list_entries(db: Session, feed: Feed, public_url: str) -> list[Entry]:
    """Livestreams with a registration and agreed coffees, under the UIDs used in mails."""
    user = feed.user
    coming = select(Livestream, Registration.sequence).join(Registration).where(_attends(user.id))
    livestreams = [
        livestream_entry(livestream, f"{public_url}/livestreams/{livestream.slug}", sequence=sequence)
        for livestream, sequence in db.execute(
            coming.order_by(Livestream.starts_at.desc()).limit(MAX_ENTRIES)
        )
    ]
    drunk = select(Coffee).join(Seat).where(_is_agreed(user.id)).options(joinedload(Coffee.circle))
    coffees = [
        coffee_entry(coffee, seat_of(coffee, user.id), user.locale, public_url)
        for coffee in db.scalars(drunk.order_by(Coffee.starts_at.desc()).limit(MAX_ENTRIES))
    ]
    return sorted([*livestreams, *coffees], key=lambda entry: (entry.starts_at, entry.uid))


def _attends(user_id: str) -> ColumnElement[bool]:
    """Registered, and still visible: public, as a guest, or as a member of the circle."""
    belongs = select(Membership.id).where(
        Membership.user_id == user_id, Membership.circle_id == Livestream.circle_id
    )
    return and_(
        Registration.user_id == user_id,
        Registration.state == "coming",
        Livestream.published_at.is_not(None),
        Livestream.starts_at > clock.now() - PAST_WINDOW,
        or_(Livestream.audience == "public", Registration.guest, belongs.exists()),
    )


def _is_agreed(user_id: str) -> ColumnElement[bool]:
    return and_(
        Seat.user_id == user_id,
        Seat.answer != "no",
        Coffee.state.in_(("confirmed", "met")),
        Coffee.kind == "coffee",  # after-talk talks have no calendar entry
        Coffee.starts_at > clock.now() - PAST_WINDOW,
    )


def _livestream_lines(user_id: str) -> Select[str]:
    shown = (
        Livestream.id, Livestream.slug, Livestream.title, Livestream.lead, Livestream.state,
        Livestream.starts_at, Livestream.ends_at, Livestream.sequence, Registration.sequence,
    )  # fmt: skip
    return select(_line(*shown)).join(Registration).where(_attends(user_id))


def _coffee_lines(user_id: str) -> Select[str]:
    """One line a partner: their names are part of the entry."""
    other = aliased(Seat)
    shown = (Coffee.id, Coffee.version, Coffee.form, Coffee.place, Seat.sequence, User.name)
    return (
        select(_line(*shown))
        .join(Seat, Seat.coffee_id == Coffee.id)
        .join(other, and_(other.coffee_id == Coffee.id, other.user_id != Seat.user_id, other.answer != "no"))
        .join(User, User.id == other.user_id)
        .where(_is_agreed(user_id))
    )


def _line(*shown: SQLColumnExpression[Any]) -> ColumnElement[str]:
    line: ColumnElement[str] = literal("")
    for column in shown:
        line = line + literal(_BETWEEN) + func.coalesce(cast(column, String), "")
    return line
