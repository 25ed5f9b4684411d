"""Tests of the solver's input: shared interactions and free times, and nothing private."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from events.accounts.models import Block, User
from events.availability.models import Claim
from events.circles.models import Circle, Membership
from events.coffees.actions.proposals import propose_coffee
from events.coffees.forms import Participant, Proposal
from events.coffees.models import Coffee
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollOption, PollVote
from events.questions.models import Question, QuestionVote
from events.rounds.models import FairnessScore, Round
from events.rounds.queries.profile_pairs import MAX_SHARING
from events.rounds.queries.solver_input import problem_of
from events.rounds.rules import timeline
from tests.factories.accounts import make_user
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import SetClock


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> tuple[Livestream, Round]:
    """One live hour, and a round with Bram, Chris and Dana."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        livestream.went_live_at, livestream.ended_at = clock.now() - timedelta(hours=1), clock.now()
        round_ = make_round(db, livestream)
        for user in (cast.bram, cast.chris, cast.dana):
            make_yes(db, round_, user)
        return livestream, round_


def together(db: Session, round_: Round) -> set[tuple[frozenset[str], str]]:
    rows = problem_of(db, round_, 0)["together"]
    assert isinstance(rows, list)
    return {(frozenset((one, other)), code) for one, other, code in rows}


def person_in(db: Session, round_: Round, user: User, wave: int = 0) -> dict[str, object]:
    people = problem_of(db, round_, wave)["people"]
    assert isinstance(people, list)
    found: dict[str, object] = next(one for one in people if one["id"] == user.id)
    return found


def ask(db: Session, livestream: Livestream, user: User, *, nameless: bool = False) -> Question:
    question = Question(
        livestream_id=livestream.id, author_id=user.id, client_id=new_id(), body="Hoe?", nameless=nameless,
        asked_at=clock.now(),
    )  # fmt: skip
    db.add(question)
    db.flush()
    return question


