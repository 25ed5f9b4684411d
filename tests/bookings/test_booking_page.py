"""Tests of booking pages: access, times, handles, and unnoticeable blocks."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import delete, select

from events.accounts.models import Block, User
from events.bookings.models import BookingPage
from events.bookings.queries import booking_page
from events.bookings.rules import RESERVED, clean_handle
from events.coffees import rules
from events.coffees.models import Coffee, Seat
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.mail.outgoing_mail import OutgoingMail
from tests.factories.accounts import make_key
from tests.factories.availability import make_claims, make_hours
from tests.factories.circles import make_circle
from tests.factories.coffees import make_booking_page, make_coffee
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.twins import faceless, listening
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
OFFER = {"open": "1", "handle": "Dana Jansen", "forms": ["online", "phone"], "lengths": ["15", "30"]}


def opened(owner: User, **changes: object) -> None:
    with unit_of_work() as db:
        make_booking_page(db, owner, **changes)


def tiles(html: str) -> list[str]:
    return re.findall(r'name="time" value="([^"]+)"', html)


def plan(reader: PageClient, time: str = "", **changes: str) -> int:
    time = time or tiles(reader.get("/with/dana").text)[0]
    return reader.post(
        "/with/dana", **({"time": time, "form": "online", "minutes": "30"} | changes)
    ).status_code


def the_coffees() -> list[str]:
    with unit_of_work() as db:
        return list(db.scalars(select(Coffee.state)))


def the_coffee() -> Coffee:
    with unit_of_work() as db:
        return db.query(Coffee).one()


def test_a_booking_page_is_opened_by_choice_under_a_clean_handle(cast: Cast, page: OpenPage) -> None:
    dana = page(cast.dana)
    assert page(cast.bram).get("/with/dana-jansen").status_code == 404
    assert dana.post("/me/with", **OFFER).status_code == 303
    assert "dana-jansen" in dana.get("/me/with").text
    html = unescape(page(cast.bram).get("/with/dana-jansen").text)
    assert "Plan a coffee with Dana" in html
    assert tiles(html)
    assert dana.post("/me/with", **{**OFFER, "open": ""}).status_code == 303
    assert page(cast.bram).get("/with/dana-jansen").status_code == 404


@pytest.mark.parametrize("handle", ["a", "--", "admin", "Koffie", "sign in", "x" * 41, ""])
def test_a_reserved_or_malformed_handle_is_refused(cast: Cast, page: OpenPage, handle: str) -> None:
    assert page(cast.dana).post("/me/with", **{**OFFER, "handle": handle}).status_code == 422


def test_a_handle_is_unique_and_a_former_handle_redirects(cast: Cast, page: OpenPage) -> None:
    dana, bram = page(cast.dana), page(cast.bram)
    dana.post("/me/with", **OFFER)
    assert bram.post("/me/with", **OFFER).status_code == 422
    assert dana.post("/me/with", **{**OFFER, "handle": "dana"}).status_code == 303
    assert bram.get("/with/dana-jansen").location == "/with/dana"
    assert bram.post("/me/with", **OFFER).status_code == 422  # a former address is nobody else's
    assert dana.post("/me/with", **OFFER).status_code == 303
    assert bram.get("/with/dana").location == "/with/dana-jansen"


def test_a_reader_from_another_circle_sees_only_chosen_fields(cast: Cast, page: OpenPage) -> None:
    opened(cast.dana)
    absent = page(None).get("/with/nobody-here")
    hidden = page(None).get("/with/dana")
    assert (absent.status_code, hidden.status_code) == (303, 303)
    assert page(cast.olga).get("/with/dana").status_code == 404
    with unit_of_work() as db:
        page_ = booking_page.page_of(db, cast.dana.id)
        assert page_ is not None
        page_.greets = True
        db.get_one(User, cast.dana.id).headline = "Bakker"
    for reader in (page(None), page(cast.olga)):
        html = reader.get("/with/dana").text
        assert "Tot ziens" in html
        assert tiles(html) == []
        assert "Bakker" not in html
        time = (clock.now() + timedelta(days=3)).isoformat()
        assert reader.post("/with/dana", time=time, form="online", minutes="30").status_code == 404
    assert "/sign-in?next=/with/dana" in unescape(page(None).get("/with/dana").text)


def test_planning_proposes_a_coffee_that_the_owner_accepts(cast: Cast, page: OpenPage) -> None:
    opened(cast.dana)
    assert plan(page(cast.bram), about="Over loslaten") == 303
    coffee = the_coffee()
    assert (coffee.state, coffee.asked, coffee.invited_by_id) == ("proposed", "booked", cast.bram.id)
    html = unescape(page(cast.dana).get(f"/coffees/{coffee.id}").text)
    assert "Bram chose this time on your page" in html
    assert "‘Over loslaten’" in html
    assert page(cast.dana).post(f"/coffees/{coffee.id}/accept", version="1").status_code == 303
    assert the_coffee().state == "confirmed"


def test_a_coffee_is_confirmed_at_once_where_the_owner_allows_it(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    opened(cast.dana, at_once=True)
    bram, chris = page(cast.bram), page(cast.chris)
    time = tiles(bram.get("/with/dana").text)[0]
    assert plan(bram, time) == 303
    assert plan(chris, time) == 303
    assert the_coffees() == ["proposed", "proposed"]
    assert "Bram" not in page(cast.dana).get("/coffees").text
    set_clock(clock.now() + rules.MAX_AUTO_CONFIRM_DELAY)
    queue.run_due()
    assert sorted(the_coffees()) == ["confirmed", "declined"]
    assert "Dana" in bram.get("/coffees").text


def test_a_new_time_before_confirmation_asks_the_owner(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    opened(cast.dana, at_once=True)
    bram = page(cast.bram)
    assert plan(bram) == 303
    later = the_coffee().starts_at + timedelta(days=1)
    path = f"/coffees/{the_coffee().id}/new-time"
    assert bram.post(path, version="1", moment=later.isoformat()).status_code == 303
    set_clock(clock.now() + rules.MAX_AUTO_CONFIRM_DELAY)
    queue.run_due()
    assert the_coffee().state == "proposed"
    assert page(cast.dana).get(f"/coffees/{the_coffee().id}").status_code == 200


def test_times_are_the_owners_free_ones_at_which_the_reader_is_not_busy(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        make_hours(db, cast.dana, [34, 35])  # Tuesdays from ten to twelve
        make_claims(db, cast.dana, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
        make_claims(db, cast.bram, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    opened(cast.dana, notice=24, horizon=14)
    shown = tiles(page(cast.bram).get("/with/dana").text)
    free = {
        "2026-11-24T09:30", "2026-11-24T10:00", "2026-11-24T10:30",
        "2026-12-01T09:30", "2026-12-01T10:00", "2026-12-01T10:30",
    }  # fmt: skip
    assert (
        {"2026-11-24T09:30", "2026-11-24T10:00", "2026-11-24T10:30"} < {time[:16] for time in shown} <= free
    )
    assert plan(page(cast.bram), "2026-11-24T09:00:00+00:00") == 422
    assert plan(page(cast.bram), "2026-12-15T09:00:00+00:00") == 422


def test_only_offered_times_can_be_booked(cast: Cast, page: OpenPage) -> None:
    opened(cast.dana)
    bram = page(cast.bram)
    time = tiles(bram.get("/with/dana").text)[0]
    assert plan(bram, time, form="phone") == 422
    assert plan(bram, time, minutes="45") == 422
    assert plan(bram, time) == 303
    assert "A coffee can't be planned just now." in unescape(bram.get("/with/dana").text)


def test_a_mail_link_books_nothing_for_its_person(cast: Cast, page: OpenPage) -> None:
    """It shows what a visitor sees: no free times, and a sign-in button."""
    opened(cast.dana, greets=True)
    with unit_of_work() as db:
        past = make_coffee(
            db, cast.circle, [cast.bram, cast.chris], state="met", starts_at=clock.now() - timedelta(days=3)
        )
        key = make_key(db, cast.bram, "coffee", past.id)
    holder = page(None)
    holder.open_key(key)
    shown = holder.get("/with/dana").text
    assert tiles(shown) == []
    assert "Sign in to see the times." in shown
    answer = holder.post("/with/dana", time=clock.now().isoformat(), minutes="30", form="online")
    assert answer.headers["Location"] == "/sign-in?next=/with/dana"
    with unit_of_work() as db:
        assert db.query(Coffee).filter_by(asked="booked").all() == []
    assert holder.get("/me/with").status_code == 303


def test_a_block_changes_nothing_on_the_booking_page(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    """Before and after the block, and where the owner is asked: the same page, answer, mails and end."""
    told = []
    for at_once, blocked in ((False, False), (False, True), (True, True)):
        with unit_of_work() as db:
            for table in (Block, Seat, Coffee, OutgoingMail, BookingPage):
                db.execute(delete(table))
        opened(cast.dana, at_once=at_once)
        if blocked:
            with unit_of_work() as db:
                db.add(Block(blocker_id=cast.dana.id, blocked_id=cast.bram.id, created_at=clock.now()))
        bram = page(cast.bram)
        pages = [bram.get("/with/dana").text]
        with listening() as statements:
            sent = bram.post("/with/dana", time=tiles(pages[0])[0], form="online", minutes="30")
        coffee = the_coffee()
        pages += [sent.location, bram.get(f"/coffees/{coffee.id}").text, bram.get("/with/dana").text]
        set_clock(coffee.proposed_at + rules.MAX_AUTO_CONFIRM_DELAY)
        queue.run_due()
        pages.append(bram.get(f"/coffees/{coffee.id}").text)
        set_clock(coffee.answer_by + timedelta(minutes=1))
        queue.run_due()
        pages += [bram.get(path).text for path in (f"/coffees/{coffee.id}", "/coffees", "/")]
        with unit_of_work() as db:
            mine = select(OutgoingMail.kind, OutgoingMail.state).where(OutgoingMail.person_id == cast.bram.id)
            pages.append(str(sorted(map(tuple, db.execute(mine)))))
        if blocked:
            assert page(cast.dana).get(f"/coffees/{coffee.id}").status_code == 404
        told.append([faceless(text, f"/coffees/{coffee.id}", cast.dana) for text in pages])
        told[-1].append(str(len(statements) if not at_once else 0))
        set_clock(coffee.proposed_at)
    assert told[0] == told[1]
    assert told[0][:-1] == told[2][:-1]


def test_a_blocked_booking_runs_as_many_queries_as_an_unblocked_one(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    counts = []
    for blocker in (cast.chris, cast.dana):
        with unit_of_work() as db:
            for table in (Block, Seat, Coffee, OutgoingMail, BookingPage):
                db.execute(delete(table))
            db.add(Block(blocker_id=blocker.id, blocked_id=cast.bram.id, created_at=clock.now()))
        opened(cast.dana, at_once=True)
        bram = page(cast.bram)
        html = bram.get("/with/dana").text
        with listening() as statements:
            bram.post("/with/dana", time=tiles(html)[0], form="online", minutes="30")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_circle_of_the_coffee_is_one_they_share(cast: Cast, page: OpenPage) -> None:
    opened(cast.dana)
    with unit_of_work() as db:
        make_circle(db, owner=cast.bram, name="Aardbeien")  # Dana is not in it
    assert plan(page(cast.bram)) == 303
    assert the_coffee().circle_id == cast.circle.id


def test_the_member_page_links_to_the_booking_page(cast: Cast, page: OpenPage) -> None:
    path = f"/circles/{cast.circle.slug}/members/{cast.dana.id}"
    assert "/with/dana" not in page(cast.bram).get(path).text
    opened(cast.dana)
    assert "/with/dana" in page(cast.bram).get(path).text


def test_handles_are_normalised() -> None:
    assert clean_handle("  Danaë van 't Hof ") == "danae-van-t-hof"
    assert clean_handle("日本") is None
    assert {clean_handle(name) for name in RESERVED} - {None} <= RESERVED


def test_at_most_three_former_handles_are_kept(cast: Cast, page: OpenPage) -> None:
    dana = page(cast.dana)
    for number in range(4):
        assert dana.post("/me/with", **{**OFFER, "handle": f"dana-{number}"}).status_code == 303
    assert dana.post("/me/with", **{**OFFER, "handle": "dana-vijf"}).status_code == 422
    assert dana.post("/me/with", **{**OFFER, "handle": "dana-1"}).status_code == 303
    assert page(cast.bram).post("/me/with", **{**OFFER, "handle": "dana-vijf"}).status_code == 303
