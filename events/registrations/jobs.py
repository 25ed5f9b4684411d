"""Job that mails a guest's link, so that the request itself looks up no address."""

from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, job
from events.livestreams.queries.livestreams import find_livestream
from events.registrations import actions
from events.registrations.forms import GuestRequest


@job(lane=Lane.PEOPLE)
def send_guest_link(livestream_id: str, name: str, email: str, locale: str) -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, livestream_id)
        if livestream is not None:
            actions.send_guest_link(db, SYSTEM, livestream, GuestRequest(name=name, email=email), locale)
