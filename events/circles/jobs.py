"""Job that mails the link for a circle requested by a visitor."""

from events.circles.actions import circle as circles_circle
from events.circles.forms.circles import RequestCircle
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, job


@job(lane=Lane.PEOPLE)
def send_circle_link(circle: str, name: str, email: str, zone: str, locale: str, browser: str) -> None:
    with unit_of_work() as db:
        data = RequestCircle(circle=circle, name=name, email=email, zone=zone)
        circles_circle.send_circle_link(db, SYSTEM, data, locale, browser)
