"""Tests of introductions: silent declines, coffees from two acceptances, and unnoticeable blocks."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from events.accounts.models import User
from events.coffees import forms
from events.coffees.actions import introductions
from events.coffees.actions.introductions import MAX_PER_COFFEE
from events.coffees.models import Coffee, Introduction
from events.coffees.queries import coffees
from events.coffees.queries import introductions as coffees_introducing
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories.accounts import make_block, make_key, make_user
from tests.factories.availability import make_claims, make_days_off
from tests.factories.circles import make_member
from tests.factories.coffees import make_coffee, person
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, path_in
from tests.support.types import OpenPage, Outbox, SetClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def met(cast: Cast, set_clock: SetClock) -> str:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met").id


def introduce(by: User, coffee_id: str, partner: User, member: User) -> str:
    with unit_of_work() as db:
        data = forms.Introduce(partner=partner.id, member=member.id, why="Allebei een winkel")
        return introductions.introduce(db, person(by), coffees.get_coffee(db, coffee_id), data).id


def answer(who: User, introduction_id: str, said: str) -> str | None:
    with unit_of_work() as db:
        found = coffees_introducing.get_introduction(db, person(who), introduction_id)
        data = forms.Introduced.model_validate({"answer": said})
        return introductions.answer_introduction(db, person(who), found, data).made_id


def test_two_yeses_make_a_coffee_with_its_reason(
    cast: Cast, met: str, outbox: Outbox, page: OpenPage
) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    sent = outbox()
    assert addresses(sent) == sorted([cast.dana.email, cast.chris.email])
    mine = next(mail for mail in sent if mail["To"].addresses[0].addr_spec == cast.chris.email)
    assert mine["Subject"] == "Bram would like to introduce you to Dana"
    visitor = page(None)
    opened = visitor.get(path_in(mine, "/k/")).location
    assert opened.endswith(f"/introductions/{introduction}?answer=yes")
    assert "You tapped ‘Yes, please’. One more tap:" in visitor.get(opened).text
    assert 'value="no"' not in visitor.get(opened).text
    assert "‘Allebei een winkel’" in visitor.main(f"/introductions/{introduction}")
    assert visitor.post(f"/introductions/{introduction}", answer="yes").status_code == 303
    made_id = answer(cast.dana, introduction, "yes")
    assert made_id is not None
    with unit_of_work() as db:
        made = db.get_one(Coffee, made_id)
        assert made.state == "proposed"
        assert {seat.user_id for seat in made.seats} == {cast.dana.id, cast.chris.id}
        assert made.seats[0].reasons == [{"code": "introduced", "name": "Bram"}]
    assert "Bram introduced you to each other." in page(cast.dana).main(f"/coffees/{made_id}")
    assert "they both said yes" in page(cast.bram).main(f"/coffees/{met}")
    assert page(cast.bram).get(f"/coffees/{made_id}").status_code == 404


def test_a_declined_introduction_stays_private(cast: Cast, met: str, page: OpenPage, outbox: Outbox) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    outbox()
    bram, chris = page(cast.bram), page(cast.chris)
    before = [bram.main(f"/coffees/{met}"), chris.main(f"/introductions/{introduction}")]
    answer(cast.dana, introduction, "no")
    assert [bram.main(f"/coffees/{met}"), chris.main(f"/introductions/{introduction}")] == before
    sent = len(outbox())
    assert answer(cast.chris, introduction, "yes") is None
    assert len(outbox()) == sent


@pytest.mark.parametrize("why", ["one blocked", "introducer blocked", "wants no invitations"])
def test_a_withheld_introduction_looks_unanswered(
    cast: Cast, met: str, page: OpenPage, outbox: Outbox, why: str
) -> None:
    bram = page(cast.bram)
    with unit_of_work() as db:
        if why == "wants no invitations":
            db.get_one(User, cast.chris.id).welcomes = "nobody"
        else:
            make_block(db, cast.chris, cast.dana if why == "one blocked" else cast.bram)
    asked = bram.post(
        f"/coffees/{met}/introduce", partner=cast.dana.id, member=cast.chris.id, why="Allebei een winkel"
    )
    assert asked.status_code == 303
    assert "we've asked them both" in bram.main(f"/coffees/{met}")
    assert outbox() == []
    with unit_of_work() as db:
        introduction = db.query(Introduction).one().id
    for person_ in (cast.dana, cast.chris):
        assert page(person_).get(f"/introductions/{introduction}").status_code == 404


def test_only_its_people_introduce_and_only_members_are_introduced(cast: Cast, met: str) -> None:
    for stranger in (cast.olga, cast.anna, cast.chris):
        with pytest.raises(Forbidden):
            introduce(stranger, met, cast.dana, cast.chris)
    with pytest.raises(NotFound):
        introduce(cast.bram, met, cast.dana, cast.olga)
    for partner, member in ((cast.chris, cast.anna), (cast.dana, cast.bram)):
        with pytest.raises(Invalid):
            introduce(cast.bram, met, partner, member)


def test_a_participant_makes_at_most_three_introductions_per_coffee(
    cast: Cast, met: str, outbox: Outbox
) -> None:
    with unit_of_work() as db:
        crowd = [make_user(db, f"Lid {number}") for number in range(MAX_PER_COFFEE + 1)]
        for one in crowd:
            make_member(db, cast.circle, one)
    for one in crowd[:-1]:
        introduce(cast.bram, met, cast.dana, one)
    with pytest.raises(Conflict, match="enough_introduced"):
        introduce(cast.bram, met, cast.dana, crowd[-1])
    told = [address for address in addresses(outbox()) if address == cast.dana.email]
    assert len(told) == MAX_PER_COFFEE


def test_the_key_of_a_coffee_introduces_nobody(cast: Cast, met: str) -> None:
    """A forwarded mail's key reads and answers that coffee only."""
    bearer = Actor(kind="key", person_id=cast.bram.id, keys=frozenset({("coffee", met)}))
    data = forms.Introduce(partner=cast.dana.id, member=cast.chris.id)
    with pytest.raises(Forbidden), unit_of_work() as db:
        introductions.introduce(db, bearer, coffees.get_coffee(db, met), data)


