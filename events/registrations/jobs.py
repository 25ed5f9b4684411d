"""Jobs that mail a guest's link, so that no request looks up an address, and that move waiting lists up."""

from datetime import timedelta

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, job
from events.livestreams.queries.livestreams import find_livestream
from events.registrations import actions
from events.registrations.forms import GuestRequest
from events.registrations.queries.waiting_list import list_waited_for


@job(lane=Lane.PEOPLE)
def send_guest_link(livestream_id: str, name: str, email: str, locale: str, inviter_id: str = "") -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None:
            data = GuestRequest(name=name, email=email)
            actions.send_guest_link(db, SYSTEM, livestream, data, locale, inviter_id)


@job(every=timedelta(minutes=1))
def move_waiting_lists_up() -> None:
    """May run late or twice; each list is looked at again under the lock of its livestream."""
    with unit_of_work() as db:
        waited_for = list_waited_for(db)
    for livestream_id in waited_for:
        with unit_of_work() as db:
            actions.move_waiting_list_up(db, SYSTEM, livestream_id)
