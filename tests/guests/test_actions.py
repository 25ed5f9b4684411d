"""Guests: the circle's rules, members' own links, the team's word, and what follows."""

from typing import Any

import pytest

from events.accounts.models import Block, User
from events.accounts.queries.people import secret_of
from events.circles.models import CircleBan, JoinRequest
from events.circles.queries.circles import find_membership
from events.core import clock
from events.core.auth.actor import SYSTEM, Actor
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.guests import actions
from events.guests.models import Guest
from events.guests.queries import brought_by, find_guest, link_code
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream
from events.registrations.actions import (
    add_registration,
    join_waiting_list,
    send_guest_link,
    withdraw_registration,
)
from events.registrations.forms import GuestRequest
from events.registrations.queries.registrations import count_coming, find_registration
from tests.factories.accounts import keys_mailed, make_key, make_user
from tests.factories.livestreams import make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast, acting_as
from tests.support.clients import PageClient
from tests.support.types import OpenPage, Outbox


def plan(cast: Cast, **rules: Any) -> Livestream:
    with unit_of_work() as db:
        circle = db.merge(cast.circle)
        for name, value in rules.items():
            setattr(circle, name, value)
        return make_livestream(db, circle, cast.anna, title="Over tarieven")


def holder(person: User, livestream: Livestream) -> Actor:
    return Actor(kind="key", person_id=person.id, keys=frozenset({("livestream", livestream.id)}))


def come(person: User, made: Livestream, inviter: User | None = None) -> str:
    """The code of the refusal, or what became of it."""
    with unit_of_work() as db:
        livestream = get_livestream(db, made.id)
        if inviter is not None:
            actions.note_mailed_link(db, SYSTEM, made.id, person.id, inviter.id)
        try:
            found = actions.take_guest_place(db, holder(person, made), livestream)
        except Conflict as conflict:
            return conflict.code
        return "coming" if found is not None else "asked"


def open_bring(page: OpenPage, person: User, made: Livestream) -> int:
    return page(person).get(f"/livestreams/{made.slug}/bring").status_code


def people(count: int) -> list[User]:
    with unit_of_work() as db:
        return [make_user(db, f"Gast {number}") for number in range(count)]


def english(page: OpenPage) -> PageClient:
    visitor = page(None)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return visitor


def test_a_guest_comes_by_a_members_own_link_and_sees_who_invites(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, guests_from="members", links_shown=False)
    with unit_of_work() as db:
        member = find_membership(db, cast.bram.id, made.circle_id)
        assert member is not None
        path = f"/livestreams/{made.slug}/guest/{link_code(made, member)}"
    guest = english(page)
    assert "Bram invites you." in guest.main(path)
    assert guest.post(path, name="Eva", email="eva@example.test").status_code == 303
    (key,) = keys_mailed("eva@example.test", "livestream")
    assert "Bram invites you." in guest.get(guest.get(f"/k/{secret_of(key)}?then=place").location).get_data(
        as_text=True
    )
    guest.post(f"/livestreams/{made.slug}/place")
    with unit_of_work() as db:
        assert [
            brought.name for brought in brought_by(db, get_livestream(db, made.id), cast.bram.id).guests
        ] == ["Eva"]
    team = page(cast.anna).get(f"/livestreams/{made.slug}/guests").text
    assert "Eva" in team
    assert "Bram" in team
    assert page(cast.chris).get(f"/livestreams/{made.slug}/guests").status_code == 404


@pytest.mark.parametrize("wrong", ["changed", "other livestream", "former member", "rule"])
def test_a_link_that_lets_nobody_in_is_like_an_absent_page(cast: Cast, page: OpenPage, wrong: str) -> None:
    made, other = plan(cast, guests_from="members"), plan(cast)
    with unit_of_work() as db:
        member = find_membership(db, cast.bram.id, made.circle_id)
        assert member is not None
        code = link_code(other if wrong == "other livestream" else made, member)
        if wrong == "former member":
            db.delete(member)
        if wrong == "rule":
            db.merge(cast.circle).guests_from = "team"
    code = code[:-1] + ("A" if code[-1] != "A" else "B") if wrong == "changed" else code
    path = f"/livestreams/{made.slug}/guest/{code}"
    assert page(None).get(path).location == f"/sign-in?next={path}"
    assert page(cast.olga).post(path, name="Eva", email="eva@example.test").status_code == 404


