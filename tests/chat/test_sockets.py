"""Chat frames: shapes, order, resends, edits and recipients."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import OperationalError

from events.accounts.models import User
from events.chat.models import Entry, Room
from events.chat.queries import entries
from events.core import rate_limits
from events.core.db.session import engine, unit_of_work
from events.core.errors import RETRY_AFTER_SECONDS
from events.core.realtime import connections, handlers, keyed_lock
from events.livestreams.models import Livestream
from tests.factories.accounts import make_key
from tests.factories.chat import make_line
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import Ack, SocketClient
from tests.support.types import OpenSocket, SetClock


def post(
    wire: SocketClient, room: str, body: str = "Hallo allemaal", client_id: str = "client-0001", **more: Any
) -> Ack:
    return wire.send("chat.post", room=room, client_id=client_id, body=body, **more)


def pushed(wire: SocketClient) -> list[dict[str, Any]]:
    return [entry for frame in wire.received("chat.entries") for entry in frame["entries"]]


def fence(person: User, wire: SocketClient) -> list[dict[str, Any]]:
    """Everything sent to this socket before a frame sent now."""
    handlers.send_to_person(person.id, "fence", {"fence": True})
    frames = wire.received()
    assert frames[-1] == {"fence": True}
    return frames[:-1]


def test_a_posted_message_reaches_everyone_in_the_room_as_data(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket
) -> None:
    bram, chris, olga = open_socket(cast.bram), open_socket(cast.chris), open_socket(cast.olga)
    assert bram.send("chat.enter", room=room).data == {
        "ok": True,
        "entries": [],
        "last_seq": 0,
        "more": False,
    }
    assert chris.send("chat.enter", room=room).ok
    assert not olga.send("chat.enter", room=room).ok

    ack = post(bram, room, "Goedenavond")

    assert ack.data.keys() == {"ok", "id", "seq"}
    assert ack["seq"] == 1
    [frame] = chris.received("chat.entries")
    assert frame["room"] == room
    [entry] = frame["entries"]
    assert entry.pop("sent_at").endswith("+00:00")
    assert entry == {
        "seq": 1,
        "kind": "posted",
        "id": ack["id"],
        "client_id": "client-0001",
        "author": {"id": cast.bram.id, "name": "Bram"},
        "body": "Goedenavond",
    }
    assert [entry["seq"] for entry in pushed(bram)] == [1]
    assert fence(cast.olga, olga) == []


def test_only_a_message_with_a_link_carries_html(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    bram.send("chat.enter", room=room)
    post(bram, room, "kijk <b>hier</b> https://example.test/a?b=1&c=2", "client-0001")
    post(bram, room, "https:// is geen link, <i>dit</i> ook niet", "client-0002")

    first, second = pushed(bram)

    assert first["body_html"].startswith(
        'kijk &lt;b&gt;hier&lt;/b&gt; <a href="https://example.test/a?b=1&amp;c=2"'
    )
    assert "body_html" not in second


def test_a_resend_has_one_effect(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    bram, other_tab = open_socket(cast.bram), open_socket(cast.bram)
    bram.send("chat.enter", room=room)

    first, again, elsewhere = post(bram, room), post(bram, room), post(other_tab, room)

    assert first.data == again.data == elsewhere.data
    assert [entry["seq"] for entry in pushed(bram)] == [1]


def test_a_resend_after_an_edit_or_a_deletion_is_recognised(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    bram = open_socket(cast.bram)
    first = post(bram, room)
    bram.send("chat.edit", room=room, seq=1, body="Iets anders")
    assert post(bram, room).data == first.data
    bram.send("chat.delete", room=room, seq=1)
    assert post(bram, room).data == first.data


def test_a_refused_message_is_answered_in_the_sender_s_language(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).locale = "nl"
    bram = open_socket(cast.bram)
    post(bram, room)
    with ThreadPoolExecutor(1) as outside:  # a thread has no Flask context but that of the frame
        refused = outside.submit(post, bram, room, "Heel iets anders").result()
    assert str(refused["message"]).startswith("Dit bericht")


def test_another_body_under_the_same_client_id_is_refused(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    post(bram, room)

    refused = post(bram, room, "Heel iets anders")

    assert (refused.status, refused["error"]) == (409, "client_id_reused")
    assert refused["message"]
    assert post(chris, room, "Heel iets anders").ok, "another author may use the same client_id"


def test_edits_deletions_and_pins_are_entries_with_their_own_number(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    anna, bram = open_socket(cast.anna), open_socket(cast.bram)
    anna.send("chat.enter", room=room)
    line_id = post(bram, room)["id"]

    assert bram.send("chat.edit", room=room, seq=1, body="Beter gezegd")["seq"] == 2
    assert anna.send("chat.pin", room=room, seq=1)["seq"] == 3
    assert anna.send("chat.delete", room=room, seq=1)["seq"] == 4

    entries = pushed(anna)
    assert [(entry["seq"], entry["kind"], entry["id"], entry["body"]) for entry in entries] == [
        (1, "posted", line_id, "Hallo allemaal"),
        (2, "edited", line_id, "Beter gezegd"),
        (3, "pinned", line_id, "Beter gezegd"),
        (4, "deleted", line_id, ""),
    ]
    assert {entry["author"]["id"] for entry in entries} == {cast.bram.id}, "whose words they are"
    assert [("client_id" in entry) for entry in entries] == [True, False, False, False]


def test_a_deleted_message_leaves_no_text_in_the_database(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    post(bram, room, "geheim woord")
    bram.send("chat.edit", room=room, seq=1, body="geheim twee")
    bram.send("chat.delete", room=room, seq=1)

    entries = chris.send("chat.enter", room=room, after=0)["entries"]

    assert [entry["body"] for entry in entries] == ["", "", ""]
    with unit_of_work() as db:
        assert not db.scalars(select(Entry.body).where(Entry.body.contains("geheim"))).all()


def test_only_the_author_edits_a_message_and_only_for_ten_minutes(
    cast: Cast, room: str, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    anna, bram, chris = open_socket(cast.anna), open_socket(cast.bram), open_socket(cast.chris)
    post(bram, room)
    for someone in (anna, chris):
        assert someone.send("chat.edit", room=room, seq=1, body="Niet van Bram").status == 404
    set_clock(timedelta(minutes=11))
    late = bram.send("chat.edit", room=room, seq=1, body="Te laat")
    assert (late.status, late["error"]) == (409, "edit_too_late")


def test_the_author_and_the_team_may_delete_a_message(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    anna, bram, chris = open_socket(cast.anna), open_socket(cast.bram), open_socket(cast.chris)
    post(bram, room)
    assert chris.send("chat.delete", room=room, seq=1).status == 404
    first = anna.send("chat.delete", room=room, seq=1)
    assert first["seq"] == 2
    assert bram.send("chat.delete", room=room, seq=1).data == first.data, "twice is once"
    gone = bram.send("chat.edit", room=room, seq=1, body="Toch weer")
    assert (gone.status, gone["error"]) == (409, "line_gone")
    assert anna.send("chat.pin", room=room, seq=1)["error"] == "line_gone"


def test_only_the_team_pins_and_unpins(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    anna, bram = open_socket(cast.anna), open_socket(cast.bram)
    anna.send("chat.enter", room=room)
    post(bram, room)
    assert bram.send("chat.pin", room=room, seq=1).status == 404
    assert anna.send("chat.pin", room=room, seq=1)["seq"] == 2
    assert anna.send("chat.pin", room=room, seq=1)["seq"] == 2, "twice is once"
    assert anna.send("chat.pin", room=room, seq=1, pinned=False)["seq"] == 3
    assert [(entry["kind"], entry["body"]) for entry in pushed(anna)][1:] == [
        ("pinned", "Hallo allemaal"),
        ("pinned", ""),
    ]


def test_a_muted_person_is_notified_and_may_read(
    cast: Cast, room: str, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    anna, bram, chris = open_socket(cast.anna), open_socket(cast.bram), open_socket(cast.chris)
    for wire in (bram, chris):
        wire.send("chat.enter", room=room)
    post(bram, room)
    chris.received()
    assert chris.send("chat.mute", room=room, user=cast.bram.id).status == 404
    assert anna.send("chat.mute", room=room, user=cast.bram.id).ok

    assert bram.received("chat.muted") == [{"room": room}]
    assert fence(cast.chris, chris) == []
    refused = post(bram, room, "En toch", "client-0002")
    assert (refused.status, refused["error"]) == (403, "muted")
    assert refused["message"]
    assert post(bram, room)["seq"] == 1, "what was there before is still acknowledged"
    assert bram.send("chat.edit", room=room, seq=1, body="Omweg")["error"] == "muted"
    assert bram.send("chat.enter", room=room).ok

    set_clock(timedelta(minutes=31))
    assert post(bram, room, "Daar ben ik weer", "client-0003").ok


def test_only_authors_can_be_muted_and_never_oneself(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    anna = open_socket(cast.anna)
    post(anna, room)
    assert anna.send("chat.mute", room=room, user=cast.olga.id).status == 404
    assert anna.send("chat.mute", room=room, user=cast.anna.id).status == 404


def test_a_reply_must_refer_to_an_existing_message(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    bram.send("chat.enter", room=room)
    post(bram, room)
    assert post(bram, room, "Antwoord", "client-0002", reply_to=1).ok
    assert pushed(bram)[1]["reply_to"] == 1
    assert post(bram, room, "Antwoord", "client-0003", reply_to=99)["error"] == "bad_reply"
    bram.send("chat.delete", room=room, seq=1)
    assert post(bram, room, "Antwoord", "client-0004", reply_to=1)["error"] == "bad_reply"


def test_an_outsider_gets_nothing_by_any_frame(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket
) -> None:
    bram, olga, visitor = open_socket(cast.bram), open_socket(cast.olga), open_socket(None)
    post(bram, room)
    frames: list[tuple[str, dict[str, Any]]] = [
        ("chat.enter", {"room": room}),
        ("chat.post", {"room": room, "client_id": "client-0009", "body": "Binnen?"}),
        ("chat.edit", {"room": room, "seq": 1, "body": "Binnen?"}),
        ("chat.delete", {"room": room, "seq": 1}),
        ("chat.pin", {"room": room, "seq": 1}),
        ("chat.mute", {"room": room, "user": cast.bram.id}),
    ]
    for name, payload in frames:
        for someone in (olga, visitor):
            absent = someone.send(name, **{**payload, "room": "livestream:bestaat-niet"})
            refused = someone.send(name, **payload)
            assert refused.data == absent.data, f"{name} tells an outsider that there is a room"
            assert refused.status == 404
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Entry.id))) == 1
    post(bram, room, "Nog een", "client-0002")
    assert fence(cast.olga, olga) == []


def test_visitors_of_a_public_livestream_read_but_do_not_write(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        public = make_livestream(db, cast.circle, cast.anna, state="live", audience="public")
    room, visitor, bram = f"livestream:{public.slug}", open_socket(None), open_socket(cast.bram)
    assert visitor.send("chat.enter", room=room).ok
    post(bram, room)
    assert [entry["body"] for entry in pushed(visitor)] == ["Hallo allemaal"]
    assert post(visitor, room, "Ik ook").status == 404


def test_a_guest_with_a_key_takes_part(cast: Cast, live: Livestream, room: str, app: Any) -> None:
    with unit_of_work() as db:
        key = make_key(db, cast.olga, "livestream", live.id)
    client = app.test_client()
    with client.session_transaction() as session:
        session["keys"] = [key.id]
    guest = SocketClient(app, None)
    guest.close()
    guest.client = connections.socketio.test_client(app, flask_test_client=client)
    assert guest.send("chat.enter", room=room).ok
    assert post(guest, room, "Ik kijk mee")["seq"] == 1
    assert guest.send("chat.pin", room=room, seq=1).status == 404
    guest.close()


@pytest.mark.parametrize(
    ("state", "code"),
    [("announced", "chat_not_open"), ("draft", "chat_not_open"), ("cancelled", "chat_closed")],
)
def test_a_closed_room_gives_the_reason(cast: Cast, open_socket: OpenSocket, state: str, code: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state=state)
    refused = post(open_socket(cast.anna), f"livestream:{livestream.slug}")
    assert (refused.status, refused["error"]) == (409, code)
    assert refused["message"]


def test_two_hours_after_the_end_the_room_is_for_reading(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
    room, bram = f"livestream:{livestream.slug}", open_socket(cast.bram)
    set_clock(timedelta(minutes=119))
    assert post(bram, room).ok
    set_clock(timedelta(minutes=2))
    assert post(bram, room, "Nog even", "client-0002")["error"] == "chat_closed"
    assert post(bram, room)["seq"] == 1, "a late resend still gets its first answer"
    assert bram.send("chat.enter", room=room)["last_seq"] == 1


def test_paging_goes_both_ways_without_gaps(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        for number in range(1, 121):
            make_line(db, live, cast.bram, f"Bericht {number}")
    bram = open_socket(cast.bram)

    newest = bram.send("chat.enter", room=room)
    assert [entry["seq"] for entry in newest["entries"]] == list(range(71, 121))
    assert (newest["last_seq"], newest["more"]) == (120, True)
    older = bram.send("chat.enter", room=room, before=71)
    assert [entry["seq"] for entry in older["entries"]] == list(range(21, 71))
    oldest = bram.send("chat.enter", room=room, before=21)
    assert [entry["seq"] for entry in oldest["entries"]] == list(range(1, 21))
    assert not oldest["more"]

    forward = bram.send("chat.enter", room=room, after=10)
    assert [entry["seq"] for entry in forward["entries"]] == list(range(11, 61))
    assert forward["more"]
    last = bram.send("chat.enter", room=room, after=70)
    assert [entry["seq"] for entry in last["entries"]] == list(range(71, 121))
    assert not last["more"]
    assert bram.send("chat.enter", room=room, after=120).data == {
        "ok": True, "entries": [], "last_seq": 120, "more": False,
    }  # fmt: skip


def test_broadcast_entries_equal_those_in_the_history(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    anna, bram = open_socket(cast.anna), open_socket(cast.bram)
    anna.send("chat.enter", room=room)
    post(bram, room)
    post(bram, room, "Twee", "client-0002", reply_to=1)
    anna.send("chat.pin", room=room, seq=2)
    assert pushed(anna) == anna.send("chat.enter", room=room)["entries"]


def test_entering_reads_the_latest_changes(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    post(bram, room, "Goedenavond", "client-0001")
    before = chris.send("chat.enter", room=room)
    bram.send("chat.edit", room=room, seq=1, body="Goedemorgen")
    edited = chris.send("chat.enter", room=room)
    bram.send("chat.delete", room=room, seq=1)
    deleted = chris.send("chat.enter", room=room)
    assert [ack["last_seq"] for ack in (before, edited, deleted)] == [1, 2, 3]
    assert [ack["entries"][0]["body"] for ack in (before, edited, deleted)] == [
        "Goedenavond", "Goedemorgen", "",
    ]  # fmt: skip


def test_the_cached_history_is_read_once_for_many_participants(
    cast: Cast, room: str, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed name has no number: it shows after the cache expires, within a second."""
    post(open_socket(cast.bram), room)
    assert open_socket(cast.chris).send("chat.enter", room=room)["entries"][0]["author"]["name"] == "Bram"
    with unit_of_work() as db:
        db.get_one(User, cast.bram.id).name = "Bram de Vries"
    assert open_socket(cast.chris).send("chat.enter", room=room)["entries"][0]["author"]["name"] == "Bram"
    monkeypatch.setattr(entries, "CACHE_TTL_SECONDS", 0.0)
    assert (
        open_socket(cast.chris).send("chat.enter", room=room)["entries"][0]["author"]["name"]
        == "Bram de Vries"
    )


