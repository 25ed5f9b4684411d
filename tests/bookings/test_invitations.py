"""Tests of invitations: permissions, the receiver's limits, and unnoticeable blocks."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from events.accounts.models import Block, User
from events.bookings.actions import invitations
from events.bookings.forms import Invite
from events.bookings.queries import invitations as queries_inviting
from events.circles.queries.circles import find_membership
from events.coffees import rules
from events.coffees.actions import responses
from events.coffees.models import Coffee, Seat
from events.coffees.queries import coffees as coffees_coffees
from events.coffees.queries import common_times as coffees_times
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden, Invalid
from events.core.jobs import queue
from events.core.mail.outgoing_mail import OutgoingMail
from tests.factories.accounts import make_user
from tests.factories.availability import make_claims, make_hours
from tests.factories.circles import make_interest, make_member
from tests.factories.coffees import make_coffee, person
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.clients import SocketClient
from tests.support.twins import faceless, listening
from tests.support.types import OpenPage, OpenSocket, SetClock

pytestmark = pytest.mark.postgres
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = "Europe/Amsterdam"


def some_times(cast: Cast, who: User, whom: User) -> list[datetime]:
    with unit_of_work() as db:
        offered = coffees_times.list_offered_times(db, who.id, [whom.id], 45, notice=rules.INVITATION_NOTICE)
        return offered[:4] or [clock.now() + timedelta(days=3)]


def invite(cast: Cast, who: User, whom: User, **changes: object) -> str:
    times = some_times(cast, who, whom)
    data = Invite(**({"times": times, "about": "Over loslaten"} | changes))
    with unit_of_work() as db:
        return invitations.invite_person(db, person(who), cast.circle, whom.id, data).id


def block(who: User, whom: User) -> None:
    with unit_of_work() as db:
        db.add(Block(blocker_id=who.id, blocked_id=whom.id, created_at=clock.now()))


def set_welcome(who: User, welcomes: str) -> None:
    with unit_of_work() as db:
        db.get_one(User, who.id).welcomes = welcomes


def answer(action: Callable[..., object], who: User, coffee_id: str) -> None:
    with unit_of_work() as db:
        action(db, person(who), coffees_coffees.get_coffee(db, coffee_id))


def posted(whom: User) -> list[tuple[str, str]]:
    queue.run_due()
    with unit_of_work() as db:
        query = select(OutgoingMail.kind, OutgoingMail.state).where(OutgoingMail.person_id == whom.id)
        return [(kind, state) for kind, state in db.execute(query)]


def test_an_invitation_makes_an_ordinary_coffee_page(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        for who, side in ((cast.bram, "offers"), (cast.dana, "asks")):
            membership = find_membership(db, who.id, cast.circle.id)
            assert membership is not None
            make_interest(db, membership, side, "Offertes")
    coffee_id = invite(cast, cast.bram, cast.dana, form="phone", minutes="15")
    html = unescape(page(cast.dana).get(f"/coffees/{coffee_id}").text)
    assert "Coffee with Bram" in html
    assert "Bram invites you" in html
    assert "‘Over loslaten’" in html
    assert "You're looking for help with <em>offertes</em>. Bram would gladly help." in html
    assert "Bram only hears that it isn't happening" in html
    assert ("coffee_proposed", "sent") in posted(cast.dana)
    assert posted(cast.bram) == []
    answer(responses.accept_coffee, cast.dana, coffee_id)
    with unit_of_work() as db:
        coffee = coffees_coffees.get_coffee(db, coffee_id)
        assert (coffee.state, coffee.form, coffee.minutes) == ("confirmed", "phone", 15)


def test_the_times_are_common_ones_and_only_those(cast: Cast, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        make_hours(db, cast.bram, [34, 35, 58])
        make_hours(db, cast.dana, [34, 35, 60])
        make_claims(db, cast.dana, datetime(2026, 12, 1, 9, 0, tzinfo=UTC), minutes=60)
        common = coffees_times.list_offered_times(
            db, cast.bram.id, [cast.dana.id], 30, notice=rules.INVITATION_NOTICE
        )
    assert common
    assert {(time.weekday(), time.hour) for time in common} <= {(1, 9), (1, 10)}
    assert datetime(2026, 12, 1, 9, 0, tzinfo=UTC) not in common
    for moment in (datetime(2026, 12, 1, 9, 0, tzinfo=UTC), datetime(2026, 12, 2, 9, 0, tzinfo=UTC)):
        with pytest.raises(Invalid):
            invite(cast, cast.bram, cast.dana, times=[*sorted(common)[:2], moment])
    with pytest.raises(Invalid):
        invite(cast, cast.bram, cast.dana, times=sorted(common)[:2])


def test_outsiders_and_key_holders_neither_invite_nor_are_invited(cast: Cast, page: OpenPage) -> None:
    for who, whom in ((cast.olga, cast.dana), (cast.bram, cast.olga), (cast.bram, cast.bram)):
        with pytest.raises(Forbidden):
            invite(cast, who, whom)
    path = f"/circles/{cast.circle.slug}/members/{cast.dana.id}/coffee"
    assert page(cast.olga).get(path).status_code == 404
    assert page(None).get(path).status_code == 303
    assert page(cast.bram).get(path.replace(cast.dana.id, cast.olga.id)).status_code == 404


def test_one_invitation_waits_between_two_people_in_either_direction(cast: Cast) -> None:
    invite(cast, cast.bram, cast.dana)
    for who, whom in ((cast.bram, cast.dana), (cast.dana, cast.bram)):
        with pytest.raises(Conflict, match="no_invitation_now"):
            invite(cast, who, whom)


def test_two_declines_close_invitations_between_a_pair_neutrally(cast: Cast, page: OpenPage) -> None:
    path = f"/circles/{cast.circle.slug}/members/{cast.dana.id}/coffee"
    for _ in range(2):
        answer(responses.decline_coffee, cast.dana, invite(cast, cast.bram, cast.dana))
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, cast.bram, cast.dana)
    said = unescape(page(cast.bram).get(path).text)
    assert "An invitation isn't possible just now." in said
    assert "declin" not in said
    invite(cast, cast.chris, cast.dana)
    invite(cast, cast.dana, cast.bram)


def test_a_receiver_has_three_waiting_and_five_a_week_at_most(cast: Cast, set_clock: SetClock) -> None:
    with unit_of_work() as db:
        crowd = [make_user(db, f"Lid {number}") for number in range(7)]
        for one in crowd:
            make_member(db, cast.circle, one)
    coffees = [invite(cast, one, cast.dana) for one in crowd[:3]]
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, crowd[3], cast.dana)
    for coffee_id in coffees:
        answer(responses.decline_coffee, cast.dana, coffee_id)
    for one in crowd[3:5]:
        answer(responses.decline_coffee, cast.dana, invite(cast, one, cast.dana))
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, crowd[5], cast.dana)
    set_clock(timedelta(days=8))
    invite(cast, crowd[5], cast.dana)


def test_the_receiver_chooses_who_may_invite(cast: Cast, page: OpenPage) -> None:
    set_welcome(cast.dana, "nobody")
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, cast.bram, cast.dana)
    member_page = f"/circles/{cast.circle.slug}/members/{cast.dana.id}"
    assert f"{member_page}/coffee" not in page(cast.bram).get(member_page).text
    set_welcome(cast.dana, "met")
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, cast.bram, cast.dana)
    with unit_of_work() as db:
        past = clock.now() - timedelta(days=9)
        make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=past)
    invite(cast, cast.bram, cast.dana)
    assert f"{member_page}/coffee" in page(cast.bram).get(member_page).text


def test_inviting_a_blocked_person_needs_an_unblock_first(cast: Cast, page: OpenPage) -> None:
    block(cast.bram, cast.dana)
    with pytest.raises(Conflict, match="you_blocked"):
        invite(cast, cast.bram, cast.dana)


def test_an_invitation_to_a_blocker_looks_unanswered(
    app: Flask, cast: Cast, page: OpenPage, open_socket: OpenSocket, set_clock: SetClock
) -> None:
    """Whether Dana blocked Bram or does not answer, every page of Bram's is the same."""
    block(cast.dana, cast.bram)
    other = cast.dana
    bram, dana_hears = page(cast.bram), open_socket(cast.dana)
    told: list[list[str]] = []
    asked: list[list[str]] = []
    for blocked in (True, False):
        with unit_of_work() as db:
            db.query(Coffee).delete()
            db.query(Seat).delete()
            db.query(OutgoingMail).delete()
        path = f"/circles/{cast.circle.slug}/members/{other.id}/coffee"
        form = bram.get(path)
        times = re.findall(r'name="times" value="([^"]+)"', form.text)[:4]
        with listening() as statements:
            sent = bram.post(path, times=times, form="online", minutes="30", about="Over loslaten")
        assert sent.status_code == 303
        card = sent.location.split("#")[0]
        pages = [form.text, sent.location]
        pages += [bram.get(where).text for where in (card, "/coffees", "/", path)]
        queue.run_due()
        with unit_of_work() as db:
            seat = db.scalars(select(Seat).where(Seat.user_id == other.id)).one()
            until = coffees_coffees.get_coffee(db, seat.coffee_id).answer_by
        pages.append(bram.post(f"{card}/accept", version="1").location)
        set_clock(until + timedelta(minutes=1))
        queue.run_due()
        pages += [bram.get(where).text for where in (card, "/coffees", "/")]
        with unit_of_work() as db:
            mine = select(OutgoingMail.kind, OutgoingMail.state).where(OutgoingMail.person_id == cast.bram.id)
            pages.append(str(sorted(db.execute(mine).all())))
        set_clock(MONDAY)
        told.append([faceless(text, card, other) for text in pages])
        asked.append([faceless(text, card, other) for text in statements])
        if blocked:
            nothing_reached(cast, dana_hears, page)
            with unit_of_work() as db:
                db.query(Block).delete()
    assert told[0] == told[1]
    assert asked[0] == asked[1]  # as many questions and rows: it takes as long


