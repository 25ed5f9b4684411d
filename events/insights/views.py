"""The pages of the reports."""

from datetime import date

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, get_circle
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.insights.queries.months import count_unlucky, month_of
from events.insights.queries.report import HEIGHT, NAMES_A_PAGE, WIDTH, Numbers, report_of
from events.livestreams.queries.livestreams import get_visible

blueprint = Blueprint("insights", __name__)


@page(blueprint, "/livestreams/<slug>/report", who=Access.ORGANISER)
def report(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    numbers = Numbers(req.page_number, req.page_of("people"), req.page_of("quotes"))
    found = report_of(req.db, req.actor, livestream, numbers)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "insights/report.html",
        report=found,
        width=WIDTH,
        height=HEIGHT,
        people=numbers.names,
        names_a_page=NAMES_A_PAGE,
    )


@page(blueprint, "/circles/<slug>/report", who=Access.ORGANISER)
def circle_report(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug)
    month = month_of(req.db, req.actor, circle, _chosen_month(), req.page_number)
    unlucky = count_unlucky(req.db, req.actor, circle)
    g.current_circle = CurrentCircle.of(circle)
    return req.render("insights/circle_report.html", circle=circle, month=month, unlucky=unlucky)


def _chosen_month() -> date | None:
    """The month of the address, as in `?month=2026-11`; None without one that can be read."""
    try:
        day = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