def test_a_socket_that_left_the_room_receives_nothing(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    bram, chris = open_socket(cast.bram), open_socket(cast.chris)
    chris.send("chat.enter", room=room)
    assert chris.send("chat.leave", room=room).ok
    assert chris.send("chat.leave", room=room).ok
    post(bram, room)
    assert fence(cast.chris, chris) == []


def test_a_sixth_message_in_ten_seconds_is_refused(cast: Cast, room: str, open_socket: OpenSocket) -> None:
    rate_limits.configure(None, enabled=True)
    try:
        bram, chris = open_socket(cast.bram), open_socket(cast.chris)
        for number in range(5):
            assert post(bram, room, client_id=f"client-000{number}").ok
        refused = post(bram, room, client_id="client-0009")
        assert (refused.status, refused["error"]) == (429, "too_many")
        assert refused["retry_after"] == 10
        assert post(chris, room).ok, "the limit is per person"
    finally:
        rate_limits.configure(None, enabled=False)


GOOD: dict[str, dict[str, Any]] = {
    "chat.enter": {},
    "chat.leave": {},
    "chat.post": {"client_id": "client-0001", "body": "Hallo"},
    "chat.edit": {"seq": 1, "body": "Hallo"},
    "chat.delete": {"seq": 1},
    "chat.pin": {"seq": 1},
    "chat.mute": {"user": "a" * 26},
}
BAD_ROOMS = (None, 7, "", "livestream", "livestream:../x", "x" * 300, ["livestream:a"], {"a": 1})
BAD_TEXTS = (
    None,
    7,
    "",
    "   ",
    "\u200b",
    "nul\x00",
    "\ud800",
    "‮omgekeerd",
    "a" + "\u0301" * 50,
    "x" * 2001,
    ["a"],
)
BAD_SEQS: tuple[object, ...] = ("1", 1.5, -1, 2**63, True, [1], {})


def bad_payloads() -> list[tuple[str, dict[str, Any]]]:
    table = []
    for name, good in GOOD.items():
        table += [(name, {**good, "room": bad}) for bad in BAD_ROOMS]
        table.append((name, {**good, "author": "someone else"}))
        if "body" in good:
            table += [(name, {**good, "body": bad}) for bad in BAD_TEXTS]
        if "seq" in good:
            table += [(name, {**good, "seq": bad}) for bad in BAD_SEQS]
    table += [
        ("chat.post", {**GOOD["chat.post"], "client_id": bad})
        for bad in (None, 7, "short", "x" * 65, "a b c d e")
    ]
    table += [("chat.post", {**GOOD["chat.post"], "reply_to": bad}) for bad in BAD_SEQS]
    table += [("chat.enter", {side: bad}) for side in ("after", "before") for bad in BAD_SEQS]
    table += [("chat.mute", {"user": bad}) for bad in (None, 7, "A" * 26, "x" * 27)]
    return table


def test_bad_input_is_refused_with_a_message_and_changes_nothing(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    anna = open_socket(cast.anna)
    post(anna, room, "Dit blijft staan")
    for name, payload in bad_payloads():
        refused = anna.send(name, **{"room": room, **payload})
        assert refused.status == 422, f"{name} {payload!r:.80} answered {refused.data}"
        assert refused["message"]
    with unit_of_work() as db:
        assert db.scalars(select(Entry.body)).all() == ["Dit blijft staan"]
        assert db.scalars(select(Room.seq)).all() == [1]


def test_a_message_of_another_room_cannot_be_changed_through_this_one(
    cast: Cast, room: str, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        other = make_livestream(db, cast.circle, cast.anna, state="live")
        for number in range(3):
            make_line(db, other, cast.bram, f"Elders {number}")
    anna = open_socket(cast.anna)
    post(anna, room)
    for name, more in (("chat.edit", {"body": "x"}), ("chat.delete", {}), ("chat.pin", {})):
        assert anna.send(name, room=room, seq=3, **more).status == 404


def test_posts_are_serialised_per_room(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyed_lock, "MAX_WAIT_SECONDS", 0.01)
    bram = open_socket(cast.bram)
    with keyed_lock.keyed_lock(room):
        refused = post(bram, room)
        assert (refused.status, refused["error"]) == (503, "unavailable")
        assert refused["retry_after"] == RETRY_AFTER_SECONDS
        assert bram.send("chat.enter", room=room)["entries"] == []
    assert post(bram, room).ok


@contextmanager
def database_away() -> Iterator[None]:
    def gone(_connection: Connection) -> None:
        raise OperationalError("BEGIN", {}, psycopg.OperationalError("the connection is closed"))

    event.listen(engine(), "begin", gone, insert=True)
    try:
        yield
    finally:
        event.remove(engine(), "begin", gone)


@pytest.mark.parametrize("held_up", [True, False])
def test_a_refusal_has_a_message_while_the_database_is_down(
    held_up: bool,
    cast: Cast,
    live: Livestream,
    room: str,
    open_socket: OpenSocket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also for a post that waits for a lock held by a post without a database."""
    monkeypatch.setattr(keyed_lock, "MAX_WAIT_SECONDS", 0.01)
    bram = open_socket(cast.bram)
    with keyed_lock.keyed_lock(room if held_up else None), database_away():
        refused = post(bram, room)
    assert (refused.status, refused["error"]) == (503, "unavailable")
    assert refused["message"]
    assert refused["retry_after"] == RETRY_AFTER_SECONDS
    assert post(bram, room).ok
