"""The report of a circle: who met whom by month, its goal, newcomers, and who was not seen for long."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from events.circles.models import Membership
from events.core import clock
from events.core.db.paging import ROWS_PER_PAGE
from events.core.db.session import unit_of_work
from events.insights.models import CircleGoal
from events.rounds.models import FairnessScore
from tests.factories.accounts import make_user
from tests.factories.circles import make_circle, make_member
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round_of_its_own, make_yes
from tests.support.cast import Cast
from tests.support.types import OpenPage, SetClock

NOVEMBER = datetime(2026, 11, 23, 9, tzinfo=UTC)


def met_in(page: str) -> str:
    """The part about who met whom; newcomers are named below it, met or not."""
    return page.partition('id="new"')[0]


def test_meetings_are_listed_by_month(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
        make_coffee(db, cast.circle, [cast.chris, cast.dana], state="declined")
    text = met_in(page(cast.anna).main(f"/circles/{cast.circle.slug}/report"))
    assert "Bram, Chris" in text
    assert "Dana" not in text


def test_the_circle_report_counts_the_least_matched_without_names(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        for user, missed in ((cast.bram, 1), (cast.chris, 2), (cast.dana, 0), (cast.olga, 1)):
            db.add(FairnessScore(circle_id=cast.circle.id, user_id=user.id, missed=missed))
    address = f"/circles/{cast.circle.slug}/report"
    html = met_in(page(cast.anna).main(address))
    assert "2 members had the least luck in the last rounds; they go first next time." in html
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
    latest = met_in(anna.main(address))
    assert "October 2026" in latest
    assert "Bram, Dana" in latest
    assert "Chris" not in latest
    assert "?month=2026-08" in latest
    earlier = met_in(anna.main(f"{address}?month=2026-08"))
    assert "Chris, Dana" in earlier
    assert "?month=2026-10" in earlier
    assert "Nobody met in this month." in anna.main(f"{address}?month=2026-09")
    for odd in ("2026-13", "x", "", "9999-01", "0001-01", "2026-10-10"):
        assert "Bram, Dana" in anna.main(f"{address}?month={odd}"), odd
    assert page(cast.bram).get(f"{address}?month=2026-10").status_code == 404


def test_the_quarter_is_held_against_the_goal_of_its_time(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(NOVEMBER)
    address = f"/circles/{cast.circle.slug}/report"
    with unit_of_work() as db:
        db.add(CircleGoal(circle_id=cast.circle.id, since=date(2026, 4, 1), conversations=1))
        for day in (1, 2):
            make_coffee(
                db,
                cast.circle,
                [cast.bram, cast.dana],
                state="met",
                starts_at=NOVEMBER - day * timedelta(days=60),
            )
    anna = page(cast.anna)
    assert anna.post(address, conversations="20").status_code == 303
    now = anna.main(address)
    assert "The goal is 20, with 6 weeks to go." in now
    assert "No conversation yet this quarter." in now
    assert "pace" not in now
    past = anna.main(f"{address}?month=2026-07")
    assert "The goal was 1: it is reached." in past
    assert "Change the goal" not in past
    assert anna.post(address, conversations="").status_code == 303
    assert "The goal" not in anna.main(address)
    with unit_of_work() as db:
        assert db.query(CircleGoal).count() == 2


def test_a_goal_is_a_number_and_the_teams_own(cast: Cast, page: OpenPage) -> None:
    address = f"/circles/{cast.circle.slug}/report"
    with unit_of_work() as db:
        make_circle(db, owner=cast.olga, name="Andere kring")
    for typed in ("0", "-3", "veel", "10000"):
        assert page(cast.anna).post(address, conversations=typed).status_code == 422
    for other in (cast.bram, cast.olga):
        assert page(other).post(address, conversations="5").status_code == 404
        assert page(other).get(f"{address}/not-seen").status_code == 404
    assert page().get(f"{address}/not-seen").status_code == 303
    with unit_of_work() as db:
        assert db.query(CircleGoal).count() == 0


def test_a_share_of_members_is_told_from_four_people_on(cast: Cast, page: OpenPage) -> None:
    address = f"/circles/{cast.circle.slug}/report"
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.chris], state="met")
    few = page(cast.anna).main(address)
    assert "2 people spoke to someone." in few
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.anna, cast.dana], state="met")
    assert "4 people spoke to someone, 100% of the members." in page(cast.anna).main(address)


def test_newcomers_of_the_quarter_with_and_without_a_conversation(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(NOVEMBER)
    with unit_of_work() as db:
        for number in range(ROWS_PER_PAGE + 1):
            member = make_member(db, cast.circle, make_user(db, f"Nieuw {number:02}"))
            member.created_at = NOVEMBER - timedelta(hours=number)
            if number < 2:
                make_coffee(
                    db, cast.circle, [member.user, cast.anna], state="met" if number else "missed",
                    starts_at=NOVEMBER - timedelta(days=1),
                )  # fmt: skip
        before = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
        members = [cast.bram.id, cast.chris.id, cast.dana.id]
        db.execute(update(Membership).where(Membership.user_id.in_(members)).values(created_at=before))
    address = f"/circles/{cast.circle.slug}/report"
    text = page(cast.anna).main(address)
    assert (
        f"{ROWS_PER_PAGE + 1} members joined in this quarter; 1 of them has spoken to someone."
        in " ".join(text.split())
    )
    assert text.count("not yet") == ROWS_PER_PAGE - 1
    assert "Nieuw 25" not in text
    assert "Nieuw 25" in page(cast.anna).main(f"{address}?new=2")
    assert "3 members joined in this quarter;" in page(cast.anna).main(f"{address}?month=2026-09")


def test_who_was_not_seen_for_long_and_never_since_when(
    cast: Cast, page: OpenPage, set_clock: SetClock
) -> None:
    set_clock(NOVEMBER)
    old, recent = NOVEMBER - timedelta(days=184), NOVEMBER - timedelta(days=182)
    names = ("Weg", "Kwam", "Meldde zich", "Zei ja", "Sprak", "Nieuw", "Elders", "Zei nee", "Lang geleden")
    with unit_of_work() as db:
        people = {name: make_user(db, name) for name in names}
        for name, person in people.items():
            make_member(db, cast.circle, person).created_at = recent if name == "Nieuw" else old
        evening = make_livestream(db, cast.circle, cast.anna, state="replay", starts_at=recent)
        make_stay(db, evening, people["Kwam"], entered_at=recent)
        make_stay(db, evening, people["Lang geleden"], entered_at=old)
        make_registration(db, evening, people["Meldde zich"]).changed_at = recent
        make_yes(db, make_round_of_its_own(db, cast.circle), people["Zei ja"])
        make_coffee(db, cast.circle, [people["Sprak"], cast.anna], state="met", starts_at=recent)
        make_coffee(db, cast.circle, [people["Zei nee"], cast.anna], state="declined", starts_at=recent)
        other = make_circle(db, owner=cast.olga, name="Andere kring")
        make_stay(
            db, make_livestream(db, other, cast.olga, state="replay"), people["Elders"], entered_at=recent
        )
    text = page(cast.anna).main(f"/circles/{cast.circle.slug}/report/not-seen")
    assert [name for name in (*names, "Anna", "Bram") if f">{name}</a>" in text] == [
        "Weg", "Elders", "Zei nee", "Lang geleden",
    ]  # fmt: skip
    assert "24 May" not in text


def test_the_list_of_who_was_not_seen_comes_in_pages(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        for number in range(ROWS_PER_PAGE + 2):
            member = make_member(db, cast.circle, make_user(db, f"Lid {number:02}"))
            member.created_at = clock.now() - timedelta(days=400)
    address = f"/circles/{cast.circle.slug}/report/not-seen"
    first, second = page(cast.anna).main(address), page(cast.anna).main(f"{address}?page=2")
    assert ("Lid 24" in first, "Lid 25" in first) == (True, False)
    assert ("Lid 24" in second, "Lid 26" in second) == (False, True)


def test_a_circle_that_just_began_reads_an_honest_report(cast: Cast, page: OpenPage) -> None:
    address = f"/circles/{cast.circle.slug}/report"
    text = page(cast.anna).main(address)
    assert "No conversation yet this quarter." in text
    assert "3 members joined in this quarter; none of them has had a conversation yet." in " ".join(
        text.split()
    )
    assert "Everybody has been seen" in page(cast.anna).main(f"{address}/not-seen")
