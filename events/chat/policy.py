"""Access rules for chat rooms, based on the actor's rights in the room."""

from dataclasses import dataclass

from events.core.auth.actor import Actor


@dataclass(frozen=True)
class RoomRights:
    """An actor's rights in a room. `closed` is the error code why nobody can write, or None.

    `keeps_marks`: how far each person has read is kept, to tell them what is new and to mail it.
    """

    subject_id: str
    name: str
    kind: str
    state: str
    version: int
    may_enter: bool
    may_post: bool
    may_moderate: bool
    closed: str | None = None
    keeps_marks: bool = False


def may_enter(_actor: Actor, rights: RoomRights) -> bool:
    return rights.may_enter


def may_post(actor: Actor, rights: RoomRights) -> bool:
    return actor.person_id is not None and rights.may_enter and rights.may_post


def may_edit(actor: Actor, rights: RoomRights, author_id: str) -> bool:
    """Authors only; not even moderators edit another's message."""
    return may_post(actor, rights) and actor.person_id == author_id


def may_delete(actor: Actor, rights: RoomRights, author_id: str) -> bool:
    return rights.may_enter and (rights.may_moderate or may_edit(actor, rights, author_id))


def may_moderate(_actor: Actor, rights: RoomRights) -> bool:
    return rights.may_enter and rights.may_moderate


def may_mute(actor: Actor, rights: RoomRights, user_id: str) -> bool:
    return may_moderate(actor, rights) and actor.person_id != user_id


def may_plan_mail(actor: Actor) -> bool:
    return actor.is_system()
