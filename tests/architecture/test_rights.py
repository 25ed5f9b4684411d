"""Permissions: every page and frame, tried as every kind of actor."""

import re

import pytest
from flask import Flask

import events.app  # noqa: F401 - declares every door
from events.core.auth import endpoints
from events.core.auth.endpoints import Access
from events.core.db.session import unit_of_work
from tests.support.clean_tables import empty_tables
from tests.support.clients import PageClient, SocketClient
from tests.support.permission_world import CANARY, World, make_world

EVERYONE = (
    "visitor",
    "outsider",
    "operator",
    "member",
    "organiser",
    "owner",
    "partner",
    "livestream key",
    "coffee key",
    "round key",
    "pause key",
    "introduction key",
    "colleague key",
)
MEMBERS = {"member", "organiser", "owner", "partner"}
SIGNED_IN = MEMBERS | {"outsider", "operator"}
ALLOWED = {
    Access.SIGNED_IN: SIGNED_IN,
    Access.MEMBER: MEMBERS,
    Access.ORGANISER: {"organiser", "owner"},
    Access.OWNER: {"owner"},
    Access.PARTNER: {"partner"},
    Access.SELF: SIGNED_IN,
    Access.OPERATOR: {"operator"},
}
RECORDED = ("recordings.", "rounds.", "aftertalks.", "insights.", "office_hours.")
# What a door of a members-only livestream means although its declaration says "anyone".
OF_MEMBERS = re.compile(r"/livestreams/<slug>|/questions/|/polls/|/recordings/<id>")
OF_OWN_ROUNDS = {"rounds.join", "rounds.leave"}
FOR_GUESTS = {"guests.invited", "registrations.as_guest"}  # whoever got the link, where guests are welcome
FRAMES: dict[str, dict[str, object]] = {
    "presence.enter": {"livestream": "{livestream}"},
    "presence.beat": {"livestream": "{livestream}"},
    "presence.leave": {"livestream": "{livestream}"},
    "presence.react": {"livestream": "{livestream}", "kind": "heart"},
    "chat.enter": {"room": "livestream:{livestream}"},
    "chat.post": {"room": "livestream:{livestream}", "client_id": "c" * 20, "body": "Hallo"},
    "chat.leave": {"room": "livestream:{livestream}"},
    "chat.seen": {"room": "livestream:{livestream}", "seq": 1},
    "chat.edit": {"room": "livestream:{livestream}", "seq": 1, "body": "Anders"},
    "chat.delete": {"room": "livestream:{livestream}", "seq": 1},
    "chat.pin": {"room": "livestream:{livestream}", "seq": 1},
    "chat.mute": {"room": "livestream:{livestream}", "user": "{user}"},
    "questions.ask": {"livestream": "{livestream}", "client_id": "q" * 20, "body": "Hoe?", "nameless": False},
    "questions.vote": {"question": "{question}", "up": True},
    "questions.change": {"question": "{question}", "state": "live"},
    "polls.vote": {"poll": "{poll}", "option": "{option}"},
    "polls.change": {"poll": "{poll}", "state": "closed"},
    "calls.enter": {"coffee": "{coffee}"},
    "calls.signal": {"coffee": "{coffee}", "epoch": 1, "candidate": {"candidate": ""}},
    "calls.connected": {"coffee": "{coffee}"},
    "calls.more": {"coffee": "{coffee}", "times": 1},
    "calls.direct": {"coffee": "{coffee}", "agree": False},
    "calls.trouble": {"coffee": "{coffee}", "kind": "no_connection"},
    "calls.leave": {"coffee": "{coffee}"},
    "nazit.enter": {"livestream": "{livestream}"},
    "office_hours.follow": {"livestream": "{livestream}"},
}
BY_ITS_AUTHOR = {"chat.edit", "chat.delete"}  # the line decides who of those welcome may; chat's tests try it
FORGIVEN = {"presence.leave", "chat.leave", "calls.leave"}  # going away needs no right and tells nothing


def new_world() -> World:
    empty_tables()
    with unit_of_work() as db:
        return make_world(db)


def browser(app: Flask, world: World, actor: str) -> PageClient:
    page = PageClient(app, world.people.get(actor))
    for key in world.keys.get(actor.removesuffix(" key"), []):
        assert page.open_key(key).status_code == 303
    return page


