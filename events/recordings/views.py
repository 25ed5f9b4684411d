"""Pages of recordings: a circle's shelf, the form, the chat replay and watch progress."""

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from events.circles.policy import may_see_members
from events.circles.queries.circles import CurrentCircle, get_circle, membership_of
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.bus import savepoint
from events.core.errors import Refused
from events.core.mail.mailings import waits_for_tomorrow
from events.core.web import error_messages, security_headers
from events.core.web.pages import CHANGE_RATE, page
from events.core.web.request import PageRequest
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_visible
from events.livestreams.rules.sources import player_of
from events.recordings import actions, forms, policy, rules
from events.recordings.models import Recording
from events.recordings.queries import chat_replay, recording_page
from events.recordings.queries import shelf as recordings_shelf

blueprint = Blueprint("recordings", __name__)

error_messages.register(
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


@page(blueprint, "/circles/<slug>/recordings", who=Access.ANYONE)
def index(req: PageRequest, slug: str) -> Response:
    circle = get_circle(req.db, slug)
    g.current_circle = CurrentCircle.of(circle)
    shelf = recordings_shelf.list_shelf(req.db, req.actor, circle, req.page_number)
    return req.render("recordings/index.html", circle=circle, shelf=shelf)


@page(blueprint, "/livestreams/<slug>/recording", who=Access.ORGANISER, methods=("GET", "POST"))
def attach(req: PageRequest, slug: str) -> Response:
    livestream = _directed(req, slug)
    recording = recording_page.recording_of(req.db, livestream.id)
    form = req.form(forms.AttachRecording, dict(recording_page.draft_of(req.db, livestream)))
    done = form.act(
        lambda data: actions.attach_recording(
            req.db, req.actor, livestream, data, local_sources=not req.settings.production
        )
    )
    if done is not None:
        return req.go("recordings.attach", slug=livestream.slug, done=_("The recording is on the page."))
    source = player_of(recording.provider, recording.source_ref) if recording is not None else {}
    _allow_player(source)
    waits = recording is not None and recording.state == "ready" and recording.announced_at is None
    return req.render(
        "recordings/attach.html",
        form=form,
        livestream=livestream,
        recording=recording,
        source=source,
        said=_chat_page(req, livestream, recording),
        told=recording_page.count_announcement_recipients(req.db, livestream) if waits else 0,
        began_at=livestream.went_live_at or livestream.starts_at,
    )


@page(blueprint, "/livestreams/<slug>/recording/same-link", who=Access.ORGANISER, methods=("POST",))
def same_link(req: PageRequest, slug: str) -> Response:
    livestream = _directed(req, slug)
    try:
        actions.attach_same_link(req.db, req.actor, livestream)
    except Refused as refused:
        return req.go(
            "recordings.attach", slug=livestream.slug, notice=error_messages.message_for(refused.code)
        )
    return req.go("recordings.attach", slug=livestream.slug, done=_("The recording is on the page."))


@page(blueprint, "/recordings/<id>/chat", who=Access.ANYONE, keys=("livestream:watch",))
def said(req: PageRequest, id: str) -> Response:
    """One page of the chat replay as an HTML fragment."""
    req.limit("recordings.said", "120 per minute")
    recording, livestream = recording_page.get_watchable(req.db, req.actor, id)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    return req.render(
        "recordings/_said.html",
        said=chat_replay.read_chat_page(req.db, livestream, recording, rules.parse_position(request.args)),
        livestream=livestream,
        invites=may_see_members(req.actor, membership),
    )


@page(blueprint, "/livestreams/<slug>/recording/health", who=Access.ORGANISER, methods=("POST",))
def health(req: PageRequest, slug: str) -> Response:
    livestream = _directed(req, slug)
    form = req.form(forms.SetHealth)
    recording = form.act(lambda data: actions.set_health(req.db, req.actor, livestream, broken=data.broken))
    if recording is None:
        return req.go("recordings.attach", slug=livestream.slug, notice=form.first_error)
    done = _("Viewers now read that it isn't available just now.") if recording.state == "broken" else None
    return req.go(
        "recordings.attach", slug=livestream.slug, done=done or _("The recording can be watched again.")
    )


@page(blueprint, "/livestreams/<slug>/recording/remove", who=Access.ORGANISER, methods=("POST",))
def remove(req: PageRequest, slug: str) -> Response:
    livestream = _directed(req, slug)
    actions.remove_recording(req.db, req.actor, livestream)
    return req.go("recordings.attach", slug=livestream.slug, done=_("The recording is off the page."))


@page(
    blueprint,
    "/livestreams/<slug>/recording/announce",
    who=Access.ORGANISER,
    methods=("POST",),
    rate=CHANGE_RATE,
)
def announce(req: PageRequest, slug: str) -> Response:
    livestream = _directed(req, slug)
    try:
        with savepoint(req.db):
            actions.announce_recording(req.db, req.actor, livestream)
    except Refused as refused:
        notice = error_messages.message_for(refused.code, **refused.params)
        return req.go("recordings.attach", slug=livestream.slug, notice=notice)
    if waits_for_tomorrow(req.db, livestream.circle_id):
        later = _("Members get one mail a day: anyone who had one today gets this one tomorrow.")
        return req.go("recordings.attach", slug=livestream.slug, done=later)
    recipients = len(recording_page.list_announcement_recipients(req.db, livestream))
    message = ngettext("The mail goes to %(num)s person.", "The mail goes to %(num)s people.", recipients)
    return req.go("recordings.attach", slug=livestream.slug, done=message)


@page(
    blueprint, "/recordings/<id>/progress", who=Access.MEMBER, methods=("POST",), keys=("livestream:watch",)
)
def progress(req: PageRequest, id: str) -> Response:
    req.limit("recordings.progress", "30 per minute")
    recording, livestream = recording_page.get_watchable(req.db, req.actor, id)
    data = req.read(forms.SaveProgress)
    actions.save_progress(req.db, req.actor, recording, livestream, data)
    return Response(status=204)


def _directed(req: PageRequest, slug: str) -> Livestream:
    """Raises NotFound unless the actor may direct the livestream."""
    livestream = get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(policy.may_attach, req.actor, livestream, membership)
    g.current_circle = CurrentCircle.of(livestream.circle)
    return livestream


def _chat_page(req: PageRequest, livestream: Livestream, recording: Recording | None) -> chat_replay.ChatPage:
    if recording is None:
        return chat_replay.ChatPage()
    return chat_replay.read_chat_page(req.db, livestream, recording, rules.parse_position(request.args))


def _allow_player(source: dict[str, str]) -> None:
    """Add only this recording's player to the page's Content-Security-Policy."""
    if "embed" in source:
        security_headers.allow_frame(source["origin"])
    elif source:
        security_headers.allow_media(source["origin"])
