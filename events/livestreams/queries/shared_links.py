"""Query of a livestream by its link, for readers who may only see what the link shows (ADR 43)."""

from sqlalchemy.orm import Session

from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import find_by_slug, get_visible


def get_shown(db: Session, actor: Actor, slug: str) -> Livestream:
    """As `get_visible`, and also those whose link shows anyone what they are.

    Use it only to show those facts. Raises NotFound for all others, so that a draft or a hidden one is like
    an absent one.
    """
    livestream = find_by_slug(db, slug)
    if livestream is None:
        raise NotFound
    if policy.may_be_shared(livestream):
        return livestream
    return get_visible(db, actor, slug)