def test_an_introduction_is_idempotent_and_expires_after_a_week(
    cast: Cast, met: str, set_clock: SetClock
) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    assert introduce(cast.bram, met, cast.dana, cast.chris) == introduction
    set_clock(timedelta(days=7, hours=12))
    with pytest.raises(Conflict, match="introduction_over"):
        answer(cast.dana, introduction, "yes")


def test_an_introduction_is_private_and_a_key_opens_no_member_list(
    cast: Cast, met: str, page: OpenPage
) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    for stranger in (cast.olga, cast.anna, cast.bram):
        assert page(stranger).get(f"/introductions/{introduction}").status_code == 404
    assert "introduce you" not in page(cast.dana).main(f"/coffees/{met}")
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "coffee", met)
    visitor = page(None)
    visitor.open_key(key)
    assert visitor.get(f"/coffees/{met}/introduce").status_code in {303, 404}


def agree_without_a_time(cast: Cast, met: str) -> str:
    """Both accept, and Dana is away for as long as times are offered."""
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    with unit_of_work() as db:
        today = clock.now().date()
        make_days_off(db, cast.dana, today, today + timedelta(days=30))
    for who in (cast.dana, cast.chris):
        assert answer(who, introduction, "yes") is None
    return introduction


def name_time(who: User, introduction_id: str, starts_at: datetime) -> Coffee:
    with unit_of_work() as db:
        found = coffees_introducing.get_introduction(db, person(who), introduction_id)
        return introductions.propose_introduction_time(db, person(who), found, starts_at)


def agreed_mails(sent: list[EmailMessage]) -> list[str]:
    return addresses([mail for mail in sent if "both said yes. When?" in mail["Subject"]])