def nothing_reached(cast: Cast, dana_hears: SocketClient, page: OpenPage) -> None:
    """No frame, mail or page of Dana's shows the invitation."""
    assert dana_hears.received("coffees.changed") == []
    with unit_of_work() as db:
        danas = select(OutgoingMail.kind, OutgoingMail.state).where(OutgoingMail.person_id == cast.dana.id)
        assert {state for _kind, state in db.execute(danas)} == {"dropped"}
        seat = db.scalars(select(Seat).where(Seat.user_id == cast.dana.id)).one()
    assert page(cast.dana).get(f"/coffees/{seat.coffee_id}").status_code == 404
    assert "Bram" not in page(cast.dana).get("/coffees").text
    for verb in ("accept", "decline"):
        assert page(cast.dana).post(f"/coffees/{seat.coffee_id}/{verb}", version="1").status_code == 404


def test_an_invitation_without_a_block_is_visible(cast: Cast, page: OpenPage) -> None:
    """Negative control: a delivered invitation is seen, so the test above can fail."""
    coffee_id = invite(cast, cast.bram, cast.dana)
    assert page(cast.dana).get(f"/coffees/{coffee_id}").status_code == 200
    assert "Bram" in page(cast.dana).get("/coffees").text


def test_withheld_invitations_count_towards_limits(cast: Cast) -> None:
    block(cast.dana, cast.bram)
    with unit_of_work() as db:
        crowd = [make_user(db, f"Lid {number}") for number in range(3)]
        for one in crowd:
            make_member(db, cast.circle, one)
    for one in (cast.bram, crowd[0], crowd[1]):
        invite(cast, one, cast.dana)
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, crowd[2], cast.dana)


