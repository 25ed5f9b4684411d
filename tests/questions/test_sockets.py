"""Question frames: asking, voting, answering and recipients."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from events.accounts.models import User
from events.core.db.session import unit_of_work
from events.core.realtime import handlers
from events.livestreams.models import Livestream
from events.questions import actions
from events.questions.models import Question, QuestionVote
from events.questions.queries import panel_of
from tests.factories.livestreams import make_livestream
from tests.factories.questions import make_question
from tests.support.cast import Cast, acting_as
from tests.support.clients import Ack, SocketClient
from tests.support.types import OpenSocket


def ask(wire: SocketClient, livestream: Livestream, body: str = "Noem je een prijs?", **more: Any) -> Ack:
    asked = {"livestream": livestream.slug, "client_id": "client-0001", "body": body}
    return wire.send("questions.ask", **{**asked, **more})


def watching(wire: SocketClient, livestream: Livestream) -> SocketClient:
    assert wire.send("presence.enter", livestream=livestream.slug).ok
    wire.received()
    return wire


def pushed(wire: SocketClient) -> list[dict[str, Any]]:
    return [frame["question"] for frame in wire.received("questions.changed")]


def assert_heard_nothing(person: User, wire: SocketClient) -> None:
    handlers.send_to_person(person.id, "fence", {"fence": True})
    assert wire.received() == [{"fence": True}]


def test_a_question_reaches_everyone_there_as_data(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    chris, olga = watching(open_socket(cast.chris), live), open_socket(cast.olga)
    olga.send("presence.enter", livestream=live.slug)
    olga.received()

    ack = ask(open_socket(cast.bram), live)

    [frame] = chris.received("questions.changed")
    assert frame == {
        "livestream": live.slug,
        "question": {
            "id": ack["id"],
            "body": "Noem je een prijs?",
            "author": {"id": cast.bram.id, "name": "Bram"},
            "state": "open",
            "votes": 1,
            "answer": "",
        },
    }
    assert_heard_nothing(cast.olga, olga)


def test_a_nameless_question_reveals_its_author_to_nobody(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    anna = watching(open_socket(cast.anna), live)
    ask(open_socket(cast.bram), live, nameless=True)
    [question] = pushed(anna)
    assert question["author"] is None
    assert cast.bram.id not in str(question)
    with unit_of_work() as db:
        person = acting_as(cast.anna)
        panel = panel_of(db, person, db.get_one(Livestream, live.id))
    assert panel.may_change
    assert panel.open[0].author_name is None


def test_asking_is_idempotent(cast: Cast, live: Livestream, open_socket: OpenSocket) -> None:
    bram = open_socket(cast.bram)
    assert ask(bram, live).data == ask(bram, live).data
    assert ask(bram, live, "Iets anders")["error"] == "client_id_reused"
    with unit_of_work() as db:
        assert db.scalar(select(func.count(Question.id))) == 1


@pytest.mark.parametrize("state", ["announced", "lobby", "live", "paused", "ended", "replay"])
def test_asking_is_possible_before_and_after_too(cast: Cast, open_socket: OpenSocket, state: str) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state=state)
    assert ask(open_socket(cast.bram), livestream).ok


def test_a_cancelled_livestream_takes_no_questions(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="cancelled")
    refused = ask(open_socket(cast.bram), livestream)
    assert (refused.status, refused["error"]) == (409, "not_asking")


def test_a_vote_counts_once_and_can_be_taken_back(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    chris = watching(open_socket(cast.chris), live)
    assert chris.send("questions.vote", question=question.id, up=True)["votes"] == 1
    assert chris.send("questions.vote", question=question.id, up=True)["votes"] == 1
    assert open_socket(cast.dana).send("questions.vote", question=question.id, up=True)["votes"] == 2
    assert chris.send("questions.vote", question=question.id, up=False)["votes"] == 1
    assert chris.send("questions.vote", question=question.id, up=False)["votes"] == 1
    assert [question["votes"] for question in pushed(chris)] == [1, 2, 1], (
        "a vote that changes nothing is not told"
    )


@pytest.mark.postgres
def test_the_count_is_right_when_many_vote_at_once(cast: Cast, live: Livestream) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.anna)
    people = [cast.anna, cast.bram, cast.chris, cast.dana]
    failures: list[BaseException] = []

    def vote(person: User, up: bool) -> None:
        try:
            with unit_of_work() as db:
                voter = acting_as(person)
                actions.vote_for_question(db, voter, question.id, up)
        except BaseException as error:
            failures.append(error)

    for up in (True, True, False, True):
        threads = [threading.Thread(target=vote, args=(person, up)) for person in people for _twice in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with unit_of_work() as db:
            rows = db.scalar(select(func.count(QuestionVote.id)))
            assert db.get_one(Question, question.id).votes == rows == (4 if up else 0)
    assert failures == []


def test_questions_are_sorted_by_votes_with_the_one_on_stage_first(cast: Cast, live: Livestream) -> None:
    with unit_of_work() as db:
        make_question(db, live, cast.bram, "Een stem", voters=(cast.anna,))
        make_question(db, live, cast.bram, "Twee stemmen", voters=(cast.anna, cast.chris))
        make_question(db, live, cast.bram, "Op het podium", state="live")
        make_question(db, live, cast.bram, "Verborgen", state="hidden", voters=(cast.anna,))
        reader = acting_as(cast.bram)
        listed = [question.body for question in panel_of(db, reader, live).open]
    assert listed == ["Op het podium", "Twee stemmen", "Een stem"]


def test_the_team_puts_one_question_at_a_time_on_the_stage(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        first = make_question(db, live, cast.bram, "Eerst")
        second = make_question(db, live, cast.chris, "Dan")
    anna = watching(open_socket(cast.anna), live)
    assert anna.send("questions.change", question=first.id, state="live").ok
    assert anna.send("questions.change", question=second.id, state="live").ok
    assert anna.send("questions.change", question=second.id, state="live").ok, "twice is once"
    assert [(question["body"], question["state"]) for question in pushed(anna)] == [
        ("Eerst", "live"),
        ("Eerst", "answered"),
        ("Dan", "live"),
    ]


def test_an_answer_may_come_in_writing_later(cast: Cast, open_socket: OpenSocket) -> None:
    with unit_of_work() as db:
        over = make_livestream(db, cast.circle, cast.anna, state="ended")
        question = make_question(db, over, cast.bram)
    anna = watching(open_socket(cast.anna), over)
    refused = anna.send("questions.change", question=question.id, state="open", answer="Ja.")
    assert refused["error"] == "answer_needs_answered"
    assert anna.send("questions.change", question=question.id, state="answered").ok
    assert anna.send("questions.change", question=question.id, state="answered", answer="Ja, altijd.").ok
    assert anna.send("questions.change", question=question.id, state="answered").ok
    assert [(question["state"], question["answer"]) for question in pushed(anna)] == [
        ("answered", ""),
        ("answered", "Ja, altijd."),
    ]
    vote = open_socket(cast.chris).send("questions.vote", question=question.id, up=True)
    assert vote["error"] == "question_closed"


def test_a_hidden_question_is_not_sent_to_members(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram, "Niet zo aardig")
    bram = watching(open_socket(cast.bram), live)
    assert open_socket(cast.anna).send("questions.change", question=question.id, state="hidden").ok
    [frame] = pushed(bram)
    assert (frame["id"], frame["state"], frame["body"], frame["author"]) == (question.id, "hidden", "", None)
    assert bram.send("questions.vote", question=question.id, up=True).status == 404
    with unit_of_work() as db:
        reader = acting_as(cast.bram)
        panel = panel_of(db, reader, db.get_one(Livestream, live.id))
    assert panel.open == panel.answered == panel.hidden == []


def test_members_do_not_direct_and_outsiders_find_nothing(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    assert open_socket(cast.bram).send("questions.change", question=question.id, state="live").status == 404
    for someone in (open_socket(cast.olga), open_socket(None)):
        for name, payload in (
            ("questions.vote", {"question": question.id, "up": True}),
            ("questions.change", {"question": question.id, "state": "live"}),
        ):
            absent = someone.send(name, **{**payload, "question": "a" * 26})
            assert someone.send(name, **payload).data == absent.data
            assert absent.status == 404
        assert ask(someone, live).status == 404
    with unit_of_work() as db:
        assert db.scalars(select(Question.state)).all() == ["open"]
        assert db.scalar(select(func.count(QuestionVote.id))) == 0


def test_bad_input_is_refused_with_a_message_and_changes_nothing(
    cast: Cast, live: Livestream, open_socket: OpenSocket
) -> None:
    with unit_of_work() as db:
        question = make_question(db, live, cast.bram)
    anna = open_socket(cast.anna)
    good: dict[str, dict[str, Any]] = {
        "questions.ask": {"livestream": live.slug, "client_id": "client-0001", "body": "Goed?"},
        "questions.vote": {"question": question.id, "up": True},
        "questions.change": {"question": question.id, "state": "live", "answer": None},
    }
    table: list[tuple[str, str, list[object]]] = [
        ("questions.ask", "livestream", [None, 7, "", "../x", "A B", ["a"]]),
        ("questions.ask", "client_id", [None, 7, "short", "x" * 65]),
        ("questions.ask", "body", [None, 7, "", "  ", "\u200b", "nul\x00", "\ud800", "x" * 501, ["a"]]),
        ("questions.ask", "nameless", [None, 1, "yes", []]),
        ("questions.vote", "question", [None, 7, "", "x" * 27, ["a"]]),
        ("questions.vote", "up", [None, 1, "true"]),
        ("questions.change", "question", [None, 7, "x"]),
        ("questions.change", "state", [None, 7, "gone", ["live"]]),
        ("questions.change", "answer", [7, "nul\x00", "\ud800", "x" * 2001]),
    ]
    for name, field, values in table:
        for value in values:
            refused = anna.send(name, **{**good[name], field: value})
            assert refused.status == 422, f"{name} {field}={value!r:.60} answered {refused.data}"
            assert refused["message"]
        assert anna.send(name, **good[name], votes=99).status == 422
    with unit_of_work() as db:
        [left] = db.scalars(select(Question)).all()
        assert (left.state, left.votes, left.answer) == ("open", 0, "")
