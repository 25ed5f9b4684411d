"""Pages of livestreams: list, form, cover image and calendar files."""

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from events.accounts.queries.people import get_user
from events.circles.models import Circle
from events.circles.policy import may_organise, organises
from events.circles.queries.circles import CurrentCircle, get_circle, list_memberships, membership_of
from events.circles.queries.pending import has_invited
from events.circles.queries.person_lookup import list_candidates, list_suggested, visible_ids
from events.circles.rules import cover_accent, label_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.calendar.itip import Mailbox, calendar_file
from events.core.i18n.formatting import translate
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.livestreams import forms, policy
from events.livestreams.actions import planning
from events.livestreams.models import Livestream
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.rules.agenda import agenda_text
from events.livestreams.rules.covers import cover_svg
from events.livestreams.rules.presets import PRESETS
from events.livestreams.rules.schedule import wall_time
from events.livestreams.rules.sources import link_of
from events.livestreams.rules.usual_start import usual_start

blueprint = Blueprint("livestreams", __name__)
error_messages.register(
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
        "ended_too_long": _l("It ended more than fifteen minutes ago, so it stays ended."),
        "wrong_state": _l("That no longer fits: the livestream has moved on meanwhile."),
    }
)
COVER_MAX_AGE_SECONDS = 3600
KEYS = ("livestream:watch",)
PLAN_RATE = "30 per hour"
MOVE_RATE = "6 per hour"  # per published livestream: each move mails all registered people


@page(blueprint, "/livestreams", who=Access.ANYONE, keys=KEYS)
def index(req: PageRequest) -> Response:
    """Members see their circles', then other circles' public ones; visitors the public ones; key
    holders also what the key opens."""
    memberships = list_memberships(req.db, req.actor) if req.actor.is_signed_in() else []
    number = req.page_number
    return req.render(
        "livestreams/index.html",
        listed=livestream_queries.list_own(req.db, req.actor, memberships, number),
        elsewhere=livestream_queries.list_elsewhere(req.db, req.actor, memberships) if number == 1 else [],
        organised=[m.circle for m in memberships if may_organise(req.actor, m)],
    )


@page(blueprint, "/circles/<slug>/livestreams/new", who=Access.ORGANISER, methods=("GET", "POST"))
def create(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug)
    authorize(policy.may_plan, req.actor, membership_of(req.db, req.actor, circle.id))
    g.current_circle = CurrentCircle.of(circle)
    if req.posted:
        req.limit("plan", PLAN_RATE)
    form = req.form(forms.LivestreamForm, _default_values(req, circle))
    local = not req.settings.production
    livestream = form.act(
        lambda data: planning.create_livestream(req.db, req.actor, circle, data, local_sources=local)
    )
    if livestream is not None:
        saved = _("‘%(title)s’ is kept as a draft. Publish it when it is right.", title=livestream.title)
        if not has_invited(req.db, circle.id):
            return req.go("circles.invite", slug=circle.slug, done=saved)
        return req.go("stage.desk", slug=livestream.slug, done=saved)
    return req.render(
        "livestreams/create.html",
        form=form,
        circle=circle,
        **_host_choices(req, circle, form),
        livestream=None,
        presets=_preset_summaries(),
    )


@page(blueprint, "/livestreams/<slug>/edit", who=Access.ORGANISER, methods=("GET", "POST"), rate=CHANGE_RATE)
def edit(req: PageRequest, slug: str) -> Response:
    """For organisers and the host."""
    livestream = get_directed(req, slug)
    circle = livestream.circle
    g.current_circle = CurrentCircle.of(circle)
    local = not req.settings.production
    form = req.form(forms.LivestreamForm, None if req.posted else _form_values(req, livestream))
    before = livestream.sequence
    edited = form.act(
        lambda data: planning.edit_livestream(req.db, req.actor, livestream, data, local_sources=local)
    )
    if edited is not None and edited.sequence > before:
        req.limit("moves of a livestream", MOVE_RATE, key=livestream.id)
    if edited is not None:
        return req.go("stage.desk", slug=edited.slug, done=_("Saved."))
    return req.render(
        "livestreams/create.html",
        form=form,
        circle=circle,
        **_host_choices(req, circle, form),
        livestream=livestream,
    )


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


@page(blueprint, "/livestreams/<slug>/cover.svg", who=Access.ANYONE, keys=KEYS)
def cover(req: PageRequest, slug: str) -> Response:
    """SVG cover; `?columns=4` gives a thumbnail."""
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    columns = 4 if request.args.get("columns") == "4" else 7
    answer = Response(
        cover_svg(livestream.title, columns=columns, accent=cover_accent(livestream.circle.colour)),
        mimetype="image/svg+xml",
    )
    public = livestream.audience == "public" and livestream.published_at is not None
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age={COVER_MAX_AGE_SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)


def _default_values(req: PageRequest, circle: Circle) -> dict[str, object]:
    day, hour = usual_start(clock.now(), circle.zone)
    host = label_of(get_user(req.db, req.actor.id))
    return {"preset": "session", "host": host, "host_id": req.actor.id, "day": day, "hour": hour}


def _preset_summaries() -> list[tuple[str, int, list[str], bool]]:
    """Per preset: (name, minutes, agenda titles, guests welcome)."""
    return [
        (name, preset.minutes, [translate(title) for _minute, title in preset.agenda], preset.guests)
        for name, preset in PRESETS.items()
    ]


def get_directed(req: PageRequest, slug: str) -> Livestream:
    """Raises NotFound unless the actor may direct the livestream."""
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(policy.may_direct, req.actor, livestream, membership)
    return livestream


def _form_values(req: PageRequest, livestream: Livestream) -> dict[str, object]:
    """The livestream in the format of the form."""
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
        "aftertalk": "yes" if livestream.aftertalk else "no",
        "auto_end": livestream.auto_end_minutes,
        "agenda": agenda_text(livestream_queries.list_agenda(req.db, livestream.id)),
        "host": label_of(livestream.host),
        "host_id": livestream.host_id,
    }


def _host_choices(
    req: PageRequest, circle: Circle, form: FormState[forms.LivestreamForm]
) -> dict[str, object]:
    """Suggestions for the host field, and candidates if the typed name is ambiguous."""
    recent = livestream_queries.list_recent_hosts(req.db, circle.id)
    several = form.codes.get("host") == "several_people"
    among = visible_ids(req.db, req.actor, circle)
    team = organises(membership_of(req.db, req.actor, circle.id))
    typed = str(form.values.get("host", ""))
    return {
        "hosts": [label_of(user) for user in list_suggested(req.db, req.actor, circle, recent)],
        "host_candidates": list_candidates(req.db, among, typed, by_address=team) if several else [],
    }


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
