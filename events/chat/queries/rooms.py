"""Queries about rooms: lookup by name, an actor's rights, mutes and current names."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.chat import rules
from events.chat.models import Mute, Room
from events.chat.policy import RoomRights
from events.circles.models import Membership
from events.circles.queries.bans import is_banned
from events.core import clock
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.livestreams import policy as livestream_policy
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import slug_of
from events.livestreams.queries.with_membership import get_for_rights

Finder = Callable[[Session, Actor, str], RoomRights]
_finders: dict[str, Finder] = {}


def register_room_finder(kind: str, finder: Finder) -> None:
    """Register finder(db, actor, key) -> RoomRights for a kind of room; it raises NotFound."""
    _finders[kind] = finder


def find_room(db: Session, actor: Actor, name: str) -> RoomRights:
    """The actor's rights in that room. Raises NotFound if they may not enter."""
    kind, _, key = name.partition(":")
    if kind not in _finders:
        raise NotFound
    rights = _finders[kind](db, actor, key)
    if not rights.may_enter:
        raise NotFound
    return rights


def livestream_room(db: Session, actor: Actor, slug: str) -> RoomRights:
    """Readers of the page may read, participants may write.

    People banned from the circle read a public livestream's room like visitors.
    """
    livestream, membership = get_for_rights(db, actor, slug)
    rights = livestream_rights(actor, livestream, membership)
    if membership is None and rights.may_post and is_banned(db, actor.person_id, livestream.circle_id):
        return replace(rights, may_post=False)
    return rights


def livestream_rights(actor: Actor, livestream: Livestream, membership: Membership | None) -> RoomRights:
    """Rights in the room of a livestream that the actor may see."""
    return RoomRights(
        subject_id=livestream.id,
        name=f"livestream:{livestream.slug}",
        kind="livestream",
        state=livestream.state,
        version=livestream.version,
        may_enter=True,
        may_post=livestream_policy.may_take_part(actor, livestream, membership),
        may_moderate=livestream_policy.may_direct(actor, livestream, membership),
        closed=rules.why_closed(livestream.state, livestream.ended_at, clock.now()),
    )


def name_of(db: Session, room: Room) -> str:
    """The room's current name, which follows the livestream's slug."""
    if room.kind == "livestream":
        return f"livestream:{slug_of(db, room.subject_id)}"
    return f"{room.kind}:{room.subject_id}"


def room_of(db: Session, subject_id: str) -> Room | None:
    return db.scalar(select(Room).where(Room.subject_id == subject_id))


def last_seq(db: Session, subject_id: str) -> int:
    """The number of the last entry in that livestream's or coffee's room; 0 if empty."""
    return db.scalar(select(Room.seq).where(Room.subject_id == subject_id)) or 0


def list_last_seqs(db: Session, subject_ids: list[str]) -> dict[str, int]:
    """`last_seq` in bulk; empty rooms are absent."""
    return dict(db.execute(select(Room.subject_id, Room.seq).where(Room.subject_id.in_(subject_ids))).all())


def is_muted(db: Session, room_id: str, user_id: str) -> bool:
    query = select(Mute.id).where(Mute.room_id == room_id, Mute.user_id == user_id, Mute.until > clock.now())
    return db.scalar(query) is not None


def find_mute(db: Session, room_id: str, user_id: str) -> Mute | None:
    return db.scalar(select(Mute).where(Mute.room_id == room_id, Mute.user_id == user_id))


def list_room_names(db: Session, circle_id: str) -> list[str]:
    """Names of the rooms of a circle's livestreams."""
    query = select(Livestream.slug).where(
        Livestream.circle_id == circle_id, Livestream.state.not_in(("draft", "cancelled"))
    )
    return [f"livestream:{slug}" for slug in db.scalars(query)]
