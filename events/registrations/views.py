"""The pages of places: one click to come or not, the form of guests, and the organisers' list."""

from flask import Blueprint, g, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries import find_user_by_email, register_announcer
from events.circles.queries import CurrentCircle
from events.circles.queries.coming import register_coming
from events.core import words
from events.core.browser import limit_mail
from events.core.door import Door
from events.core.errors import Conflict, NotFound
from events.core.locale import current_locale
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.livestreams.queries import find_by_slug, get_visible
from events.registrations import actions, forms, policy, queries

blueprint = Blueprint("registrations", __name__)
register_announcer(queries.announcement_of)
words.register(
    {
        "full": _l("All places are taken. When someone gives theirs up, you can register again."),
        "registration_over": _l("It is over, so there are no places to take any more."),
    }
)
register_coming(queries.next_panel)
KEYS = ("livestream:come",)
GUEST_RATE = "20 per hour"


@page(
    blueprint,
    "/livestreams/<slug>/registration",
    who=Who.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def register(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    try:
        actions.take_place(door.db, door.actor, livestream)
    except Conflict as conflict:
        return door.go("stage.show", slug=livestream.slug, notice=words.say(conflict.code))
    return door.go(
        "stage.show", slug=livestream.slug, done=_("You're coming. The invitation is in your mail.")
    )


@page(
    blueprint,
    "/livestreams/<slug>/registration/withdraw",
    who=Who.SIGNED_IN,
    methods=("POST",),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def withdraw(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    actions.give_up_place(door.db, door.actor, livestream)
    return door.go("stage.show", slug=livestream.slug, done=_("Fine. Your place is free again."))


@page(blueprint, "/livestreams/<slug>/registration/name", who=Who.SIGNED_IN, methods=("POST",), keys=KEYS)
def name(door: Door, slug: str) -> Response:
    livestream = get_visible(door.db, door.actor, slug)
    form = door.form(forms.ShowName)
    form.act(lambda data: actions.show_name(door.db, door.actor, livestream, data))
    return door.go("stage.show", slug=livestream.slug, notice=form.first_error)


@page(blueprint, "/livestreams/<slug>/guest", who=Who.ANYONE, methods=("GET", "POST"))
def as_guest(door: Door, slug: str) -> Response:
    """Name and address of a guest. Who has this address may see what it is about, and when; not more."""
    livestream = find_by_slug(door.db, slug)
    if livestream is None or not policy.may_ask_as_guest(door.actor, livestream):
        raise NotFound
    if door.posted:
        door.limit("guest", GUEST_RATE)
    form = door.form(forms.AskAsGuest)
    if form.data is not None:
        known = find_user_by_email(door.db, form.data.email)
        limit_mail(door, form.data.email, known.id if known else None)
    form.act(lambda data: actions.ask_as_guest(door.db, door.actor, livestream, data, current_locale()))
    if door.posted and not form.errors:
        session["guest_address"] = form.data.email if form.data else ""
        return door.go("registrations.as_guest", slug=livestream.slug, sent="1")
    return door.render(
        "registrations/guest.html",
        form=form,
        livestream=livestream,
        sent=request.args.get("sent") == "1",
        address=session.get("guest_address", ""),
    )


@page(
    blueprint,
    "/livestreams/<slug>/place",
    who=Who.SIGNED_IN,
    methods=("GET", "POST"),
    keys=KEYS,
    rate=CHANGE_RATE,
)
def confirm_place(door: Door, slug: str) -> Response:
    """Where a guest's mail leads: one press, and the place is theirs. Looking at it takes none."""
    livestream = get_visible(door.db, door.actor, slug)
    panel = queries.panel_of(door.db, door.actor, livestream)
    if panel.registration is not None or not panel.may_take_place or livestream.state != "announced":
        return door.go("stage.show", slug=livestream.slug)
    if not door.posted:
        return door.render("registrations/place.html", livestream=livestream, full=panel.full)
    try:
        actions.take_place(door.db, door.actor, livestream)
    except Conflict as conflict:
        return door.go("stage.show", slug=livestream.slug, notice=words.say(conflict.code))
    return door.go(
        "stage.show", slug=livestream.slug, done=_("You're coming. The invitation is in your mail.")
    )


@page(blueprint, "/livestreams/<slug>/registrations", who=Who.ORGANISER)
def who(door: Door, slug: str) -> Response:
    """Everyone with a place or a place given up; for organisers and the host."""
    livestream = get_visible(door.db, door.actor, slug)
    registrations = queries.list_all(door.db, door.actor, livestream, door.search, door.page_number)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return door.render(
        "registrations/who.html",
        livestream=livestream,
        registrations=registrations,
        coming=queries.count_coming(door.db, livestream.id),
        search=door.search,
    )
