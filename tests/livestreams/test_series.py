"""A series: each evening its own, changed alone or together, announced one at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from events.core import clock
from events.core.db.session import unit_of_work
from events.core.errors import Conflict, Forbidden
from events.livestreams.actions import series as actions
from events.livestreams.actions.transitions import cancel_livestream, publish_livestream
from events.livestreams.forms import CancelLivestream, LivestreamForm, MakeSeries, SetAnnouncement
from events.livestreams.jobs import announce_evenings
from events.livestreams.models import Livestream
from events.livestreams.queries.livestreams import get_livestream, list_agenda
from events.livestreams.queries.plans import days_off, get_series, list_evenings, local_day, plan_of
from tests.factories.availability import make_break
from tests.factories.livestreams import make_agenda, make_livestream
from tests.factories.registrations import make_registration
from tests.support.cast import Cast, acting_as
from tests.support.mail_assertions import invite_in, mails_to
from tests.support.types import OpenPage, Outbox, SetClock

FIRST = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)  # the first Thursday, eight in the evening


@pytest.fixture(autouse=True)
def _now(set_clock: SetClock) -> None:
    """A Monday in November, ten days before the first evening."""


def make_series(cast: Cast, *, count: int = 4, state: str = "draft", rhythm: str = "monthly") -> list[str]:
    with unit_of_work() as db:
        first = make_livestream(db, cast.circle, cast.anna, state=state, starts_at=FIRST, capacity=20)
        make_agenda(db, first, "Welkom", "Vragen")
        data = MakeSeries(rhythm=rhythm, count=count)
        made = actions.create_series(db, acting_as(cast.anna), first, data)
        return [one.id for one in list_evenings(db, made)]


def read(livestream_id: str) -> Livestream:
    with unit_of_work() as db:
        return get_livestream(db, livestream_id)


def edit(cast: Cast, livestream_id: str, **more: Any) -> actions.Changed:
    with unit_of_work() as db:
        livestream = get_livestream(db, livestream_id)
        form = LivestreamForm.model_validate(plan_of(db, livestream) | more)
        return actions.edit_evenings(db, acting_as(cast.anna), livestream, form, local_sources=True)


def hours(ids: list[str]) -> list[str]:
    with unit_of_work() as db:
        return [str(plan_of(db, get_livestream(db, id_))["hour"]) for id_ in ids]


def test_each_evening_has_its_own_page_calendar_entry_and_programme(cast: Cast) -> None:
    ids = make_series(cast)
    evenings = [read(id_) for id_ in ids]
    assert [local_day(one) for one in evenings] == [
        date(2026, 12, 3), date(2027, 1, 7), date(2027, 2, 4), date(2027, 3, 4),
    ]  # fmt: skip
    assert len({one.slug for one in evenings}) == len({one.calendar_uid for one in evenings}) == 4
    assert {one.capacity for one in evenings} == {20}
    with unit_of_work() as db:
        assert [[item.title for item in list_agenda(db, id_)] for id_ in ids] == [["Welkom", "Vragen"]] * 4


def test_making_it_twice_makes_it_once(cast: Cast) -> None:
    ids = make_series(cast)
    with unit_of_work() as db:
        data = MakeSeries(rhythm="weekly", count=9)
        again = actions.create_series(db, acting_as(cast.anna), get_livestream(db, ids[0]), data)
        assert [one.id for one in list_evenings(db, again)] == ids


def test_only_organisers_make_change_and_stop_a_series(cast: Cast) -> None:
    ids = make_series(cast)
    with unit_of_work() as db:
        loose = make_livestream(db, cast.circle, cast.anna, starts_at=FIRST)
    for person in (cast.bram, cast.olga):
        data = MakeSeries(rhythm="weekly", count=2)
        with unit_of_work() as db, pytest.raises(Forbidden):
            actions.create_series(db, acting_as(person), get_livestream(db, loose.id), data)
        with unit_of_work() as db, pytest.raises(Forbidden):
            actions.stop_series(db, acting_as(person), get_livestream(db, ids[0]))
        with unit_of_work() as db, pytest.raises(Forbidden):
            actions.set_announcement(
                db, acting_as(person), get_livestream(db, ids[0]), SetAnnouncement(announce_days=7)
            )


def test_what_is_over_and_what_the_day_does_not_allow_makes_no_series(cast: Cast) -> None:
    with unit_of_work() as db:
        over = make_livestream(db, cast.circle, cast.anna, state="ended", starts_at=FIRST)
        loose = make_livestream(db, cast.circle, cast.anna, starts_at=FIRST)
    for livestream, rhythm in ((over, "weekly"), (loose, "monthly_last")):
        data = MakeSeries(rhythm=rhythm, count=2)
        with unit_of_work() as db, pytest.raises(Conflict):
            actions.create_series(db, acting_as(cast.anna), get_livestream(db, livestream.id), data)


def test_one_is_announced_at_once_and_each_other_in_its_time(
    cast: Cast, outbox: Outbox, set_clock: SetClock
) -> None:
    ids = make_series(cast)
    assert [read(id_).state for id_ in ids] == ["announced", "draft", "draft", "draft"]
    assert len(mails_to(outbox(), cast.bram)) == 1
    set_clock(datetime(2026, 12, 17, 7, 59, tzinfo=UTC))
    announce_evenings()
    assert read(ids[1]).state == "draft"
    set_clock(datetime(2026, 12, 17, 8, 0, tzinfo=UTC))
    for _run in range(2):
        announce_evenings()
    assert [read(id_).state for id_ in ids] == ["announced", "announced", "draft", "draft"]
    told = [mail for mail in mails_to(outbox(), cast.bram) if "7 January" in mail["Subject"]]
    assert len(told) == 1


def test_weekly_evenings_are_never_announced_together(cast: Cast, set_clock: SetClock) -> None:
    ids = make_series(cast, rhythm="weekly")
    assert [read(id_).state for id_ in ids] == ["announced", "draft", "draft", "draft"]
    assert [read(id_).announce_at for id_ in ids[1:3]] == [
        datetime(2026, 12, 4, 8, 0, tzinfo=UTC), datetime(2026, 12, 11, 8, 0, tzinfo=UTC),
    ]  # fmt: skip


def test_another_time_before_each_moves_the_announcements_that_are_still_to_come(cast: Cast) -> None:
    ids = make_series(cast)
    with unit_of_work() as db:
        data = SetAnnouncement(announce_days=7)
        actions.set_announcement(db, acting_as(cast.anna), get_livestream(db, ids[1]), data)
    assert read(ids[0]).announce_at is None
    assert read(ids[1]).announce_at == datetime(2026, 12, 31, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("one", ["20:00", "19:30", "20:00", "20:00"]),
        ("after", ["20:00", "19:30", "19:30", "19:30"]),
        ("all", ["19:30", "19:30", "19:30", "19:30"]),
    ],
)
def test_a_change_of_hour_reaches_the_chosen_evenings(cast: Cast, scope: str, expected: list[str]) -> None:
    ids = make_series(cast)
    edit(cast, ids[1], hour="19:30", scope=scope)
    assert hours(ids) == expected


def test_a_moved_evening_keeps_its_time_and_takes_the_rest(cast: Cast) -> None:
    ids = make_series(cast)
    edit(cast, ids[2], day="2027-02-11", hour="17:00", scope="one")
    changed = edit(cast, ids[1], hour="19:30", capacity=12, title="Ondernemersavond", scope="all")
    assert changed == actions.Changed(others=3, kept=1)
    assert hours(ids) == ["19:30", "19:30", "17:00", "19:30"]
    moved = read(ids[2])
    assert (local_day(moved), moved.capacity, moved.title) == (date(2027, 2, 11), 12, "Ondernemersavond")


def test_a_date_is_changed_on_that_evening_only(cast: Cast) -> None:
    ids = make_series(cast)
    edit(cast, ids[1], day="2027-01-14", scope="all")
    assert [local_day(read(id_)).day for id_ in ids] == [3, 14, 4, 4]
    assert [read(id_).own_time for id_ in ids] == [False, True, False, False]


def test_an_evening_on_another_day_keeps_its_hour_too(cast: Cast) -> None:
    ids = make_series(cast)
    edit(cast, ids[2], day="2027-02-11", scope="one")
    edit(cast, ids[0], hour="19:30", scope="all")
    assert hours(ids) == ["19:30", "19:30", "20:00", "19:30"]


def test_what_an_evening_has_of_its_own_stays(cast: Cast) -> None:
    ids = make_series(cast)
    edit(cast, ids[2], title="Met de wethouder", scope="one")
    edit(cast, ids[0], title="Ondernemersavond", host="Bram", host_id=cast.bram.id, scope="all")
    assert [read(id_).title for id_ in ids] == ["Ondernemersavond"] * 2 + [
        "Met de wethouder",
        "Ondernemersavond",
    ]
    assert {read(id_).host_id for id_ in ids} == {cast.bram.id}


def test_a_cancelled_evening_is_left_alone(cast: Cast) -> None:
    ids = make_series(cast)
    with unit_of_work() as db:
        cancel_livestream(db, acting_as(cast.anna), get_livestream(db, ids[1]), CancelLivestream())
    edit(cast, ids[0], hour="19:00", scope="all")
    assert hours(ids) == ["19:00", "20:00", "19:00", "19:00"]
    assert read(ids[1]).state == "cancelled"


def test_calendars_of_all_evenings_follow_and_only_where_somebody_comes(cast: Cast, outbox: Outbox) -> None:
    ids = make_series(cast)
    with unit_of_work() as db:
        publish_livestream(db, acting_as(cast.anna), get_livestream(db, ids[1]))
        for id_ in ids[:2]:
            make_registration(db, get_livestream(db, id_), cast.dana)
    edit(cast, ids[0], hour="19:00", scope="all")
    moved = [invite_in(mail) for mail in mails_to(outbox(), cast.dana) if "oved" in mail["Subject"]]
    assert moved
    assert all((one.method, one.sequence) == ("REQUEST", 1) for one in moved)
    with unit_of_work() as db:
        cancel_livestream(db, acting_as(cast.anna), get_livestream(db, ids[0]), CancelLivestream())
    (off,) = [mail for mail in mails_to(outbox(), cast.dana) if "Cancelled" in mail["Subject"]]
    assert (invite_in(off).method, invite_in(off).sequence) == ("CANCEL", 2)


def test_stopping_drops_what_nobody_heard_of_and_tells_nobody(cast: Cast, outbox: Outbox) -> None:
    ids = make_series(cast)
    before = len(outbox())
    with unit_of_work() as db:
        assert actions.stop_series(db, acting_as(cast.anna), get_livestream(db, ids[0])) == 3
    assert [read(id_).state for id_ in ids] == ["announced", "cancelled", "cancelled", "cancelled"]
    assert len(outbox()) == before


def test_holidays_and_breaks_are_flagged_and_planned_all_the_same(cast: Cast) -> None:
    with unit_of_work() as db:
        make_break(db, cast.circle, date(2027, 2, 1), date(2027, 2, 28))
    ids = make_series(cast, count=8, rhythm="monthly")
    with unit_of_work() as db:
        made = get_series(db, get_livestream(db, ids[0]))
        assert made is not None
        rows = list_evenings(db, made)
        found = {local_day(one): days_off(db, cast.circle, rows).get(one.id) for one in rows}
    assert found[date(2027, 2, 4)] == "break"
    assert found[date(2027, 5, 6)] == "holiday"  # Ascension Day
    assert found[date(2027, 1, 7)] is None
    assert len(found) == 8


def test_anna_makes_a_series_at_the_desk_in_three_presses(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.anna, state="draft", starts_at=FIRST)
    anna = page(cast.anna)
    asked = anna.get(f"/livestreams/{made.slug}/series").text
    assert "the first Thursday of the month" in asked
    assert "last Thursday" not in asked
    anna.post(f"/livestreams/{made.slug}/series", rhythm="monthly", count="3", announce_days="21")
    shown = anna.get(f"/livestreams/{made.slug}/series").text
    assert "A series of 3 evenings" in shown
    assert "To be announced on Thursday 17 December" in shown
    assert page(cast.bram).get(f"/livestreams/{made.slug}/series").status_code == 404
    assert page(cast.olga).post(f"/livestreams/{made.slug}/series/stop").status_code == 404


def test_another_like_it_is_filled_in_and_published_in_two_presses(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        former = make_livestream(
            db, cast.circle, cast.bram, state="replay", starts_at=clock.now() - timedelta(days=3), capacity=9,
            provider="youtube", source_ref="abcdefghijk",
        )  # fmt: skip
        make_agenda(db, former, "Welkom", "Vragen")
    anna = page(cast.anna)
    filled = anna.get(f"/circles/{cast.circle.slug}/livestreams/new?like={former.slug}").text
    for value in ('value="2026-12-18"', 'value="9"', 'value="Bram"', "0:10 Vragen", 'value="publish"'):
        assert value in filled, value  # Friday 20 November was the third one
    assert "abcdefghijk" not in filled
    answer = anna.post(
        f"/circles/{cast.circle.slug}/livestreams/new", title=former.title, day="2026-12-18", hour="20:00",
        then="publish",
    )  # fmt: skip
    assert answer.status_code == 303
    with unit_of_work() as db:
        states = [one.state for one in db.query(Livestream).filter(Livestream.id != former.id)]
    assert states == ["announced"]
    for person in (cast.bram, cast.olga):
        other = page(person).get(f"/circles/{cast.circle.slug}/livestreams/new?like={former.slug}")
        assert other.status_code in {403, 404}


def test_a_host_changes_the_evening_they_host_and_no_other(cast: Cast, page: OpenPage) -> None:
    ids = make_series(cast)
    edit(cast, ids[1], host="Bram", host_id=cast.bram.id, scope="one")
    slug = read(ids[1]).slug
    with unit_of_work() as db:
        plan = {name: value for name, value in plan_of(db, get_livestream(db, ids[1])).items() if value}
    assert 'name="scope"' not in page(cast.bram).get(f"/livestreams/{slug}/edit").text
    assert 'name="scope"' in page(cast.anna).get(f"/livestreams/{slug}/edit").text
    refused = page(cast.bram).post(f"/livestreams/{slug}/edit", **plan | {"hour": "18:00", "scope": "all"})
    assert refused.status_code in {403, 404}
    assert hours(ids) == ["20:00"] * 4
    page(cast.bram).post(f"/livestreams/{slug}/edit", **plan | {"hour": "18:00", "scope": "one"})
    assert hours(ids) == ["20:00", "18:00", "20:00", "20:00"]
