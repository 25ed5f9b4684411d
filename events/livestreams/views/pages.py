"""Pages of livestreams: the list, the form, the cover and the calendar files."""

from datetime import timedelta

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries import get_user
from events.circles.models import Circle
from events.circles.policy import may_organise, organises
from events.circles.queries import CurrentCircle, get_circle, list_memberships, membership_of
from events.circles.queries.choosing import label_of, list_candidates, list_suggested, visible_ids
from events.core import clock, words
from events.core.access import authorize
from events.core.calendar import Mailbox, calendar_file
from events.core.door import Door, FormState
from events.core.locale import translate
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.livestreams import actions, forms, policy, queries
from events.livestreams.models import Livestream
from events.livestreams.rules.agenda import agenda_text
from events.livestreams.rules.covers import cover_svg
from events.livestreams.rules.presets import PRESETS
from events.livestreams.rules.schedule import wall_time
from events.livestreams.rules.sources import link_of

blueprint = Blueprint("livestreams", __name__)
words.register(
    {
        "bad_source": _l("There's no video in this. Paste the link or the embed code of one video."),
        "bad_agenda": _l("Keep each item to one line, with a time within the livestream if you give one."),
        "no_such_time": _l("The clock skips this time that night. Choose another one."),
        "start_passed": _l("This moment has passed. Choose a later one."),
        "already_began": _l("It has begun, so its time stays as it is."),
        "no_source": _l("There is no stream yet. Add its link first."),
        "lobby_closed": _l(
            "You can go live from fifteen minutes before the start. To begin sooner, change its time first."
        ),
        "live_too_long": _l("It has been live for more than two minutes, so it can't go back to the lobby."),
        "wrong_state": _l("That no longer fits: the livestream has moved on meanwhile."),
    }
)
COVER_KEPT = 3600  # seconds
KEYS = ("livestream:watch",)
PLAN_RATE = "30 per hour"
MOVE_RATE = "6 per hour"  # of one livestream, once published: everybody who comes gets a mail each time
A_WEEK = timedelta(days=7)
USUAL_HOUR = "20:00"


@page(blueprint, "/livestreams", who=Who.ANYONE, keys=KEYS)
def index(door: Door) -> Response:
    """A member's own circles, and apart from them what others show everyone; a visitor sees the latter, and
    whoever came by a key that and what the key opens."""
    memberships = list_memberships(door.db, door.actor) if door.actor.is_signed_in() else []
    number = door.page_number
    return door.render(
        "livestreams/index.html",
        listed=queries.list_own(door.db, door.actor, memberships, number),
        elsewhere=queries.list_elsewhere(door.db, door.actor, memberships) if number == 1 else [],
        organised=[m.circle for m in memberships if may_organise(door.actor, m)],
    )


