"""Listener that keeps who brings a guest."""

from sqlalchemy.orm import Session

from events.core.auth.actor import SYSTEM
from events.core.bus import on
from events.guests import actions
from events.registrations.signals import GuestLinkIssued


@on(GuestLinkIssued)
def note_mailed_link(db: Session, signal: GuestLinkIssued) -> None:
    actions.note_mailed_link(db, SYSTEM, signal.livestream_id, signal.user_id, signal.inviter_id)
