"""The report: counts for those who lead, nothing for anyone else, and no answer that can be traced."""

from datetime import UTC, datetime, timedelta

import pytest

from events.coffees.models import LookBack
from events.core import clock
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import unit_of_work
from events.insights.queries.report import NAMES_A_PAGE
from events.livestreams.models import Livestream
from events.rounds.models import FairnessScore
from tests.factories.accounts import make_user
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.types import OpenPage, SetClock


@pytest.fixture
def evening(cast: Cast) -> Livestream:
    """Bram and Chris came, Dana registered and stayed away; Bram met Chris, Dana declined Chris."""
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay")
        start = clock.now() - timedelta(hours=2)
        livestream.went_live_at, livestream.ended_at = start, start + timedelta(hours=1)
        for person in (cast.bram, cast.chris, cast.dana):
            make_registration(db, livestream, person)
        for person in (cast.bram, cast.chris):
            make_stay(db, livestream, person, entered_at=start, left_at=start + timedelta(minutes=50))
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met", occasion_id=livestream.id)
        make_coffee(db, cast.circle, [cast.chris, cast.dana], state="declined", occasion_id=livestream.id)
    return livestream


def read(page: PageClient, livestream: Livestream) -> str:
    answer = page.get(f"/livestreams/{livestream.slug}/report")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_organiser_reads_counts_and_attendance(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "One conversation." in text
    assert "2 people watched live" in text
    assert "Bram, Chris" in text


def test_a_coffee_that_was_declined_is_nobodys_business(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    text = read(page(cast.anna), evening)
    assert "Dana" not in text


def test_few_answers_are_not_added_up(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    text = read(page(cast.anna), evening)
    assert "from four answers on" in text
    assert "Found it worth it" not in text


def test_a_member_and_an_outsider_find_no_report(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    for person in (cast.bram, cast.olga):
        assert page(person).get(f"/livestreams/{evening.slug}/report").status_code == 404
        assert page(person).get(f"/circles/{cast.circle.slug}/report").status_code == 404
    assert page().get(f"/livestreams/{evening.slug}/report").status_code == 303


def test_meetings_are_listed_by_month(cast: Cast, page: OpenPage, evening: Livestream) -> None:
    text = page(cast.anna).get(f"/circles/{cast.circle.slug}/report").get_data(as_text=True)
    assert "Bram, Chris" in text
    assert "Dana" not in text


@pytest.mark.parametrize(("hours", "word"), [(-3, "over"), (3, "set")])
def test_a_coffee_whose_time_has_passed_is_not_called_set(
    cast: Cast, page: OpenPage, evening: Livestream, hours: int, word: str
) -> None:
    with unit_of_work() as db:
        starts_at = clock.now() + timedelta(hours=hours)
        make_coffee(
            db, cast.circle, [cast.bram, cast.dana], state="confirmed", starts_at=starts_at,
            occasion_id=evening.id,
        )  # fmt: skip
    (row,) = [row for row in read(page(cast.anna), evening).split("<tr") if "Bram, Dana" in row]
    assert f'<td role="cell">{word}</td>' in row


def test_a_report_without_anything_is_honest(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        quiet = make_livestream(db, cast.circle, cast.anna, state="ended")
    text = read(page(cast.anna), quiet)
    assert "0 people came." in text
    assert "Nobody has said yes to a coffee yet." in text


def test_the_circle_report_counts_the_least_matched_without_names(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        for user, missed in ((cast.bram, 1), (cast.chris, 2), (cast.dana, 0), (cast.olga, 1)):
            db.add(FairnessScore(circle_id=cast.circle.id, user_id=user.id, missed=missed))
    address = f"/circles/{cast.circle.slug}/report"
    html = page(cast.anna).get(address).text
    assert "2 members had least luck in the last rounds; they go first next time." in html
    assert "Bram" not in html
    for other in (cast.bram, cast.olga):
        assert page(other).get(address).status_code == 404


def test_a_month_of_many_coffees_is_read_by_pages(cast: Cast, page: OpenPage, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    with unit_of_work() as db:
        for number in range(ROWS_PER_PAGE + 3):
            starts_at = clock.now() - timedelta(hours=number + 1)
            make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", starts_at=starts_at)
    address = f"/circles/{cast.circle.slug}/report"
    following = f"{address}?month=2026-11&amp;page=2"
    anna = page(cast.anna)
    first, second = anna.get(address).text, anna.get(following.replace("&amp;", "&")).text
    assert (first.count("<tr role"), second.count("<tr role")) == (ROWS_PER_PAGE + 1, 3 + 1)
    assert following in first
    assert "page=3" not in second
    assert f"{ROWS_PER_PAGE + 3} conversations." in first


def test_the_months_of_a_circle_lead_to_each_other_by_its_own_calendar(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(datetime(2026, 11, 23, 9, tzinfo=UTC))
    # On 30 September at 22:30 in UTC it is 1 October in Amsterdam.
    met = {
        cast.bram: datetime(2026, 9, 30, 22, 30, tzinfo=UTC),
        cast.chris: datetime(2026, 8, 3, 8, tzinfo=UTC),
    }
    with unit_of_work() as db:
        for person, starts_at in met.items():
            make_coffee(db, cast.circle, [person, cast.dana], state="met", starts_at=starts_at)
    anna, address = page(cast.anna), f"/circles/{cast.circle.slug}/report"
    latest = anna.main(address)
    assert "October 2026" in latest
    assert "Bram, Dana" in latest
    assert "Chris" not in latest
    assert "?month=2026-08" in latest
    earlier = anna.main(f"{address}?month=2026-08")
    assert "Chris, Dana" in earlier
    assert "?month=2026-10" in earlier
    assert "Nobody met in this month." in anna.main(f"{address}?month=2026-09")
    for odd in ("2026-13", "x", "", "9999-01", "0001-01", "2026-10-10"):
        assert "Bram, Dana" in anna.main(f"{address}?month={odd}"), odd
    assert page(cast.bram).get(f"{address}?month=2026-10").status_code == 404


def test_names_and_quotes_of_a_report_come_in_pages_of_their_own(
    cast: Cast, page: OpenPage, evening: Livestream
) -> None:
    with unit_of_work() as db:
        for number in range(NAMES_A_PAGE):
            watcher = make_user(db, f"Kijker {number:03}")
            make_stay(db, evening, watcher, entered_at=evening.went_live_at, left_at=evening.ended_at)
        for number in range(ROWS_PER_PAGE + 1):
            one, other = make_user(db, f"Een {number}"), make_user(db, f"Ander {number}")
            coffee = make_coffee(db, cast.circle, [one, other], state="met", occasion_id=evening.id)
            db.add(
                LookBack(
                    coffee_id=coffee.id, user_id=one.id, came="contact", quote=f"Zin {number}.",
                    may_quote=True, answered_at=clock.now() - timedelta(hours=number),
                )
            )  # fmt: skip
    anna, address = page(cast.anna), f"/livestreams/{evening.slug}/report"
    first = anna.main(address)
    assert "Kijker 001" in first
    assert "Kijker 199" not in first
    assert "Kijker 199" in anna.main(f"{address}?people=2")
    assert (f"‘Zin {ROWS_PER_PAGE}.’" in first, "‘Zin 0.’" in first) == (False, True)
    assert f"‘Zin {ROWS_PER_PAGE}.’" in anna.main(f"{address}?quotes=2")
    assert f"{NAMES_A_PAGE + 2} people watched live" in first
