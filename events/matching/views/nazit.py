"""The page of a nazit, which shows each reader where they stand, and what they can do there."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.calls.rules import GRACE, ice_servers, split_urls
from events.circles.models import Membership
from events.circles.queries import CurrentCircle, membership_of
from events.core import clock, words
from events.core.access import authorize
from events.core.door import Door
from events.core.errors import Conflict, NotFound
from events.core.rights import Who
from events.core.web import page
from events.livestreams import actions as livestreams
from events.livestreams.forms import SwitchNazit
from events.livestreams.models import Livestream
from events.livestreams.policy import may_direct
from events.livestreams.queries import get_visible
from events.matching import actions, forms
from events.matching.queries import talks
from events.matching.views.saying import KEYS, blueprint

words.register(
    {
        "nazit_closed": _l("There is no after-talk now."),
        "nazit_over": _l("The after-talk is over. A coffee is still possible."),
        "nazit_not_joined": _l("Join the after-talk first."),
    }
)


@page(blueprint, "/livestreams/<slug>/nazit", who=Who.SIGNED_IN, methods=("GET", "POST"), keys=KEYS)
def nazit(door: Door, slug: str) -> Response:
    """Read again by open pages at every step; a POST is the tap that joins."""
    livestream = get_visible(door.db, door.actor, slug)
    found = talks.page_of(door.db, door.actor, livestream)
    if door.posted:
        try:
            actions.join_nazit(door.db, door.actor, livestream)
        except Conflict as conflict:
            return door.go("matching.nazit", slug=livestream.slug, notice=words.say(conflict.code))
        return door.go("matching.nazit", slug=livestream.slug)
    _in_circle(door, livestream)
    return door.render("matching/nazit.html", seen=found, livestream=livestream)


@page(blueprint, "/livestreams/<slug>/nazit/leave", who=Who.SIGNED_IN, methods=("POST",), keys=KEYS)
def leave_nazit(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    actions.leave_nazit(door.db, door.actor, livestream)
    return door.go("matching.nazit", slug=livestream.slug)


@page(blueprint, "/livestreams/<slug>/nazit/again", who=Who.SIGNED_IN, methods=("POST",), keys=KEYS)
def say_again(door: Door, slug: str) -> Response:
    """A private answer about one talk; only what both said is ever shown."""
    livestream = get_visible(door.db, door.actor, slug)
    found = talks.page_of(door.db, door.actor, livestream)
    form = door.form(forms.Again)
    if form.data is None or found.nazit is None:
        return door.go("matching.nazit", slug=livestream.slug, notice=form.first_error)
    answer = form.data
    try:
        talk = talks.get_talk(door.db, door.actor, found.nazit, answer.talk)
    except NotFound:
        return door.go("matching.nazit", slug=livestream.slug)
    actions.say_again(door.db, door.actor, found.nazit, talk, again=answer.again == "yes")
    done = _("Noted. Your answer stays yours.")
    return door.go("matching.nazit", slug=livestream.slug, done=done)


@page(blueprint, "/livestreams/<slug>/nazit/check", who=Who.SIGNED_IN, keys=KEYS)
def check_nazit(door: Door, slug: str) -> Response:
    """Camera and microphone in the closing minutes, so that the first talk is not spent on them."""
    livestream = get_visible(door.db, door.actor, slug)
    found = talks.page_of(door.db, door.actor, livestream)
    _in_circle(door, livestream)
    settings = door.settings
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else None
    if found.near in {"off", "over"}:
        secret = None  # a relay is for a talk that one may still enter
    if secret is not None:
        door.limit("calls.check", "20 per hour")
    servers = ice_servers(
        split_urls(settings.stun_urls),
        split_urls(settings.turn_urls),
        secret,
        f"probe-{livestream.id}",
        clock.now() + GRACE,
    )
    return door.render(
        "matching/nazit_check.html",
        seen=found,
        livestream=livestream,
        ice_servers=servers,
        relays=bool(settings.turn_urls and secret),
    )


@page(blueprint, "/livestreams/<slug>/nazit/switch", who=Who.ORGANISER, methods=("POST",))
def switch_nazit(door: Door, slug: str) -> Response:
    """For organisers of the circle, and for the host, at their desk."""
    livestream = get_visible(door.db, door.actor, slug)
    form = door.form(SwitchNazit)
    switched = form.act(lambda data: livestreams.switch_nazit(door.db, door.actor, livestream, data))
    if switched is None:
        authorize(may_direct, door.actor, livestream, _membership(door, livestream))
        return door.go("stage.desk", slug=livestream.slug, notice=form.first_error)
    return door.go("stage.desk", slug=livestream.slug)


def _membership(door: Door, livestream: Livestream) -> Membership | None:
    return membership_of(door.db, door.actor, livestream.circle_id)


def _in_circle(door: Door, livestream: Livestream) -> None:
    if _membership(door, livestream) is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
