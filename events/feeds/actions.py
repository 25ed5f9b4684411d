"""Making and ending one's feed, and noting that it was read."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.core import clock
from events.core.auth import crypto
from events.core.auth.actor import Actor, authorize
from events.core.db.session import get_or_create
from events.feeds import policy
from events.feeds.models import Feed
from events.feeds.queries import feed_of


def make_feed(db: Session, actor: Actor) -> Feed:
    """A feed with an address of its own; of two presses both find the same one."""
    authorize(policy.may_keep_feed, actor)
    return get_or_create(
        db,
        lambda: feed_of(db, actor.id),
        lambda: Feed(user_id=actor.id, nonce=crypto.new_nonce(), made_at=clock.now()),
    )


def end_feed(db: Session, actor: Actor) -> None:
    """Its address opens nothing any more. Ending twice is harmless."""
    authorize(policy.may_keep_feed, actor)
    db.execute(delete(Feed).where(Feed.user_id == actor.id))


def record_fetch(db: Session, actor: Actor, feed: Feed, mark: str) -> Feed:
    """A program came for it, and this is what it holds now."""
    authorize(policy.may_record_fetch, actor)
    feed.used_at = clock.now()
    if feed.mark != mark or feed.changed_at is None:
        feed.mark, feed.changed_at = mark, feed.used_at
    db.flush()
    return feed
