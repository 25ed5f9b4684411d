"""Under contention: numbers without gaps, each message once."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from events.chat import actions, forms
from events.chat.models import Entry, Room
from events.chat.queries.entries import list_messages
from events.chat.queries.panels import MAX_MESSAGES_SHOWN, panel_of
from events.chat.queries.rooms import last_seq, livestream_room, register_room_finder
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.chat import make_line
from tests.support.cast import Cast

POSTS = 40
WRITERS = 8


def run_together(tasks: list[Callable[[], None]]) -> list[BaseException]:
    """Run these at once, each in its own thread; what went wrong in them."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], None]) -> None:
        start.wait()
        try:
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


@pytest.mark.postgres
def test_forty_posts_at_once_are_numbered_without_gaps(cast: Cast, live: Livestream, room: str) -> None:
    register_room_finder("livestream", livestream_room)
    people = [Actor(kind="person", person_id=one.id, name=one.name) for one in (cast.bram, cast.chris)]
    given: dict[str, int] = {}

    def write(writer: int) -> None:
        for number in range(POSTS // WRITERS):
            client_id = f"client-{writer}-{number}"
            with unit_of_work() as db:
                data = forms.Post(room=room, client_id=client_id, body=f"{writer}.{number}")
                entry = actions.post_message(db, people[writer % 2], data)
            given[client_id] = entry.seq

    failures = run_together([lambda writer=writer: write(writer) for writer in range(WRITERS)])  # type: ignore[misc]  # the usual closure over a loop variable

    assert failures == []
    with unit_of_work() as db:
        stored = {one.client_id: one.seq for one in db.scalars(select(Entry))}
        assert stored == given, "what was acknowledged is what is there"
        assert sorted(stored.values()) == list(range(1, POSTS + 1))
        assert last_seq(db, live.id) == POSTS
        assert len(db.scalars(select(Room)).all()) == 1


@pytest.mark.postgres
def test_one_message_sent_by_eight_tabs_at_once_is_there_once(
    cast: Cast, live: Livestream, room: str
) -> None:
    register_room_finder("livestream", livestream_room)
    bram = Actor(kind="person", person_id=cast.bram.id, name="Bram")
    answers: list[tuple[str, int]] = []

    def write() -> None:
        with unit_of_work() as db:
            data = forms.Post(room=room, client_id="client-0001", body="Eén keer")
            entry = actions.post_message(db, bram, data)
            answers.append((entry.id, entry.seq))

    assert run_together([write] * WRITERS) == []
    assert len(set(answers)) == 1
    assert len(answers) == WRITERS
    with unit_of_work() as db:
        assert last_seq(db, live.id) == 1, "no number was burnt"


def test_the_panel_shows_the_current_messages(cast: Cast, live: Livestream, room: str) -> None:
    register_room_finder("livestream", livestream_room)
    anna = Actor(kind="person", person_id=cast.anna.id, name="Anna", sign_in_id="x")
    with unit_of_work() as db:
        for number in range(60):
            make_line(db, live, cast.bram, f"Bericht {number + 1}")
        make_line(db, live, cast.bram, "Zie https://example.test", reply_to=60)
        actions.delete_message(db, anna, forms.Delete(room=room, seq=60))
        actions.pin_message(db, anna, forms.Pin(room=room, seq=3))
    with unit_of_work() as db:
        panel = panel_of(db, anna, db.get_one(Livestream, live.id))
        lines = list_messages(db, db.scalars(select(Room.id)).one(), 100)
    first = 62 - MAX_MESSAGES_SHOWN
    assert [line.seq for line in panel.lines] == list(range(first, 62))
    assert (panel.last_seq, panel.first_seq, panel.more) == (63, first, True)
    assert panel.pinned is not None
    assert panel.pinned.body == "Bericht 3"
    assert panel.may_moderate
    assert [line.seq for line in lines] == [*range(1, 60), 61]
    assert lines[59].reply_to == 60
    assert lines[59].body_html is not None
