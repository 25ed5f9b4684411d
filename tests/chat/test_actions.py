"""Actions in a room: effects and rights, and under contention gapless numbers and no duplicates."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.chat import forms, rules
from events.chat.actions import messages as actions
from events.chat.models import Entry, Room
from events.chat.queries.message_pages import read_messages_from
from events.chat.queries.panels import MAX_MESSAGES_SHOWN, panel_of
from events.chat.queries.rooms import last_seq
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, NotFound
from events.livestreams.models import Livestream
from tests.factories.chat import make_line
from tests.support.cast import Cast, acting_as

SetClock = Callable[[datetime | timedelta], datetime]

POSTS = 40
WRITERS = 8


def post(person: User, room: str, body: str = "Hallo", client_id: str = "client-0001") -> int:
    with unit_of_work() as db:
        data = forms.Post(room=room, client_id=client_id, body=body)
        return actions.post_message(db, acting_as(person), data).seq


def run_together(tasks: list[Callable[[], None]]) -> list[BaseException]:
    """Run each task in its own thread, starting together; returns the errors raised."""
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
    people = [acting_as(cast.bram), acting_as(cast.chris)]
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
        stored = {entry.client_id: entry.seq for entry in db.scalars(select(Entry))}
        assert stored == given, "what was acknowledged is what is there"
        assert sorted(stored.values()) == list(range(1, POSTS + 1))
        assert last_seq(db, live.id) == POSTS
        assert len(db.scalars(select(Room)).all()) == 1


@pytest.mark.postgres
def test_one_message_sent_by_eight_tabs_at_once_is_there_once(
    cast: Cast, live: Livestream, room: str
) -> None:
    bram = acting_as(cast.bram)
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
    anna = acting_as(cast.anna)
    with unit_of_work() as db:
        for number in range(60):
            make_line(db, live, cast.bram, f"Bericht {number + 1}")
        make_line(db, live, cast.bram, "Zie https://example.test", reply_to=60)
        actions.delete_message(db, anna, forms.Delete(room=room, seq=60))
        actions.pin_message(db, anna, forms.Pin(room=room, seq=3))
    with unit_of_work() as db:
        panel = panel_of(db, anna, db.get_one(Livestream, live.id))
        lines = read_messages_from(db, live.id, 100, 0).messages
    first = 62 - MAX_MESSAGES_SHOWN
    assert [line.seq for line in panel.lines] == list(range(first, 62))
    assert (panel.last_seq, panel.first_seq, panel.more) == (63, first, True)
    assert panel.pinned is not None
    assert panel.pinned.body == "Bericht 3"
    assert panel.may_moderate
    assert [line.seq for line in lines] == [*range(1, 60), 61]
    assert lines[59].reply_to == 60
    assert lines[59].body_html is not None


def test_a_resend_returns_the_first_entry_and_another_body_is_refused(cast: Cast, room: str) -> None:
    assert (post(cast.bram, room), post(cast.bram, room)) == (1, 1)
    with pytest.raises(Conflict):
        post(cast.bram, room, "Iets anders")
    assert post(cast.bram, room, client_id="client-0002") == 2


def test_only_the_author_edits_and_only_for_a_while(cast: Cast, room: str, set_clock: SetClock) -> None:
    seq = post(cast.bram, room)
    edit = forms.Edit(room=room, seq=seq, body="Beter")
    with pytest.raises(Forbidden), unit_of_work() as db:
        actions.edit_message(db, acting_as(cast.anna), edit)
    with unit_of_work() as db:
        assert actions.edit_message(db, acting_as(cast.bram), edit).seq == 2
        assert actions.edit_message(db, acting_as(cast.bram), edit).seq == 2
    set_clock(rules.EDIT_WITHIN + timedelta(seconds=1))
    with pytest.raises(Conflict), unit_of_work() as db:
        actions.edit_message(db, acting_as(cast.bram), forms.Edit(room=room, seq=seq, body="Te laat"))


def test_deleting_empties_the_message_and_unpins_it(cast: Cast, live: Livestream, room: str) -> None:
    seq = post(cast.bram, room)
    with unit_of_work() as db:
        actions.pin_message(db, acting_as(cast.anna), forms.Pin(room=room, seq=seq))
    with pytest.raises(Forbidden), unit_of_work() as db:
        actions.delete_message(db, acting_as(cast.dana), forms.Delete(room=room, seq=seq))
    with unit_of_work() as db:
        actions.delete_message(db, acting_as(cast.bram), forms.Delete(room=room, seq=seq))
    with unit_of_work() as db:
        assert db.scalars(select(Room)).one().pinned_seq is None
        assert {entry.body for entry in db.scalars(select(Entry))} == {""}
        assert last_seq(db, live.id) == 3


def test_only_moderators_pin(cast: Cast, room: str) -> None:
    seq = post(cast.bram, room)
    with pytest.raises(Forbidden), unit_of_work() as db:
        actions.pin_message(db, acting_as(cast.bram), forms.Pin(room=room, seq=seq))


def test_a_muted_person_cannot_post_until_the_mute_ends(cast: Cast, room: str, set_clock: SetClock) -> None:
    mute = forms.Mute(room=room, user=cast.bram.id)
    with pytest.raises(NotFound), unit_of_work() as db:
        actions.mute_person(db, acting_as(cast.anna), mute)
    post(cast.bram, room)
    with pytest.raises(Forbidden), unit_of_work() as db:
        actions.mute_person(db, acting_as(cast.dana), mute)
    with unit_of_work() as db:
        actions.mute_person(db, acting_as(cast.anna), mute)
    with pytest.raises(Forbidden):
        post(cast.bram, room, client_id="client-0002")
    set_clock(rules.MUTED_FOR + timedelta(seconds=1))
    assert post(cast.bram, room, client_id="client-0003") == 2


def test_an_outsider_finds_no_room(cast: Cast, room: str) -> None:
    with pytest.raises(NotFound):
        post(cast.olga, room)
