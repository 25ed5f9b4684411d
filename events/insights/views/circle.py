"""The report of a circle: its goal, who met whom, and whom it did not see for long."""

from datetime import date, timedelta

from flask import g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.models import Circle
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.insights import actions, policy
from events.insights.forms import MAX_GOAL, Goal
from events.insights.queries.circle_report import report_of
from events.insights.queries.not_seen import list_not_seen
from events.insights.views.livestream import CAUSES, blueprint


@page(blueprint, "/circles/<slug>/report", who=Access.ORGANISER, methods=("GET", "POST"))
def circle_report(req: PageRequest, slug: str) -> Response:
    """Posting sets the goal."""
    circle = _organised(req, slug)
    form = req.form(Goal)
    if form.act(lambda data: actions.set_goal(req.db, req.actor, circle, data)) is not None:
        return req.go("insights.circle_report", slug=circle.slug, done=_("Saved."))
    report = report_of(req.db, req.actor, circle, _chosen_month(), req.page_number, req.page_of("new"))
    return req.render(
        "insights/circle_report.html",
        circle=circle,
        report=report,
        form=form,
        causes=CAUSES,
        max_goal=MAX_GOAL,
        one_day=timedelta(days=1),
    )


@page(blueprint, "/circles/<slug>/report/not-seen", who=Access.ORGANISER)
def not_seen(req: PageRequest, slug: str) -> Response:
    circle = _organised(req, slug)
    people = list_not_seen(req.db, req.actor, circle, req.page_number)
    return req.render("insights/not_seen.html", circle=circle, people=people)


def _organised(req: PageRequest, slug: str) -> Circle:
    circle = get_circle(req.db, slug)
    authorize(policy.may_read_circle_report, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    return circle


def _chosen_month() -> date | None:
    """The month of the address, as in `?month=2026-11`; None without one that can be read."""
    try:
        day = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
