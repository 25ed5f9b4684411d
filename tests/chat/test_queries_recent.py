"""In-process cache of new entries: consistent with the database, and safe under rollback."""

import pytest

from events.accounts.models import User
from events.chat import forms
from events.chat.actions import messages as actions
from events.chat.listeners import broadcast_entries
from events.chat.queries import recent
from events.chat.queries.entries import entry_data, list_entries
from events.chat.queries.recent import take_recent
from events.chat.queries.rooms import room_of
from events.core.db.session import unit_of_work
from events.core.web.forms import parse_frame
from events.livestreams.models import Livestream
from tests.support.cast import Cast, acting_as
from tests.support.types import OpenSocket


def post(person: User, room: str, client_id: str, body: str = "Goed punt") -> tuple[int, str]:
    """Post a message without dispatching its broadcast: (seq, entry id)."""
    actor = acting_as(person)
    with unit_of_work() as db:
        data = parse_frame(forms.Post, {"room": room, "client_id": client_id, "body": body})
        entry = actions.post_message(db, actor, data)
        db.info.clear()
        return entry.seq, entry.id


def stored(live: Livestream) -> list[dict[str, object]]:
    with unit_of_work() as db:
        room = room_of(db, live.id)
        assert room is not None
        return entry_data(db, list_entries(db, room.id))


def test_a_remembered_entry_equals_the_stored_one(cast: Cast, live: Livestream, room: str) -> None:
    written = [
        post(cast.bram, room, "client-0001", "Zie https://example.org/koffie"),
        post(cast.chris, room, "client-0002"),
    ]
    assert take_recent(written) == (room, stored(live))


def test_a_rolled_back_entry_is_not_broadcast_under_its_number(
    cast: Cast, live: Livestream, room: str
) -> None:
    actor = acting_as(cast.bram)
    data = parse_frame(forms.Post, {"room": room, "client_id": "client-0001", "body": "Toch niet"})
    with unit_of_work() as db:
        lost = actions.post_message(db, actor, data)
        db.info.clear()
        db.rollback()
    kept = post(cast.chris, room, "client-0002")
    assert lost.seq == kept[0]
    assert take_recent([kept]) == (room, stored(live))


def test_a_gap_left_by_another_process_is_read_from_the_database(
    cast: Cast, live: Livestream, room: str, open_socket: OpenSocket
) -> None:
    dana = open_socket(cast.dana)
    dana.send("chat.enter", room=room)
    first, second, third = (post(cast.bram, room, f"client-000{number}") for number in range(3))
    recent._recent.pop(second[1])  # as if another process wrote it
    with unit_of_work() as db:
        found = room_of(db, live.id)
    assert found is not None

    broadcast_entries(found.id, [third, first])

    (frame,) = dana.received("chat.entries")
    assert frame["entries"] == stored(live)


def test_the_cache_is_bounded_without_broadcasts(
    cast: Cast, room: str, live: Livestream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "MAX_RECENT_ENTRIES", 5)
    monkeypatch.setattr(recent, "_recent", {})
    for number in range(8):
        post(cast.bram, room, f"client-00{number:02}")
    assert len(recent._recent) == 5
