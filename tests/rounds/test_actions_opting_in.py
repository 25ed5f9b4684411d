"""Tests of opt-ins: who may, what is refused, and replacement of earlier ones."""

from datetime import timedelta

import pytest

from events.accounts.models import User
from events.availability.models import Claim
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.livestreams.models import Livestream
from events.rounds.actions import lifecycle, opting_in
from events.rounds.forms import OptInForm
from events.rounds.models import OptIn, Round
from events.rounds.queries import rounds
from events.rounds.rules import timeline
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import SetClock


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name)


def holder(user: User, livestream: Livestream) -> Actor:
    return Actor(kind="key", person_id=user.id, keys=frozenset({("livestream", livestream.id)}))


def evening(cast: Cast, *, state: str = "open") -> tuple[Livestream, Round]:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        return livestream, make_round(db, livestream, state=state)


def say(actor: Actor, livestream: Livestream, times: list[str], **more: object) -> OptIn:
    data = {"times": times, "forms": ["online"], **more}
    with unit_of_work() as db:
        return opting_in.submit_opt_in(db, actor, livestream, OptInForm.model_validate(data))


def refused(actor: Actor, livestream: Livestream, times: list[str], **more: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        say(actor, livestream, times, **more)
    return invalid.value.fields


def test_a_member_says_yes(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    yes = say(
        person(cast.bram), livestream, round_.times[:3], forms=["phone", "online"], on_my_mind="Mijn monteur"
    )
    assert (yes.times, yes.forms, yes.on_my_mind, yes.state) == (
        round_.times[:3], ["phone", "online"], "Mijn monteur", "waiting",
    )  # fmt: skip
    assert yes.notify_by is None


def test_a_key_is_enough_for_a_member_and_for_a_guest(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    for user in (cast.bram, cast.olga):
        assert say(holder(user, livestream), livestream, round_.times[:1]).user_id == user.id


def test_a_key_of_another_livestream_is_not(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    other, _ = evening(cast)
    with pytest.raises(Forbidden):
        say(holder(cast.bram, other), livestream, round_.times[:1])


def test_an_outsider_cannot_opt_in(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    with pytest.raises(Forbidden):
        say(person(cast.olga), livestream, round_.times[:1])


def test_missing_times_and_formats_are_refused_together(cast: Cast) -> None:
    livestream, _ = evening(cast)
    assert refused(person(cast.bram), livestream, [], forms=[]) == [
        ("times", "no_times"),
        ("forms", "no_form"),
    ]


def test_a_time_of_another_round_is_refused(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    foreign = (timeline.parse_time(round_.times[0]) + timedelta(minutes=5)).isoformat()
    assert refused(person(cast.bram), livestream, [round_.times[1], foreign]) == [
        ("times", "time_not_offered")
    ]


def test_a_claimed_time_is_refused(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    with unit_of_work() as db:
        quarter = timeline.parse_time(round_.times[0]) + timedelta(minutes=15)
        db.add(Claim(user_id=cast.bram.id, quarter=quarter, holder_id="x" * 26))
    assert refused(person(cast.bram), livestream, round_.times[:2]) == [("times", "time_busy")]
    assert say(person(cast.chris), livestream, round_.times[:2]).times == round_.times[:2]


def test_a_later_opt_in_replaces_the_earlier_one(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    first = say(person(cast.bram), livestream, round_.times[:3])
    second = say(person(cast.bram), livestream, round_.times[4:5], forms=["phone"])
    assert (second.id, second.times, second.forms) == (first.id, round_.times[4:5], ["phone"])


def test_an_equal_instant_in_another_zone_is_the_same_time(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    elsewhere = round_.times[0].replace("+00:00", "Z")
    assert say(person(cast.bram), livestream, [elsewhere, round_.times[0]]).times == [round_.times[0]]


def test_an_opt_in_after_closing_is_refused(cast: Cast, set_clock: SetClock) -> None:
    livestream, round_ = evening(cast)
    set_clock(round_.closes_at)
    with pytest.raises(Conflict, match="round_closed"):
        say(person(cast.bram), livestream, round_.times[:1])


def test_an_opt_in_before_the_round_opens_is_refused(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="live")
    with pytest.raises(Conflict, match="round_not_open"):
        say(person(cast.bram), livestream, [clock.now().isoformat()])


def test_a_late_opt_in_is_answered_within_a_week(cast: Cast) -> None:
    livestream, round_ = evening(cast, state="published")
    yes = say(person(cast.dana), livestream, round_.times[:1])
    assert yes.notify_by is not None
    # At night the news comes by the evening before.
    assert timedelta(days=6, hours=12) < yes.notify_by - yes.opted_in_at <= timedelta(days=7)
    assert yes.notify_by.minute == 0
    again = say(person(cast.dana), livestream, round_.times[:2])
    assert again.notify_by == yes.notify_by


def test_an_opt_in_after_ones_coffee_is_refused(cast: Cast) -> None:
    livestream, round_ = evening(cast, state="published")
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram, state="matched")
        make_coffee(db, cast.circle, [cast.bram, cast.dana], state="confirmed", round_id=round_.id)
    with pytest.raises(Conflict, match="coffee_had"):
        say(person(cast.bram), livestream, round_.times[:1])


def test_an_opt_in_after_the_last_time_is_refused(cast: Cast, set_clock: SetClock) -> None:
    livestream, round_ = evening(cast, state="published")
    set_clock(timeline.parse_time(round_.times[-1]) - timedelta(hours=23))
    with pytest.raises(Conflict, match="round_closed"):
        say(person(cast.bram), livestream, round_.times[-1:])


def test_an_opt_in_can_be_withdrawn_and_repeated(cast: Cast) -> None:
    livestream, round_ = evening(cast)
    say(person(cast.bram), livestream, round_.times[:1])
    for _ in range(2):
        with unit_of_work() as db:
            opting_in.withdraw_opt_in(db, person(cast.bram), livestream)
    with unit_of_work() as db:
        assert rounds.list_opt_ins(db, round_.id, "withdrawn")[0].user_id == cast.bram.id
    assert say(person(cast.bram), livestream, round_.times[:1]).state == "waiting"


def test_a_former_member_gets_no_coffee_from_the_round(cast: Cast) -> None:
    _, round_ = evening(cast)
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
        make_yes(db, round_, cast.chris)
    with unit_of_work() as db:
        opting_in.withdraw_member(db, Actor(kind="system"), cast.circle.id, cast.bram.id)
        assert [yes.user_id for yes in rounds.list_opt_ins(db, round_.id, "waiting")] == [cast.chris.id]


@pytest.mark.parametrize("name", ["open_round", "extend_round", "begin_matching", "end_round"])
def test_only_system_runs_a_round(cast: Cast, name: str) -> None:
    livestream, round_ = evening(cast)
    thing = livestream if name == "open_round" else round_
    with unit_of_work() as db, pytest.raises(Forbidden):
        getattr(lifecycle, name)(db, person(cast.anna), thing)