def test_attending_most_of_it_together_is_a_shared_interaction(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    start = clock.now() - timedelta(hours=1)
    with unit_of_work() as db:
        for user, minutes in ((cast.bram, 60), (cast.chris, 36), (cast.dana, 35)):
            make_stay(
                db, livestream, user, entered_at=start, left_at=start + timedelta(minutes=minutes)
            )  # fmt: skip
        assert together(db, round_) == {(frozenset((cast.bram.id, cast.chris.id)), "both_came")}


def test_an_anonymous_question_is_no_shared_interaction(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        ask(db, livestream, cast.bram)
        ask(db, livestream, cast.chris)
        ask(db, livestream, cast.dana, nameless=True)
        assert together(db, round_) == {(frozenset((cast.bram.id, cast.chris.id)), "asked_question")}


def test_votes_of_the_same_kind_are_shared(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    with unit_of_work() as db:
        question = ask(db, livestream, cast.anna)
        db.add_all(QuestionVote(question_id=question.id, user_id=user.id) for user in (cast.bram, cast.chris))
        poll = Poll(livestream_id=livestream.id, title="Hoe vaak?", state="closed", created_at=clock.now())
        db.add(poll)
        db.flush()
        options = [PollOption(poll_id=poll.id, position=at, label=str(at)) for at in range(2)]
        db.add_all(options)
        db.flush()
        for user, option in ((cast.bram, 0), (cast.chris, 1), (cast.dana, 1)):
            db.add(PollVote(poll_id=poll.id, option_id=options[option].id, user_id=user.id))
        db.flush()
        assert together(db, round_) == {
            (frozenset((cast.bram.id, cast.chris.id)), "same_question"),
            (frozenset((cast.chris.id, cast.dana.id)), "same_poll"),
        }


def test_the_same_work_and_having_joined_lately_are_profile_pairs(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    """The circle has been there for longer, and so has Dana."""
    _livestream, round_ = evening
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).created_at = clock.now() - timedelta(days=200)
        for user, days, headline in (
            (cast.bram, 10, "Drukker  thuis"), (cast.chris, 40, ""), (cast.dana, 90, "drukker thuis"),
        ):  # fmt: skip
            db.get_one(User, user.id).headline = headline
            membership = db.query(Membership).filter_by(user_id=user.id, circle_id=cast.circle.id).one()
            membership.created_at = clock.now() - timedelta(days=days)
        db.flush()
        assert together(db, round_) == {
            (frozenset((cast.bram.id, cast.dana.id)), "same_work"),
            (frozenset((cast.bram.id, cast.chris.id)), "both_new"),
        }


def test_in_a_young_circle_being_new_says_nothing_about_two(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    _livestream, round_ = evening
    with unit_of_work() as db:
        db.get_one(Circle, cast.circle.id).created_at = clock.now() - timedelta(days=30)
        for membership in db.query(Membership).filter_by(circle_id=cast.circle.id):
            membership.created_at = clock.now() - timedelta(days=30)
        db.flush()
        assert together(db, round_) == set()


def test_interactions_of_many_people_are_left_out(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    livestream, round_ = evening
    start = clock.now() - timedelta(hours=1)
    with unit_of_work() as db:
        for number in range(MAX_SHARING + 1):
            user = make_user(db, f"Lid {number}")
            make_yes(db, round_, user)
            make_stay(db, livestream, user, entered_at=start, left_at=clock.now())
        assert together(db, round_) == set()


def test_earlier_meetings_and_mutual_wishes_reach_the_solver(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        coffee = propose_coffee(
            db,
            SYSTEM,
            Proposal(
                cast.circle.id,
                clock.now(),
                clock.now(),
                [Participant(cast.bram.id), Participant(cast.chris.id)],
            ),
        )
        coffee.state = "met"
        db.flush()
        pair = sorted((cast.bram.id, cast.chris.id))
        assert problem_of(db, round_, 0)["met"] == [pair]
        assert together(db, round_) == set()
        for seat in coffee.seats:
            seat.again = True
        db.flush()
        assert together(db, round_) == {(frozenset(pair), "again")}


def test_blocks_count_both_ways(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        db.add(Block(blocker_id=cast.bram.id, blocked_id=cast.chris.id, created_at=clock.now()))
        db.add(Block(blocker_id=cast.bram.id, blocked_id=cast.olga.id, created_at=clock.now()))
        db.flush()
        assert person_in(db, round_, cast.bram)["never"] == [cast.chris.id]
        assert person_in(db, round_, cast.chris)["never"] == [cast.bram.id]


def test_claimed_and_past_times_are_not_free(
    cast: Cast, evening: tuple[Livestream, Round], set_clock: SetClock
) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        quarter = timeline.parse_time(round_.times[1]) + timedelta(minutes=15)
        db.add(Claim(user_id=cast.bram.id, quarter=quarter, holder_id="x" * 26))
    set_clock(timeline.parse_time(round_.times[0]))
    with unit_of_work() as db:
        assert person_in(db, round_, cast.bram)["free"] == round_.times[2:]
        assert person_in(db, round_, cast.chris)["free"] == round_.times[1:]


def test_a_missed_round_gives_priority(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        db.add(FairnessScore(circle_id=cast.circle.id, user_id=cast.bram.id, amount=2.0, missed=1))
        db.add(FairnessScore(circle_id=cast.circle.id, user_id=cast.chris.id, amount=2.0, missed=0))
        db.flush()
        assert person_in(db, round_, cast.bram)["luck"] == 0.0
        assert person_in(db, round_, cast.chris)["luck"] == 2.0


def test_the_latest_trio_is_passed_to_the_solver(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    _, round_ = evening

    def drink(db: Session, *users: User, days: int, **changes: object) -> Coffee:
        start = clock.now() - timedelta(days=days)
        places = [Participant(user.id) for user in users]
        coffee = propose_coffee(db, SYSTEM, Proposal(cast.circle.id, start, start, places))
        for name, value in {"state": "met", "round_id": new_id(), **changes}.items():
            setattr(coffee, name, value)
        db.flush()
        return coffee

    def in_three(db: Session) -> set[User]:
        people = (cast.bram, cast.chris, cast.dana)
        return {user for user in people if person_in(db, round_, user)["trio_last"]}

    with unit_of_work() as db:
        assert in_three(db) == set()
        three = drink(db, cast.bram, cast.chris, cast.dana, days=9)
        assert in_three(db) == {cast.bram, cast.chris, cast.dana}
        drink(db, cast.bram, cast.anna, days=8)
        assert in_three(db) == {cast.chris, cast.dana}
        # Neither what was called off, nor a talk of a nazit, nor a coffee without a round is a turn.
        drink(db, cast.chris, cast.anna, days=7, state="cancelled")
        drink(db, cast.chris, cast.anna, days=6, kind="talk")
        drink(db, cast.chris, cast.anna, days=5, round_id=None)
        assert in_three(db) == {cast.chris, cast.dana}
        # Three minus one went on as a pair.
        three.seats[0].answer = "no"
        db.flush()
        assert in_three(db) == set()


def test_the_same_rows_give_the_same_problem(cast: Cast, evening: tuple[Livestream, Round]) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        assert problem_of(db, round_, 0) == problem_of(db, round_, 0)
        assert problem_of(db, round_, 0)["seed"] != problem_of(db, round_, 1)["seed"]


def test_withdrawn_and_matched_people_are_not_in_a_wave(
    cast: Cast, evening: tuple[Livestream, Round]
) -> None:
    _, round_ = evening
    with unit_of_work() as db:
        for number, state in enumerate(("withdrawn", "matched", "left")):
            make_yes(db, round_, make_user(db, f"Lid {number}"), state=state)
        people = problem_of(db, round_, 0)["people"]
        later = problem_of(db, round_, 1)["people"]
        assert isinstance(people, list)
        assert isinstance(later, list)
        assert (len(people), len(later)) == (3, 4)
