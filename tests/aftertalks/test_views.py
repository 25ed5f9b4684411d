"""Tests of the after-talk's pages and frames: joining, steps, the wish to meet again, and the switch."""

from datetime import timedelta

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select

from events.aftertalks import rules
from events.aftertalks.models import AftertalkParticipant
from events.coffees.models import Coffee, Seat
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.realtime.handlers import send_to_person
from events.livestreams.models import Livestream
from tests.factories.accounts import make_key
from tests.factories.calls import make_call_stay
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import PageClient, SocketClient
from tests.support.types import OpenPage, OpenSocket, SetClock


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state="live", starts_at=clock.now())


def address(evening: Livestream, more: str = "") -> str:
    return f"/livestreams/{evening.slug}/nazit{more}"


def end(evening: Livestream, host: PageClient) -> None:
    assert host.post(f"/livestreams/{evening.slug}/end").status_code == 303


def into_talk(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> Coffee:
    """Bram and Chris join and are in a talk."""
    for person in (cast.bram, cast.chris):
        page(person).post(address(evening))
        assert open_socket(person).send("nazit.enter", livestream=evening.slug).ok
    end(evening, page(cast.anna))
    set_clock(rules.FIRST_TURN_DELAY)
    queue.run_due()
    with unit_of_work() as db:
        return db.scalars(select(Coffee).where(Coffee.kind == "talk")).one()


def talked(talk: Coffee, set_clock: SetClock) -> None:
    """Media reaches both, and the turn ends."""
    with unit_of_work() as db:
        for place, seat in enumerate(talk.seats):
            make_call_stay(db, talk, seat.user, epoch=place + 1, connected_at=clock.now())
    set_clock(rules.TALK_DURATION)
    queue.run_due()


def test_the_offer_waits_for_the_closing_minutes(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage
) -> None:
    bram = page(cast.bram)
    assert 'data-shows-in="3000"' in bram.get(f"/livestreams/{evening.slug}").text
    set_clock(timedelta(minutes=51))
    assert 'data-shows-in="0"' in bram.get(f"/livestreams/{evening.slug}").text


def test_one_tap_joins_and_one_tap_stops(cast: Cast, evening: Livestream, page: OpenPage) -> None:
    bram = page(cast.bram)
    assert "Talk on for a while?" in bram.get(address(evening)).text
    assert bram.post(address(evening)).location == address(evening)
    assert "As soon as the livestream ends" in bram.get(address(evening)).text
    assert bram.post(address(evening, "/leave")).status_code == 303
    assert "Join in again" in bram.get(address(evening)).text


def test_a_member_from_a_mail_talks_without_signing_in(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.dana, "livestream", evening.id)
    dana = page(None)
    dana.open_key(key)
    assert dana.post(address(evening)).location == address(evening)
    socket = SocketClient(dana.app, None, client=dana.client)
    assert socket.send("nazit.enter", livestream=evening.slug).ok
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    assert socket.send("calls.enter", coffee=talk.id).ok
    assert f'data-coffee="{talk.id}"' in dana.get(address(evening)).text
    socket.close()


def test_the_key_of_another_livestream_opens_no_talk(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        other = make_livestream(db, cast.circle, cast.anna, state="live")
        key = make_key(db, cast.bram, "livestream", other.id)
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    bram = page(None)
    bram.open_key(key)
    socket = SocketClient(bram.app, None, client=bram.client)
    assert socket.send("calls.enter", coffee=talk.id).status == 404
    socket.close()


def test_a_change_is_broadcast_to_participants_only(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    olga, dana, bram = open_socket(cast.olga), open_socket(cast.dana), open_socket(cast.bram)
    into_talk(cast, evening, set_clock, page, open_socket)
    told = bram.received("nazit.changed")
    assert [set(frame) for frame in told] == [{"livestream", "step"}] * len(told)
    assert told[-1] == {"livestream": evening.slug, "step": 2}
    for socket, person in ((olga, cast.olga), (dana, cast.dana)):
        send_to_person(person.id, "fence", {})
        assert socket.received() == [{}]


def test_during_a_talk_the_page_shows_the_call(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    text = page(cast.bram).get(address(evening)).text
    assert f'data-part="talk:{talk.id}:1"' in text
    assert 'data-left="480"' in text
    assert "Chris" in text


def test_only_joined_participants_enter_a_talk(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    dana = open_socket(cast.dana)
    assert dana.send("nazit.enter", livestream=evening.slug)["error"] == "nazit_not_joined"
    for frame in ("calls.enter", "calls.leave"):
        assert dana.send(frame, coffee=talk.id).status == 404


def test_only_a_mutual_wish_to_meet_again_is_revealed_and_proposes_a_coffee(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    talked(talk, set_clock)
    bram, chris = page(cast.bram), page(cast.chris)
    assert "Meet Chris again?" in bram.get(address(evening)).text
    bram.post(address(evening, "/again"), talk=talk.id, again="yes")
    assert "both want to meet again" not in chris.get(address(evening)).text
    assert coffees() == []
    chris.post(address(evening, "/again"), talk=talk.id, again="yes")
    chris.post(address(evening, "/again"), talk=talk.id, again="yes")
    (coffee,) = coffees()
    assert (coffee.state, coffee.form, coffee.minutes) == ("proposed", "online", 30)
    assert {seat.user_id for seat in coffee.seats} == {cast.bram.id, cast.chris.id}
    for reader in (bram, chris):
        assert f"/coffees/{coffee.id}" in reader.get(address(evening)).text


def test_a_single_no_stays_private(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    talked(talk, set_clock)
    bram, chris = page(cast.bram), page(cast.chris)
    bram.post(address(evening, "/again"), talk=talk.id, again="no")
    before = chris.get(address(evening)).text
    chris.post(address(evening, "/again"), talk=talk.id, again="yes")
    assert "Meet Bram again?" in before
    assert "both want to meet again" not in chris.get(address(evening)).text
    assert coffees() == []


def test_only_participants_answer_for_a_talk(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    talked(talk, set_clock)
    page(cast.dana).post(address(evening, "/again"), talk=talk.id, again="yes")
    with unit_of_work() as db:
        assert set(db.scalars(select(Seat.again))) == {None}


def test_the_host_disables_the_aftertalk_and_open_pages_are_updated(
    cast: Cast, evening: Livestream, page: OpenPage, open_socket: OpenSocket
) -> None:
    bram = open_socket(cast.bram)
    bram.send("presence.enter", livestream=evening.slug)
    assert "After-talk off" in page(cast.anna).get(f"/livestreams/{evening.slug}/desk").text
    page(cast.anna).post(address(evening, "/switch"), on="no")
    assert [frame["nazit"] for frame in bram.received("livestreams.state")] == [False]
    page(cast.bram).post(address(evening))
    with unit_of_work() as db:
        assert db.scalars(select(AftertalkParticipant)).all() == []


def test_a_closed_page_is_recorded_and_a_new_page_takes_over(
    cast: Cast, evening: Livestream, page: OpenPage, open_socket: OpenSocket
) -> None:
    page(cast.bram).post(address(evening))
    first = open_socket(cast.bram)
    first.send("nazit.enter", livestream=evening.slug)
    second = open_socket(cast.bram)
    second.send("nazit.enter", livestream=evening.slug)
    first.close()
    with unit_of_work() as db:
        assert db.scalars(select(AftertalkParticipant)).one().tab is not None
    second.close()
    with unit_of_work() as db:
        assert db.scalars(select(AftertalkParticipant)).one().tab is None


def test_camera_and_microphone_can_be_tested_before_the_end(
    cast: Cast, evening: Livestream, page: OpenPage
) -> None:
    answer = page(cast.bram).get(address(evening, "/check"))
    assert answer.status_code == 200
    assert "data-ice-servers" in answer.text


def test_talks_count_as_conversations_in_the_report(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talked(into_talk(cast, evening, set_clock, page, open_socket), set_clock)
    text = page(cast.anna).get(f"/livestreams/{evening.slug}/report").text
    assert "One conversation" in text
    assert "in the after-talk" in text


def test_a_finished_talk_is_listed_among_the_coffees(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    bram = page(cast.bram)
    assert talk.id not in bram.get("/coffees").text
    talked(talk, set_clock)
    assert talk.id in bram.get("/coffees").text
    assert "after-talk of" in bram.get(f"/coffees/{talk.id}").text


def test_a_failed_talk_sends_no_notification(
    cast: Cast, evening: Livestream, set_clock: SetClock, page: OpenPage, open_socket: OpenSocket
) -> None:
    talk = into_talk(cast, evening, set_clock, page, open_socket)
    set_clock(rules.TALK_DURATION)
    queue.run_due()
    assert talk.id not in page(cast.bram).get("/coffees").text
    assert "in the after-talk" not in page(cast.anna).get(f"/livestreams/{evening.slug}/report").text


def coffees() -> list[Coffee]:
    with unit_of_work() as db:
        return list(db.scalars(select(Coffee).where(Coffee.kind == "coffee")))


def test_a_relay_is_tried_only_while_there_is_an_after_talk_to_join(
    app: Flask,
    cast: Cast,
    evening: Livestream,
    set_clock: SetClock,
    page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes = {"turn_urls": "turn:relay.example:3478", "turn_secret": SecretStr("north")}
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update=changes))
    assert "probe-" in page(cast.bram).get(address(evening, "/check")).text
    assert page(cast.olga).get(address(evening, "/check")).status_code == 404
    end(evening, page(cast.anna))
    set_clock(timedelta(hours=3))
    queue.run_due()
    assert "probe-" not in page(cast.bram).get(address(evening, "/check")).text
