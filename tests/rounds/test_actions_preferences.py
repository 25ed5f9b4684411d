"""Tests of standing preferences: automatic opt-ins, pauses, unanswered proposals and exclusions."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.circles.actions.members import leave_circle
from events.circles.models import Circle
from events.coffees.actions.responses import accept_coffee, decline_coffee, expire_coffee
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden, Invalid
from events.livestreams.queries.livestreams import get_livestream
from events.rounds import forms, jobs
from events.rounds.actions import exclusions, opting_in
from events.rounds.actions import preferences as matching_standing
from events.rounds.models import Exclusion, OptIn, Round, RoundPreference
from events.rounds.queries import preferences as standing_queries
from events.rounds.queries import rounds
from events.rounds.rules import timeline
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

ALWAYS = forms.Always(always=True, parts=["morning"], forms=["phone"], lengths=[15, 30])


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name, sign_in_id="s")


def always(cast: Cast, user: User, data: forms.Always = ALWAYS) -> None:
    with unit_of_work() as db:
        matching_standing.set_always(db, person(user), db.get_one(Circle, cast.circle.id), data)


def a_round(cast: Cast) -> Round:
    with unit_of_work() as db:
        return make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))


def yes_of(round_: Round, user: User) -> OptIn | None:
    with unit_of_work() as db:
        return rounds.opt_in_of(db, round_.id, user.id)


def standing_of(cast: Cast, user: User) -> RoundPreference | None:
    with unit_of_work() as db:
        return standing_queries.preference_of(db, cast.circle.id, user.id)


def test_automatic_opt_ins_choose_times_in_the_chosen_part_of_the_day(
    cast: Cast, set_clock: SetClock
) -> None:
    always(cast, cast.bram)
    round_ = a_round(cast)
    for _ in range(2):
        jobs.opt_in_always_members(round_.id)
    yes = yes_of(round_, cast.bram)
    assert yes is not None
    assert (yes.state, yes.forms, yes.lengths) == ("waiting", ["phone"], [15, 30])
    assert yes.times
    assert all(
        timeline.within_parts([timeline.parse_time(text)], ["morning"], cast.circle.zone)
        for text in yes.times
    )
    assert yes_of(round_, cast.chris) is None


def test_an_automatic_opt_in_never_replaces_an_own_one(cast: Cast, set_clock: SetClock) -> None:
    always(cast, cast.bram)
    round_ = a_round(cast)
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram, forms=["online"], state="withdrawn")
    jobs.opt_in_always_members(round_.id)
    yes = yes_of(round_, cast.bram)
    assert yes is not None
    assert (yes.state, yes.forms) == ("withdrawn", ["online"])


def test_automatic_opt_in_needs_a_part_of_the_day_and_a_format(cast: Cast) -> None:
    with pytest.raises(Invalid) as invalid:
        always(cast, cast.bram, forms.Always(always=True))
    assert invalid.value.fields == [("parts", "no_parts"), ("forms", "no_form")]


def test_former_members_are_not_opted_in(cast: Cast, set_clock: SetClock) -> None:
    always(cast, cast.bram)
    with unit_of_work() as db:
        leave_circle(db, person(cast.bram), db.get_one(Circle, cast.circle.id))
    round_ = a_round(cast)
    jobs.opt_in_always_members(round_.id)
    assert yes_of(round_, cast.bram) is None
    assert standing_of(cast, cast.bram) is None


def pause(cast: Cast, user: User, until: date) -> None:
    with unit_of_work() as db:
        matching_standing.pause_coffees(
            db, person(user), db.get_one(Circle, cast.circle.id), forms.Pause(until=until)
        )


def test_a_pause_withdraws_opt_ins_and_adds_none_until_its_end(cast: Cast, set_clock: SetClock) -> None:
    always(cast, cast.bram)
    first = a_round(cast)
    jobs.opt_in_always_members(first.id)
    pause(cast, cast.bram, date(2026, 12, 20))
    yes = yes_of(first, cast.bram)
    assert yes is not None
    assert yes.state == "withdrawn"
    second = a_round(cast)
    jobs.opt_in_always_members(second.id)
    assert yes_of(second, cast.bram) is None
    set_clock(datetime(2026, 12, 20, 9, tzinfo=clock.now().tzinfo))
    third = a_round(cast)
    jobs.opt_in_always_members(third.id)
    assert yes_of(third, cast.bram) is not None


def test_a_pause_in_the_past_is_refused(cast: Cast, set_clock: SetClock) -> None:
    with pytest.raises(Invalid):
        pause(cast, cast.bram, date(2026, 11, 23))


def stay_silent(cast: Cast, user: User, set_clock: SetClock) -> None:
    """A proposal that this person leaves unanswered while Dana accepts."""
    round_ = a_round(cast)
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [user, cast.dana], round_id=round_.id, answers={"Dana": "yes"})
    set_clock(coffee.answer_by)
    with unit_of_work() as db:
        expire_coffee(db, SYSTEM, db.get_one(Coffee, coffee.id))


def test_three_silent_proposals_pause_and_one_press_from_the_mail_ends_it(
    cast: Cast, set_clock: SetClock, page: OpenPage, outbox: Outbox
) -> None:
    for _ in range(2):
        stay_silent(cast, cast.bram, set_clock)
    standing = standing_of(cast, cast.bram)
    assert standing is not None
    assert (standing.silent, standing.paused_why) == (2, "")
    stay_silent(cast, cast.bram, set_clock)
    standing = standing_of(cast, cast.bram)
    assert standing is not None
    assert standing.paused_why == "silent"
    told = [mail for mail in outbox() if "alone with coffee" in mail["Subject"]]
    assert addresses(told) == [cast.bram.email]
    browser = page(None)
    browser.get(path_in(told[0], "/k/"))
    address = f"/circles/{cast.circle.slug}/coffee/back"
    assert "We ask you nothing until you're back." in browser.get(address).text
    assert browser.post(address).status_code == 303
    standing = standing_of(cast, cast.bram)
    assert standing is not None
    assert (standing.silent, standing.paused_why) == (0, "")
    # The key opens that one page and nothing else of the circle.
    for path in ("coffee", "coffee/always", "coffee/apart", "members"):
        assert browser.get(f"/circles/{cast.circle.slug}/{path}").status_code == 303


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_any_answer_resets_the_count_of_unanswered_proposals(
    cast: Cast, set_clock: SetClock, answer: str
) -> None:
    for _ in range(2):
        stay_silent(cast, cast.bram, set_clock)
    with unit_of_work() as db:
        coffee = make_coffee(db, cast.circle, [cast.bram, cast.dana])
    with unit_of_work() as db:
        act = accept_coffee if answer == "accept" else decline_coffee
        act(db, person(cast.bram), db.get_one(Coffee, coffee.id))
    standing = standing_of(cast, cast.bram)
    assert standing is not None
    assert standing.silent == 0


def test_an_opt_in_ends_a_pause(cast: Cast, set_clock: SetClock) -> None:
    pause(cast, cast.bram, date(2026, 12, 20))
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        data = forms.OptInForm.model_validate({"times": round_.times[:1], "forms": ["online"]})
        opting_in.submit_opt_in(db, person(cast.bram), livestream, data)
        assert not standing_queries.current_preference(db, cast.circle.id, cast.bram.id).paused


@pytest.mark.parametrize("by_company", [False, True])
def test_excluded_people_never_meet_and_do_not_see_the_exclusion(
    cast: Cast, set_clock: SetClock, page: OpenPage, by_company: bool
) -> None:
    round_ = a_round(cast)
    with unit_of_work() as db:
        db.get_one(User, cast.chris.id).company = "Chris  Meubels"
        for user in (cast.bram, cast.chris):
            make_yes(db, round_, user)
    declared = {"company": "chris meubels"} if by_company else {"other": cast.chris.id}
    bram = page(cast.bram)
    address = f"/circles/{cast.circle.slug}/coffee/apart"
    assert bram.post(address, why="competitor", **declared).status_code == 303
    assert "Chris" in bram.get(address).text or "chris meubels" in bram.get(address).text
    for other in (cast.chris, cast.anna):
        html = page(other).get(address).text
        assert "Take off the list:" not in html
    assert page(cast.olga).get(address).status_code == 404
    set_clock(round_.publish_at)
    jobs.match_round(round_.id)
    with unit_of_work() as db:
        assert list_of_round(db, round_.id) == []
        apart_id = db.scalars(select(Exclusion.id)).one()
    assert page(cast.chris).post(f"{address}/{apart_id}/remove").status_code == 404
    assert bram.post(f"{address}/{apart_id}/remove").status_code == 303
    with unit_of_work() as db:
        assert db.scalar(select(Exclusion.id)) is None


def test_an_exclusion_names_one_member_or_company_once_and_never_oneself(cast: Cast) -> None:
    def declare(**given: str) -> Exclusion:
        with unit_of_work() as db:
            return exclusions.add_exclusion(
                db,
                person(cast.bram),
                db.get_one(Circle, cast.circle.id),
                forms.NewExclusion.model_validate(given),
            )

    for wrong in ({}, {"other": cast.bram.id}, {"other": cast.chris.id, "company": "Zaag"}):
        with pytest.raises(Invalid):
            declare(**wrong)
    assert declare(other=cast.chris.id).id == declare(other=cast.chris.id).id
    assert declare(company="Zaag").id == declare(company="zaag ").id


def test_an_outsider_cannot_change_preferences(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        always(cast, cast.olga)
    with pytest.raises(Forbidden):
        pause(cast, cast.olga, date(2030, 1, 1))


def test_a_member_changes_all_preferences_from_the_pages(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    bram = page(cast.bram)
    home = f"/circles/{cast.circle.slug}/coffee"
    answer = bram.post(f"{home}/always", always="1", parts=["evening"], forms="online", lengths=["15", "45"])
    assert answer.status_code == 303
    assert "Always yes: on" in bram.get(home).text
    assert bram.post(f"{home}/always", always="1").status_code == 422
    assert bram.post(f"{home}/pause", until="2026-12-20").status_code == 303
    assert "You take a break until Sunday 20 December." in bram.get(home).text
    assert bram.post(f"{home}/back").status_code == 303
    assert "You take a break" not in bram.get(home).text


def test_the_opt_in_mail_shows_its_times_and_a_link_to_withdraw(
    cast: Cast, set_clock: SetClock, page: OpenPage, outbox: Outbox
) -> None:
    always(cast, cast.bram)
    round_ = a_round(cast)
    jobs.opt_in_always_members(round_.id)
    sent = outbox()
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == f"We said yes for you: coffee in {cast.circle.name}"
    assert addresses(sent) == [cast.bram.email]
    assert "At these times:" in text_of(mail)
    browser = page(None)
    browser.get(path_in(mail, "/k/"))
    with unit_of_work() as db:
        livestream = get_livestream(db, str(db.get_one(Round, round_.id).livestream_id))
    assert browser.post(f"/livestreams/{livestream.slug}/coffee/withdraw").status_code == 303
    yes = yes_of(round_, cast.bram)
    assert yes is not None
    assert yes.state == "withdrawn"
