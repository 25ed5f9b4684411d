"""Calendar files: of one livestream, and of a circle's public ones."""

from flask import url_for
from werkzeug.wrappers import Response

from events.circles.queries.circles import get_circle
from events.core.auth.endpoints import Access
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams.models import Livestream
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.views.pages import KEYS, blueprint


@page(blueprint, "/livestreams/<slug>/calendar.ics", who=Access.ANYONE, keys=KEYS)
def calendar(req: PageRequest, slug: str) -> Response:
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    return _calendar_response(req, [livestream], f"{livestream.slug}.ics")


@page(blueprint, "/circles/<slug>/calendar.ics", who=Access.ANYONE)
def circle_calendar(req: PageRequest, slug: str) -> Response:
    """iCalendar feed of the circle's public livestreams."""
    circle = get_circle(req.db, slug)
    answer = _calendar_response(
        req, livestream_queries.list_public(req.db, circle.id), f"{circle.slug}.ics", name=circle.name
    )
    answer.headers["Cache-Control"] = "public, max-age=900"
    return answer


def _calendar_response(
    req: PageRequest, livestreams: list[Livestream], file: str, *, name: str = ""
) -> Response:
    def address(livestream: Livestream) -> str:
        return req.settings.public_url + url_for("stage.show", slug=livestream.slug)

    entries = [
        livestream_queries.calendar_entry(livestream, address(livestream)) for livestream in livestreams
    ]
    content = calendar_file(entries, "PUBLISH", Mailbox("Ontmoet", req.settings.mail_from), name=name)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer
