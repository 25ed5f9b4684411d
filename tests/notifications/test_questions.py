"""Questions asked after the end reach host and team in a digest; the asker gets the answer."""

from datetime import UTC, datetime, timedelta

import pytest

from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from events.notifications.rules import digest_due
from events.questions.models import Question
from events.recordings.models import Recording
from tests.factories.livestreams import make_livestream
from tests.factories.questions import make_question
from tests.support.cast import Cast
from tests.support.mail_assertions import addresses, html_of, mails_to, path_in, text_of
from tests.support.types import OpenPage, OpenSocket, Outbox, SetClock

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 12, 3, 19, tzinfo=UTC)  # a Thursday, 20:00 in Amsterdam
ASKED = "Hoe lang wacht je met nabellen?"


@pytest.fixture
def evening(cast: Cast, set_clock: SetClock) -> Livestream:
    """Bram hosted it, two hours ago, and it has a recording of an hour; Anna organises."""
    start = set_clock(NOW) - timedelta(hours=2)
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.bram, state="replay", starts_at=start)
        made.went_live_at, made.ended_at = start, start + timedelta(hours=1)
        db.add(
            Recording(
                livestream_id=made.id, state="ready", provider="hls", source_ref="http://x.test/a.m3u8",
                zero_at=start, ready_at=NOW, length=3600,
            )
        )  # fmt: skip
        return made


def ask(open_socket: OpenSocket, cast: Cast, evening: Livestream, body: str = ASKED, **more: object) -> None:
    data = {"livestream": evening.slug, "client_id": f"question-{hash(body) % 10**9}", "body": body}
    assert open_socket(cast.dana).send("questions.ask", **data, **more).ok


def ask_at_another_evening(cast: Cast) -> Livestream:
    """Chris asks at an evening of Anna's, a minute after the others."""
    with unit_of_work() as db:
        other = make_livestream(db, cast.circle, cast.anna, title="Een andere avond", state="ended")
        other.ended_at = NOW - timedelta(days=1)
        make_question(db, other, cast.chris, "Voor Anna").asked_at = NOW + timedelta(minutes=1)
        return other


def answer(page: OpenPage, cast: Cast, words: str) -> None:
    with unit_of_work() as db:
        question_id = db.query(Question).one().id
    path = f"/questions/{question_id}/state"
    assert page(cast.anna).post(path, state="answered", answer=words).status_code == 303


def test_host_and_team_get_one_digest_an_hour_later(
    cast: Cast, evening: Livestream, open_socket: OpenSocket, set_clock: SetClock, fresh: Outbox
) -> None:
    ask(open_socket, cast, evening, second=754)
    ask(open_socket, cast, evening, "En als ze niet opnemen?", nameless=True)
    set_clock(timedelta(minutes=59))
    assert fresh() == []
    set_clock(timedelta(minutes=1))
    sent = fresh()
    assert addresses(sent) == sorted([cast.anna.email, cast.bram.email])
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == "2 questions wait for an answer"
    said = text_of(mail)
    assert f"Dana: {ASKED}" in said
    assert "at 12:34 of the recording" in said
    assert "without a name: En als ze niet opnemen?" in said
    assert ASKED in html_of(mail)
    assert "List-Unsubscribe" in mail


def test_questions_later_on_the_day_wait_for_the_next_morning(
    cast: Cast, evening: Livestream, open_socket: OpenSocket, set_clock: SetClock, fresh: Outbox
) -> None:
    ask(open_socket, cast, evening)
    set_clock(timedelta(hours=1))
    assert len(fresh()) == 2
    ask(open_socket, cast, evening, "Nog een")
    ask(open_socket, cast, evening, "En nog een")
    set_clock(timedelta(hours=2))
    assert fresh() == []
    set_clock(datetime(2026, 12, 4, 8, tzinfo=UTC))  # 09:00 in Amsterdam
    assert {mail["Subject"] for mail in fresh()} == {"3 questions wait for an answer"}
    set_clock(timedelta(days=3))
    assert fresh() == []


def test_what_was_answered_meanwhile_is_not_told(
    cast: Cast,
    evening: Livestream,
    open_socket: OpenSocket,
    page: OpenPage,
    set_clock: SetClock,
    fresh: Outbox,
) -> None:
    ask(open_socket, cast, evening)
    answer(page, cast, "Twee dagen.")
    set_clock(timedelta(hours=1))
    assert addresses(fresh()) == [cast.dana.email]


def test_a_host_who_does_not_organise_hears_of_their_own_evenings_only(
    cast: Cast, evening: Livestream, open_socket: OpenSocket, set_clock: SetClock, fresh: Outbox
) -> None:
    ask_at_another_evening(cast)
    ask(open_socket, cast, evening)
    set_clock(timedelta(hours=1))
    sent = fresh()
    assert "Voor Anna" in text_of(mails_to(sent, cast.anna)[0])
    assert "Voor Anna" not in text_of(mails_to(sent, cast.bram)[0])


