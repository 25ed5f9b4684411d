"""The page of a livestream in all its states, composed of the parts that features own; and the desk."""

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from events.aftertalks.queries import pages as matching_talks
from events.chat.queries import panels
from events.circles.models import Membership
from events.circles.queries.circles import CurrentCircle, find_request, membership_of
from events.core import clock
from events.core.auth.actor import authorize
from events.core.auth.endpoints import Access
from events.core.web.pages import page
from events.core.web.request import PageRequest
from events.core.web.security_headers import allow_frame, allow_media
from events.guests.policy import may_bring, may_request_membership
from events.livestreams.models import AgendaItem, Livestream
from events.livestreams.policy import may_direct, may_plan, may_see, may_take_part
from events.livestreams.queries import livestreams as livestream_queries
from events.livestreams.queries.shared_links import get_shown
from events.livestreams.rules.endings import ends_itself_at, overdue_from, undo_end_until
from events.livestreams.rules.schedule import current_item, later_start, lobby_opens_at, return_until
from events.livestreams.rules.schema_org import event_data, is_described
from events.livestreams.rules.sources import source_of
from events.livestreams.rules.states import GATHERED
from events.notifications.queries.hosts import count_announced
from events.office_hours import queries as office_hours
from events.polls import queries as polls
from events.presence import queries as presence
from events.presence.rules import displayed_count
from events.questions import queries as questions
from events.recordings.queries import recording_page
from events.recordings.rules import parse_position
from events.registrations.policy import may_request_guest_link
from events.registrations.queries import panels as places
from events.registrations.queries import registrations
from events.registrations.queries.waiting_list import count_on_list
from events.rounds.queries import panels as matching_panels
from events.rounds.queries import rounds
from events.stage.queries import list_starters, next_visible
from events.stage.rules import SHAPES, checks_of, parts_of, tab_of

blueprint = Blueprint("stage", __name__)


