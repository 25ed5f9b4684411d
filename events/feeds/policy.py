"""Who makes, ends and reads a feed."""

from events.core.auth.actor import Actor


def may_keep_feed(actor: Actor) -> bool:
    """One's own, and only when signed in: a personal key never suffices."""
    return actor.is_signed_in()


def may_record_fetch(actor: Actor) -> bool:
    """Whoever holds the address reads; that it was read, we note."""
    return actor.is_system()
