"""Job of circles: mail the link that creates the circle a visitor asked for."""

from events.circles import actions
from events.circles.forms import RequestCircle
from events.core.access import SYSTEM
from events.core.db import unit_of_work
from events.core.queue import Lane, job


@job(lane=Lane.PEOPLE)
def send_circle_link(circle: str, name: str, email: str, zone: str, locale: str, browser: str) -> None:
    with unit_of_work() as db:
        data = RequestCircle(circle=circle, name=name, email=email, zone=zone)
        actions.send_circle_link(db, SYSTEM, data, locale, browser)
