"""Tests of drafts: manual edits, release, cancelled release, and automatic publication."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import Block, User
from events.coffees.models import Coffee
from events.coffees.queries.coffees import list_of_round
from events.core import clock
from events.core.auth.actor import Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.core.jobs import queue
from events.livestreams.queries.livestreams import get_livestream
from events.pairing.json_api import match_json
from events.rounds import jobs
from events.rounds.actions import draft_edits, drafts, opting_in
from events.rounds.actions.draft_edits import MIN_ATTEMPTS
from events.rounds.models import Draft, Round, Run
from events.rounds.queries import rounds
from tests.factories.accounts import make_user
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, SetClock


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name, sign_in_id="s")


@pytest.fixture
def drafted(cast: Cast, set_clock: SetClock) -> Round:
    """Closed and drafted round of six people: three pairs."""
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
        for user in (cast.anna, cast.bram, cast.chris, cast.dana):
            make_yes(db, round_, user, trio=False)
        for name in ("Eva", "Finn"):
            user = make_user(db, name)
            make_member(db, cast.circle, user)
            make_yes(db, round_, user, trio=False)
    set_clock(round_.closes_at)
    jobs.match_round(round_.id)
    return round_


def draft_of(round_: Round) -> Draft:
    with unit_of_work() as db:
        return db.get_one(Draft, round_.id)


def people_in(draft: Draft) -> list[set[str]]:
    return [set(coffee["people"]) for coffee in draft.coffees]  # type: ignore[call-overload]  # a JSON list


def name_of(user_id: str) -> str:
    with unit_of_work() as db:
        return db.get_one(User, user_id).name


def coffees_of(round_: Round) -> list[Coffee]:
    with unit_of_work() as db:
        return list_of_round(db, round_.id)


def change(
    action: Callable[..., object], user: User, round_: Round, *values: object, **more: object
) -> object:
    version = draft_of(round_).version
    with unit_of_work() as db:
        return action(db, person(user), db.get_one(Round, round_.id), *values, version, **more)


def test_a_closed_round_is_drafted_without_mails(drafted: Round) -> None:
    assert coffees_of(drafted) == []
    assert sorted(len(people) for people in people_in(draft_of(drafted))) == [2, 2, 2]
    with unit_of_work() as db:
        assert db.get_one(Round, drafted.id).state == "draft"


def test_a_draft_is_published_unchanged_at_its_time(drafted: Round, set_clock: SetClock) -> None:
    set_clock(drafted.publish_at)
    jobs.match_round(drafted.id)
    jobs.match_round(drafted.id)
    proposed = [{seat.user_id for seat in coffee.seats} for coffee in coffees_of(drafted)]
    assert sorted(map(sorted, proposed)) == sorted(map(sorted, people_in(draft_of(drafted))))
    with unit_of_work() as db:
        assert len(list(db.scalars(select(Run)))) == 1


def test_two_who_swap_meet_each_others_partner_and_that_is_what_is_proposed(
    cast: Cast, drafted: Round, set_clock: SetClock
) -> None:
    one, other = (next(iter(people)) for people in people_in(draft_of(drafted))[:2])
    first, second = people_in(draft_of(drafted))[:2]
    assert change(draft_edits.swap_people, cast.anna, drafted, one, other) in {
        "better",
        "less_well",
        "as_well",
    }
    after = people_in(draft_of(drafted))
    assert (first - {one}) | {other} in after
    assert (second - {other}) | {one} in after
    set_clock(drafted.publish_at)
    jobs.match_round(drafted.id)
    assert (first - {one}) | {other} in [{seat.user_id for seat in c.seats} for c in coffees_of(drafted)]


def test_a_refused_swap_reads_the_same_for_a_block_and_for_no_common_time(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    said = []
    for reason in ("block", "time"):
        with unit_of_work() as db:
            round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
            make_yes(db, round_, cast.bram, trio=False)
            make_yes(db, round_, cast.chris, trio=False, times=round_.times[:4])
            make_yes(db, round_, cast.dana, trio=False, times=round_.times[4 if reason == "time" else 2 :])
            if reason == "block":
                db.add(Block(blocker_id=cast.dana.id, blocked_id=cast.chris.id, created_at=clock.now()))
        set_clock(round_.closes_at)
        jobs.match_round(round_.id)
        anna = page(cast.anna)
        version = str(draft_of(round_).version)
        answer = anna.post(
            f"/rounds/{round_.id}/draft",
            do="together",
            version=version,
            first="Chris",
            second="Dana",
        )
        assert answer.status_code == 303
        html = anna.get(f"/rounds/{round_.id}").text
        assert "That can&#39;t be done." in html
        said.append(html[html.index("That can&#39;t be done.") :][:80])
        with unit_of_work() as db:
            db.get_one(Round, round_.id).state = "closed"
    assert said[0] == said[1]


def test_people_of_a_dissolved_coffee_can_be_grouped_at_a_common_time(cast: Cast, drafted: Round) -> None:
    for _ in range(2):
        change(draft_edits.dissolve_coffee, cast.anna, drafted, 0)
    [stays] = people_in(draft_of(drafted))
    loose = {cast.anna.id, cast.bram.id, cast.chris.id, cast.dana.id} - stays
    three = sorted(loose)[:3]
    change(draft_edits.group_people, cast.anna, drafted, three[:2])
    made = next(coffee for coffee in draft_of(drafted).coffees if set(coffee["people"]) == set(three[:2]))  # type: ignore[call-overload]  # a JSON list
    assert made["locked"] is True
    with unit_of_work() as db:
        for user_id in three[:2]:
            yes = rounds.opt_in_of(db, drafted.id, user_id)
            assert yes is not None
            assert made["starts_at"] in yes.times


def test_a_new_plan_keeps_locked_coffees_and_notes(cast: Cast, drafted: Round) -> None:
    kept = people_in(draft_of(drafted))[1]
    change(draft_edits.write_note, cast.anna, drafted, 1, "Jullie bouwen allebei in Oost")
    change(drafts.request_new_plan, cast.anna, drafted)
    queue.run_due()
    draft = draft_of(drafted)
    mine = [coffee for coffee in draft.coffees if set(coffee["people"]) == kept]  # type: ignore[call-overload]  # a JSON list
    assert [(one["locked"], one["note"]) for one in mine] == [(True, "Jullie bouwen allebei in Oost")]
    assert len(draft.coffees) == 3
    with unit_of_work() as db:
        runs = list(db.scalars(select(Run).order_by(Run.attempt)))
    assert [run.attempt for run in runs] == [0, 1]
    assert len(json.loads(runs[1].input)["locked"]) == 1
    for run in runs:
        again, before = match_json(json.loads(run.input)), json.loads(run.output)
        assert (again["coffees"], again["without"]) == (before["coffees"], before["without"])


def test_a_locked_trio_stays_when_the_others_are_paired_anew(
    cast: Cast, drafted: Round, set_clock: SetClock
) -> None:
    three = [cast.anna.id, cast.bram.id, cast.chris.id]
    change(draft_edits.group_people, cast.anna, drafted, three)
    change(drafts.request_new_plan, cast.anna, drafted)
    queue.run_due()
    assert set(three) in people_in(draft_of(drafted))
    set_clock(drafted.publish_at)
    jobs.match_round(drafted.id)
    assert set(three) in [{seat.user_id for seat in coffee.seats} for coffee in coffees_of(drafted)]


def test_the_note_is_read_by_both_and_by_nobody_else(
    cast: Cast, drafted: Round, set_clock: SetClock, page: OpenPage
) -> None:
    change(draft_edits.write_note, cast.anna, drafted, 0, "Jullie bouwen allebei in Oost")
    people = people_in(draft_of(drafted))[0]
    set_clock(drafted.publish_at)
    jobs.match_round(drafted.id)
    coffee = next(one for one in coffees_of(drafted) if {seat.user_id for seat in one.seats} == people)
    for seat in coffee.seats:
        assert "Jullie bouwen allebei in Oost" in page(seat.user).get(f"/coffees/{coffee.id}").text
    assert page(cast.olga).get(f"/coffees/{coffee.id}").status_code == 404


def test_undo_takes_the_last_change_back_and_only_that(cast: Cast, drafted: Round) -> None:
    before = people_in(draft_of(drafted))
    change(draft_edits.dissolve_coffee, cast.anna, drafted, 0)
    change(draft_edits.undo_change, cast.anna, drafted)
    change(draft_edits.undo_change, cast.anna, drafted)
    assert people_in(draft_of(drafted)) == before


def test_of_two_concurrent_edits_the_second_conflicts(cast: Cast, drafted: Round) -> None:
    version = draft_of(drafted).version
    with unit_of_work() as db:
        draft_edits.dissolve_coffee(db, person(cast.anna), drafted, 0, version)
    with unit_of_work() as db, pytest.raises(Conflict, match="round_changed"):
        draft_edits.dissolve_coffee(db, person(cast.anna), drafted, 0, version)
    assert len(draft_of(drafted).coffees) == 2


def test_an_early_release_can_be_cancelled_for_ten_minutes(
    cast: Cast, drafted: Round, set_clock: SetClock
) -> None:
    for _ in range(2):
        with unit_of_work() as db:
            drafts.release_draft(db, person(cast.anna), drafted)
    with unit_of_work() as db:
        assert db.get_one(Round, drafted.id).publish_at == clock.now() + timedelta(minutes=10)
        drafts.cancel_release(db, person(cast.anna), drafted)
    set_clock(timedelta(minutes=10))
    queue.run_due()
    assert coffees_of(drafted) == []
    with unit_of_work() as db:
        drafts.release_draft(db, person(cast.anna), drafted)
    set_clock(timedelta(minutes=10))
    queue.run_due()
    assert len(coffees_of(drafted)) == 3
    with unit_of_work() as db, pytest.raises(Conflict, match="draft_gone"):
        drafts.cancel_release(db, person(cast.anna), drafted)


def test_two_organisers_and_the_clock_at_once_propose_once(
    app: Flask, cast: Cast, drafted: Round, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        drafts.release_draft(db, person(cast.anna), drafted)
    set_clock(timedelta(minutes=10))

    def run(number: int) -> None:
        with app.app_context():
            if number:
                jobs.match_round(drafted.id)
                return
            with unit_of_work() as db:
                drafts.release_draft(db, person(cast.anna), db.get_one(Round, drafted.id))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, range(3)))
    assert len(coffees_of(drafted)) == 3


def test_a_withdrawn_person_leaves_the_draft_and_the_rest_is_paired_again(cast: Cast, drafted: Round) -> None:
    with unit_of_work() as db:
        opting_in.withdraw_opt_in(db, person(cast.bram), get_livestream(db, str(drafted.livestream_id)))
    queue.run_due()
    seated = set().union(*people_in(draft_of(drafted)))
    assert cast.bram.id not in seated
    assert len(draft_of(drafted).coffees) == 2


def test_a_block_after_the_draft_still_separates_the_pair(
    cast: Cast, drafted: Round, set_clock: SetClock
) -> None:
    one, other = sorted(people_in(draft_of(drafted))[0])
    change(draft_edits.set_coffee_locked, cast.anna, drafted, 0, locked=True)
    with unit_of_work() as db:
        db.add(Block(blocker_id=one, blocked_id=other, created_at=clock.now()))
    set_clock(drafted.publish_at)
    jobs.match_round(drafted.id)
    proposed = [{seat.user_id for seat in coffee.seats} for coffee in coffees_of(drafted)]
    assert len(proposed) == 3
    assert {one, other} not in proposed


@pytest.mark.parametrize("who", ["bram", "olga"])
def test_only_organisers_edit_a_draft(cast: Cast, drafted: Round, who: str, page: OpenPage) -> None:
    user: User = getattr(cast, who)
    with unit_of_work() as db, pytest.raises(Forbidden):
        draft_edits.swap_people(db, person(user), drafted, cast.anna.id, cast.bram.id, 1)
    with unit_of_work() as db, pytest.raises(Forbidden):
        drafts.release_draft(db, person(user), drafted)
    answer = page(user).post(f"/rounds/{drafted.id}/draft", do="release", version="1")
    assert answer.status_code == 404


def test_an_organiser_does_it_all_from_the_page(cast: Cast, drafted: Round, page: OpenPage) -> None:
    anna = page(cast.anna)
    address = f"/rounds/{drafted.id}"
    html = anna.get(address).text
    assert "This is a draft." in html
    assert "3 coffees in draft" in html

    def press(do: str, **more: str) -> str:
        answer = anna.post(f"{address}/draft", do=do, version=str(draft_of(drafted).version), **more)
        assert answer.status_code == 303
        return anna.get(address).text

    assert "Kept together" in press("lock", number="0")
    assert "They can be paired anew." in press("unlock", number="0")
    assert "Oost" in press("note", number="0", note="Jullie bouwen in Oost")
    assert "1 person" not in press("apart", number="0")
    assert "2 people have no coffee yet" in anna.get(address).text
    assert "3 coffees in draft" in press("undo")
    people = people_in(draft_of(drafted))
    assert "Swapped." in press("swap", one=name_of(min(people[0])), other=name_of(min(people[1])))
    assert "Until then no mail leaves." in press("release")
    assert "Propose now" in press("hold_back")
    assert "Everyone is being paired." in press("anew")


def test_a_swap_with_oneself_or_a_stranger_is_refused(cast: Cast, drafted: Round) -> None:
    for one, other in ((cast.bram.id, cast.bram.id), (cast.bram.id, cast.olga.id)):
        with pytest.raises(Invalid, match="does_not_fit"):
            change(draft_edits.swap_people, cast.anna, drafted, one, other)


def test_closing_with_look_first_drafts_until_the_next_working_day(
    cast: Cast, set_clock: SetClock, page: OpenPage
) -> None:
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"))
        for user in (cast.bram, cast.chris):
            make_yes(db, round_, user)
    page(cast.anna).post(f"/rounds/{round_.id}/close", look_first="1")
    queue.run_due()
    assert coffees_of(round_) == []
    with unit_of_work() as db:
        found = db.get_one(Round, round_.id)
    assert (found.state, found.publish_at) == ("draft", datetime(2026, 11, 24, 11, tzinfo=clock.now().tzinfo))


def test_an_account_that_is_gone_leaves_the_draft_readable(
    cast: Cast, drafted: Round, page: OpenPage
) -> None:
    with unit_of_work() as db:
        db.delete(db.get_one(User, cast.bram.id))
    answer = page(cast.anna).get(f"/rounds/{drafted.id}")
    assert answer.status_code == 200
    assert "Bram" not in answer.text


def test_the_draft_shows_neither_hours_nor_forms(cast: Cast, drafted: Round, page: OpenPage) -> None:
    """Those of two coffees would tell whether two people fit, and so reveal a block."""
    html = page(cast.anna).get(f"/rounds/{drafted.id}").text
    for coffee in draft_of(drafted).coffees:
        start = datetime.fromisoformat(str(coffee["starts_at"])).astimezone(ZoneInfo(cast.anna.zone))
        assert html.count(f"{start:%H:%M}") <= html.split("draft-coffee")[0].count(f"{start:%H:%M}")
    assert "online" not in html.split("draft-coffee", 1)[1]


def test_attempts_over_the_limit_are_refused_alike(cast: Cast, drafted: Round, page: OpenPage) -> None:
    anna = page(cast.anna)
    people = [min(one) for one in people_in(draft_of(drafted))]

    def swap(one: str, other: str) -> str:
        version = str(draft_of(drafted).version)
        names = {"one": name_of(one), "other": name_of(other)}
        anna.post(f"/rounds/{drafted.id}/draft", do="swap", version=version, **names)
        return anna.get(f"/rounds/{drafted.id}").text

    for _ in range(MIN_ATTEMPTS):
        assert "That can&#39;t be done." in swap(people[0], people[0])
    assert "That can&#39;t be done." in swap(people[0], people[1])  # it would fit
    assert draft_of(drafted).tries == MIN_ATTEMPTS


def put(browser: PageClient, round_: Round, **typed: str) -> str:
    version = str(draft_of(round_).version)
    return browser.post(f"/rounds/{round_.id}/draft", do="together", version=version, **typed).text


def test_a_name_that_several_have_is_asked_about_and_costs_no_try(
    cast: Cast, drafted: Round, page: OpenPage
) -> None:
    with unit_of_work() as db:
        for name, company in (("Eva", "Bakkerij Noord"), ("Finn", "Drukkerij Zuid")):
            user = db.scalars(select(User).where(User.name == name)).one()
            user.name, user.company = "Robin", company
    anna = page(cast.anna)
    html = put(anna, drafted, first="robin", second="Bram")
    assert "Several people fit this. Choose which of them." in html
    assert "Bakkerij Noord" in html
    assert 'value="robin"' in html  # what was typed is kept
    with unit_of_work() as db:
        chosen = db.scalars(select(User).where(User.company == "Drukkerij Zuid")).one()
    assert draft_of(drafted).tries == 0
    put(anna, drafted, first="Robin", first_id=chosen.id, second="bram@example.test")
    assert {chosen.id, cast.bram.id} in people_in(draft_of(drafted))
    # A choice made for another name is not carried over to the next one.
    put(anna, drafted, first="Chris", first_id=chosen.id, second="Robin (Drukkerij Zuid)")
    assert {chosen.id, cast.chris.id} in people_in(draft_of(drafted))


def test_a_member_who_is_not_in_the_draft_is_no_one_to_put_together(
    cast: Cast, drafted: Round, page: OpenPage
) -> None:
    with unit_of_work() as db:
        make_member(db, cast.circle, make_user(db, "Gijs"))
    anna = page(cast.anna)
    for stranger in ("Gijs", "Olga", "olga@example.test", "%"):
        html = put(anna, drafted, first=stranger, second="Bram")
        assert "No member with this name or address." in html, stranger
    assert draft_of(drafted).tries == 0


def test_only_who_organises_can_ask_for_names_in_a_draft(cast: Cast, drafted: Round, page: OpenPage) -> None:
    for user in (cast.bram, cast.olga):
        answer = page(user).post(f"/rounds/{drafted.id}/draft", do="together", version="1", first="Chris")
        assert answer.status_code == 404
