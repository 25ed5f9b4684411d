"""Conflicts and idempotency: late, repeated and simultaneous requests, and ids of other things."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from events.accounts.models import SignIn
from events.chat.models import Entry
from events.coffees.actions.rescheduling import choose_time
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee
from events.core import clock
from events.core.auth import crypto
from events.core.db.session import unit_of_work
from events.core.errors import Conflict
from events.core.web import error_messages
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollVote
from events.questions.models import Question, QuestionVote
from events.registrations.models import Registration
from events.rounds.models import OptIn
from tests.factories.accounts import make_key
from tests.factories.circles import make_circle
from tests.factories.coffees import make_coffee, make_promise, person
from tests.factories.livestreams import make_livestream
from tests.factories.polls import make_poll
from tests.factories.questions import make_question
from tests.factories.rounds import make_round
from tests.support.bad_values import count_rows
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, OpenSocket

ANSWERS = ("accept", "decline", "cancel")
OVER = [
    (state, answer) for state in ("declined", "expired", "cancelled", "met", "missed") for answer in ANSWERS
]


@pytest.mark.parametrize(("state", "answer"), [one for one in OVER if one != ("cancelled", "cancel")])
def test_a_coffee_that_is_over_takes_no_answer(page: OpenPage, cast: Cast, state: str, answer: str) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state=state)
    bram = page(cast.bram)
    before = count_rows()
    answered = bram.post(f"/coffees/{coffee.id}/{answer}", version=str(coffee.version))
    assert answered.status_code == 422
    assert count_rows() == before
    with unit_of_work() as db:
        assert (db.get_one(Coffee, coffee.id).state, db.get_one(Coffee, coffee.id).version) == (
            state,
            coffee.version,
        )


def test_an_older_version_of_a_coffee_is_not_what_was_agreed_to(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana])
        coffee.version = 3
    for answer in ("accept", "decline"):
        assert page(cast.bram).post(f"/coffees/{coffee.id}/{answer}", version="2").status_code == 422


def test_a_participant_who_withdrew_cannot_return_by_choosing_a_time(cast: Cast) -> None:
    with unit_of_work() as db:
        other = clock.now() + timedelta(days=9)
        coffee = make_coffee(
            db, cast.circle, [cast.bram, cast.chris, cast.dana], state="confirmed", alternatives=[other]
        )
        next(seat for seat in coffee.seats if seat.user_id == cast.bram.id).answer = "no"
    with unit_of_work() as db:
        found = get_coffee(db, coffee.id)
        with pytest.raises(Conflict, match="coffee_closed"):
            choose_time(db, person(cast.bram), found, other, found.version)
    with unit_of_work() as db:
        assert get_coffee(db, coffee.id).state == "confirmed"


STEPS = {
    "start": "ended",
    "pause": "ended",
    "resume": "live",
    "end": "draft",
    "publish": "cancelled",
    "cancel": "ended",
}


@pytest.mark.parametrize("step", sorted(STEPS))
def test_a_livestream_that_moved_on_is_not_moved_back(page: OpenPage, cast: Cast, step: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state=STEPS[step])
    anna = page(cast.anna)
    assert anna.post(f"/livestreams/{livestream.slug}/{step}").status_code == 303
    with unit_of_work() as db:
        found = db.get_one(Livestream, livestream.id)
        assert step == "resume" or found.state == STEPS[step]
        assert found.version == livestream.version


def test_late_frames_are_refused(page: OpenPage, open_socket: OpenSocket, cast: Cast) -> None:
    with unit_of_work() as db:
        live = make_livestream(db, cast.circle, cast.anna, state="live")
        over = make_livestream(db, cast.circle, cast.anna, title="Voorbij", state="ended")
        over.ended_at = clock.now() - timedelta(days=30)
        off = make_livestream(db, cast.circle, cast.anna, title="Gaat niet door", state="cancelled")
        poll, options = make_poll(db, live, state="closed")
        question = make_question(db, live, cast.dana, state="answered")
    bram, room, closed = open_socket(cast.bram), f"livestream:{live.slug}", f"livestream:{over.slug}"
    said = bram.send("chat.post", room=room, client_id="late-0001", body="Hallo")
    assert bram.send("chat.delete", room=room, seq=said["seq"]).ok
    before = count_rows()
    late = {
        "line_gone": bram.send("chat.edit", room=room, seq=said["seq"], body="Anders"),
        "bad_reply": bram.send("chat.post", room=room, client_id="late-0002", body="J", reply_to=said["seq"]),
        "client_id_reused": bram.send("chat.post", room=room, client_id="late-0001", body="Iets anders"),
        "chat_closed": bram.send("chat.post", room=closed, client_id="late-0003", body="Nog"),
        "poll_not_open": bram.send("polls.vote", poll=poll.id, option=options[0].id),
        "question_closed": bram.send("questions.vote", question=question.id, up=True),
        "not_asking": bram.send(
            "questions.ask", livestream=off.slug, client_id="late-0004", body="Hoe?", nameless=False
        ),
        "not_on_now": bram.send("presence.react", livestream=over.slug, kind="heart"),
    }  # fmt: skip
    assert {code: ack.data.get("error") for code, ack in late.items()} == {code: code for code in late}
    assert all(400 <= ack.status < 500 and error_messages.is_known(code) for code, ack in late.items())
    assert count_rows() == before


def test_a_yes_after_the_round_closed_is_none(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        round_ = make_round(db, livestream, state="matching")
        round_.closes_at = clock.now() - timedelta(hours=1)
    times: dict[str, Any] = {"times": round_.times[0], "forms": "online"}
    assert page(cast.bram).post(f"/livestreams/{livestream.slug}/coffee", **times).status_code in {303, 422}
    with unit_of_work() as db:
        assert db.scalar(select(func.count(OptIn.id))) == 0


def test_what_belongs_to_something_else_is_refused(
    page: OpenPage, open_socket: OpenSocket, cast: Cast
) -> None:
    """Both ends of every move: right here, but of another circle, poll or coffee."""
    with unit_of_work() as db:
        elsewhere = make_circle(db, owner=cast.olga, name="Elders")
        mine = make_livestream(db, cast.circle, cast.anna, state="live")
        poll, _ = make_poll(db, mine)
        theirs = make_livestream(db, elsewhere, cast.olga, title="Elders", state="live")
        _, foreign = make_poll(db, theirs)
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")
        day = clock.now() + timedelta(days=12)
        other = make_coffee(db, cast.circle, [cast.chris, cast.dana], state="confirmed", starts_at=day)
        promise = make_promise(db, other, cast.dana, "Een naam")
    anna, bram, dana = page(cast.anna), open_socket(cast.bram), page(cast.dana)
    before = count_rows()
    assert bram.send("polls.vote", poll=poll.id, option=foreign[0].id).status == 422
    form: dict[str, Any] = {"title": "Avond", "day": "2030-05-01", "hour": "20:00", "host": cast.olga.id}
    assert anna.post(f"/circles/{cast.circle.slug}/livestreams/new", **form).status_code == 422
    assert anna.post(f"/livestreams/{mine.slug}/edit", **form).status_code == 422
    assert (
        anna.post(f"/circles/{cast.circle.slug}/members/{cast.olga.id}/role", role="owner").status_code == 404
    )
    assert anna.post(f"/circles/{elsewhere.slug}/members/{cast.olga.id}/remove").status_code == 404
    assert dana.post(f"/coffees/{coffee.id}/promises/{promise.id}", done="yes").status_code == 404
    assert bram.send("chat.mute", room=f"livestream:{theirs.slug}", user=cast.olga.id).status == 404
    assert count_rows() == before


def press(one: PageClient, path: str, **fields: Any) -> int:
    return one.post(path, **fields).status_code


def at_once(app: Flask, doers: list[Callable[[], int]]) -> Counter[int]:
    def do(doer: Callable[[], int]) -> int:
        with app.app_context():
            return doer()

    with ThreadPoolExecutor(len(doers)) as crowd:
        return Counter(crowd.map(do, doers))


def test_a_link_that_is_used_once_lets_one_in_of_eight_at_once(
    app: Flask, page: OpenPage, cast: Cast
) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "sign_in")
    path = f"/k/{crypto.derive(key.purpose, key.id, key.nonce)}"
    browsers = [page(None) for _ in range(8)]
    assert browsers[0].get(path).status_code == 200
    assert browsers[0].get(path).status_code == 200  # who looks ahead uses nothing up
    tried = at_once(app, [partial(press, one, path) for one in browsers])
    assert tried == Counter({404: 7, 303: 1})
    assert page(None).post(path).status_code == 404
    with unit_of_work() as db:
        assert db.scalar(select(func.count(SignIn.id)).where(SignIn.user_id == cast.bram.id)) == 1


PRESSED: dict[str, dict[str, str]] = {
    "/livestreams/{live}/registration": {},
    "/livestreams/{live}/registration/withdraw": {},
    "/livestreams/{live}/chat": {"client_id": "twice-0001", "body": "Hallo"},
    "/livestreams/{live}/questions": {"client_id": "twice-0002", "body": "Hoe?"},
    "/polls/{poll}/vote": {"option": "{option}"},
    "/questions/{question}/vote": {"up": "1"},
    "/coffees/{coffee}/accept": {"version": "1"},
    "/coffees/{coffee}/decline": {"version": "1"},
    "/livestreams/{over}/coffee": {"times": "{time}", "forms": "online"},
}


@pytest.mark.parametrize("path", sorted(PRESSED))
def test_pressed_twice_or_by_six_tabs_at_once_it_happens_once(
    app: Flask, page: OpenPage, cast: Cast, path: str
) -> None:
    with unit_of_work() as db:
        live = make_livestream(db, cast.circle, cast.anna, state="live")
        over = make_livestream(db, cast.circle, cast.anna, title="Voorbij", state="replay")
        poll, options = make_poll(db, live)
        names = {
            "live": live.slug,
            "over": over.slug,
            "poll": poll.id,
            "option": options[0].id,
            "question": make_question(db, live, cast.dana).id,
            "coffee": make_coffee(db, cast.circle, [cast.bram, cast.dana]).id,
            "time": make_round(db, over).times[0],
        }
    fields: dict[str, Any] = {name: value.format(**names) for name, value in PRESSED[path].items()}
    if path.endswith("withdraw"):
        assert page(cast.bram).post(path.format(**names).removesuffix("/withdraw")).status_code == 303
    tabs = [page(cast.bram) for _ in range(6)]
    tried = at_once(app, [partial(press, one, path.format(**names), **fields) for one in tabs])
    assert set(tried) <= {303, 422, 409}
    assert tried[303] >= 1
    once = count_rows()
    assert tabs[0].post(path.format(**names), **fields).status_code in {303, 422}
    signs = ("sign_in", "queued_job", "outgoing_mail")
    assert [row for row in count_rows() if row[0] not in signs] == [
        row for row in once if row[0] not in signs
    ]
    with unit_of_work() as db:
        for model in (Registration, Entry, PollVote, QuestionVote, OptIn):
            assert (db.scalar(select(func.count()).select_from(model)) or 0) <= 1
        assert db.scalar(select(func.count(Question.id))) == (2 if path.endswith("questions") else 1)
        assert db.scalar(select(func.count(Poll.id))) == 1
