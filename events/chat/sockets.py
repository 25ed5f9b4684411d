"""Chat frames: enter, leave, post, edit, delete, pin, mute and mark as read."""

from sqlalchemy.orm import Session

from events.chat import forms
from events.chat.actions import marks, messages
from events.chat.queries.entries import read_entries
from events.chat.queries.rooms import find_room
from events.chat.rules import POST_RATE, SEEN_RATE
from events.core.auth.actor import Actor
from events.core.auth.endpoints import Access
from events.core.db.read_batch import Steps
from events.core.realtime.frames import FrameRequest, Reply, frame, read_frame
from events.livestreams.queries.with_membership import prefetch_with_membership

KEYS = ("livestream:talk", "coffee:talk")


def _prefetch(db: Session, asked: list[tuple[Actor, forms.Enter]]) -> None:
    rooms = [(actor, data.room.partition(":")) for actor, data in asked]
    prefetch_with_membership(db, [(actor, slug) for actor, (kind, _, slug) in rooms if kind == "livestream"])


@read_frame("chat.enter", forms.Enter, prefetch=_prefetch, who=Access.ANYONE, keys=KEYS)
def enter(req: FrameRequest, data: forms.Enter) -> Steps[Reply]:
    """Join before reading: a concurrent post may come twice, but is never missed."""
    rights = find_room(req.db, req.actor, data.room)
    req.enter(rights.name)
    yield
    return read_entries(req.db, rights.subject_id, after=data.after, before=data.before)


@frame("chat.leave", forms.Leave, who=Access.ANYONE, keys=KEYS)
def leave(req: FrameRequest, data: forms.Leave) -> None:
    """Always allowed; leaving a room one is not in has no effect."""
    if req.is_in(data.room):
        req.leave(data.room)


@frame("chat.post", forms.Post, who=Access.SIGNED_IN, keys=KEYS, serialize_by="room", without_request=True)
def post(req: FrameRequest, data: forms.Post) -> Reply:
    req.limit("chat", POST_RATE)
    entry = messages.post_message(req.db, req.actor, data)
    return {"id": entry.id, "seq": entry.seq}


@frame("chat.edit", forms.Edit, who=Access.SIGNED_IN, keys=KEYS, serialize_by="room")
def edit(req: FrameRequest, data: forms.Edit) -> Reply:
    req.limit("chat", POST_RATE)
    return {"seq": messages.edit_message(req.db, req.actor, data).seq}


@frame("chat.delete", forms.Delete, who=Access.SIGNED_IN, keys=KEYS, serialize_by="room")
def delete(req: FrameRequest, data: forms.Delete) -> Reply:
    return {"seq": messages.delete_message(req.db, req.actor, data).seq}


@frame("chat.pin", forms.Pin, who=Access.ORGANISER, serialize_by="room")
def pin(req: FrameRequest, data: forms.Pin) -> Reply:
    return {"seq": messages.pin_message(req.db, req.actor, data).seq}


@frame("chat.mute", forms.Mute, who=Access.ORGANISER)
def mute(req: FrameRequest, data: forms.Mute) -> Reply:
    return {"until": messages.mute_person(req.db, req.actor, data).until.isoformat()}


@frame("chat.seen", forms.Seen, who=Access.SIGNED_IN, keys=KEYS)
def seen(req: FrameRequest, data: forms.Seen) -> None:
    req.limit("chat.seen", SEEN_RATE)
    marks.mark_read(req.db, req.actor, find_room(req.db, req.actor, data.room), data.seq)
