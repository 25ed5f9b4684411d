"""Access rules of feeds."""

from events.core.auth.actor import Actor


def may_keep_feed(actor: Actor) -> bool:
    """One's own, signed in: a key is not enough."""
    return actor.is_signed_in()


def may_record_fetch(actor: Actor) -> bool:
    """SYSTEM only: the holder of the address only reads."""
    return actor.is_system()
