"""The pages of the reports."""

from datetime import date

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from events.circles.queries import CurrentCircle, get_circle
from events.core.door import Door
from events.core.rights import Who
from events.core.web import page
from events.insights.queries import (
    HEIGHT,
    NAMES_A_PAGE,
    WIDTH,
    Numbers,
    count_unlucky,
    month_of,
    report_of,
)
from events.livestreams.queries import get_visible

blueprint = Blueprint("insights", __name__)


@page(blueprint, "/livestreams/<slug>/report", who=Who.ORGANISER)
def report(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    numbers = Numbers(door.page_number, door.page_of("people"), door.page_of("quotes"))
    found = report_of(door.db, door.actor, livestream, numbers)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return door.render(
        "insights/report.html",
        report=found,
        width=WIDTH,
        height=HEIGHT,
        people=numbers.names,
        names_a_page=NAMES_A_PAGE,
    )


@page(blueprint, "/circles/<slug>/report", who=Who.ORGANISER)
def circle_report(door: Door, slug: str) -> Response:
    circle = get_circle(door.db, slug)
    month = month_of(door.db, door.actor, circle, _chosen_month(), door.page_number)
    unlucky = count_unlucky(door.db, door.actor, circle)
    g.current_circle = CurrentCircle.of(circle)
    return door.render("insights/circle_report.html", circle=circle, month=month, unlucky=unlucky)


def _chosen_month() -> date | None:
    """The month of the address, as in `?month=2026-11`; None without one that can be read."""
    try:
        day = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
