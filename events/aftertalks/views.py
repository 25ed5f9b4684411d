"""Pages of the after-talk."""

from flask import Blueprint, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.aftertalks import forms
from events.aftertalks.actions import attendance
from events.aftertalks.actions import meet_again as meet_again_actions
from events.aftertalks.queries import pages
from events.calls.rules import CREDENTIAL_GRACE, ice_servers, split_urls
from events.circles.models import Membership
from events.circles.queries.circles import CurrentCircle, membership_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.web import error_messages
from events.core.web.answers import go_or_say_why
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.livestreams.actions import transitions
from events.livestreams.forms import SwitchAftertalk
from events.livestreams.models import Livestream
from events.livestreams.policy import may_direct
from events.livestreams.queries.livestreams import get_visible

blueprint = Blueprint("aftertalks", __name__)
KEYS = ("livestream:have",)

error_messages.register(
    {
        "nazit_closed": _l("There is no after-talk now."),
        "nazit_over": _l("The after-talk is over. A coffee is still possible."),
        "nazit_not_joined": _l("Join the after-talk first."),
    }
)


@page(blueprint, "/livestreams/<slug>/nazit", who=Access.SIGNED_IN, methods=("GET", "POST"), keys=KEYS)
def aftertalk(req: PageRequest, slug: str) -> Response:
    """Open pages reload this at every step; POST joins."""
    livestream = get_visible(req.db, req.actor, slug)
    found = pages.page_of(req.db, req.actor, livestream)
    if req.posted:
        return go_or_say_why(
            req,
            lambda: attendance.join_aftertalk(req.db, req.actor, livestream),
            "aftertalks.aftertalk",
            done=None,
            slug=livestream.slug,
        )
    _in_circle(req, livestream)
    return req.render("aftertalks/page.html", seen=found, livestream=livestream)


@page(blueprint, "/livestreams/<slug>/nazit/leave", who=Access.SIGNED_IN, methods=("POST",), keys=KEYS)
def leave_aftertalk(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    attendance.leave_aftertalk(req.db, req.actor, livestream)
    return req.go("aftertalks.aftertalk", slug=livestream.slug)


@page(blueprint, "/livestreams/<slug>/nazit/again", who=Access.SIGNED_IN, methods=("POST",), keys=KEYS)
def meet_again(req: PageRequest, slug: str) -> Response:
    livestream = get_visible(req.db, req.actor, slug)
    found = pages.page_of(req.db, req.actor, livestream)
    form = req.form(forms.MeetAgain)
    if form.data is None or found.aftertalk is None:
        return req.go("aftertalks.aftertalk", slug=livestream.slug, notice=form.first_error)
    answer = form.data
    try:
        talk = pages.get_talk(req.db, req.actor, found.aftertalk, answer.talk)
    except NotFound:
        return req.go("aftertalks.aftertalk", slug=livestream.slug)
    meet_again_actions.record_meet_again(
        req.db, req.actor, found.aftertalk, talk, again=answer.again == "yes"
    )
    done = _("Noted. Your answer stays yours.")
    return req.go("aftertalks.aftertalk", slug=livestream.slug, done=done)


@page(blueprint, "/livestreams/<slug>/nazit/check", who=Access.SIGNED_IN, keys=KEYS)
def check_aftertalk(req: PageRequest, slug: str) -> Response:
    """Test of camera and microphone before the first talk."""
    livestream = get_visible(req.db, req.actor, slug)
    found = pages.page_of(req.db, req.actor, livestream)
    _in_circle(req, livestream)
    settings = req.settings
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else None
    if found.status in {pages.AftertalkStatus.OFF, pages.AftertalkStatus.OVER}:
        secret = None  # relay credentials only for a talk that can still be entered
    if secret is not None:
        req.limit("calls.check", "20 per hour")
    servers = ice_servers(
        split_urls(settings.stun_urls),
        split_urls(settings.turn_urls),
        secret,
        f"probe-{livestream.id}",
        clock.now() + CREDENTIAL_GRACE,
    )
    return req.render(
        "aftertalks/check.html",
        seen=found,
        livestream=livestream,
        ice_servers=servers,
        relays=bool(settings.turn_urls and secret),
    )


@page(blueprint, "/livestreams/<slug>/nazit/switch", who=Access.ORGANISER, methods=("POST",))
def switch_aftertalk(req: PageRequest, slug: str) -> Response:
    """For organisers of the circle and the host, at their desk."""
    livestream = get_visible(req.db, req.actor, slug)
    form = req.form(SwitchAftertalk)
    switched = form.act(lambda data: transitions.switch_aftertalk(req.db, req.actor, livestream, data))
    if switched is None:
        authorize(may_direct, req.actor, livestream, _membership(req, livestream))
        return req.go("stage.desk", slug=livestream.slug, notice=form.first_error)
    return req.go("stage.desk", slug=livestream.slug)


def _membership(req: PageRequest, livestream: Livestream) -> Membership | None:
    return membership_of(req.db, req.actor, livestream.circle_id)


def _in_circle(req: PageRequest, livestream: Livestream) -> None:
    if _membership(req, livestream) is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
