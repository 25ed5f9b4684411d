"""External calendars: encrypted URLs, refresh in a subprocess, busy times and removal."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from events.availability.actions.calendars import lease_due_calendars, refresh_stale_calendars, store_result
from events.availability.jobs import refresh_due_calendars
from events.availability.models import BusyCalendar, BusyTime
from events.availability.queries.calendars import find_busy
from events.availability.queries.claims import busy_quarters
from events.availability.rules.refresh_schedule import next_refresh
from events.core import clock
from events.core.auth.actor import SYSTEM, VISITOR
from events.core.db.session import unit_of_work
from events.core.errors import Forbidden
from events.core.jobs.queue import Job, run_due
from tests.factories.availability import make_calendar
from tests.factories.coffees import person
from tests.support.bad_values import count_rows
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.scripted_http_server import Hostile, content, says
from tests.support.types import OpenPage, SetClock

pytestmark = pytest.mark.postgres
ADDRESS = "http://kalender.test/geheim-a1b2.ics"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
FILE = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Overname\nDTSTART:20261124T110000Z\nDURATION:PT1H\n"
    b"END:VEVENT\nEND:VCALENDAR\n"
)


def add(page: PageClient) -> None:
    assert page.post("/me/calendars", address=ADDRESS).status_code == 303


def stored() -> BusyCalendar:
    with unit_of_work() as db:
        return db.scalars(select(BusyCalendar)).one()


@pytest.mark.usefixtures("set_clock")
@pytest.mark.usefixtures("child_process")
def test_a_calendar_is_read_and_only_its_busy_times_are_kept(
    page: OpenPage, cast: Cast, hostile: Hostile
) -> None:
    hostile.scripts["/geheim-a1b2.ics"] = content(FILE)
    bram = page(cast.bram)
    add(bram)
    run_due()
    with unit_of_work() as db:
        busy = busy_quarters(db, [cast.bram.id, cast.olga.id], NOON, NOON + timedelta(hours=2))
        assert busy == {
            cast.bram.id: {NOON + timedelta(minutes=15 * n) for n in range(4)},
            cast.olga.id: set(),
        }
        assert find_busy(db, cast.bram.id, NOON, NOON + timedelta(minutes=30)) == clock.now()
        assert find_busy(db, cast.olga.id, NOON, NOON + timedelta(minutes=30)) is None
    shown = bram.get("/me/calendars").get_data(as_text=True)
    assert "1 busy time in two months" in shown
    assert "kalender.test" in shown


@pytest.mark.usefixtures("set_clock")
def test_the_calendar_url_is_encrypted_and_never_shown(
    page: OpenPage,
    cast: Cast,
    hostile: Hostile,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    hostile.scripts["/geheim-a1b2.ics"] = says(b"nonsense")
    bram = page(cast.bram)
    add(bram)
    run_due()
    assert "a1b2" not in bram.get("/me/calendars").get_data(as_text=True)
    again = bram.post("/me/calendars", address=ADDRESS)
    assert again.status_code == 422
    assert "a1b2" not in again.get_data(as_text=True)
    calendar = stored()
    assert calendar.problem == "unreachable"
    assert "a1b2" not in calendar.sealed
    with unit_of_work() as db:
        jobs = [f"{job.arguments}{job.error}{job.key}" for job in db.scalars(select(Job))]
    printed = capfd.readouterr()
    assert "a1b2" not in "".join([*jobs, caplog.text, printed.out, printed.err])


@pytest.mark.usefixtures("set_clock")
def test_busy_times_are_kept_with_their_date_after_a_failed_refresh(
    page: OpenPage, cast: Cast, hostile: Hostile, set_clock: SetClock
) -> None:
    hostile.scripts["/geheim-a1b2.ics"] = content(FILE)
    bram = page(cast.bram)
    add(bram)
    run_due()
    first = clock.now()
    hostile.scripts["/geheim-a1b2.ics"] = says(b"HTTP/1.1 403 Nee\r\nContent-Length: 0\r\n\r\n")
    set_clock(timedelta(hours=1))
    bram.post(f"/me/calendars/{stored().id}/read")
    run_due()
    calendar = stored()
    assert (calendar.read_at, calendar.tried_at, calendar.problem) == (first, clock.now(), "no_access")
    assert calendar.due_at == clock.now() + timedelta(hours=1)
    with unit_of_work() as db:
        assert find_busy(db, cast.bram.id, NOON, NOON + timedelta(minutes=30)) == first
    shown = bram.get("/me/calendars").get_data(as_text=True)
    assert "let us in" in shown
    assert "what we read before counts" in shown


@pytest.mark.usefixtures("set_clock")
def test_a_calendar_is_refreshed_periodically_with_back_off_after_failures(
    page: OpenPage, cast: Cast, hostile: Hostile, set_clock: SetClock
) -> None:
    add(page(cast.bram))
    run_due()
    heard = len(hostile.heard)
    refresh_due_calendars()
    assert len(hostile.heard) == heard
    set_clock(timedelta(hours=1, minutes=1))
    refresh_due_calendars()
    assert len(hostile.heard) == heard + 1
    assert stored().failures == 2


ODD = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Zonder tijd\nEND:VEVENT\n"
    b"BEGIN:VEVENT\nUID:2\nDTSTART:20261124T110000Z\nDTEND:20261124T110000\nRRULE:FREQ=SOMETIMES\nEND:VEVENT\n"
    b"BEGIN:VEVENT\nUID:3\nDTSTART:20261126T110000Z\nDURATION:PT1H\n"
    b"ATTENDEE;PARTSTAT=DECLINED:mailto:bram@example.test\nEND:VEVENT\nEND:VCALENDAR\n"
)


@pytest.mark.usefixtures("set_clock", "dutch")
def test_only_the_owner_sees_which_entries_were_skipped_and_why(
    page: OpenPage, cast: Cast, hostile: Hostile, set_clock: SetClock
) -> None:
    hostile.scripts["/geheim-a1b2.ics"] = content(ODD)
    bram = page(cast.bram)
    add(bram)
    run_due()
    assert (stored().problem, stored().notes) == ("", {"no_start": 1, "unclear_rule": 1, "unclear_end": 1})
    shown = bram.get("/me/calendars").text
    assert "1 entry was not read: it doesn&#39;t say when it begins." in shown
    assert "Its time counts as busy every day." in shown
    bram.post("/locale", locale="nl")
    assert "1 afspraak is niet gelezen" in bram.get("/me/calendars").text
    assert "was not read" not in page(cast.olga).get("/me/calendars").text
    hostile.scripts["/geheim-a1b2.ics"] = content(FILE)
    set_clock(timedelta(hours=1))
    bram.post(f"/me/calendars/{stored().id}/read")
    run_due()
    assert stored().notes == {}


@pytest.mark.usefixtures("set_clock")
def test_a_declined_event_leaves_its_time_free(page: OpenPage, cast: Cast, hostile: Hostile) -> None:
    hostile.scripts["/geheim-a1b2.ics"] = content(
        FILE.replace(b"DURATION", b"ATTENDEE;PARTSTAT=DECLINED:mailto:bram@example.test\nDURATION")
    )
    add(page(cast.bram))
    add(page(cast.dana))
    run_due()
    with unit_of_work() as db:
        busy = busy_quarters(db, [cast.bram.id, cast.dana.id], NOON, NOON + timedelta(minutes=15))
    assert busy == {cast.bram.id: set(), cast.dana.id: {NOON}}


def test_back_off_doubles_up_to_a_day() -> None:
    hours = [(next_refresh(NOON, failures) - NOON) / timedelta(hours=1) for failures in (0, 1, 2, 5, 6, 999)]
    assert hours == [0.5, 1, 2, 16, 24, 24]


@pytest.mark.usefixtures("set_clock")
def test_removing_a_calendar_deletes_everything_read_from_it(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    before = count_rows()
    with unit_of_work() as db:
        calendar = make_calendar(db, cast.bram, ADDRESS, (NOON, NOON + timedelta(hours=1)))
    assert page(cast.olga).post(f"/me/calendars/{calendar.id}/remove").status_code == 404
    assert page(cast.olga).post(f"/me/calendars/{calendar.id}/read").status_code == 404
    assert bram.post(f"/me/calendars/{calendar.id}/remove").status_code == 303
    assert [row for row in count_rows() if row[0] != "sign_in"] == [
        row for row in before if row[0] != "sign_in"
    ]
    with unit_of_work() as db:
        assert db.scalar(select(BusyTime.calendar_id).limit(1)) is None


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:22/", "on the usual port"),
        ("file:///etc/passwd", "the address of a calendar"),
        ("https://anna:geheim@kalender.test/", "the address of a calendar"),
        ("kalender.test/a.ics", "the address of a calendar"),
    ],
)
def test_an_invalid_calendar_url_is_refused_with_a_message(
    page: OpenPage, cast: Cast, address: str, words: str
) -> None:
    answer = page(cast.bram).post("/me/calendars", address=address)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "geheim" not in answer.get_data(as_text=True)


@pytest.mark.usefixtures("set_clock")
def test_webcal_is_read_as_https_and_five_calendars_is_the_limit(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    assert bram.post("/me/calendars", address="webcal://kalender.test/0.ics").status_code == 303
    assert "already" in bram.post("/me/calendars", address="https://kalender.test/0.ics").get_data(
        as_text=True
    )
    for number in range(1, 5):
        assert bram.post("/me/calendars", address=f"https://kalender.test/{number}.ics").status_code == 303
    assert "at most five" in bram.post("/me/calendars", address="https://kalender.test/5.ics").text


@pytest.mark.usefixtures("set_clock")
def test_an_undecryptable_calendar_does_not_stop_the_others(
    page: OpenPage, cast: Cast, hostile: Hostile
) -> None:
    hostile.scripts["/geheim-a1b2.ics"] = content(FILE)
    with unit_of_work() as db:
        broken = make_calendar(db, cast.dana, "http://kalender.test/oud.ics")
        broken.sealed, broken.due_at = "A" * 120, clock.now()
    add(page(cast.bram))
    run_due()
    with unit_of_work() as db:
        problems = dict(db.execute(select(BusyCalendar.user_id, BusyCalendar.problem)).all())
    assert problems == {cast.dana.id: "sealed_lost", cast.bram.id: ""}


@pytest.mark.usefixtures("set_clock")
def test_only_stale_calendars_are_refreshed_before_an_answer(cast: Cast) -> None:
    old, new = clock.now() - timedelta(minutes=20), clock.now() - timedelta(minutes=5)
    with unit_of_work() as db:
        calendar = make_calendar(db, cast.bram, ADDRESS, read_at=old)
        make_calendar(db, cast.dana, ADDRESS, read_at=new)
        failing = make_calendar(db, cast.chris, ADDRESS, read_at=old)
        failing.failures = 1
        assert refresh_stale_calendars(db, person(cast.bram))
        assert not refresh_stale_calendars(db, person(cast.bram))
        assert not refresh_stale_calendars(db, person(cast.dana))
        assert not refresh_stale_calendars(db, person(cast.chris))
        assert calendar.due_at == clock.now()
        for nobody in (VISITOR, SYSTEM):
            with pytest.raises(Forbidden):
                refresh_stale_calendars(db, nobody)


@pytest.mark.usefixtures("set_clock")
def test_one_persons_calendars_do_not_delay_others(cast: Cast) -> None:
    with unit_of_work() as db:
        for number in range(5):
            slow = make_calendar(db, cast.bram, f"https://kalender.test/{number}.ics")
            slow.due_at = clock.now() - timedelta(hours=2)
        make_calendar(db, cast.dana, ADDRESS).due_at = clock.now() - timedelta(minutes=1)
        chosen = [calendar.user_id for calendar, _address in lease_due_calendars(db, SYSTEM, 3)]
    assert sorted(chosen) == sorted([cast.bram.id, cast.bram.id, cast.dana.id])


def test_a_costly_calendar_keeps_its_back_off_on_request(
    page: OpenPage, cast: Cast, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        calendar = make_calendar(db, cast.bram, ADDRESS, read_at=clock.now())
        store_result(db, SYSTEM, calendar.id, None, "too_slow")
        calendar_id = calendar.id
    read = f"/me/calendars/{calendar_id}/read"
    assert page(cast.bram).post(read).status_code == 429
    with unit_of_work() as db:
        due_at = db.get_one(BusyCalendar, calendar_id).due_at
        assert due_at > clock.now()
        store_result(db, SYSTEM, calendar_id, None, "unreachable")
    assert page(cast.bram).post(read).status_code == 303
    assert stored().due_at == clock.now()
