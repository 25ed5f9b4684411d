"""Page of usual hours, and their effect on the opt-in form of a round."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from events.availability.models import DayOff, WeeklyHours
from events.core.db.session import unit_of_work
from events.rounds.queries.solver_input import problem_of
from tests.factories.availability import make_calendar, make_days_off, make_hours
from tests.factories.livestreams import make_livestream
from tests.factories.rounds import make_round, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.usefixtures("set_clock")
def test_usual_hours_are_stored_as_entered(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    assert bram.post("/me/times", hours=["34", "9", "9"], before="15", notice="24").status_code == 303
    with unit_of_work() as db:
        told = db.get_one(WeeklyHours, cast.bram.id)
        assert (told.hours, told.zone) == ([9, 34], "Europe/Amsterdam")
        assert (told.before, told.after, told.notice) == (15, 0, 24)
    again = bram.get("/me/times").get_data(as_text=True)
    assert again.count("checked") == 2
    assert bram.post("/me/times").status_code == 303
    with unit_of_work() as db:
        assert db.get_one(WeeklyHours, cast.bram.id).hours == []


@pytest.mark.usefixtures("set_clock")
def test_an_hour_outside_the_grid_is_kept(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_hours(db, cast.bram, {5, 9})
    shown = page(cast.bram).get("/me/times").get_data(as_text=True)
    assert '<input type="hidden" name="hours" value="5">' in shown


@pytest.mark.usefixtures("set_clock")
def test_days_off_are_added_once_and_removed(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    for _twice in range(2):
        bram.post("/me/times/off", first_day="2026-12-07", last_day="2026-12-11")
    with unit_of_work() as db:
        (days,) = db.query(DayOff).all()
    assert "Mon 7 Dec – Fri 11 Dec" in bram.get("/me/times").get_data(as_text=True)
    assert page(cast.olga).post(f"/me/times/off/{days.id}/remove").status_code == 404
    assert bram.post(f"/me/times/off/{days.id}/remove").status_code == 303
    with unit_of_work() as db:
        assert db.query(DayOff).count() == 0


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [("2026-12-07", "2026-12-06", "last_day"), ("2026-11-20", "2026-11-20", "first_day")],
)
@pytest.mark.usefixtures("set_clock")
def test_invalid_days_off_are_refused(page: OpenPage, cast: Cast, first: str, last: str, word: str) -> None:
    answer = page(cast.bram).post("/me/times/off", first_day=first, last_day=last)
    assert answer.status_code == 422
    assert f'id="error-{word}"' in answer.get_data(as_text=True)
    with unit_of_work() as db:
        assert db.query(DayOff).count() == 0


def test_the_page_shows_only_ones_own_hours(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        make_hours(db, cast.bram, {9, 10})
        make_days_off(db, cast.bram, (datetime.now(UTC) + timedelta(days=9)).date())
    olga = page(cast.olga).get("/me/times").get_data(as_text=True)
    assert "checked" not in olga
    assert "/me/times/off/" not in olga


@pytest.mark.usefixtures("set_clock")
def test_times_in_usual_hours_are_preselected_on_opting_in(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        starts = [datetime.fromisoformat(text) for text in round_.times]
        local = starts[0].astimezone(ZoneInfo("Europe/Amsterdam"))
        make_hours(db, cast.bram, {local.weekday() * 24 + local.hour})
    shown = page(cast.bram).get(f"/livestreams/{livestream.slug}/coffee").get_data(as_text=True)
    ticked = [part for part in shown.split("<input") if 'name="times"' in part and " checked" in part]
    assert len(ticked) == 1
    other = page(cast.dana).get(f"/livestreams/{livestream.slug}/coffee").get_data(as_text=True)
    assert not [part for part in other.split("<input") if 'name="times"' in part and " checked" in part]


@pytest.mark.usefixtures("set_clock")
def test_busy_times_are_shown_as_taken(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        start = datetime.fromisoformat(round_.times[0])
        make_calendar(db, cast.bram, "https://kalender.test/a.ics", (start, start + timedelta(minutes=10)))
        make_hours(db, cast.bram, range(7 * 24))
    path = f"/livestreams/{livestream.slug}/coffee"
    shown = [part for part in page(cast.bram).get(path).text.split("<input") if 'name="times"' in part]
    assert [" disabled" in part for part in shown] == [True, *[False] * 7]
    assert [" checked" in part for part in shown] == [False, *[True] * 7]
    others = page(cast.dana).get(path).text
    assert "disabled" not in others


@pytest.mark.usefixtures("set_clock")
def test_the_matching_schedules_no_meeting_at_a_busy_time(cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, livestream)
        for user in (cast.bram, cast.dana):
            make_yes(db, round_, user)
        start = datetime.fromisoformat(round_.times[0])
        make_calendar(db, cast.bram, "https://kalender.test/a.ics", (start, start + timedelta(minutes=10)))
        people = problem_of(db, round_, 0)["people"]
    assert isinstance(people, list)
    free = {person["id"]: {datetime.fromisoformat(text) for text in person["free"]} for person in people}
    assert free[cast.dana.id] - free[cast.bram.id] == {start}


@pytest.mark.usefixtures("set_clock")
def test_the_calendars_page_explains_where_each_app_shows_the_secret_url(page: OpenPage, cast: Cast) -> None:
    html = page(cast.bram).get("/me/calendars").get_data(as_text=True)
    told = html[html.index("Where do you find it?") :]
    for words in ("<dt>Google</dt>", "Secret address in iCal format", "<dt>Outlook</dt>", "<dt>Apple</dt>"):
        assert words in told


@pytest.mark.usefixtures("set_clock")
def test_keyboard_help_is_shown_where_there_may_be_a_keyboard(page: OpenPage, cast: Cast) -> None:
    """CSS hides it on touch screens."""
    html = page(cast.bram).get("/me/times").get_data(as_text=True)
    assert '<span class="week-keys">With the keyboard' in html
    sheet = (Path(__file__).resolve().parents[2] / "static/css/availability.css").read_text()
    coarse = sheet[sheet.index("@media (pointer: coarse)") :]
    assert ".week-keys { display: none; }" in coarse[: coarse.index("@media", 1)]
