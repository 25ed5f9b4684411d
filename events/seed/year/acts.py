"""Acts of simulated people, each in a transaction of its own and through the product's action."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.calls import actions as calls
from events.circles.actions.topics import set_interests
from events.circles.forms.circles import Interests
from events.circles.models import Circle, Interest, Membership
from events.circles.queries.circles import list_topics
from events.coffees.actions.outcomes import record_outcome
from events.coffees.actions.responses import accept_coffee, cancel_coffee
from events.coffees.actions.undoing import delay_decline
from events.coffees.forms import Outcome
from events.coffees.models import Coffee
from events.coffees.queries.coffees import seat_of, taking_part
from events.core import clock
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.quick_calls.actions import look_for_call as look_for_quick_call
from events.registrations.actions import add_registration
from events.rounds.actions.opting_in import join_round, rejoin_round, submit_opt_in
from events.rounds.forms import OptInForm, Rejoin
from events.rounds.models import Round
from events.rounds.queries.rounds import opt_in_of
from events.rounds.rules import timeline as round_times
from events.seed.people import acting
from events.seed.year.assumptions import CHOOSES_TIME, MIN_TIMES
from events.seed.year.people import Chance, Member
from events.welcomes.actions import accept_welcome, choose_to_welcome
from events.welcomes.forms import WelcomeNewcomers

YES_OR_NO = {True: "yes", False: "no"}


def register(user_id: str, livestream_id: str) -> None:
    with unit_of_work() as db:
        add_registration(db, acting(db.get_one(User, user_id)), get_livestream(db, livestream_id))


def fill_profile(db: Session, user: User, circle: Circle, member: Member) -> None:
    """List the member, with topics for who fills them in."""
    asks, offers = topic_ids(db, circle.id, member) if member.fills_profile else ([], [])
    set_interests(db, acting(user), circle, Interests(asks=asks, offers=offers, listed=True))


def topic_ids(db: Session, circle_id: str, member: Member) -> tuple[list[str], list[str]]:
    ids = {topic.name_nl: topic.id for topic in list_topics(db, circle_id)}
    return [ids[name] for name in member.asks], [ids[name] for name in member.offers]


def say_yes(user_id: str, round_id: str, member: Member, chance: Chance, *, picks: bool) -> None:
    """Say yes with times of one's own, unless it was said already or the round is over."""
    with unit_of_work() as db:
        round_ = db.get_one(Round, round_id)
        now = clock.now()
        if not round_times.is_open(round_, now) and not round_times.is_open_late(round_, now):
            return
        if opt_in_of(db, round_id, user_id) is not None:
            return
        form = OptInForm(
            times=_choose_times(round_times.times_left(round_, now), member, round_, chance),
            forms=["online"],
            trio=chance.happens(0.7, member.number, round_.opened_at, "trio"),
        )
        if picks and not _has_topics(db, round_.circle_id, user_id):
            asks, offers = topic_ids(db, round_.circle_id, member)
            form = form.model_copy(update={"with_topics": True, "asks": asks, "offers": offers})
        actor = acting(db.get_one(User, user_id))
        livestream = db.get(Livestream, round_.livestream_id) if round_.livestream_id else None
        if livestream is None:
            join_round(db, actor, round_, form)
        else:
            submit_opt_in(db, actor, livestream, form)


def rejoin(user_id: str, coffee_id: str, member: Member, chance: Chance) -> None:
    """From the page of a coffee that is off: another one of the round, at times that are left."""
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        round_ = db.get_one(Round, coffee.round_id)
        times = _choose_times(round_times.times_left(round_, clock.now()), member, round_, chance)
        rejoin_round(db, acting(db.get_one(User, user_id)), coffee, Rejoin(times=times))


def answer(user_id: str, coffee_id: str, *, accepts: bool, replacement: bool) -> None:
    """A yes or "not right now" to a coffee that still waits for it; else nothing."""
    with unit_of_work() as db:
        coffee, user = db.get_one(Coffee, coffee_id), db.get_one(User, user_id)
        if coffee.state != "proposed" or seat_of(coffee, user_id).answer != "waiting":
            return
        if accepts:
            accept_coffee(db, acting(user), coffee, coffee.version, replacement=replacement)
        else:
            delay_decline(db, acting(user), coffee, coffee.version)


def cancel(user_id: str, coffee_id: str) -> None:
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        if coffee.state == "confirmed":
            cancel_coffee(db, acting(db.get_one(User, user_id)), coffee)


def tell(user_id: str, coffee_id: str, *, took_place: bool, worth_it: bool) -> None:
    with unit_of_work() as db:
        form = Outcome.model_validate(
            {
                "took_place": YES_OR_NO[took_place],
                "worth_it": YES_OR_NO[worth_it] if took_place else None,
                "again": YES_OR_NO[worth_it],
            }
        )
        record_outcome(db, acting(db.get_one(User, user_id)), db.get_one(Coffee, coffee_id), form)


def enter_call(coffee_id: str) -> None:
    """All of its people come in at its start, and hear each other."""
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        for seat in taking_part(coffee):
            calls.enter_call(db, acting(seat.user), coffee, tab=seat.id, relay_required=False)
            calls.record_connected(db, acting(seat.user), coffee, tab=seat.id)


def leave_call(coffee_id: str) -> None:
    with unit_of_work() as db:
        coffee = db.get_one(Coffee, coffee_id)
        for seat in taking_part(coffee):
            calls.leave_call(db, acting(seat.user), coffee, tab=seat.id)


def look_for_call(user_id: str, circle_id: str) -> Coffee | None:
    with unit_of_work() as db:
        return look_for_quick_call(db, acting(db.get_one(User, user_id)), db.get_one(Circle, circle_id))


def agree_to_welcome(user_id: str, circle_id: str) -> None:
    with unit_of_work() as db:
        data = WelcomeNewcomers(welcomes=True)
        choose_to_welcome(db, acting(db.get_one(User, user_id)), db.get_one(Circle, circle_id), data)


def be_welcomed(user_id: str, circle_id: str) -> None:
    with unit_of_work() as db:
        accept_welcome(db, acting(db.get_one(User, user_id)), db.get_one(Circle, circle_id))


def _has_topics(db: Session, circle_id: str, user_id: str) -> bool:
    query = (
        select(Interest.topic_id)
        .join(Membership, Membership.id == Interest.membership_id)
        .where(Membership.circle_id == circle_id, Membership.user_id == user_id)
    )
    return db.scalar(query.limit(1)) is not None


def _choose_times(left: list[datetime], member: Member, round_: Round, chance: Chance) -> list[datetime]:
    draw = chance.draw(member.number, round_.opened_at, "times")
    chosen = [start for start in left if draw.random() < CHOOSES_TIME]
    return chosen if len(chosen) >= MIN_TIMES else draw.sample(left, min(MIN_TIMES, len(left)))
