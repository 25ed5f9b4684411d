"""Listeners that end registrations with a membership, move waiting lists up and queue guests' links."""

from sqlalchemy.orm import Session

from events.circles.signals import MembershipEnded
from events.core.auth.actor import SYSTEM
from events.core.bus import on
from events.core.jobs.queue import enqueue
from events.livestreams.signals import CapacityChanged, LivestreamMoved
from events.registrations import actions
from events.registrations.jobs import send_guest_link
from events.registrations.signals import GuestLinkRequested


@on(MembershipEnded)
def end_registrations_of_member(db: Session, signal: MembershipEnded) -> None:
    actions.end_registrations(db, SYSTEM, signal.circle_id, signal.user_id)


@on(CapacityChanged, LivestreamMoved)
def move_waiting_list_up(db: Session, signal: CapacityChanged | LivestreamMoved) -> None:
    actions.move_waiting_list_up(db, SYSTEM, signal.livestream_id)


@on(GuestLinkRequested)
def queue_guest_link(db: Session, signal: GuestLinkRequested) -> None:
    asked = (signal.livestream_id, signal.name, signal.email, signal.locale, signal.inviter_id)
    enqueue(db, send_guest_link, *asked)
