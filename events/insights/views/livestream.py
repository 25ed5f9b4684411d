"""The report of a livestream, as a page and as a file for spreadsheets."""

from datetime import datetime

from flask import Blueprint, g, get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle
from events.core.auth.endpoints import Access
from events.core.i18n.formatting import current_locale, when
from events.core.text.csv_files import BOM, csv_text
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.insights.queries.report import Figures, Numbers, figures_of, report_of
from events.insights.queries.viewers import NAMES_A_PAGE
from events.insights.rules.drawing import HEIGHT, WIDTH
from events.livestreams.queries.livestreams import get_visible

blueprint = Blueprint("insights", __name__)

Cells = list[str | int]
STEPS = {
    "registered": _l("Registered"),
    "came": _l("Came, live"),
    "said_yes": _l("Said yes to a coffee"),
    "met": _l("Spoke to someone"),
    "worth_it": _l("Found it worth it"),
}
CAUSES = {
    "no_connection": _l("No sound or picture came through"),
    "no_relay": _l("The relay couldn't be reached"),
    "late": _l("Sound and picture came late"),
    "denied": _l("No permission for camera and microphone"),
    "no_devices": _l("No camera or microphone worked"),
    "absent": _l("Someone didn't come to the call"),
}


@page(blueprint, "/livestreams/<slug>/report", who=Access.ORGANISER)
def report(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    numbers = Numbers(req.page_number, req.page_of("people"), req.page_of("quotes"))
    found = report_of(req.db, req.actor, livestream, numbers)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return req.render(
        "insights/report.html",
        report=found,
        steps=STEPS,
        causes=CAUSES,
        width=WIDTH,
        height=HEIGHT,
        people=numbers.names,
        names_a_page=NAMES_A_PAGE,
    )


@page(blueprint, "/livestreams/<slug>/report.csv", who=Access.ORGANISER)
def report_file(req: PageRequest, slug: str) -> Response:
    """The figures of the page without names, for a spreadsheet."""
    livestream = get_visible(req.db, req.actor, slug)
    found = figures_of(req.db, req.actor, livestream)
    response = Response((BOM + csv_text(_rows(found))).encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{livestream.slug}.csv"'
    return response


def _rows(found: Figures) -> list[Cells]:
    """Rows of three cells: what is counted, of what, and how many."""
    livestream, evening = found.livestream, found.evening
    zone, curve, poll_name = livestream.zone, _("Viewers"), _("Poll")
    sentence = get_template_attribute("insights/_sentence.html", "board")(found).unescape()
    rows: list[Cells] = [
        [_("Circle"), livestream.circle.name, ""],
        [_("Livestream"), livestream.title, ""],
        [_("Date"), when(livestream.starts_at, "date", zone, current_locale()), ""],
        [_("In one sentence"), sentence, ""],
        *([_("From registering to talking"), str(STEPS[step.name]), step.count] for step in found.steps),
        [_("Recording"), _("Watched it"), found.totals.rewatched],
        *_coffee_rows(found),
    ]
    for point, said in zip(found.points, found.said, strict=True):
        at = _hour(point.at, zone)
        rows += [[curve, at, point.viewers], [_("Chat messages"), at, said]]
    rows += [[_("Programme"), mark.title, _hour(mark.at, zone)] for mark in evening.marks]
    for poll in evening.polls:
        rows += [[f"{poll_name}: {poll.title}", choice.label, choice.votes] for choice in poll.choices]
    rows += [
        [_("Questions"), _("Asked"), found.totals.questions],
        [_("Questions"), _("Answered"), found.totals.answered],
    ]
    rows += [[_("Question, with its votes"), question.body, question.votes] for question in evening.questions]
    rows += [[_("Trouble in calls, calls"), str(CAUSES[one.cause]), one.calls] for one in found.trouble]
    rows += [
        [_("Trouble in calls, minutes lost"), str(CAUSES[one.cause]), one.minutes] for one in found.trouble
    ]
    return rows


def _coffee_rows(found: Figures) -> list[Cells]:
    coffees, name = found.coffees, _("Coffees")
    return [
        [name, _("Agreed"), coffees.agreed],
        [name, _("Took place, as its people told us"), coffees.met - coffees.by_call],
        [name, _("Took place, known from the call"), coffees.by_call],
        [name, _("Nobody said whether it took place"), coffees.untold],
        [name, _("People who said yes and had none"), found.totals.left],
    ]


def _hour(at: datetime, zone: str) -> str:
    return when(at, "hour", zone, current_locale())