@page(blueprint, "/livestreams/<slug>", who=Access.ANYONE, keys=("livestream:watch",))
def show(req: PageRequest, slug: str) -> Response:
    """One address for all states; a change of state that is pushed needs no new page."""
    livestream = get_shown(req.db, req.actor, slug)
    if livestream.slug != slug:
        return req.go("stage.show", slug=livestream.slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    if not may_see(req.actor, livestream, membership):
        return _from_outside(req, livestream)
    agenda = livestream_queries.list_agenda(req.db, livestream.id)
    return req.render(
        "stage/show.html",
        **_frame(req, livestream, membership, agenda),
        **_panels(req, livestream),
        recording=_recording(req, livestream),
        way_on=next_visible(req.db, req.actor, livestream) if livestream.state == "cancelled" else None,
        tab=tab_of(request.args.get("tab")),
        shapes=SHAPES,
        taking_part=may_take_part(req.actor, livestream, membership),
        directing=may_direct(req.actor, livestream, membership),
        join_offer=_join_offer(req, livestream, membership),
        may_bring=may_bring(req.actor, livestream, membership),
        office_hours=office_hours.panel_of(req.db, req.actor, livestream, membership),
        linked_data=_linked_data(req, livestream) if is_described(livestream) else None,
    )


@page(blueprint, "/livestreams/<slug>/desk", who=Access.SIGNED_IN)
def desk(req: PageRequest, slug: str) -> Response:
    """What to check before, the switches during, and where to go afterwards; for host and organisers."""
    livestream = livestream_queries.get_visible(req.db, req.actor, slug)
    membership = membership_of(req.db, req.actor, livestream.circle_id)
    authorize(may_direct, req.actor, livestream, membership)
    if livestream.slug != slug:
        return req.go("stage.desk", slug=livestream.slug)
    agenda = livestream_queries.list_agenda(req.db, livestream.id)
    round_ = rounds.round_of(req.db, livestream.id)
    return req.render(
        "stage/desk.html",
        **_frame(req, livestream, membership, agenda),
        checks=checks_of(livestream, agenda, list_starters(req.db, livestream)),
        lobby_opens_at=lobby_opens_at(livestream),
        later_at=later_start(livestream, clock.now()),
        back_until=return_until(livestream, clock.now()),
        undo_end_until=undo_end_until(livestream, clock.now()),
        overdue_from=overdue_from(livestream),
        ends_itself_at=ends_itself_at(livestream),
        audience=count_announced(req.db, livestream) if livestream.state == "draft" else 0,
        coming=registrations.count_coming(req.db, livestream.id),
        on_list=count_on_list(req.db, livestream.id) if livestream.capacity else 0,
        may_plan=may_plan(req.actor, membership),
        questions=questions.panel_of(req.db, req.actor, livestream, questions.DESK_LIMITS),
        polls=polls.panel_of(req.db, req.actor, livestream),
        coffee_round_id=round_.id if round_ is not None else None,
    )


def _join_offer(
    req: PageRequest, livestream: Livestream, membership: Membership | None
) -> dict[str, object] | None:
    """For guests; open pages show it once the livestream has ended."""
    if SHAPES[livestream.state] == "page" or not may_request_membership(req.actor, livestream, membership):
        return None
    return {"asked": find_request(req.db, req.actor.id, livestream.circle_id)}


def _from_outside(req: PageRequest, livestream: Livestream) -> Response:
    """Behind a shared link: what it is and how to come, for whoever may not see what is inside."""
    return req.render(
        "stage/from_outside.html",
        livestream=livestream,
        guests_welcome=may_request_guest_link(req.actor, livestream),
        asked=find_request(req.db, req.actor.id, livestream.circle_id) if req.actor.is_signed_in() else None,
    )


def _frame(
    req: PageRequest, livestream: Livestream, membership: Membership | None, agenda: list[AgendaItem]
) -> dict[str, object]:
    """What both pages show of the livestream itself.

    The policy of the page lets the coming film in from the start, so that turning live needs no new page.
    """
    if membership is not None:
        g.current_circle = CurrentCircle.of(livestream.circle)
    source = source_of(livestream)
    present = current_item(agenda)
    going_on = livestream.state in GATHERED
    return {
        "livestream": livestream,
        "source": source,
        "allowed_origin": _let_in(source) if livestream.state != "replay" else "",
        "agenda": agenda,
        "parts": parts_of(livestream, agenda, present),
        "item_now": present,
        "watching": displayed_count(presence.count_watching(req.db, livestream.id)) if going_on else 0,
    }


def _panels(req: PageRequest, livestream: Livestream) -> dict[str, object]:
    """The parts of the features, each in the words of its owner.

    A page that is open when the livestream starts or ends must have the room's parts already; what comes
    only afterwards (the film, the coffee round) is read when it is there.
    """
    db, actor, state = req.db, req.actor, livestream.state
    talks = state != "cancelled"
    return {
        "registration": places.panel_of(db, actor, livestream) if SHAPES[state] == "page" else None,
        "chat": panels.panel_of(db, actor, livestream) if talks and state != "replay" else None,
        "questions": questions.panel_of(db, actor, livestream) if talks else None,
        "polls": polls.panel_of(db, actor, livestream) if talks else None,
        "coffee_round": _coffee_round(req, livestream),
        "aftertalk_offer": matching_talks.offer_of(db, actor, livestream)
        if SHAPES[state] == "room"
        else None,
    }


def _coffee_round(req: PageRequest, livestream: Livestream) -> matching_panels.Panel | None:
    """How near a coffee is: before its round is there, as it will stand when the livestream has ended."""
    if livestream.state in ("replay", "cancelled"):
        return matching_panels.panel_of(req.db, req.actor, livestream)
    if livestream.state == "ended":
        there = matching_panels.panel_of(req.db, req.actor, livestream)
        if there is None or there.round_id:
            return there
    return matching_panels.upcoming_panel_of(req.db, req.actor, livestream)


def _recording(req: PageRequest, livestream: Livestream) -> recording_page.Panel | None:
    """The film afterwards, which the policy of the page then lets in."""
    if livestream.state != "replay":
        return None
    panel = recording_page.panel_of(req.db, req.actor, livestream, parse_position(request.args))
    _let_in(panel.source)
    return panel


def _linked_data(req: PageRequest, livestream: Livestream) -> dict[str, object]:
    site = req.settings.public_url
    return event_data(
        livestream,
        url=site + url_for("stage.show", slug=livestream.slug),
        circle_url=site + url_for("circles.show", slug=livestream.circle.slug),
        image=site + url_for("livestreams.cover", slug=livestream.slug),
    )


def _let_in(source: dict[str, str]) -> str:
    """Let this one page show the film of that one origin; the origin, for the page to know too."""
    origin = source.get("origin", "")
    if source.get("embed"):
        allow_frame(origin)
    elif origin and origin != request.host_url.rstrip("/"):
        allow_media(origin)
    return origin
