"""The pages of the reports."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle, get_circle
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.insights.queries import (
    COFFEES_A_PAGE,
    HEIGHT,
    MOST_NAMES,
    WIDTH,
    count_unlucky,
    months_of,
    report_of,
)
from events.livestreams.queries import get_visible

blueprint = Blueprint("insights", __name__)


@page(blueprint, "/livestreams/<slug>/report", who=Who.ORGANISER)
def report(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    found = report_of(door.db, door.actor, livestream)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return door.render(
        "insights/report.html",
        report=found,
        width=WIDTH,
        height=HEIGHT,
        number=door.page_number,
        a_page=COFFEES_A_PAGE,
        most_names=MOST_NAMES,
    )


@page(blueprint, "/circles/<slug>/report", who=Who.ORGANISER)
def circle_report(door: Door, slug: str) -> Response:
    circle = get_circle(door.db, slug)
    number = door.page_number
    months, more = months_of(door.db, door.actor, circle, number)
    unlucky = count_unlucky(door.db, door.actor, circle)
    g.current_circle = CurrentCircle.of(circle)
    return door.render(
        "insights/circle_report.html", circle=circle, months=months, unlucky=unlucky, number=number, more=more
    )
