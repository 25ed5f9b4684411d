"""The coffee of one circle: its rounds, and opening one without a livestream."""

from flask import g
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from events.circles.models import Circle, Membership
from events.circles.queries import CurrentCircle, get_circle, membership_of
from events.core.access import authorize
from events.core.door import Door
from events.core.mailings import waits_for_tomorrow
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.matching import actions, forms, policy, queries
from events.matching.views.saying import blueprint


@page(blueprint, "/circles/<slug>/coffee", who=Who.MEMBER, name="circle")
def show_circle(door: Door, slug: str) -> Response:
    circle, own = coffee_circle(door, slug)
    return door.render(
        "matching/circle.html",
        circle=circle,
        rows=queries.list_rows(door.db, door.actor, circle.id),
        standing=queries.standing_now(door.db, circle.id, door.actor.id),
        directs=policy.may_direct(door.actor, own),
    )


@page(blueprint, "/circles/<slug>/rounds/new", who=Who.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def open_round(door: Door, slug: str) -> Response:
    circle, own = coffee_circle(door, slug)
    authorize(policy.may_direct, door.actor, own)
    form = door.form(forms.OpenRound, {"days": "5"})
    opened = form.act(lambda data: actions.open_standalone(door.db, door.actor, circle, data))
    if opened is not None:
        done = _("The round is open. Everyone gets a mail.")
        if waits_for_tomorrow(door.db, circle.id):
            done = _("The round is open. Your circle announced a lot today, so most get this mail tomorrow.")
        return door.go("matching.round", id=opened.id, done=done)
    return door.render("matching/open_round.html", circle=circle, form=form)


def coffee_circle(door: Door, slug: str) -> tuple[Circle, Membership | None]:
    """The circle, for its members who signed in; for anybody else this page does not exist."""
    circle = get_circle(door.db, slug)
    own = membership_of(door.db, door.actor, circle.id)
    authorize(policy.may_settle, door.actor, own)
    g.current_circle = CurrentCircle.of(circle)
    return circle, own
