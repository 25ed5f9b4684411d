"""Invalid frames: every frame with wrong data, and values that no form accepts."""

import pytest
from flask import Flask
from pydantic import BaseModel, ValidationError

from events.accounts.forms import UseKey
from events.calls import forms as calls
from events.chat.forms import History
from events.circles.forms.circles import RequestCircle, TopicChoice
from events.core.auth import endpoints
from events.core.errors import Invalid
from events.core.realtime import frames
from events.core.web import error_messages
from events.core.web.forms import Form, parse_frame
from events.handbooks.forms import ChangeDate, ChangeEntry
from events.recordings.forms import SaveProgress
from tests.architecture.test_rights import FRAMES, browser, filled, new_world
from tests.support.bad_values import IN_FRAMES, UNSTORABLE, count_rows
from tests.support.clients import SocketClient
from tests.support.form_cases import SHEETS

NO_FRAMES: tuple[object, ...] = ([], "x", 7, None, True, [{}], [["a"]])
NAMES = {"livestream", "question", "poll", "coffee"}  # of things that only exist for some
# Hashed as typed, compared with a list, or a path of ours or nothing; never stored as they came.
NEVER_STORED_AS_TYPED = {"password", "current", "new", "next", "zone", "kinds"}
PARTS = {calls.Verbatim, calls.Description, calls.Candidate, TopicChoice, ChangeEntry}  # of another form
SECOND = {RequestCircle, UseKey, ChangeDate}  # the other form of a page in the table
AS_DATA: set[type[Form]] = {SaveProgress, History}  # read by pages as data; tried below


def all_forms() -> set[type[Form]]:
    found: set[type[Form]] = set()
    waiting: list[type[Form]] = [Form]
    while waiting:
        for form in waiting.pop().__subclasses__():
            found.add(form)
            waiting.append(form)
    return {form for form in found if form.__module__.startswith("events.")}


def refusal(form: type[BaseModel], payload: object) -> str | None:
    try:
        parse_frame(form, payload)
    except Invalid as invalid:
        return invalid.code
    return None


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_spoilt_frame_is_refused_in_words_and_writes_nothing(app: Flask, name: str) -> None:
    world = new_world()
    form, _handler = frames.handlers[name]
    actor = "partner" if name.startswith("calls.") else "organiser"
    socket = SocketClient(app, None, client=browser(app, world, actor).client)
    right = filled(FRAMES[name], world)
    assert refusal(form, right) is None
    spoilt: list[object] = [*NO_FRAMES, {**right, "surprise": 1}]
    for field in form.model_fields:
        rest = {known: value for known, value in right.items() if known != field}
        spoilt += [rest, *({**rest, field: value} for value in IN_FRAMES)]
    wrong, rows = [], count_rows()
    for payload in spoilt:
        expected = refusal(form, payload)
        ack = socket.client.emit(name, payload, callback=True)
        if expected is None:
            rows = count_rows()
            if ack.get("status") == 500:
                wrong.append((payload, ack))
        elif (
            ack["ok"]
            or ack["status"] != 422
            or not error_messages.is_known(ack["error"])
            or count_rows() != rows
        ):
            wrong.append(({**payload} if isinstance(payload, dict) else payload, ack))
    socket.close()
    assert [(str(payload)[:200], ack) for payload, ack in wrong] == []


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_frame_about_what_does_not_exist_finds_nothing(app: Flask, name: str) -> None:
    world = new_world()
    actor = "partner" if name.startswith("calls.") else "organiser"
    socket = SocketClient(app, None, client=browser(app, world, actor).client)
    absent = {field: "a" * 26 for field in FRAMES[name] if field in NAMES}
    absent |= {field: "livestream:nothing-here" for field in FRAMES[name] if field == "room"}
    before = count_rows()
    ack = socket.send(name, **{**filled(FRAMES[name], world), **absent})
    socket.close()
    assert name == "chat.leave" or (ack.status, ack["error"]) == (404, "not_found")
    assert count_rows() == before


