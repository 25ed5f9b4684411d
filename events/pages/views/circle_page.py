"""Pages of a circle for what features above circles hold: its livestreams, and the cover of its page."""

from flask import g, request
from werkzeug.wrappers import Response

from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.circles.rules import cover_accent
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams.rules.covers import cover_svg
from events.pages.queries.circle_page import list_evenings
from events.pages.views.home import blueprint

COVER_MAX_AGE_SECONDS = 3600
COVER_COLUMNS, COVER_ROWS, COVER_RATIO = 12, 3, 5.2


@page(blueprint, "/circles/<slug>/livestreams", who=Access.ANYONE)
def evenings(req: PageRequest, slug: str) -> Response:
    """All published livestreams of a circle that this reader may know of."""
    circle = get_circle(req.db, slug)
    if circle.slug != slug:
        return req.go("pages.evenings", slug=circle.slug)
    own = membership_of(req.db, req.actor, circle.id) if req.actor.is_signed_in() else None
    if own is not None:
        g.current_circle = CurrentCircle.of(circle)
    found = list_evenings(req.db, req.actor, circle, own, req.page_number)
    return req.render("pages/evenings.html", circle=circle, own=own, found=found)


@page(blueprint, "/circles/<slug>/cover.svg", who=Access.ANYONE)
def cover(req: PageRequest, slug: str) -> Response:
    """A strip of tiles drawn from the circle's name, in its colour."""
    circle = get_circle(req.db, slug)
    drawn = cover_svg(
        circle.name,
        columns=COVER_COLUMNS,
        rows=COVER_ROWS,
        accent=cover_accent(circle.colour),
        ratio=COVER_RATIO,
    )
    answer = Response(drawn, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = f"public, max-age={COVER_MAX_AGE_SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)
