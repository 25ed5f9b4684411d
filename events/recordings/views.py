"""The shelf of a circle, the page that attaches a recording, and the place where one left off."""

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.circles.policy import may_see_members
from events.circles.queries import CurrentCircle, get_circle, membership_of
from events.core import security, words
from events.core.access import authorize
from events.core.door import Door
from events.core.errors import Refused
from events.core.mailings import waits_for_tomorrow
from events.core.rights import Who
from events.core.web import CHANGE_RATE, page
from events.livestreams.models import Livestream
from events.livestreams.queries import get_visible
from events.livestreams.rules.sources import player_of
from events.recordings import actions, forms, policy, queries, rules
from events.recordings.models import Recording

blueprint = Blueprint("recordings", __name__)

words.register(
    {
        "bad_recording": _l("There's no video in this. Paste the link or the embed code of one recording."),
        "bad_clock": _l("Write it as minutes and seconds, such as 5:10."),
        "bad_chapters": _l("Write each part on a line of its own: 4:10, then a title."),
        "too_many_chapters": _l("These are more parts than anyone will use. Keep sixty at most."),
        "summary_too_long": _l("Keep it to three lines, each no longer than a message."),
        "recording_too_early": _l(
            "The livestream is still to come or still on. The recording comes after it."
        ),
        "no_same_link": _l(
            "This livestream's link doesn't show the film afterwards. Paste the recording's link."
        ),
        "recording_not_ready": _l("There is no recording to play just now."),
    }
)


@page(blueprint, "/circles/<slug>/recordings", who=Who.ANYONE)
def index(door: Door, slug: str) -> Response:
    circle = get_circle(door.db, slug)
    g.current_circle = CurrentCircle.of(circle)
    shelf = queries.list_shelf(door.db, door.actor, circle, door.page_number)
    return door.render("recordings/index.html", circle=circle, shelf=shelf)


@page(blueprint, "/livestreams/<slug>/recording", who=Who.ORGANISER, methods=("GET", "POST"))
def attach(door: Door, slug: str) -> Response:
    livestream = _directed(door, slug)
    recording = queries.recording_of(door.db, livestream.id)
    form = door.form(forms.AttachRecording, dict(queries.draft_of(door.db, livestream)))
    done = form.act(
        lambda data: actions.attach_recording(
            door.db, door.actor, livestream, data, local_sources=not door.settings.production
        )
    )
    if done is not None:
        return door.go("recordings.attach", slug=livestream.slug, done=_("The recording is on the page."))
    source = player_of(recording.provider, recording.source_ref) if recording is not None else {}
    _allow(source)
    waits = recording is not None and recording.state == "ready" and recording.announced_at is None
    return door.render(
        "recordings/attach.html",
        form=form,
        livestream=livestream,
        recording=recording,
        source=source,
        said=_said(door, livestream, recording),
        told=queries.count_told(door.db, livestream) if waits else 0,
        began_at=livestream.went_live_at or livestream.starts_at,
    )


@page(blueprint, "/livestreams/<slug>/recording/same-link", who=Who.ORGANISER, methods=("POST",))
def same_link(door: Door, slug: str) -> Response:
    livestream = _directed(door, slug)
    try:
        actions.attach_same_link(door.db, door.actor, livestream)
    except Refused as refused:
        return door.go("recordings.attach", slug=livestream.slug, notice=words.say(refused.code))
    return door.go("recordings.attach", slug=livestream.slug, done=_("The recording is on the page."))


@page(blueprint, "/recordings/<id>/chat", who=Who.ANYONE, keys=("livestream:watch",))
def said(door: Door, id: str) -> Response:
    """One page of the chat as a fragment, for the film that runs along."""
    door.limit("recordings.said", "120 per minute")
    recording, livestream = queries.get_watchable(door.db, door.actor, id)
    membership = membership_of(door.db, door.actor, livestream.circle_id)
    return door.render(
        "recordings/_said.html",
        said=queries.read_said(door.db, livestream, recording, rules.read_place(request.args)),
        livestream=livestream,
        invites=may_see_members(door.actor, membership),
    )


@page(blueprint, "/livestreams/<slug>/recording/health", who=Who.ORGANISER, methods=("POST",))
def health(door: Door, slug: str) -> Response:
    livestream = _directed(door, slug)
    form = door.form(forms.SetHealth)
    recording = form.act(lambda data: actions.set_health(door.db, door.actor, livestream, broken=data.broken))
    if recording is None:
        return door.go("recordings.attach", slug=livestream.slug, notice=form.first_error)
    done = _("Viewers now read that it isn't available just now.") if recording.state == "broken" else None
    return door.go(
        "recordings.attach", slug=livestream.slug, done=done or _("The recording can be watched again.")
    )


@page(blueprint, "/livestreams/<slug>/recording/remove", who=Who.ORGANISER, methods=("POST",))
def remove(door: Door, slug: str) -> Response:
    livestream = _directed(door, slug)
    actions.remove_recording(door.db, door.actor, livestream)
    return door.go("recordings.attach", slug=livestream.slug, done=_("The recording is off the page."))


@page(
    blueprint,
    "/livestreams/<slug>/recording/announce",
    who=Who.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def announce(door: Door, slug: str) -> Response:
    livestream = _directed(door, slug)
    try:
        with door.db.begin_nested():
            actions.announce_recording(door.db, door.actor, livestream)
    except Refused as refused:
        notice = words.say(refused.code, **refused.params)
        return door.go("recordings.attach", slug=livestream.slug, notice=notice)
    if waits_for_tomorrow(door.db, livestream.circle_id):
        later = _("Your circle announced a lot today, so most people get this mail tomorrow.")
        return door.go("recordings.attach", slug=livestream.slug, done=later)
    told = len(queries.list_told(door.db, livestream))
    said = ngettext("The mail goes to %(num)s person.", "The mail goes to %(num)s people.", told)
    return door.go("recordings.attach", slug=livestream.slug, done=said)


@page(blueprint, "/recordings/<id>/progress", who=Who.MEMBER, methods=("POST",), keys=("livestream:watch",))
def progress(door: Door, id: str) -> Response:
    door.limit("recordings.progress", "30 per minute")
    recording, livestream = queries.get_watchable(door.db, door.actor, id)
    data = door.read(forms.KeepProgress)
    actions.keep_progress(door.db, door.actor, recording, livestream, data)
    return Response(status=204)


def _directed(door: Door, slug: str) -> Livestream:
    """The livestream, for those who direct it; to everyone else this page does not exist."""
    livestream = get_visible(door.db, door.actor, slug)
    membership = membership_of(door.db, door.actor, livestream.circle_id)
    authorize(policy.may_attach, door.actor, livestream, membership)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream


def _said(door: Door, livestream: Livestream, recording: Recording | None) -> queries.Said:
    if recording is None:
        return queries.Said()
    return queries.read_said(door.db, livestream, recording, rules.read_place(request.args))


def _allow(source: dict[str, str]) -> None:
    """This page may show the film it is about, and nothing from elsewhere."""
    if "embed" in source:
        security.allow_frame(source["origin"])
    elif source:
        security.allow_media(source["origin"])
