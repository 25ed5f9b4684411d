"""Who may take in mail: only the reader of the mailbox; what a mail then does, its sender may or not."""

from events.core.auth.actor import Actor


def may_take_in(actor: Actor) -> bool:
    return actor.is_system()