@pytest.mark.parametrize(
    ("rule", "by_link", "by_bram", "by_anna"),
    [
        ("link", "coming", "coming", "coming"),
        ("members", "guest_uninvited", "coming", "coming"),
        ("nobody", "guests_closed", "guests_closed", "guests_closed"),
    ],
)
def test_who_may_come_follows_the_rule(
    cast: Cast, rule: str, by_link: str, by_bram: str, by_anna: str
) -> None:
    made = plan(cast, guests_from=rule)
    one, two, three = people(3)
    assert come(one, made) == by_link
    assert come(two, made, cast.bram) == by_bram
    assert come(three, made, cast.anna) == by_anna


def test_only_the_team_brings_guests_where_the_rule_says_so(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, guests_from="team")
    assert open_bring(page, cast.anna, made) == 200
    assert open_bring(page, cast.bram, made) == 404
    assert open_bring(page, cast.olga, made) == 404
    assert page(None).get(f"/livestreams/{made.slug}/bring").location.startswith("/sign-in")


def test_a_key_from_a_mail_shows_no_link_that_invites_in_the_members_name(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.bram, "livestream", made.id)
    by_key = page(None)
    by_key.open_key(key)
    assert "/bring" not in by_key.main(f"/livestreams/{made.slug}")
    assert by_key.get(f"/livestreams/{made.slug}/bring").location.startswith("/sign-in")
    assert "/bring" in page(cast.bram).main(f"/livestreams/{made.slug}")


def test_a_member_brings_as_many_as_allowed_and_a_place_given_up_is_free_again(cast: Cast) -> None:
    made = plan(cast, guests_per_member=2)
    one, two, three = people(3)
    assert [come(person, made, cast.bram) for person in (one, two, three)] == [
        "coming", "coming", "guests_enough",
    ]  # fmt: skip
    with unit_of_work() as db:
        withdraw_registration(db, holder(one, made), get_livestream(db, made.id))
    assert come(three, made) == "coming"
    assert come(one, made) == "guests_enough"


def test_who_waits_or_holds_an_offer_counts_as_a_guest_of_the_member(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, guests_per_member=1)
    one, two = people(2)
    with unit_of_work() as db:
        db.get_one(Livestream, made.id).capacity = 1
        make_registration(db, get_livestream(db, made.id), cast.chris)
        for person in (one, two):
            actions.note_mailed_link(db, SYSTEM, made.id, person.id, cast.bram.id)
        join_waiting_list(db, holder(one, made), get_livestream(db, made.id))
        with pytest.raises(Conflict, match="guests_enough"):
            join_waiting_list(db, holder(two, made), get_livestream(db, made.id))
        assert [
            guest.status for guest in brought_by(db, get_livestream(db, made.id), cast.bram.id).guests
        ] == ["waiting"]
        first = find_registration(db, one.id, made.id)
        assert first is not None
        first.state = "offered"
    assert come(two, made) == "guests_enough"
    assert come(one, made) == "coming"


def test_another_link_takes_no_guest_from_who_brought_them(cast: Cast) -> None:
    made = plan(cast, guests_per_member=1)
    one, two = people(2)
    assert come(one, made, cast.bram) == "coming"
    assert come(one, made, cast.chris) == "coming"
    assert come(two, made, cast.bram) == "guests_enough"


def test_a_member_who_uses_the_link_is_nobodys_guest(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, guests_per_member=1)
    assert come(cast.chris, made, cast.bram) == "coming"
    with unit_of_work() as db:
        assert brought_by(db, get_livestream(db, made.id), cast.bram.id).left == 1
        member = find_membership(db, cast.bram.id, made.circle_id)
        assert member is not None
        path = f"/livestreams/{made.slug}/guest/{link_code(made, member)}"
    assert page(cast.chris).get(path).location == f"/livestreams/{made.slug}"


def test_a_guest_comes_as_often_as_allowed_in_all(cast: Cast) -> None:
    evenings = [plan(cast, guest_visits=2) for _number in range(3)]
    (eva,) = people(1)
    assert [come(eva, made, cast.bram) for made in evenings] == ["coming", "coming", "guest_visits"]
    with unit_of_work() as db:
        db.get_one(Livestream, evenings[0].id).state = "cancelled"
    assert come(eva, evenings[2]) == "coming"


def test_the_button_on_the_page_knows_the_same_limits(cast: Cast) -> None:
    made = plan(cast, guest_approval=True)
    (eva,) = people(1)
    with unit_of_work() as db, pytest.raises(Conflict, match="guest_approval"):
        add_registration(db, holder(eva, made), get_livestream(db, made.id))


