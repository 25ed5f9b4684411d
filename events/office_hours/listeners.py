"""Listeners: a cancelled coffee frees its office hour, and open pages follow every change."""

from sqlalchemy.orm import Session

from events.coffees.signals import CoffeeCancelled, CoffeeHandedOn
from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit, on
from events.core.realtime.handlers import broadcast
from events.office_hours.actions import free_hour
from events.office_hours.queries import room_of
from events.office_hours.signals import OfficeHoursChanged


@on(CoffeeCancelled, CoffeeHandedOn)
def free_cancelled(db: Session, signal: CoffeeCancelled | CoffeeHandedOn) -> None:
    free_hour(db, SYSTEM, signal.coffee_id, signal.by_id)


@after_commit(OfficeHoursChanged)
def notify_change(signal: OfficeHoursChanged) -> None:
    room = room_of(signal.livestream_id, signal.user_id)
    broadcast(room, "office_hours.changed", {"of": signal.user_id, "open": list(signal.open_ids)})
