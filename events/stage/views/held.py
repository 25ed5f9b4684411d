"""Form for an evening held elsewhere, entered afterwards."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.circles.models import Circle
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams import policy
from events.livestreams.models import Livestream
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.rules.schedule import wall_time
from events.registrations.queries.registrations import count_coming
from events.stage.actions import enter_held_evening
from events.stage.forms import HeldEvening
from events.stage.views.pages import blueprint

error_messages.register(
    {
        "not_over_yet": _l("It isn't over at this time. Enter it once it has been."),
        "held_too_long_ago": _l(
            "This was too long ago for a coffee round: enter evenings of the last sixty days."
        ),
        "names_unclear": _l(
            "No member, or more than one, is called: %(names)s. Write the full name, or leave it out."
        ),
    }
)


@page(blueprint, "/circles/<slug>/held", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def held_new(req: PageRequest, slug: str) -> Response:
    """One that was never announced here."""
    circle = get_circle(req.db, slug)
    authorize(policy.may_plan, req.actor, membership_of(req.db, req.actor, circle.id))
    day, _hour = wall_time(clock.now(), circle.zone)
    return _held(req, circle, None, {"day": day, "minutes": 60, "came": "named"})


@page(blueprint, "/livestreams/<slug>/held", who=Access.SIGNED_IN, methods=("GET", "POST"), rate=CHANGE_RATE)
def held(req: PageRequest, slug: str) -> Response:
    """One that was announced here, for its host and the team."""
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(policy.may_direct, req.actor, livestream, membership)
    day, hour = wall_time(livestream.starts_at, livestream.zone)
    minutes = int((livestream.ends_at - livestream.starts_at).total_seconds() // 60)
    came = "registered" if count_coming(req.db, livestream.id) else "named"
    given = {"title": livestream.title, "day": day, "hour": hour, "minutes": minutes, "came": came}
    return _held(req, livestream.circle, livestream, given)


def _held(
    req: PageRequest, circle: Circle, livestream: Livestream | None, given: dict[str, object]
) -> Response:
    g.current_circle = CurrentCircle.of(circle)
    form = req.form(HeldEvening, given)
    local = not req.settings.production
    entered = form.act(
        lambda data: enter_held_evening(req.db, req.actor, circle, livestream, data, local_sources=local)
    )
    if entered is not None:
        done = _("It is entered, and its coffee round is open.")
        return req.go("stage.desk", slug=entered.slug, done=done)
    coming = count_coming(req.db, livestream.id) if livestream is not None else 0
    return req.render("stage/held.html", form=form, circle=circle, livestream=livestream, coming=coming)