@pytest.mark.parametrize("decision", ["accepted", "declined"])
def test_the_team_decides_where_the_rule_says_so(cast: Cast, outbox: Outbox, decision: str) -> None:
    made = plan(cast, guest_approval=True)
    (eva,) = people(1)
    assert come(eva, made, cast.bram) == "asked"
    assert come(eva, made) == "asked"
    assert any(cast.anna.email in str(mail["To"]) for mail in outbox())
    with unit_of_work() as db:
        guest = find_guest(db, made.id, eva.id)
        assert guest is not None
        livestream = get_livestream(db, made.id)
        with pytest.raises(Forbidden):
            actions.decide_on_guest(db, acting_as(cast.bram), livestream, guest.id, decision)
        actions.decide_on_guest(db, acting_as(cast.anna), livestream, guest.id, decision)
        with pytest.raises(Conflict, match="already_decided"):
            actions.decide_on_guest(db, acting_as(cast.anna), livestream, guest.id, decision)
        assert count_coming(db, made.id) == (decision == "accepted")
    assert come(eva, made) == ("coming" if decision == "accepted" else "guest_declined")
    assert any(eva.email in str(mail["To"]) for mail in outbox())


def test_a_full_evening_leaves_the_request_undecided(cast: Cast, page: OpenPage) -> None:
    made = plan(cast, guest_approval=True)
    (eva,) = people(1)
    assert come(eva, made) == "asked"
    with unit_of_work() as db:
        db.get_one(Livestream, made.id).capacity = 1
        make_registration(db, get_livestream(db, made.id), cast.chris)
        guest = find_guest(db, made.id, eva.id)
        assert guest is not None
    team = page(cast.anna)
    answer = team.post(f"/livestreams/{made.slug}/guests/{guest.id}", decision="accepted")
    assert "Make room first" in team.get(answer.location).text
    with unit_of_work() as db:
        assert db.get_one(Guest, guest.id).state == "asked"


@pytest.mark.parametrize("why", ["banned", "blocked", "known", "new"])
def test_a_members_link_answers_the_same_whoever_it_is_for(
    cast: Cast, page: OpenPage, outbox: Outbox, why: str
) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        if why == "banned":
            db.add(CircleBan(circle_id=cast.circle.id, user_id=cast.olga.id, created_at=clock.now()))
        if why == "blocked":
            db.add(Block(blocker_id=cast.olga.id, blocked_id=cast.bram.id, created_at=clock.now()))
        member = find_membership(db, cast.bram.id, made.circle_id)
        assert member is not None
        path = f"/livestreams/{made.slug}/guest/{link_code(made, member)}"
    email = "eva@example.test" if why == "new" else cast.olga.email
    visitor = english(page)
    answer = visitor.post(path, name="Mijn gast", email=email)
    assert answer.location == f"{path}?sent=1"
    assert f"Look in your mail at {email}" in visitor.main(answer.location)
    assert len([mail for mail in outbox() if email in str(mail["To"])]) == (why in {"known", "new"})
    assert "Mijn gast" not in page(cast.bram).main(f"/livestreams/{made.slug}/bring")


def test_a_banned_person_cannot_come_by_a_members_link(cast: Cast) -> None:
    made = plan(cast)
    with unit_of_work() as db:
        db.add(CircleBan(circle_id=cast.circle.id, user_id=cast.olga.id, created_at=clock.now()))
        data = GuestRequest(name="Olga", email=cast.olga.email)
        send_guest_link(db, SYSTEM, get_livestream(db, made.id), data, "nl", cast.bram.id)
    assert keys_mailed(cast.olga.email, "livestream") == []


def test_a_guest_asks_to_join_in_one_press(cast: Cast, page: OpenPage) -> None:
    made = plan(cast)
    assert come(cast.olga, made, cast.bram) == "coming"
    with unit_of_work() as db:
        asked = actions.request_membership(db, holder(cast.olga, made), get_livestream(db, made.id))
        again = actions.request_membership(db, holder(cast.olga, made), get_livestream(db, made.id))
        assert asked.id == again.id
        assert db.get_one(JoinRequest, asked.id).user_id == cast.olga.id
        with pytest.raises(Forbidden):
            actions.request_membership(db, acting_as(cast.bram), get_livestream(db, made.id))
    assert page(None).post(f"/livestreams/{made.slug}/join").location.startswith("/sign-in")
    assert page(cast.olga).post(f"/livestreams/{plan(cast).slug}/join").status_code == 404