def test_two_yeses_without_a_common_time_let_either_propose_one(
    cast: Cast, met: str, outbox: Outbox, page: OpenPage
) -> None:
    introduction = agree_without_a_time(cast, met)
    sent = outbox()
    assert agreed_mails(sent) == sorted([cast.dana.email, cast.chris.email])
    answer(cast.chris, introduction, "yes")
    assert len(outbox()) == len(sent)
    assert "they both said yes, and choose a time together" in page(cast.bram).main(f"/coffees/{met}")
    mine = [mail for mail in sent if mail["To"].addresses[0].addr_spec == cast.chris.email][-1]
    visitor = page(None)
    visitor.get(path_in(mine, "/k/"))
    assert "no time that suits you both" in visitor.main(f"/introductions/{introduction}")
    day = (clock.now() + timedelta(days=40)).date()
    named = visitor.post(f"/introductions/{introduction}/time", day=str(day), hour="10:00")
    assert named.location.endswith(f"/introductions/{introduction}")
    with unit_of_work() as db:
        made = db.get_one(Coffee, db.get_one(Introduction, introduction).made_id)
        assert {seat.user_id: seat.answer for seat in made.seats} == {
            cast.dana.id: "waiting",
            cast.chris.id: "yes",
        }
    assert "Chris proposes this time" in page(cast.dana).main(f"/coffees/{made.id}")
    with pytest.raises(Conflict, match="coffee_planned"):
        name_time(cast.dana, introduction, made.starts_at)


def test_only_the_two_name_a_time_and_only_once_both_said_yes(
    cast: Cast, met: str, set_clock: SetClock
) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    at_ten = (clock.now() + timedelta(days=40)).replace(hour=10, minute=0, second=0, microsecond=0)
    answer(cast.dana, introduction, "yes")
    with pytest.raises(Conflict, match="introduction_over"):
        name_time(cast.dana, introduction, at_ten)
    for stranger in (cast.olga, cast.anna, cast.bram):
        with pytest.raises(NotFound):
            name_time(stranger, introduction, at_ten)


def test_a_busy_or_past_time_is_refused(cast: Cast, met: str, set_clock: SetClock) -> None:
    introduction = agree_without_a_time(cast, met)
    at_ten = (clock.now() + timedelta(days=40)).replace(hour=10, minute=0, second=0, microsecond=0)
    with unit_of_work() as db:
        make_claims(db, cast.chris, at_ten)
    with pytest.raises(Conflict, match="you_are_busy"):
        name_time(cast.chris, introduction, at_ten)
    with pytest.raises(Invalid):
        name_time(cast.chris, introduction, at_ten + timedelta(minutes=7))
    set_clock(timedelta(days=7, hours=12))
    with pytest.raises(Conflict, match="introduction_over"):
        name_time(cast.chris, introduction, at_ten + timedelta(hours=2))


def test_a_block_after_two_yeses_reads_like_no_answer(cast: Cast, met: str, outbox: Outbox) -> None:
    introduction = introduce(cast.bram, met, cast.dana, cast.chris)
    answer(cast.dana, introduction, "yes")
    outbox()
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.chris)
    made = answer(cast.chris, introduction, "yes")
    assert made is not None  # as without a block, since there are times that suit both
    with unit_of_work() as db:
        seats = coffees.get_coffee(db, made).seats
        assert {one.user_id: one.delivered for one in seats} == {cast.dana.id: False, cast.chris.id: True}
    assert {mail["To"].addresses[0].addr_spec for mail in outbox()} == {cast.chris.email}


def test_a_block_before_a_time_is_named_reads_like_no_answer(
    cast: Cast, met: str, outbox: Outbox, set_clock: SetClock
) -> None:
    introduction = agree_without_a_time(cast, met)
    with unit_of_work() as db:
        make_block(db, cast.dana, cast.chris)
    sent = outbox()
    at_ten = (clock.now() + timedelta(days=9)).replace(hour=10, minute=0, second=0, microsecond=0)
    with pytest.raises(Conflict, match="you_blocked"):
        name_time(cast.dana, introduction, at_ten)
    made = name_time(cast.chris, introduction, at_ten)
    assert {seat.user_id: seat.delivered for seat in made.seats} == {cast.dana.id: False, cast.chris.id: True}
    assert len(outbox()) == len(sent)
