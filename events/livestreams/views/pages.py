"""Pages of livestreams: list, form and cover image."""

from zoneinfo import ZoneInfo

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.accounts.queries.people import get_user
from events.circles.models import Circle
from events.circles.policy import may_organise, organises
from events.circles.queries.circles import (
    CurrentCircle,
    find_membership,
    get_circle,
    list_memberships,
    membership_of,
)
from events.circles.queries.pending import has_invited
from events.circles.queries.person_lookup import list_candidates, list_suggested, visible_ids
from events.circles.rules import cover_accent, label_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.errors import NotFound
from events.core.i18n.formatting import translate
from events.core.web import error_messages
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import FormState, PageRequest
from events.livestreams import forms, policy
from events.livestreams.actions import planning, series, transitions
from events.livestreams.models import Livestream
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.queries.plans import local_day, plan_of
from events.livestreams.queries.shared_links import get_shown
from events.livestreams.rules.covers import cover_svg
from events.livestreams.rules.presets import PRESETS
from events.livestreams.rules.rhythms import next_like
from events.livestreams.rules.sources import is_lasting
from events.livestreams.rules.usual_start import usual_start

blueprint = Blueprint("livestreams", __name__)
error_messages.register(
    {
        "bad_source": _l("There's no video in this. Paste the link or the embed code of one video."),
        "bad_agenda": _l("Keep each item to one line, with a time within the livestream if you give one."),
        "no_such_time": _l("The clock skips this time that night. Choose another one."),
        "start_passed": _l("This moment has passed. Choose a later one."),
        "already_began": _l("It has begun, so its time stays as it is."),
        "not_in_series": _l("This livestream isn't part of a series."),
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
    like = request.args.get("like", "")
    values = _values_like(req, circle, like) if like and not req.posted else _default_values(req, circle)
    form = req.form(forms.LivestreamForm, values)
    local = not req.settings.production

    def create_as_told(data: forms.LivestreamForm) -> Livestream:
        made = planning.create_livestream(req.db, req.actor, circle, data, local_sources=local)
        if data.then == "publish":
            transitions.publish_livestream(req.db, req.actor, made)
        return made

    livestream = form.act(create_as_told)
    if livestream is not None and livestream.published_at is not None:
        return req.go("stage.desk", slug=livestream.slug, done=_("It is announced."))
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
        like=bool(like),
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
    changed = form.act(
        lambda data: series.edit_evenings(req.db, req.actor, livestream, data, local_sources=local)
    )
    if changed is not None and livestream.sequence > before:
        req.limit("moves of a livestream", MOVE_RATE, key=livestream.id)
    if changed is not None:
        return req.go("stage.desk", slug=livestream.slug, done=_said(changed))
    return req.render(
        "livestreams/create.html",
        form=form,
        circle=circle,
        **_host_choices(req, circle, form),
        livestream=livestream,
        may_change_all=may_organise(req.actor, membership_of(req.db, req.actor, circle.id)),
    )


@page(blueprint, "/livestreams/<slug>/cover.svg", who=Access.ANYONE, keys=KEYS)
def cover(req: PageRequest, slug: str) -> Response:
    """SVG cover; `?columns=4` gives a thumbnail."""
    livestream = get_shown(req.db, req.actor, slug)
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


def _said(changed: series.Changed) -> str:
    """What was saved, and in how many evenings of the series."""
    if not changed.others and not changed.kept:
        return str(_("Saved."))
    said = str(
        ngettext(
            "Saved, and one other evening too.", "Saved, and %(num)s other evenings too.", changed.others
        )
        if changed.others
        else _("Saved, here only.")
    )
    if changed.kept:
        kept = ngettext(
            "One kept what it has of its own.", "%(num)s kept what they have of their own.", changed.kept
        )
        said += f" {kept}"
    return said


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
    return {name: "" if value is None else value for name, value in plan_of(req.db, livestream).items()}


def _values_like(req: PageRequest, circle: Circle, slug: str) -> dict[str, object]:
    """Another evening like this one of the circle: next month, without the video of one evening."""
    former = get_directed(req, slug)
    if former.circle_id != circle.id:
        raise NotFound
    values = _form_values(req, former)
    today = clock.now().astimezone(ZoneInfo(circle.zone)).date()
    values["day"] = next_like(local_day(former), today).isoformat()
    if not is_lasting(former.provider):
        values["source"] = ""
    if find_membership(req.db, former.host_id, circle.id) is None:
        values |= {"host": label_of(get_user(req.db, req.actor.id)), "host_id": req.actor.id}
    return values


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
