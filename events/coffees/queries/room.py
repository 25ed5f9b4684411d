"""Queries about a coffee's chat room: rights, the panel on its pages, unread messages."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from events.accounts.queries.people import list_blocked
from events.chat.policy import RoomRights
from events.chat.queries.panels import Panel, room_panel_of
from events.chat.queries.unread import count_unread
from events.coffees import policy, rules
from events.coffees.models import Coffee, Seat
from events.coffees.queries.coffees import get_visible, partners_of
from events.core import clock
from events.core.auth.actor import Actor

KIND = "coffee"
MAX_ROOMS = 60  # whose unread messages are counted


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


def count_new_in(db: Session, actor: Actor, coffee_ids: Collection[str]) -> dict[str, int]:
    """Unread messages by coffee id, of coffees at which the actor sits; one query while there are none."""
    unread = count_unread(db, actor.person_id, coffee_ids)
    return _without_blocked(db, actor, unread) if unread else {}


def count_new_messages(db: Session, actor: Actor) -> dict[str, int]:
    """Unread messages of all rooms that are open to the actor, by coffee id."""
    query = (
        select(Seat.coffee_id)
        .join(Coffee)
        .where(Seat.user_id == actor.person_id, Seat.answer != "no", Seat.delivered)
        .where(Coffee.state.in_(rules.PAST_OR_AGREED), Coffee.kind == "coffee")
        .where(Coffee.starts_at > clock.now() - rules.ROOM_OPEN_FOR)
        .order_by(Coffee.starts_at.desc())
        .limit(MAX_ROOMS)
    )
    return count_new_in(db, actor, list(db.scalars(query)))


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


def _without_blocked(db: Session, actor: Actor, unread: dict[str, int]) -> dict[str, int]:
    """Rooms that the actor no longer enters have nothing new."""
    seats = db.execute(
        select(Seat.coffee_id, Seat.user_id).where(Seat.coffee_id.in_(unread), Seat.answer != "no")
    ).all()
    blocked: Collection[str] = list_blocked(db, actor, {user_id for _coffee_id, user_id in seats})
    shut = {coffee_id for coffee_id, user_id in seats if user_id in blocked}
    return {coffee_id: count for coffee_id, count in unread.items() if coffee_id not in shut}
