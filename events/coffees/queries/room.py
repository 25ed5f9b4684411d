"""Queries about a coffee's chat room: rights, the panel on its pages, rooms of two people."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from events.accounts.queries.people import list_blocked
from events.chat.policy import RoomRights
from events.chat.queries.panels import Panel, room_panel_of
from events.coffees import policy, rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import get_visible, partners_of
from events.core import clock
from events.core.auth.actor import Actor

KIND = "coffee"
MAX_ROOMS = 60  # of two people, closed to one of them at once


def coffee_room(db: Session, actor: Actor, key: str) -> RoomRights:
    """Chat room "coffee:<id>"; its people may write from the confirmation until a while after the end.

    Whoever blocked one of the others no longer enters; to the blocked that looks like silence.
    """
    coffee = get_visible(db, actor, key)
    inside = policy.may_take_part(actor, coffee)
    if inside and list_blocked(db, actor, partners_of(coffee, actor.id)):
        inside = False
    return RoomRights(
        subject_id=coffee.id,
        name=f"{KIND}:{coffee.id}",
        kind=KIND,
        state=coffee.state,
        version=coffee.version,
        may_enter=inside,
        may_post=inside,
        may_moderate=False,
        closed=rules.why_room_closed(coffee.state, coffee.ends_at, clock.now()),
        keeps_marks=True,
    )


def panel_of(db: Session, actor: Actor, coffee: Coffee) -> Panel | None:
    """None without a right to enter, and while a closed room holds nothing to read."""
    rights = coffee_room(db, actor, coffee.id)
    if not rights.may_enter or coffee.kind != "coffee":
        return None
    panel = room_panel_of(db, actor, rights)
    return panel if rights.closed is None or panel.lines else None


def list_shared_rooms(db: Session, one_id: str, other_id: str) -> list[str]:
    """Ids of coffees at which both sit and whose room may be open on a page."""
    one, other = aliased(Seat), aliased(Seat)
    query = (
        select(Coffee.id)
        .join(one, one.coffee_id == Coffee.id)
        .join(other, other.coffee_id == Coffee.id)
        .where(one.user_id == one_id, other.user_id == other_id)
    )
    return list(db.scalars(query.order_by(Coffee.starts_at.desc()).limit(MAX_ROOMS)))
