"""Listeners that record a stranded person and notify them of a replacement."""

from sqlalchemy.orm import Session

from events.calls.signals import PartnerStillAwaited
from events.coffees.queries.coffees import get_coffee
from events.core.auth.actor import SYSTEM
from events.core.bus import after_commit, on
from events.core.realtime.handlers import send_to_person
from events.rescue import actions
from events.rescue.signals import OtherFound


@on(PartnerStillAwaited)
def record_stranded(db: Session, signal: PartnerStillAwaited) -> None:
    """Two waiting people of three have each other."""
    if len(signal.waiting_ids) == 1:
        actions.record_stranded(db, SYSTEM, get_coffee(db, signal.coffee_id), signal.waiting_ids[0])


@after_commit(OtherFound)
def notify_found(signal: OtherFound) -> None:
    send_to_person(signal.user_id, "rescue.found", {"coffee": signal.coffee_id, "found": signal.found_id})