def allowed(door: endpoints.Endpoint, rule: str) -> set[str]:
    by_key = {f"{purpose} key" for purpose in door.purposes}
    if door.who in {Access.ANYONE, Access.SIGNED_IN} and OF_MEMBERS.search(rule):
        return MEMBERS | by_key
    return ALLOWED[door.who] | by_key


def cases() -> list[tuple[str, str]]:
    return [
        (door.name, method)
        for door in sorted(endpoints.endpoints.values(), key=lambda door: door.name)
        for method in door.methods
        if door.kind == "page"
        and (door.who in ALLOWED or OF_MEMBERS.search(door.rule))
        and door.name not in FOR_GUESTS
    ]


def address(rule: str, endpoint: str, world: World) -> str:
    named = {
        "user_id": "user", "request_id": "request", "invitation_id": "invitation", "promise_id": "promise",
        "break_id": "break",
        "question_id": "question", "poll_id": "poll", "topic_id": "user", "sign_in_id": "user",
        "apart_id": "apart", "entry_id": "entry", "company_id": "company",
        "guest_id": "guest",
    }  # fmt: skip
    first = rule.split("/")[1]
    kinds = {
        "circles": "circle",
        "coffees": "coffee",
        "recordings": "recording",
        "rounds": "round",
        "introductions": "introduction",
        "handed-on": "handover",
        "messages": "message",
    }

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in {"slug", "id"}:
            if first == "livestreams":
                name = "recorded" if endpoint.startswith(RECORDED) else "livestream"
            elif endpoint in OF_OWN_ROUNDS:
                name = "own_round"
            else:
                name = kinds.get(first, name)
        return world.values.get(named.get(name, name), "nothing")

    return re.sub(r"<(?:\w+:)?(\w+)>", value, rule)


def is_refused(status: int, location: str | None) -> bool:
    return status in {404, 405} or (status == 303 and (location or "").startswith("/sign-in"))


@pytest.mark.parametrize(("endpoint", "method"), cases())
def test_a_page_opens_to_those_it_declares_and_to_nobody_else(app: Flask, endpoint: str, method: str) -> None:
    door = endpoints.endpoints[f"page {endpoint}"]
    welcome = allowed(door, door.rule)
    world = new_world()
    for actor in sorted(EVERYONE, key=lambda actor: actor in welcome):
        if actor in welcome and method == "POST":
            world = new_world()
        path = address(door.rule, endpoint, world)
        page = browser(app, world, actor)
        answer = page.get(path) if method == "GET" else page.post(path)
        assert answer.status_code < 500, actor
        refused = is_refused(answer.status_code, answer.headers.get("Location"))
        if actor not in welcome:
            assert refused, f"{actor} came through with {answer.status_code}"
            assert CANARY not in answer.get_data(as_text=True).replace(path, ""), actor
        elif door.who not in {Access.SELF, Access.SIGNED_IN}:
            assert not refused, f"{actor} was kept out with {answer.status_code}"


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_frame_is_taken_from_those_it_declares_and_from_nobody_else(app: Flask, name: str) -> None:
    door = endpoints.endpoints[f"frame {name}"]
    # The rooms tried are those of a members-only livestream and of one coffee: other keys lead nowhere there.
    of_coffee = "coffee" in FRAMES[name]
    by_key = {"coffee key" if of_coffee else "livestream key"} & {
        f"{purpose} key" for purpose in door.purposes
    }
    welcome = by_key | (MEMBERS if door.who in {Access.ANYONE, Access.SIGNED_IN} else ALLOWED[door.who])
    world = new_world()
    for actor in sorted(EVERYONE, key=lambda actor: actor in welcome):
        socket = SocketClient(app, None, client=browser(app, world, actor).client)
        ack = socket.send(name, **filled(FRAMES[name], world))
        socket.close()
        assert ack.status != 500, actor
        if actor not in welcome and name not in FORGIVEN:
            assert not ack.ok, f"{actor} came through"
            assert ack.status in {403, 404}, actor
            assert CANARY not in str(ack.data), actor
        elif actor in welcome and name not in BY_ITS_AUTHOR:
            assert ack.ok or ack.status == 409, f"{actor} was kept out: {ack.data}"


def filled(payload: dict[str, object], world: World) -> dict[str, object]:
    return {
        key: value.format(**world.values) if isinstance(value, str) else value
        for key, value in payload.items()
    }


def test_every_frame_is_tried() -> None:
    assert {door.name for door in endpoints.endpoints.values() if door.kind == "frame"} == set(FRAMES)
