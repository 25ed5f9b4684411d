"""Listener that tells the open pages of both people."""

from events.core.bus import after_commit
from events.core.realtime.handlers import send_to_person
from events.quick_calls.signals import QuickCallFound


@after_commit(QuickCallFound)
def notify_found(signal: QuickCallFound) -> None:
    for user_id in signal.user_ids:
        send_to_person(user_id, "quick_calls.found", {"coffee": signal.coffee_id})
