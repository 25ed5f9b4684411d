"""Permissions of incoming mail: SYSTEM takes it in, its effects need the sender's rights."""

from events.core.auth.actor import Actor


def may_take_in(actor: Actor) -> bool:
    return actor.is_system()