def test_of_two_concurrent_invitations_one_arrives(app: Flask, cast: Cast) -> None:
    both = [(cast.bram, cast.dana), (cast.dana, cast.bram)] * 3
    times = {who.id: some_times(cast, who, whom) for who, whom in both}

    def ask(who_whom: tuple[User, User]) -> str:
        with app.app_context():
            try:
                with unit_of_work() as db:
                    data = Invite(times=times[who_whom[0].id])
                    invitations.invite_person(db, person(who_whom[0]), cast.circle, who_whom[1].id, data)
            except Conflict as refused:
                return refused.code
            return "asked"

    with ThreadPoolExecutor(len(both)) as crowd:
        said = sorted(crowd.map(ask, both))
    assert said == ["asked", *["no_invitation_now"] * 5]


def test_an_invitation_carries_a_recording_position(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, title="Loslaten", state="replay")
    bram = page(cast.bram)
    led = bram.get(f"/livestreams/{livestream.slug}/coffee-with/{cast.dana.id}?at=754")
    form = bram.get(led.location)
    times = re.findall(r'name="times" value="([^"]+)"', form.text)[:3]
    sent = bram.post(
        led.location.split("?")[0], times=times, livestream=livestream.slug, at="754", form="online"
    )
    card = unescape(page(cast.dana).get(sent.location).text)
    assert "It came up at 12:34 of ‘Loslaten’." in card
    assert f"/livestreams/{livestream.slug}?t=754" in card
    led = bram.get(f"/livestreams/{livestream.slug}/coffee-with/{cast.olga.id}")
    assert led.location.endswith(f"/livestreams/{livestream.slug}")
    assert (
        page(cast.olga).get(f"/livestreams/{livestream.slug}/coffee-with/{cast.dana.id}").status_code == 404
    )