@page(blueprint, "/circles/<slug>/livestreams/new", who=Who.ORGANISER, methods=("GET", "POST"))
def create(door: Door, slug: str) -> Response:
    circle = get_circle(door.db, slug)
    authorize(policy.may_plan, door.actor, membership_of(door.db, door.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    if door.posted:
        door.limit("plan", PLAN_RATE)
    form = door.form(forms.WriteLivestream, _proposed(door, circle))
    local = not door.settings.production
    livestream = form.act(
        lambda data: actions.create_livestream(door.db, door.actor, circle, data, local_sources=local)
    )
    if livestream is not None:
        saved = _("‘%(title)s’ is kept as a draft. Publish it when it is right.", title=livestream.title)
        return door.go("stage.desk", slug=livestream.slug, done=saved)
    return door.render(
        "livestreams/create.html",
        form=form,
        circle=circle,
        **_hosts(door, circle, form),
        livestream=None,
        presets=_effects(),
    )


@page(blueprint, "/livestreams/<slug>/edit", who=Who.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def edit(door: Door, slug: str) -> Response:
    """For organisers of the circle, and for the host."""
    livestream = directed(door, slug)
    circle = livestream.circle
    g.current_circle = CurrentCircle.of(circle)
    local = not door.settings.production
    form = door.form(forms.WriteLivestream, None if door.posted else _typed(door, livestream))
    before = livestream.sequence
    edited = form.act(
        lambda data: actions.edit_livestream(door.db, door.actor, livestream, data, local_sources=local)
    )
    if edited is not None and edited.sequence > before:
        door.limit("moves of a livestream", MOVE_RATE, key=livestream.id)
    if edited is not None:
        return door.go("stage.desk", slug=edited.slug, done=_("Saved."))
    return door.render(
        "livestreams/create.html",
        form=form,
        circle=circle,
        **_hosts(door, circle, form),
        livestream=livestream,
    )


@page(blueprint, "/livestreams/<slug>/calendar.ics", who=Who.ANYONE, keys=KEYS)
def calendar(door: Door, slug: str) -> Response:
    livestream = queries.get_visible(door.db, door.actor, slug)
    return _calendar_answer(door, [livestream], f"{livestream.slug}.ics")


@page(blueprint, "/circles/<slug>/calendar.ics", who=Who.ANYONE)
def circle_calendar(door: Door, slug: str) -> Response:
    """A feed to subscribe to: what the circle shows everyone."""
    circle = get_circle(door.db, slug)
    answer = _calendar_answer(
        door, queries.list_public(door.db, circle.id), f"{circle.slug}.ics", name=circle.name
    )
    answer.headers["Cache-Control"] = "public, max-age=900"
    return answer


@page(blueprint, "/livestreams/<slug>/cover.svg", who=Who.ANYONE, keys=KEYS)
def cover(door: Door, slug: str) -> Response:
    """The tile cover; ?columns=4 for a thumbnail."""
    livestream = queries.get_visible(door.db, door.actor, slug)
    columns = 4 if request.args.get("columns") == "4" else 7
    answer = Response(
        cover_svg(livestream.title, columns=columns, accent=livestream.circle.colour),
        mimetype="image/svg+xml",
    )
    public = livestream.audience == "public" and livestream.published_at is not None
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age={COVER_KEPT}"
    answer.add_etag()
    return answer.make_conditional(request)


def _proposed(door: Door, circle: Circle) -> dict[str, object]:
    """What the form begins with: a week from now, at eight in the evening."""
    day, _hour = wall_time(clock.now() + A_WEEK, circle.zone)
    host = label_of(get_user(door.db, door.actor.id))
    return {"preset": "session", "host": host, "host_id": door.actor.id, "day": day, "hour": USUAL_HOUR}


def _effects() -> list[tuple[str, int, list[str], bool]]:
    """What each preset fills in: (name, minutes, titles of its agenda, guests welcome)."""
    return [
        (name, one.minutes, [translate(title) for _minute, title in one.agenda], one.guests)
        for name, one in PRESETS.items()
    ]


def directed(door: Door, slug: str) -> Livestream:
    """The livestream, for who may direct it; to all others it is not there."""
    livestream = queries.get_visible(door.db, door.actor, slug)
    membership = membership_of(door.db, door.actor, livestream.circle_id)
    authorize(policy.may_direct, door.actor, livestream, membership)
    return livestream


def _typed(door: Door, livestream: Livestream) -> dict[str, object]:
    """The livestream as it would be typed into the form."""
    day, hour = wall_time(livestream.starts_at, livestream.zone)
    return {
        "title": livestream.title,
        "day": day,
        "hour": hour,
        "source": link_of(livestream.provider, livestream.source_ref),
        "preset": livestream.preset,
        "lead": livestream.lead,
        "description": livestream.description,
        "minutes": int((livestream.ends_at - livestream.starts_at).total_seconds() // 60),
        "audience": livestream.audience,
        "guests": "yes" if livestream.guests_allowed else "no",
        "capacity": livestream.capacity or "",
        "nazit": "yes" if livestream.nazit else "no",
        "agenda": agenda_text(queries.list_agenda(door.db, livestream.id)),
        "host": label_of(livestream.host),
        "host_id": livestream.host_id,
    }


def _hosts(door: Door, circle: Circle, form: FormState[forms.WriteLivestream]) -> dict[str, object]:
    """Names beside the field of the host, and whom a typed name may mean when it means several."""
    recent = queries.list_recent_hosts(door.db, circle.id)
    several = form.codes.get("host") == "several_people"
    among = visible_ids(door.db, door.actor, circle)
    team = organises(membership_of(door.db, door.actor, circle.id))
    typed = str(form.values.get("host", ""))
    return {
        "hosts": [label_of(user) for user in list_suggested(door.db, door.actor, circle, recent)],
        "host_candidates": list_candidates(door.db, among, typed, by_address=team) if several else [],
    }


def _calendar_answer(door: Door, livestreams: list[Livestream], file: str, *, name: str = "") -> Response:
    def address(livestream: Livestream) -> str:
        return door.settings.public_url + url_for("stage.show", slug=livestream.slug)

    entries = [queries.calendar_entry(livestream, address(livestream)) for livestream in livestreams]
    content = calendar_file(entries, "PUBLISH", Mailbox("Ontmoet", door.settings.mail_from), name=name)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer
