"""Actions on feeds: create, delete, and record a fetch."""

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
    """Of two concurrent requests both get the same feed."""
    authorize(policy.may_keep_feed, actor)
    feed, _created = get_or_create(
        db,
        lambda: feed_of(db, actor.id),
        lambda: Feed(user_id=actor.id, nonce=crypto.new_nonce(), made_at=clock.now()),
    )
    return feed


def end_feed(db: Session, actor: Actor) -> None:
    """Its address stops working. Idempotent."""
    authorize(policy.may_keep_feed, actor)
    db.execute(delete(Feed).where(Feed.user_id == actor.id))


def record_fetch(db: Session, actor: Actor, feed: Feed, mark: str) -> Feed:
    """Store fetch time and fingerprint."""
    authorize(policy.may_record_fetch, actor)
    feed.used_at = clock.now()
    if feed.mark != mark or feed.changed_at is None:
        feed.mark, feed.changed_at = mark, feed.used_at
    db.flush()
    return feed