@pytest.mark.parametrize("form", sorted(all_forms(), key=str))
def test_no_form_takes_what_cannot_be_stored(form: type[Form]) -> None:
    taken = []
    for name, field in form.model_fields.items():
        if name in NEVER_STORED_AS_TYPED or "BeforeValidator" in str(field.metadata):
            continue
        for text in (*UNSTORABLE, "\ud800"):
            for value in (text, [text]):
                try:
                    form.model_validate({field.alias or name: value})
                except ValidationError as error:
                    if any(found["loc"][:1] == (field.alias or name,) for found in error.errors()):
                        continue
                taken.append((name, str(value)[:20]))
    assert taken == []


def test_every_form_is_tried_at_an_endpoint() -> None:
    at_pages = {sheet.form for sheet in SHEETS.values()}
    in_frames = {form for form, _handler in frames.handlers.values()}
    assert all_forms() == at_pages | in_frames | PARTS | SECOND | AS_DATA


def test_every_page_that_takes_fields_is_in_the_table() -> None:
    """A page that is posted to either has a form in the table or reads nothing that was typed."""
    posted = {door.name for door in endpoints.endpoints.values() if "POST" in door.methods}
    assert posted - set(SHEETS) == PRESSED | {"recordings.progress"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"7", b"{", b'{"second": -1}', b'{"second": NaN}', b'{"second": 1e999}',
        b'{"second": "1"}', b'{"second": true}', b'{"second": 1, "surprise": 1}', b'{"second": 99999999999}',
        b'{"second": ' + b"9" * 5000 + b"}", b'{"second": 5, "length": 1}', b"[" * 100_000,
        b'{"second":' * 20_000, b'{"second": "\\ud800"}', b"\xff\xfe{}",
    ],
)  # fmt: skip
def test_a_spoilt_place_in_a_film_is_refused(app: Flask, body: bytes) -> None:
    world = new_world()
    page = browser(app, world, "member")
    before = count_rows()
    headers = {"X-CSRFToken": page.csrf_token(), "Accept": "application/json"}
    answer = page._free_context(
        lambda: page.client.post(
            f"/recordings/{world.values['recording']}/progress",
            data=body,
            content_type="application/json",
            headers=headers,
        )
    )
    assert answer.status_code == 422
    assert error_messages.is_known(answer.get_json()["error"]["code"])
    assert count_rows() == before


@pytest.mark.parametrize(
    "asked",
    ["after=-1", "after=x", "after=1e9", f"after={'9' * 400}", "surprise=1", "before=%00", "after=%FF"],
)
def test_a_spoilt_place_in_a_chat_is_refused(app: Flask, asked: str) -> None:
    world = new_world()
    page = browser(app, world, "member")
    path = f"/livestreams/{world.values['livestream']}/chat?{asked}"
    answer = page.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert error_messages.is_known(answer.get_json()["error"]["code"])


# Pages that are only pressed: what they do is in their address alone.
PRESSED = {
    "accounts.end_keys", "accounts.mail_link", "accounts.mail_link_to_myself", "accounts.mail_own_link",
    "circles.let_back", "livestreams.return_to_lobby", "guests.confirm", "guests.join",
    "accounts.end_all_sign_ins", "accounts.end_sign_in", "accounts.leave_key", "accounts.open_key",
    "accounts.sign_out", "accounts.unblock", "availability.read_calendar", "availability.remove_break",
    "availability.remove_calendar", "availability.remove_days_off",
    "circles.block", "circles.join", "companies.join", "exports.invitations", "exports.members",
    "exports.registrations",
    "handbooks.remove",
    "circles.decline_invitation", "circles.look_at_invitation", "circles.resend_invitation",
    "circles.leave", "circles.remove_member",
    "circles.try_again",
    "circles.unblock", "circles.withdraw_invitation", "feeds.end", "feeds.manage",
    "messages.discard", "messages.test",
    "livestreams.end", "livestreams.extend", "livestreams.publish", "livestreams.resume", "livestreams.start",
    "livestreams.undo_end",
    "aftertalks.leave_aftertalk", "aftertalks.aftertalk", "rounds.withdraw", "notifications.unsubscribe",
    "recordings.announce", "recordings.remove", "recordings.same_link", "rescue.show",
    "office_hours.take", "office_hours.withdraw", "quick_calls.show", "quick_calls.stop", "welcomes.welcome",
    "rounds.come_back", "rounds.leave", "rounds.let_meet", "registrations.register",
    "registrations.withdraw", "registrations.wait", "registrations.stop_waiting", "livestreams.stop_evenings",
}  # fmt: skip