def test_each_livestream_of_a_digest_leads_to_its_own_desk(
    cast: Cast,
    evening: Livestream,
    open_socket: OpenSocket,
    page: OpenPage,
    set_clock: SetClock,
    fresh: Outbox,
) -> None:
    ask(open_socket, cast, evening)
    other = ask_at_another_evening(cast)
    set_clock(timedelta(hours=1))
    (mail,) = mails_to(fresh(), cast.anna)
    said, html = text_of(mail), html_of(mail)
    desks = {made.slug: f"/livestreams/{made.slug}/desk" for made in (evening, other)}
    asked = {evening.slug: ASKED, other.slug: "Voor Anna"}
    newest, older = other.slug, evening.slug
    places = [said.index(one) for one in (asked[newest], desks[newest], asked[older], desks[older])]
    assert places == sorted(places)
    assert all(html.count(f'{desk}"') == 1 for desk in desks.values())
    for slug, question in asked.items():
        assert question in page(cast.anna).main(desks[slug]), slug


@pytest.mark.parametrize("state", ["announced", "lobby", "live"])
def test_a_question_before_the_end_is_on_the_desk_and_mails_nobody(
    cast: Cast, open_socket: OpenSocket, set_clock: SetClock, fresh: Outbox, state: str
) -> None:
    set_clock(NOW)
    with unit_of_work() as db:
        made = make_livestream(db, cast.circle, cast.bram, state=state)
    ask(open_socket, cast, made, second=5)
    with unit_of_work() as db:
        assert db.query(Question).one().at_second is None
    set_clock(timedelta(hours=1))
    assert fresh() == []


def test_the_asker_gets_the_answer_with_its_moment(
    cast: Cast,
    evening: Livestream,
    open_socket: OpenSocket,
    page: OpenPage,
    set_clock: SetClock,
    fresh: Outbox,
) -> None:
    ask(open_socket, cast, evening, second=754)
    answer(page, cast, "Twe dagen.")
    answer(page, cast, "Twee dagen.")
    set_clock(timedelta(minutes=10))
    (mail,) = mails_to(fresh(), cast.dana)
    assert "Twee dagen." in text_of(mail)
    assert "at 12:34 of the recording" in html_of(mail)
    opened = page().get(path_in(mail, "/k/"))
    assert opened.location == f"/livestreams/{evening.slug}?t=754"
    set_clock(timedelta(days=1))
    answer(page, cast, "Drie dagen.")
    set_clock(timedelta(days=1))
    assert mails_to(fresh(), cast.dana) == []


def test_a_question_of_the_evening_leads_to_what_was_live_then(
    cast: Cast, evening: Livestream, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        question = make_question(db, evening, cast.dana, ASKED)
        question.asked_at = NOW - timedelta(minutes=100)
    answer(page, cast, "Twee dagen.")
    set_clock(timedelta(minutes=10))
    (mail,) = mails_to(fresh(), cast.dana)
    assert "at 20:00 of the recording" in text_of(mail)


def test_an_answer_of_oneself_and_one_without_words_are_not_told(
    cast: Cast, evening: Livestream, page: OpenPage, set_clock: SetClock, fresh: Outbox
) -> None:
    with unit_of_work() as db:
        own = make_question(db, evening, cast.anna)
        other = make_question(db, evening, cast.dana)
    anna = page(cast.anna)
    anna.post(f"/questions/{own.id}/state", state="answered", answer="Zo.")
    anna.post(f"/questions/{other.id}/state", state="answered", answer="")
    anna.post(f"/questions/{other.id}/state", state="hidden")
    set_clock(timedelta(hours=1))
    assert fresh() == []


def test_who_left_the_circle_or_switched_it_off_gets_no_answer(
    cast: Cast,
    evening: Livestream,
    open_socket: OpenSocket,
    page: OpenPage,
    set_clock: SetClock,
    fresh: Outbox,
) -> None:
    ask(open_socket, cast, evening)
    page(cast.dana).post("/me/mails", kinds=["livestream_announced"])
    answer(page, cast, "Twee dagen.")
    set_clock(timedelta(minutes=10))
    assert mails_to(fresh(), cast.dana) == []


def test_open_questions_stand_on_today_for_host_and_team(
    cast: Cast, evening: Livestream, open_socket: OpenSocket, page: OpenPage
) -> None:
    ask(open_socket, cast, evening)
    for person, told in ((cast.anna, True), (cast.bram, True), (cast.dana, False), (cast.olga, False)):
        assert ("1 question to answer" in page(person).main("/")) == told, person.name


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        ("2026-12-03T19:00", None, "2026-12-03T20:00"),
        ("2026-12-03T22:30", None, "2026-12-03T23:30"),  # half past midnight in Amsterdam: the fourth
        ("2026-12-03T20:30", "2026-12-03", "2026-12-04T08:00"),
        ("2026-12-04T06:00", "2026-12-03", "2026-12-04T07:00"),
        ("2026-10-24T20:30", "2026-10-24", "2026-10-25T08:00"),  # that night the clocks go back
        ("2026-03-28T20:30", "2026-03-28", "2026-03-29T07:00"),
    ],
)
def test_the_digest_leaves_an_hour_later_or_at_nine_the_next_day(
    now: str, last: str | None, due: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    day = datetime.fromisoformat(last).date().toordinal() if last else None
    found, at = digest_due(moment, "Europe/Amsterdam", day)
    assert at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert day is None or found == day + 1
