"""Tests of the participant's own calendar: refreshed before the answer, and checked once."""

from datetime import timedelta

import pytest

from events.availability.models import BusyCalendar
from events.coffees.models import Coffee
from events.core import clock
from events.core.db.session import unit_of_work
from events.core.jobs.queue import run_due
from tests.factories.accounts import make_key
from tests.factories.availability import make_calendar
from tests.factories.coffees import make_coffee
from tests.support.cast import Cast
from tests.support.scripted_http_server import Hostile, content
from tests.support.types import OpenPage

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("set_clock")]
ADDRESS = "http://kalender.test/geheim.ics"


@pytest.fixture
def proposal(cast: Cast) -> Coffee:
    with unit_of_work() as db:
        return make_coffee(db, cast.circle, [cast.bram, cast.dana])


def is_busy(coffee: Coffee) -> bytes:
    start = f"{coffee.starts_at:%Y%m%dT%H%M%SZ}".encode()
    return (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:%b\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n"
        % start
    )


def state_of(coffee: Coffee) -> list[str]:
    with unit_of_work() as db:
        return [seat.answer for seat in db.get_one(Coffee, coffee.id).seats]


def test_opening_the_page_refreshes_the_external_calendar(
    page: OpenPage, cast: Cast, proposal: Coffee, hostile: Hostile
) -> None:
    hostile.scripts["/geheim.ics"] = content(is_busy(proposal))
    with unit_of_work() as db:
        make_calendar(db, cast.bram, ADDRESS, read_at=clock.now() - timedelta(minutes=20))
    bram = page(cast.bram)
    shown = bram.get(f"/coffees/{proposal.id}").text
    assert "Your own calendar" not in shown
    run_due()
    refused = bram.post(f"/coffees/{proposal.id}/accept", version="1")
    assert refused.status_code == 422
    assert "Your own calendar shows something at this time" in refused.text
    assert 'name="knowing" value="1"' in refused.text
    assert state_of(proposal) == ["waiting", "waiting"]
    assert bram.post(f"/coffees/{proposal.id}/accept", version="1", knowing="1").status_code == 303
    assert state_of(proposal) == ["yes", "waiting"]


def test_a_conflict_shows_its_date_and_resolves_in_one_tap(
    page: OpenPage, cast: Cast, proposal: Coffee
) -> None:
    with unit_of_work() as db:
        make_calendar(db, cast.bram, ADDRESS, (proposal.starts_at, proposal.ends_at))
        key = make_key(db, cast.bram, "coffee", proposal.id)
    by_mail = page()
    by_mail.open_key(key)
    shown = by_mail.get(f"/coffees/{proposal.id}").text
    assert "Your own calendar shows something then" in shown
    assert shown.count('name="knowing" value="1"') == 1  # one form for the card and the bar
    assert by_mail.post(f"/coffees/{proposal.id}/accept", version="1", knowing="1").status_code == 303
    assert state_of(proposal) == ["yes", "waiting"]


def test_a_calendar_conflict_is_hidden_from_the_partner(page: OpenPage, cast: Cast, proposal: Coffee) -> None:
    with unit_of_work() as db:
        make_calendar(db, cast.bram, ADDRESS, (proposal.starts_at, proposal.ends_at))
    dana = page(cast.dana)
    assert "calendar shows" not in dana.get(f"/coffees/{proposal.id}").text
    assert dana.post(f"/coffees/{proposal.id}/accept", version="1").status_code == 303
    assert state_of(proposal) == ["waiting", "yes"]
    assert page(cast.olga).get(f"/coffees/{proposal.id}").status_code == 404


def test_a_coffee_does_not_conflict_with_its_own_calendar_entry(
    page: OpenPage, cast: Cast, proposal: Coffee
) -> None:
    with unit_of_work() as db:
        make_calendar(db, cast.bram, ADDRESS, (proposal.starts_at, proposal.ends_at))
        db.get_one(Coffee, proposal.id).seats[0].invited = True
    bram = page(cast.bram)
    assert "calendar shows" not in bram.get(f"/coffees/{proposal.id}").text
    assert bram.post(f"/coffees/{proposal.id}/accept", version="1").status_code == 303


def test_opening_the_page_only_queues_the_calendar_refresh(
    page: OpenPage, cast: Cast, proposal: Coffee
) -> None:
    """A slow calendar server delays nothing; the answer uses what is known."""
    with unit_of_work() as db:
        calendar = make_calendar(db, cast.bram, ADDRESS, read_at=clock.now() - timedelta(minutes=20))
    bram = page(cast.bram)
    bram.get(f"/coffees/{proposal.id}")
    with unit_of_work() as db:
        assert db.get_one(BusyCalendar, calendar.id).due_at == clock.now()
    assert bram.post(f"/coffees/{proposal.id}/accept", version="1").status_code == 303
    assert state_of(proposal) == ["yes", "waiting"]
