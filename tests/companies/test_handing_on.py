"""Tests of handing a coffee on: a colleague is asked, then the other person, who may say no to either."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.availability.actions.claims import claim_times
from events.circles.actions.members import leave_circle
from events.circles.models import Circle, Company, Membership
from events.coffees.actions.responses import accept_coffee, cancel_coffee, decline_coffee
from events.coffees.models import Coffee
from events.companies import actions, queries
from events.companies.forms import AnswerHandover, AskColleague
from events.companies.models import Handover
from events.companies.rules import MAX_WAITING
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid, NotFound
from events.rounds.models import Exclusion, OptIn, RoundPreference
from tests.factories.accounts import make_block, make_key, make_user
from tests.factories.availability import make_calendar
from tests.factories.circles import make_company, make_member
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, has_invite, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

BOL = "Bakkerij Bol"


@pytest.fixture
def colleagues(cast: Cast) -> Company:
    """Bram and Chris work at one company; the coffees are of Bram and Dana."""
    with unit_of_work() as db:
        return make_company(db, cast.circle, BOL, cast.bram, cast.chris)


def planned(cast: Cast, *, state: str = "confirmed", **more: object) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state=state, **more)  # type: ignore[arg-type]


def ask(coffee: Coffee, by: User, to: User, why: str | None = None) -> Handover:
    with unit_of_work() as db:
        there = db.get_one(Coffee, coffee.id)
        return actions.ask_colleague(db, person(by), there, AskColleague(to=to.id, why=why))


def answer(handover: Handover, who: User, said: str = "yes", *, time: object = None) -> Handover:
    with unit_of_work() as db:
        found = db.get_one(Handover, handover.id)
        times = queries.list_times(db, found, db.get_one(Coffee, found.coffee_id))
        data = AnswerHandover(answer=said, time=time or times[0])
        return actions.answer_handover(db, person(who), found, data)


def made_of(handover: Handover) -> Coffee:
    with unit_of_work() as db:
        made = db.get_one(Handover, handover.id).made_id
        assert made is not None
        return db.get_one(Coffee, made)


def state_of(coffee: Coffee) -> str:
    with unit_of_work() as db:
        return db.get_one(Coffee, coffee.id).state


@pytest.mark.parametrize("state", ["proposed", "confirmed"])
def test_a_colleague_comes_instead_and_the_other_says_yes(
    cast: Cast, colleagues: Company, page: OpenPage, outbox: Outbox, state: str
) -> None:
    coffee = planned(cast, state=state)
    bram, chris, dana = page(cast.bram), page(cast.chris), page(cast.dana)
    assert "Not me, a colleague of mine" in bram.main(f"/coffees/{coffee.id}")
    assert "Not me, a colleague of mine" not in dana.main(f"/coffees/{coffee.id}")  # has none
    bram.post(f"/coffees/{coffee.id}/hand-on", to=cast.chris.id, why="Jij weet meer van ovens")
    assert "You asked Chris" in bram.main(f"/coffees/{coffee.id}/hand-on")
    assert state_of(coffee) == state  # until a yes it stays Bram's coffee
    (asked,) = outbox()
    assert addresses([asked]) == [cast.chris.email]
    assert "Jij weet meer van ovens" in text_of(asked)
    assert "Coffee with Dana, instead of Bram?" in chris.main("/")

    visitor = page(None)
    there = visitor.get(path_in(asked, "/k/")).location.partition("?")[0]
    assert "Coffee with Dana, instead of Bram?" in visitor.main(there)
    led = visitor.post(there, answer="yes", time=coffee.starts_at.isoformat())
    assert "/coffees/" in visitor.get(led.location).location
    with unit_of_work() as db:
        handover = db.scalars(select(Handover)).one()
        made = db.get_one(Coffee, handover.made_id)
        assert {seat.user_id: seat.answer for seat in made.seats} == {
            cast.chris.id: "yes",
            cast.dana.id: "waiting",
        }
        assert (made.starts_at, made.minutes, made.asked) == (coffee.starts_at, 30, "colleague")
    assert state_of(coffee) == ("cancelled" if state == "confirmed" else "declined")

    sent = outbox()
    (to_bram,) = mails_to(sent, cast.bram)
    assert "Chris comes instead of you" in text_of(to_bram)
    assert has_invite(to_bram) == (state == "confirmed")  # a calendar that held it lets go
    to_dana = mails_to(sent, cast.dana)
    assert len(to_dana) == (2 if state == "confirmed" else 1)
    proposal = next(mail for mail in to_dana if "A colleague comes instead" in mail["Subject"])
    assert "Chris comes instead of Bram, a colleague at Bakkerij Bol." in text_of(proposal)
    assert "Chris comes instead of you" in bram.main(f"/coffees/{coffee.id}")
    assert "handed this on to a colleague: Chris" in dana.main(f"/coffees/{coffee.id}")
    assert bram.get(f"/coffees/{made.id}").status_code == 404
    with unit_of_work() as db:
        accept_coffee(db, person(cast.dana), db.get_one(Coffee, made.id))
    assert state_of(made) == "confirmed"


def test_the_other_may_say_no_and_waits_for_another_of_the_round(cast: Cast, colleagues: Company) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        round_ = make_round(db, livestream, state="published")
        for user in (cast.bram, cast.chris, cast.dana):
            db.add(
                OptIn(
                    round_id=round_.id, user_id=user.id, state="matched", times=[], forms=["online"],
                    lengths=[30], opted_in_at=clock.now(),
                )
            )  # fmt: skip
    coffee = planned(cast, state="confirmed", round_id=round_.id)
    handover = ask(coffee, cast.bram, cast.chris)
    answer(handover, cast.chris)
    made = made_of(handover)
    assert made.round_id == round_.id
    with unit_of_work() as db:
        cancel = db.get_one(Coffee, made.id)
        accept_coffee(db, person(cast.dana), cancel)
        cancel_coffee(db, person(cast.chris), cancel)
    with unit_of_work() as db:
        states = {one.user_id: one.state for one in db.scalars(select(OptIn))}
    assert states == {cast.bram.id: "matched", cast.chris.id: "matched", cast.dana.id: "waiting"}


def test_a_colleague_of_the_round_keeps_their_own_coffee_when_the_other_declines(
    cast: Cast, colleagues: Company
) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        round_ = make_round(db, livestream, state="published")
        db.add(
            OptIn(
                round_id=round_.id, user_id=cast.chris.id, state="matched", times=[], forms=["online"],
                lengths=[30], opted_in_at=clock.now(),
            )
        )  # fmt: skip
    handover = ask(planned(cast, round_id=round_.id), cast.bram, cast.chris)
    answer(handover, cast.chris)
    with unit_of_work() as db:
        decline_coffee(db, person(cast.dana), db.get_one(Coffee, made_of(handover).id))
    with unit_of_work() as db:
        assert db.scalars(select(OptIn)).one().state == "matched"


def test_a_no_of_the_colleague_leaves_the_coffee_as_it_was(
    cast: Cast, colleagues: Company, page: OpenPage, outbox: Outbox
) -> None:
    coffee = planned(cast)
    handover = ask(coffee, cast.bram, cast.chris)
    before = len(outbox())
    answer(handover, cast.chris, "no")
    assert (state_of(coffee), len(outbox())) == ("confirmed", before)
    assert "Chris can't come." in page(cast.bram).main(f"/coffees/{coffee.id}/hand-on")
    assert "Chris" not in page(cast.dana).main(f"/coffees/{coffee.id}")
    assert ask(coffee, cast.bram, cast.chris).id == handover.id  # not asked twice


@pytest.mark.parametrize(
    "why",
    ["block of the colleague", "block of the other", "block of who asks", "excluded", "pause", "nobody"],
)
def test_what_keeps_it_from_the_colleague_reads_like_no_answer(
    cast: Cast, colleagues: Company, page: OpenPage, outbox: Outbox, why: str
) -> None:
    coffee = planned(cast)
    with unit_of_work() as db:
        if why == "block of the colleague":
            make_block(db, cast.chris, cast.dana)
        elif why == "block of the other":
            make_block(db, cast.dana, cast.chris)
        elif why == "block of who asks":
            make_block(db, cast.chris, cast.bram)
        elif why == "excluded":
            db.add(
                Exclusion(
                    user_id=cast.dana.id, other_id=cast.chris.id, why="customer", created_at=clock.now()
                )
            )
        elif why == "pause":
            db.add(
                RoundPreference(
                    circle_id=cast.circle.id, user_id=cast.chris.id, paused_why="own",
                    paused_until=clock.now() + timedelta(days=30),
                )
            )  # fmt: skip
        else:
            db.get_one(User, cast.chris.id).welcomes = "nobody"
    bram = page(cast.bram)
    bram.post(f"/coffees/{coffee.id}/hand-on", to=cast.chris.id)
    shown = bram.main(f"/coffees/{coffee.id}/hand-on")
    assert "You asked Chris, who can answer until" in shown
    assert outbox() == []
    with unit_of_work() as db:
        handover = db.scalars(select(Handover)).one()
    assert page(cast.chris).get(f"/handed-on/{handover.id}").status_code == 404
    assert "instead of" not in page(cast.chris).main("/")
    with pytest.raises(Forbidden):
        answer(handover, cast.chris, time=coffee.starts_at)


def test_after_a_later_block_the_other_reads_that_it_is_off_and_the_colleague_no_answer(
    cast: Cast, colleagues: Company, page: OpenPage, outbox: Outbox
) -> None:
    coffee = planned(cast)
    handover = ask(coffee, cast.bram, cast.chris)
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.chris)
    outbox()
    answer(handover, cast.chris)
    made = made_of(handover)
    assert [("Off: coffee with Bram" in mail["Subject"]) for mail in mails_to(outbox(), cast.dana)] == [True]
    dana = page(cast.dana)
    assert "Chris" not in dana.main(f"/coffees/{coffee.id}")
    assert dana.get(f"/coffees/{made.id}").status_code == 404
    assert "You said yes. Dana can answer until" in page(cast.chris).main(f"/coffees/{made.id}")
    assert "Chris comes instead of you" in page(cast.bram).main(f"/coffees/{coffee.id}")


@pytest.mark.parametrize("busy_by", ["claim", "own calendar"])
def test_the_time_must_be_free_for_the_colleague(
    cast: Cast, colleagues: Company, page: OpenPage, busy_by: str
) -> None:
    start = (clock.now() + timedelta(days=5)).replace(minute=0, second=0, microsecond=0)
    other = start + timedelta(hours=2)
    coffee = planned(cast, starts_at=start, alternatives=[start, other])
    with unit_of_work() as db:
        if busy_by == "claim":
            claim_times(db, SYSTEM, [cast.chris.id], start, 30, "something else")
        else:
            span = (start - timedelta(minutes=10), start + timedelta(minutes=10))
            make_calendar(db, cast.chris, "https://kalender.test/chris.ics", span)
    handover = ask(coffee, cast.bram, cast.chris)
    chris = page(cast.chris)
    for given in ({"time": start.isoformat()}, {}):
        refused = chris.post(f"/handed-on/{handover.id}", answer="yes", **given)
        assert ("That time has just gone" in refused.text) == bool(given)
    assert state_of(coffee) == "confirmed"
    shown = chris.main(f"/handed-on/{handover.id}")
    assert "is taken for one of you" in shown
    assert shown.count('name="time"') == 1
    answer(handover, cast.chris, time=other)
    assert made_of(handover).starts_at == other


def test_not_once_it_began_and_not_shortly_before(
    cast: Cast, colleagues: Company, page: OpenPage, set_clock: SetClock
) -> None:
    coffee = planned(cast, starts_at=clock.now() + timedelta(days=1))
    handover = ask(coffee, cast.bram, cast.chris)
    set_clock(timedelta(hours=23))
    with pytest.raises(Conflict, match="handover_over"):
        answer(handover, cast.chris, time=coffee.starts_at)
    assert "Not me, a colleague" not in page(cast.bram).main(f"/coffees/{coffee.id}")
    with unit_of_work() as db:
        other = make_user(db, "Els")
        make_member(db, cast.circle, other).company_id = colleagues.id
    with pytest.raises(Conflict, match="handover_late"):
        ask(coffee, cast.bram, other)


def test_the_first_yes_counts_when_both_hand_it_on(cast: Cast, colleagues: Company) -> None:
    with unit_of_work() as db:
        els = make_user(db, "Els")
        make_member(db, cast.circle, els)
        make_company(db, cast.circle, "Dana Advies", cast.dana, els)
    coffee = planned(cast)
    one, other = ask(coffee, cast.bram, cast.chris), ask(coffee, cast.dana, els)
    answer(one, cast.chris)
    with pytest.raises(Conflict, match="handover_over"):
        answer(other, els, time=coffee.starts_at)
    with unit_of_work() as db:
        assert len(db.scalars(select(Coffee)).all()) == 2
    assert answer(one, cast.chris, time=coffee.starts_at).made_id == made_of(one).id  # pressed twice


def test_one_colleague_at_a_time_and_nobody_is_asked_too_often(cast: Cast, colleagues: Company) -> None:
    with unit_of_work() as db:
        els = make_user(db, "Els")
        make_member(db, cast.circle, els).company_id = colleagues.id
    coffee = planned(cast)
    ask(coffee, cast.bram, cast.chris)
    with pytest.raises(Conflict, match="enough_colleagues"):
        ask(coffee, cast.bram, els)
    for day in range(MAX_WAITING - 1):
        ask(planned(cast, starts_at=clock.now() + timedelta(days=7 + day)), cast.bram, cast.chris)
    more = ask(planned(cast, starts_at=clock.now() + timedelta(days=12)), cast.bram, cast.chris)
    assert more.held


@pytest.mark.parametrize("whom", ["unlisted", "of no company", "of another circle", "the other"])
def test_only_a_listed_colleague_of_the_circle_is_asked(cast: Cast, colleagues: Company, whom: str) -> None:
    coffee, to = planned(cast), cast.chris
    with unit_of_work() as db:
        own = db.scalars(select(Membership).where(Membership.user_id == cast.chris.id)).one()
        if whom == "unlisted":
            own.listed = False
        elif whom == "of no company":
            own.company_id = None
        elif whom == "of another circle":
            to = cast.olga
            db.get_one(User, to.id).company = BOL
        else:
            to = cast.dana
            theirs = db.scalars(select(Membership).where(Membership.user_id == to.id)).one()
            theirs.company_id = colleagues.id
    with pytest.raises(Invalid):
        ask(coffee, cast.bram, to)


def test_strangers_neither_ask_nor_answer(cast: Cast, colleagues: Company, page: OpenPage) -> None:
    coffee = planned(cast)
    for who in (cast.anna, cast.chris, cast.olga):
        with pytest.raises(Forbidden):
            ask(coffee, who, cast.chris)
        assert page(who).get(f"/coffees/{coffee.id}/hand-on").status_code == 404
    with unit_of_work() as db:
        by_key = page(None)
        by_key.open_key(make_key(db, cast.bram, "coffee", coffee.id))
    assert by_key.get(f"/coffees/{coffee.id}/hand-on").status_code in {303, 404}  # names of colleagues
    handover = ask(coffee, cast.bram, cast.chris)
    for other in (cast.bram, cast.dana, cast.anna, cast.olga):
        with pytest.raises(Forbidden):
            answer(handover, other, time=coffee.starts_at)
        with unit_of_work() as db, pytest.raises(NotFound):
            queries.get_handover(db, person(other), handover.id)
        assert page(other).get(f"/handed-on/{handover.id}").status_code == 404


def test_a_colleague_who_left_the_circle_answers_nothing(cast: Cast, colleagues: Company) -> None:
    coffee = planned(cast)
    handover = ask(coffee, cast.bram, cast.chris)
    with unit_of_work() as db:
        leave_circle(db, person(cast.chris), db.get_one(Circle, cast.circle.id))
    with pytest.raises(Forbidden):
        answer(handover, cast.chris, time=coffee.starts_at)


def test_a_coffee_of_three_is_not_handed_on(cast: Cast, colleagues: Company, page: OpenPage) -> None:
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana, cast.anna], state="confirmed")
    assert "Not me, a colleague" not in page(cast.bram).main(f"/coffees/{coffee.id}")
    with pytest.raises(Conflict, match="handover_late"):
        ask(coffee, cast.bram, cast.chris)
