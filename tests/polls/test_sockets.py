"""Poll frames: votes, opening, closing and visibility of counts."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from events.accounts.models import User
from events.core.auth.actor import VISITOR
from events.core.db.session import unit_of_work
from events.core.realtime import handlers
from events.livestreams.models import Livestream
from events.polls import actions, forms
from events.polls.models import Poll, PollOption, PollVote
from events.polls.queries import Panel, panel_of
from tests.factories.polls import make_poll, make_poll_vote
from tests.support.cast import Cast, acting_as
from tests.support.clients import SocketClient
from tests.support.types import OpenSocket


def watching(wire: SocketClient, livestream: Livestream) -> SocketClient:
    assert wire.send("presence.enter", livestream=livestream.slug).ok
    wire.received()
    return wire


def assert_heard_nothing(person: User, wire: SocketClient) -> None:
    handlers.send_to_person(person.id, "fence", {"fence": True})
    assert wire.received() == [{"fence": True}]


def panel_for(person: User | None, live: Livestream) -> Panel:
    actor = acting_as(person) if person else VISITOR
    with unit_of_work() as db:
        return panel_of(db, actor, db.get_one(Livestream, live.id))


def test_a_poll_opens_and_closes_for_everyone_there(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live, state="draft")
    bram, olga = watching(open_socket(cast.bram), live), open_socket(cast.olga)
    olga.send("presence.enter", livestream=live.slug)
    olga.received()
    anna = open_socket(cast.anna)

    assert anna.send("polls.change", poll=poll.id, state="open").ok
    assert anna.send("polls.change", poll=poll.id, state="open").ok
    assert bram.send("polls.vote", poll=poll.id, option=options[1].id).ok
    assert anna.send("polls.change", poll=poll.id, state="closed").ok

    opened, closed = bram.received("polls.changed")
    assert opened == {
        "livestream": live.slug,
        "poll": {
            "id": poll.id,
            "title": poll.title,
            "state": "open",
            "options": [{"id": option.id, "label": option.label, "votes": None} for option in options],
            "total": None,
        },
    }
    assert closed["poll"]["state"] == "closed"
    assert [option["votes"] for option in closed["poll"]["options"]] == [0, 1, 0]
    assert closed["poll"]["total"] == 1
    assert_heard_nothing(cast.olga, olga)


def test_counts_are_sent_to_the_voter_only(cast: Cast, live: Livestream, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live)
        make_poll_vote(db, options[0], cast.dana)
    bram, chris = open_socket(cast.bram), watching(open_socket(cast.chris), live)

    ack = bram.send("polls.vote", poll=poll.id, option=options[0].id)
    assert ack["option"] == options[0].id
    assert [option["votes"] for option in ack["poll"]["options"]] == [2, 0, 0]
    again = bram.send("polls.vote", poll=poll.id, option=options[2].id)
    assert [option["votes"] for option in again["poll"]["options"]] == [1, 0, 1]
    assert again["poll"]["total"] == 2, "a changed mind is still one vote"

    assert_heard_nothing(cast.chris, chris)
    assert panel_for(cast.chris, live).polls[0].total is None
    assert {option.votes for option in panel_for(cast.chris, live).polls[0].options} == {None}
    assert panel_for(cast.bram, live).polls[0].total == 2
    assert [option.chosen for option in panel_for(cast.bram, live).polls[0].options] == [False, False, True]
    assert panel_for(cast.anna, live).polls[0].total == 2, "the team sees it live"


def test_everyone_sees_the_counts_of_a_closed_poll(cast: Cast, live: Livestream) -> None:
    with unit_of_work() as db:
        _poll, options = make_poll(db, live, state="closed", labels=("Ja", "Nee"))
        make_poll_vote(db, options[0], cast.bram)
        make_poll_vote(db, options[0], cast.chris)
        make_poll_vote(db, options[1], cast.dana)
    for person in (cast.chris, None):
        [poll] = panel_for(person, live).polls
        assert [(option.votes, option.share) for option in poll.options] == [(2, 67), (1, 33)]


def test_a_draft_is_visible_to_directors_only(cast: Cast, live: Livestream, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live, state="draft")
    assert panel_for(cast.bram, live).polls == panel_for(cast.bram, live).drafts == []
    assert [draft.id for draft in panel_for(cast.anna, live).drafts] == [poll.id]
    bram, anna = open_socket(cast.bram), open_socket(cast.anna)
    assert bram.send("polls.vote", poll=poll.id, option=options[0].id).status == 404
    early = anna.send("polls.change", poll=poll.id, state="closed")
    assert (early.status, early["error"]) == (409, "poll_not_open")


def test_a_closed_poll_takes_no_votes_and_may_open_again(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live, state="closed")
    bram = open_socket(cast.bram)
    refused = bram.send("polls.vote", poll=poll.id, option=options[0].id)
    assert (refused.status, refused["error"]) == (409, "poll_not_open")
    assert refused["message"]
    assert open_socket(cast.anna).send("polls.change", poll=poll.id, state="open").ok
    assert bram.send("polls.vote", poll=poll.id, option=options[0].id).ok


def test_an_option_of_another_poll_is_refused(cast: Cast, live: Livestream, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        poll, _options = make_poll(db, live)
        _other, others = make_poll(db, live, title="Een andere")
    refused = open_socket(cast.bram).send("polls.vote", poll=poll.id, option=others[0].id)
    assert (refused.status, refused["error"]) == (422, "bad_choice")


@pytest.mark.postgres
def test_one_person_in_many_tabs_has_one_vote(cast: Cast, live: Livestream) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live)
    bram = acting_as(cast.bram)
    failures: list[BaseException] = []

    def vote(option: PollOption) -> None:
        try:
            with unit_of_work() as db:
                actions.vote_in_poll(db, bram, forms.Vote(poll=poll.id, option=option.id))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=vote, args=(options[number % 3],)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with unit_of_work() as db:
        assert db.scalar(select(func.count(PollVote.id))) == 1


def test_members_do_not_direct_and_outsiders_find_nothing(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live)
    assert open_socket(cast.bram).send("polls.change", poll=poll.id, state="closed").status == 404
    for someone in (open_socket(cast.olga), open_socket(None)):
        for name, payload in (
            ("polls.vote", {"poll": poll.id, "option": options[0].id}),
            ("polls.change", {"poll": poll.id, "state": "closed"}),
        ):
            absent = someone.send(name, **{**payload, "poll": "a" * 26})
            assert someone.send(name, **payload).data == absent.data
            assert absent.status == 404
    with unit_of_work() as db:
        assert db.scalars(select(Poll.state)).all() == ["open"]
        assert db.scalar(select(func.count(PollVote.id))) == 0


def test_bad_input_is_refused_with_a_message_and_changes_nothing(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        poll, options = make_poll(db, live)
    anna = open_socket(cast.anna)
    good: dict[str, dict[str, Any]] = {
        "polls.vote": {"poll": poll.id, "option": options[0].id},
        "polls.change": {"poll": poll.id, "state": "closed"},
    }
    bad_ids: list[object] = [None, 7, "", "x" * 27, "nul\x00", "\ud800", ["a"], {}]
    table: list[tuple[str, str, list[object]]] = [
        ("polls.vote", "poll", bad_ids),
        ("polls.vote", "option", bad_ids),
        ("polls.change", "poll", bad_ids),
        ("polls.change", "state", [None, 7, "draft", "gone", ["open"]]),
    ]
    for name, field, values in table:
        for value in values:
            refused = anna.send(name, **{**good[name], field: value})
            assert refused.status == 422, f"{name} {field}={value!r:.60} answered {refused.data}"
            assert refused["message"]
        assert anna.send(name, **good[name], votes=99).status == 422
    with unit_of_work() as db:
        assert db.scalars(select(Poll.state)).all() == ["open"]
        assert db.scalar(select(func.count(PollVote.id))) == 0