def test_one_member_cannot_exhaust_anothers_invitations(cast: Cast, set_clock: SetClock) -> None:
    """Bram invites and withdraws repeatedly; Dana stays open to others."""
    for _ in range(queries_inviting.MAX_PER_PAIR_PER_WEEK):
        answer(responses.decline_coffee, cast.bram, invite(cast, cast.bram, cast.dana))
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, cast.bram, cast.dana)
    with unit_of_work() as db:
        crowd = [make_user(db, f"Lid {number}") for number in range(2)]
        for one in crowd:
            make_member(db, cast.circle, one)
    for one in (cast.chris, *crowd):  # as many as may wait for one person
        invite(cast, one, cast.dana)
    set_clock(timedelta(days=8))
    queue.run_due()  # what was not answered expires
    invite(cast, cast.bram, cast.dana)


def test_withheld_invitations_do_not_use_up_others_limits(cast: Cast, set_clock: SetClock) -> None:
    block(cast.dana, cast.bram)
    for _ in range(queries_inviting.MAX_PER_PAIR_PER_WEEK):
        answer(responses.decline_coffee, cast.bram, invite(cast, cast.bram, cast.dana))
    with pytest.raises(Conflict, match="no_invitation_now"):
        invite(cast, cast.bram, cast.dana)
    invite(cast, cast.chris, cast.dana)


def test_a_withdrawal_before_the_invitation_mail_notifies_no_one(cast: Cast, set_clock: SetClock) -> None:
    answer(responses.decline_coffee, cast.bram, invite(cast, cast.bram, cast.dana))
    assert "sent" not in {state for _kind, state in posted(cast.dana)}
    coffee_id = invite(cast, cast.bram, cast.dana)
    posted(cast.dana)
    answer(responses.decline_coffee, cast.bram, coffee_id)
    assert ("coffee_off", "sent") in posted(cast.dana)
