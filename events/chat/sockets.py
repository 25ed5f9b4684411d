"""The frames of a room."""

from sqlalchemy.orm import Session

from events.chat import actions, forms
from events.chat.queries import find_room, read_entries
from events.chat.rules import POST_RATE
from events.core.access import Actor
from events.core.read_batch import Steps
from events.core.realtime import Reply, Wire, frame, read_frame
from events.core.rights import Who
from events.livestreams.queries.passing import prefetch_passing

KEYS = ("livestream:talk", "coffee:talk")


def _prefetch(db: Session, asked: list[tuple[Actor, forms.Enter]]) -> None:
    rooms = [(actor, data.room.partition(":")) for actor, data in asked]
    prefetch_passing(db, [(actor, slug) for actor, (kind, _, slug) in rooms if kind == "livestream"])


@read_frame("chat.enter", forms.Enter, prefetch=_prefetch, who=Who.ANYONE, keys=KEYS)
def enter(wire: Wire, data: forms.Enter) -> Steps[Reply]:
    """Enter first, then read: what is posted in between comes twice at worst, and never not at all."""
    rights = find_room(wire.db, wire.actor, data.room)
    wire.enter(rights.name)
    yield
    return read_entries(wire.db, rights.subject_id, after=data.after, before=data.before)


@frame("chat.leave", forms.Leave, who=Who.ANYONE, keys=KEYS)
def leave(wire: Wire, data: forms.Leave) -> None:
    """Leaving is always allowed, and naming a room one is not in does nothing."""
    if wire.is_in(data.room):
        wire.leave(data.room)


@frame("chat.post", forms.Post, who=Who.SIGNED_IN, keys=KEYS, in_turn="room")
def post(wire: Wire, data: forms.Post) -> Reply:
    wire.limit("chat", POST_RATE)
    entry = actions.post_message(wire.db, wire.actor, data)
    return {"id": entry.id, "seq": entry.seq}


@frame("chat.edit", forms.Edit, who=Who.SIGNED_IN, keys=KEYS, in_turn="room")
def edit(wire: Wire, data: forms.Edit) -> Reply:
    wire.limit("chat", POST_RATE)
    return {"seq": actions.edit_message(wire.db, wire.actor, data).seq}


@frame("chat.delete", forms.Delete, who=Who.SIGNED_IN, keys=KEYS, in_turn="room")
def delete(wire: Wire, data: forms.Delete) -> Reply:
    return {"seq": actions.delete_message(wire.db, wire.actor, data).seq}


@frame("chat.pin", forms.Pin, who=Who.ORGANISER, in_turn="room")
def pin(wire: Wire, data: forms.Pin) -> Reply:
    return {"seq": actions.pin_message(wire.db, wire.actor, data).seq}


@frame("chat.mute", forms.Mute, who=Who.ORGANISER)
def mute(wire: Wire, data: forms.Mute) -> Reply:
    return {"until": actions.mute_person(wire.db, wire.actor, data).until.isoformat()}
