"""Rate limits: each page that takes POST, each frame and each mail has one."""

import ast
import inspect

import pytest
from limits import parse

import events.app  # noqa: F401 - declares every door
from events.core.auth import endpoints
from events.core.mail import outbox
from events.core.realtime import frames, handlers
from events.core.web import pages
from events.notifications.queries.kinds import KINDS

PAGES = {
    door.name: door for door in endpoints.endpoints.values() if door.kind == "page" and "POST" in door.methods
}
FRAMES = sorted(door.name for door in endpoints.endpoints.values() if door.kind == "frame")
# Pages that change nothing for anybody but who sends them; the general rate suffices.
FOR_ONESELF = {
    "accounts.allow_embed": "a choice of one's own browser or account",
    "accounts.change_password": "one's own; has a limit against guessing",
    "accounts.change_photo": "one's own picture; has a limit of its own",
    "accounts.end_all_sign_ins": "one's own sign-ins",
    "accounts.end_keys": "one's own links",
    "accounts.end_sign_in": "one's own sign-in",
    "accounts.leave_key": "this browser's own key",
    "accounts.mail_choices": "one's own choices",
    "accounts.me": "one's own profile",
    "accounts.reach": "one's own profile",
    "accounts.set_locale": "a choice of this browser",
    "accounts.set_theme": "a choice of this browser",
    "accounts.sign_out": "this browser's own sign-in",
    "accounts.unblock": "one's own list; nobody hears of it",
    "availability.add_days_off": "one's own calendar",
    "availability.read_calendar": "one's own calendar; has a limit of its own",
    "availability.calendars": "one's own calendar; has a limit of its own",
    "availability.remove_calendar": "one's own calendar",
    "availability.remove_days_off": "one's own calendar",
    "availability.times": "one's own hours",
    "circles.block": "one's own list; nobody hears of it",
    "circles.unblock": "one's own list; nobody hears of it",
    "welcomes.welcoming": "one's own choice",
    "circles.choose_to_be_listed": "one's own listing",
    "circles.me_in": "one's own listing and topics",
    "companies.join": "one's own profile",
    "bookings.booking_page": "one's own page",
    "coffees.later": "private to who says it",
    "coffees.quote": "shown to the circle, told to nobody",
    "feeds.end": "one's own feed",
    "feeds.manage": "one's own feed",
    "rounds.always": "one's own standing",
    "rounds.apart": "one's own list; nobody hears of it",
    "rounds.come_back": "one's own standing",
    "rounds.join": "one's own yes",
    "rounds.leave": "one's own yes",
    "rounds.let_meet": "one's own list; nobody hears of it",
    "rounds.pause": "one's own standing",
    "aftertalks.meet_again": "private until both say so",
    "rounds.opt_in": "one's own yes",
    "rounds.withdraw": "one's own yes",
    "notifications.unsubscribe": "one's own choices",
    "recordings.progress": "how far one watched oneself",
    "registrations.name": "one's own name at one livestream",
}
# Pages with a bucket of their own inside, or of a team or a room: what these send goes to open pages.
IN_THE_ROOM = {
    "accounts.mail_link", "accounts.mail_link_to_myself", "accounts.mail_own_link", "accounts.open_key",
    "accounts.sign_in",
    "accounts.sign_up", "availability.breaks", "availability.remove_break", "chat.say", "circles.create",
    "circles.decide_request", "circles.import_people", "circles.invitation_mail", "circles.invite",
    "circles.settings", "circles.topics", "handbooks.add", "handbooks.change", "handbooks.remove",
    "bookings.book", "companies.handover", "insights.circle_report",
    "coffees.say", "coffees.introduce", "coffees.introduction_time", "bookings.invite", "coffees.new_time",
    "livestreams.create", "livestreams.next_item", "livestreams.pause", "livestreams.resume",
    "livestreams.return_to_lobby", "livestreams.tell_lobby", "aftertalks.leave_aftertalk",
    "aftertalks.aftertalk", "aftertalks.switch_aftertalk",
    "polls.change", "polls.create", "polls.vote", "questions.ask", "questions.change", "questions.vote",
    "rounds.change_draft", "rescue.show",
    "recordings.attach", "recordings.health", "recordings.remove", "recordings.same_link",
    "guests.invited", "guests.rules_of_circle", "registrations.as_guest",
}  # fmt: skip
# Mails that no ceiling of the ledger holds up: asked for by their reader, sent by nobody, or ending what was
# begun; questions come in one digest a day, answers once a question. What a circle tells all its members is
# bounded per circle: notifications/test_mailings.py.
WITHOUT_CEILING = {
    "confirm_address", "sign_in_link", "guest_link", "place_taken", "place_given_up", "reply_refused",
    "place_offered", "last_places", "coffee_handed",
    "livestream_announced", "livestream_moved", "livestream_cancelled", "livestream_day", "livestream_soon",
    "circle_message", "circle_message_test",
    "recording_ready", "round_opened", "round_reminder", "left_without", "always_yes", "coffees_paused",
    "invitation_reminder", "draft_ready", "welcome_offered",
    "livestream_overdue", "livestream_ended_itself", "livestream_missed",
    "coffee_nudge", "coffee_day", "coffee_soon", "coffee_after", "coffee_waiting", "look_back", "promise_due",
    "coffee_message",
    "guest_after", "guest_declined",
    "join_decided", "coffee_confirmed", "coffee_moved", "coffee_smaller", "coffee_off", "coffee_cancelled",
    "coffee_given_up", "livestream_hosted", "livestream_unhosted", "question_asked",
    "question_answered",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_that_takes_posts_declares_how_often(name: str) -> None:
    rate = PAGES[name].rate
    assert rate is not None
    assert parse(rate).get_expiry() <= 86_400
    if name not in FOR_ONESELF and name not in IN_THE_ROOM:
        assert rate != pages.POST_RATE, (
            f"{name} makes others receive: give it a rate, or say why it is harmless"
        )


def test_what_is_listed_as_harmless_exists() -> None:
    assert (FOR_ONESELF.keys() | IN_THE_ROOM) - PAGES.keys() == set()


def test_the_declared_rate_is_what_the_endpoint_counts() -> None:
    opened = ast.parse(inspect.getsource(pages.page))
    calls = [node for node in ast.walk(opened) if isinstance(node, ast.Call)]
    assert any(isinstance(call.func, ast.Attribute) and call.func.attr == "limit" for call in calls)


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_is_counted(name: str) -> None:
    """All frames of one socket share a bucket; those that others receive have one of their own beside it."""
    assert name in frames.handlers
    assert parse(handlers.FRAME_RATE).amount <= 300


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_mail_has_ceilings_or_a_reason_for_none(kind: str) -> None:
    assert (KINDS[kind].ceilings is None) == (kind in WITHOUT_CEILING)
    assert (kind in outbox._ceilings) == (kind not in WITHOUT_CEILING)
