"""A coffee's chat room: its people alone, on the page, by form, by key and over the socket."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.actions.profile import block_person
from events.accounts.models import User
from events.chat.models import Entry, ReadMark
from events.coffees.models import Coffee
from events.coffees.queries.coffees import get_coffee
from events.coffees.queries.current import list_current
from events.coffees.rules import ROOM_OPEN_FOR
from events.core.db.session import unit_of_work
from tests.factories.accounts import make_key
from tests.factories.chat import make_line
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage, OpenSocket, SetClock

JSON = {"Accept": "application/json"}


@pytest.fixture
def coffee(cast: Cast) -> Coffee:
    """A confirmed coffee of Bram and Dana."""
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed")


def bodies() -> list[str]:
    with unit_of_work() as db:
        return list(db.scalars(select(Entry.body).order_by(Entry.seq)))


def unread(someone: User) -> dict[str, int]:
    with unit_of_work() as db:
        return {coffee.id: count for coffee, count in list_current(db, person(someone)) if count}


def test_a_message_by_form_stands_on_the_page_of_both(cast: Cast, coffee: Coffee, page: OpenPage) -> None:
    bram = page(cast.bram)
    for _twice in range(2):
        answer = bram.post(
            f"/coffees/{coffee.id}/messages", client_id="client-0001", body="Vijf minuten later!"
        )
        assert (answer.status_code, answer.location) == (303, f"/coffees/{coffee.id}#messages")
    assert bodies() == ["Vijf minuten later!"]
    for someone in (cast.bram, cast.dana):
        assert "Vijf minuten later!" in page(someone).get(f"/coffees/{coffee.id}").text


def test_a_refused_message_comes_back_with_what_was_typed(cast: Cast, coffee: Coffee, page: OpenPage) -> None:
    answer = page(cast.bram).post(f"/coffees/{coffee.id}/messages", client_id="client-0001", body="x" * 2001)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "x" * 2001 in answer.text
    assert bodies() == []


def test_a_script_reads_history_and_a_browser_is_sent_to_the_page(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    bram, path = page(cast.bram), f"/coffees/{coffee.id}/messages"
    bram.post(path, client_id="client-0001", body="Tot zo")
    found = bram.get(f"{path}?after=0", headers=JSON).get_json()
    assert [entry["body"] for entry in found["entries"]] == ["Tot zo"]
    assert bram.get(path).location == f"/coffees/{coffee.id}#messages"


def test_the_key_of_a_coffee_mail_opens_its_room_and_no_other(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    with unit_of_work() as db:
        later = coffee.starts_at + timedelta(days=1)
        other = make_coffee(db, cast.circle, [cast.dana, cast.chris], state="confirmed", starts_at=later)
        key = make_key(db, cast.dana, "coffee", coffee.id)
        tell = make_key(db, cast.dana, "round", coffee.id)
    dana = page(None)
    dana.open_key(key)
    path = "/coffees/{}/messages"
    assert (
        dana.post(path.format(coffee.id), client_id="client-0001", body="Van mijn telefoon").status_code
        == 303
    )
    assert dana.post(path.format(other.id), client_id="client-0002", body="Hier niet").status_code in {
        303,
        404,
    }
    stranger = page(None)
    stranger.open_key(tell)
    stranger.post(path.format(coffee.id), client_id="client-0003", body="Met een andere sleutel")
    assert bodies() == ["Van mijn telefoon"]


@pytest.mark.parametrize("who", ["olga", "anna", "chris"])
def test_nobody_else_reads_or_writes(
    cast: Cast, coffee: Coffee, page: OpenPage, open_socket: OpenSocket, who: str
) -> None:
    """Not the organiser either."""
    page(cast.bram).post(f"/coffees/{coffee.id}/messages", client_id="client-0001", body="Onder ons")
    someone = getattr(cast, who)
    stranger, wire = page(someone), open_socket(someone)
    for found in (coffee.id, "0" * 26):
        path = f"/coffees/{found}/messages"
        assert stranger.get(path, headers=JSON).status_code == 404
        assert stranger.post(path, client_id="client-0002", body="Hoi").status_code == 404
        room = f"coffee:{found}"
        assert wire.send("chat.enter", room=room).status == 404
        assert wire.send("chat.seen", room=room, seq=1).status == 404
        assert wire.send("chat.post", room=room, client_id="client-0003", body="Hoi").status == 404
    assert bodies() == ["Onder ons"]


def test_of_three_each_reads_the_others_and_who_said_no_reads_nothing(
    cast: Cast, page: OpenPage, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        trio = [cast.bram, cast.chris, cast.dana]
        coffee = make_coffee(db, cast.circle, trio, state="confirmed", answers={"Chris": "no"})
        whole = make_coffee(
            db, cast.circle, trio, state="confirmed", starts_at=coffee.starts_at + timedelta(days=1)
        )
    bram, dana = open_socket(cast.bram), open_socket(cast.dana)
    assert open_socket(cast.chris).send("chat.enter", room=f"coffee:{coffee.id}").status == 404
    for wire in (bram, dana):
        assert wire.send("chat.enter", room=f"coffee:{whole.id}").ok
    assert bram.send("chat.post", room=f"coffee:{whole.id}", client_id="client-0001", body="Met drie").ok
    [frame] = dana.received("chat.entries")
    assert [entry["body"] for entry in frame["entries"]] == ["Met drie"]
    assert "Met drie" in page(cast.chris).get(f"/coffees/{whole.id}").text


def test_who_blocks_leaves_the_room_and_the_blocked_sees_no_difference(
    cast: Cast, coffee: Coffee, page: OpenPage
) -> None:
    path = f"/coffees/{coffee.id}/messages"
    page(cast.bram).post(path, client_id="client-0001", body="Eerder gezegd")
    before = page(cast.dana).get(f"/coffees/{coffee.id}").text
    with unit_of_work() as db:
        block_person(db, person(cast.bram), cast.dana.id)
    assert page(cast.dana).post(path, client_id="client-0002", body="Hallo?").status_code == 303
    after = page(cast.dana).get(f"/coffees/{coffee.id}").text
    assert "Hallo?" in after
    assert "Eerder gezegd" in after
    assert 'id="chat-composer"' in before
    assert 'id="chat-composer"' in after
    blocker = page(cast.bram)
    shown = blocker.get(f"/coffees/{coffee.id}").text
    assert "Hallo?" not in shown
    assert 'id="messages"' not in shown
    assert blocker.post(path, client_id="client-0003", body="Toch").status_code == 404
    assert unread(cast.bram) == {}


def test_the_room_opens_with_the_last_yes_and_closes_a_while_after(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana])
    bram, path = page(cast.bram), f"/coffees/{coffee.id}/messages"
    assert 'id="messages"' not in bram.get(f"/coffees/{coffee.id}").text
    assert bram.post(path, client_id="client-0001", body="Te vroeg").status_code == 422
    with unit_of_work() as db:
        get_coffee(db, coffee.id).state = "confirmed"
    assert bram.post(path, client_id="client-0002", body="Op tijd").status_code == 303
    set_clock(coffee.ends_at + ROOM_OPEN_FOR - timedelta(minutes=1))
    assert bram.post(path, client_id="client-0003", body="Nog net").status_code == 303
    set_clock(timedelta(minutes=2))
    refused = bram.post(path, client_id="client-0004", body="Te laat")
    assert refused.status_code == 422
    shown = bram.get(f"/coffees/{coffee.id}").text
    assert "Nog net" in shown
    assert 'id="chat-composer"' not in shown
    assert bodies() == ["Op tijd", "Nog net"]


def test_unread_messages_are_counted_until_they_were_on_a_screen(
    cast: Cast, coffee: Coffee, page: OpenPage, open_socket: OpenSocket
) -> None:
    bram, room = open_socket(cast.bram), f"coffee:{coffee.id}"
    for number in range(3):
        assert bram.send("chat.post", room=room, client_id=f"client-000{number}", body=f"Regel {number}").ok
    assert unread(cast.dana) == {coffee.id: 3}
    assert unread(cast.bram) == {}
    assert "3 new messages" in page(cast.dana).get("/").text
    assert "new message" not in page(cast.bram).get("/").text
    dana = open_socket(cast.dana)
    assert dana.send("chat.enter", room=room).ok
    assert unread(cast.dana) == {coffee.id: 3}
    assert dana.send("chat.seen", room=room, seq=2).ok
    assert unread(cast.dana) == {coffee.id: 1}
    assert dana.send("chat.seen", room=room, seq=1).ok
    assert unread(cast.dana) == {coffee.id: 1}
    page(cast.dana).get(f"/coffees/{coffee.id}")
    assert unread(cast.dana) == {}
    assert bram.received("chat.seen") == []


def test_a_livestream_keeps_no_read_marks(cast: Cast, open_socket: OpenSocket) -> None:
    """How far somebody read there is nobody's business, not even ours."""
    with unit_of_work() as db:
        live = make_livestream(db, cast.circle, cast.anna, state="live")
        make_line(db, live, cast.bram)
    dana, room = open_socket(cast.dana), f"livestream:{live.slug}"
    assert dana.send("chat.seen", room=room, seq=1).ok
    assert open_socket(cast.olga).send("chat.seen", room=room, seq=1).status == 404
    with unit_of_work() as db:
        assert db.scalar(select(ReadMark)) is None
