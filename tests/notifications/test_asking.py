"""Being asked for a coffee: everybody of the circle once, in words that fit, and reminded once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from events.accounts.actions.profile import switch_mail
from events.accounts.models import User
from events.circles.actions.joining import join_circle
from events.circles.actions.members import leave_circle
from events.circles.models import Circle
from events.coffees.actions.outcomes import record_call_evidence, record_outcome
from events.coffees.forms import Outcome
from events.coffees.models import LookBack
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.core.mail.outgoing_mail import OutgoingMail
from events.insights.queries.report import report_of
from events.livestreams.actions.transitions import (
    cancel_livestream,
    end_livestream,
    publish_livestream,
    start_livestream,
)
from events.livestreams.forms import CancelLivestream
from events.livestreams.models import Livestream
from events.notifications.queries.kinds import KINDS
from events.recordings.models import Recording
from events.recordings.signals import RecordingAnnounced
from events.registrations.actions import add_registration, withdraw_registration
from events.rounds.actions import preferences
from events.rounds.actions.opting_in import withdraw_opt_in
from events.rounds.forms import Always, Pause
from events.rounds.models import Round
from events.rounds.queries.rounds import opt_in_of, round_of
from tests.factories.coffees import make_coffee
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.recordings import make_recording
from tests.factories.registrations import make_registration
from tests.factories.rounds import make_round, make_round_of_its_own, make_yes
from tests.support.cast import Cast, acting_as
from tests.support.mail_assertions import addresses, html_of, invite_in, mails_to, path_in, text_of
from tests.support.types import OpenPage, Outbox, SetClock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)  # a Thursday, 20:00 in Amsterdam
END = START + timedelta(hours=1)
MORNING = datetime(2026, 12, 4, 7, 30, tzinfo=UTC)
CAME = "After ‘Offertes die een ja krijgen’: a coffee with someone who was there?"
MISSED = "You missed ‘Offertes die een ja krijgen’. There's still the coffee"
ABSENT = "Coffee after ‘Offertes die een ja krijgen’: will you join?"
INSTEAD = "‘Offertes die een ja krijgen’ is cancelled. The coffee isn't"
pytestmark = pytest.mark.postgres


def planned(cast: Cast, set_clock: SetClock) -> Livestream:
    """Bram and Dana have a place; nothing is told of that here."""
    set_clock(START - timedelta(days=3))
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, starts_at=START)
        for user in (cast.bram, cast.dana):
            add_registration(db, acting_as(user), livestream)
        return livestream


def held(livestream: Livestream, set_clock: SetClock, *who_came: User) -> None:
    set_clock(START)
    with unit_of_work() as db:
        start_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id))
        for user in who_came:
            make_stay(db, livestream, user, left_at=END)
    set_clock(END)
    with unit_of_work() as db:
        end_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id))


def questions(sent: list[EmailMessage]) -> dict[str, str]:
    """Subject by address of the mails that ask for a yes to the round."""
    asked = [mail for mail in sent if "Yes, coffee" in text_of(mail)]
    assert len(asked) == len({mail["To"] for mail in asked})
    return {mail["To"].addresses[0].addr_spec: mail["Subject"] for mail in asked}


def round_after(livestream: Livestream) -> Round:
    with unit_of_work() as db:
        found = round_of(db, livestream.id)
        assert found is not None
        return found


def test_everyone_is_asked_once_in_words_that_fit_and_never_during_the_after_talk(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock, cast.bram)
    assert questions(fresh()) == {}
    set_clock(END + timedelta(minutes=35))
    assert questions(fresh()) == {}
    set_clock(MORNING + timedelta(minutes=5))
    sent = fresh()
    assert questions(sent) == {
        cast.anna.email: CAME,  # she hosts
        cast.bram.email: CAME,
        cast.chris.email: ABSENT,
        cast.dana.email: MISSED,
    }
    assert mails_to(sent, cast.olga) == []
    assert "You were there" in text_of(mails_to(sent, cast.bram)[0])
    assert "You couldn't be there" in html_of(mails_to(sent, cast.dana)[0])
    assert "You don't need to have watched it" in text_of(mails_to(sent, cast.chris)[0])


def test_the_mail_leads_to_a_yes_without_a_sign_in(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock)
    set_clock(MORNING + timedelta(minutes=5))
    (mail,) = mails_to(fresh(), cast.chris)
    browser = page(None)
    path = browser.get(path_in(mail, "then=coffee")).location
    assert path == f"/livestreams/{livestream.slug}/coffee"
    assert browser.get(path).status_code == 200
    assert not any(yes_of(livestream, user) for user in (cast.bram, cast.chris, cast.dana))
    answer = browser.post(path, times=round_after(livestream).times[:2], forms="online", lengths="30")
    assert answer.status_code == 303
    assert yes_of(livestream, cast.chris) == "waiting"
    set_clock(timedelta(days=4))
    assert cast.chris.email not in questions(fresh())


def test_who_stays_silent_is_reminded_once_the_day_before_it_closes(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock, cast.bram)
    round_ = round_after(livestream)
    set_clock(MORNING + timedelta(minutes=5))
    assert len(questions(fresh())) == 4
    with unit_of_work() as db:
        make_yes(db, round_, cast.bram)
        make_yes(db, round_, cast.dana)
        withdraw_opt_in(db, acting_as(cast.dana), db.get_one(Livestream, livestream.id))
    set_clock(round_.closes_at - timedelta(hours=24))
    sent = fresh()
    assert set(questions(sent)) == {cast.anna.email, cast.chris.email}
    (mail,) = mails_to(sent, cast.chris)
    assert mail["Subject"] == "Until tomorrow at 12:00: say yes to a coffee"
    assert "we don't ask again for this round" in text_of(mail)
    set_clock(round_.closes_at - timedelta(minutes=1))
    assert questions(fresh()) == {}


def test_who_paused_or_always_says_yes_or_switched_it_off_is_not_asked(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    livestream = planned(cast, set_clock)
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        pause = Pause(until=(START + timedelta(days=20)).date())
        preferences.pause_coffees(db, acting_as(cast.bram), circle, pause)
        always = Always(
            always=True, parts=["morning", "afternoon", "evening"], forms=["online"], lengths=[30]
        )
        preferences.set_always(db, acting_as(cast.dana), circle, always)
        switch_mail(db, SYSTEM, cast.anna.id, "round_news", on=False)
    held(livestream, set_clock, cast.bram)
    set_clock(MORNING + timedelta(minutes=5))
    sent = fresh()
    assert [mail["Subject"] for mail in mails_to(sent, cast.chris)] == [ABSENT]
    assert set(questions(sent)) == {cast.chris.email}
    assert yes_of(livestream, cast.dana) == "waiting"
    (mail,) = mails_to(sent, cast.chris)
    browser = page(None)
    browser.post(mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000"))
    set_clock(round_after(livestream).closes_at - timedelta(hours=24))
    assert cast.chris.email in questions(fresh())  # the reminder is a kind of its own
    with unit_of_work() as db:
        assert not db.scalars(select(OutgoingMail).where(OutgoingMail.state == "failed")).all()


def test_an_end_that_is_taken_back_asks_nobody(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock, cast.bram)
    with unit_of_work() as db:
        db.get_one(Livestream, livestream.id).state = "live"
    set_clock(MORNING + timedelta(minutes=5))
    assert questions(fresh()) == {}


def test_a_guest_with_a_place_is_asked_too(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast, set_clock)
    with unit_of_work() as db:
        make_registration(db, livestream, cast.olga)
    held(livestream, set_clock, cast.olga)
    set_clock(MORNING + timedelta(minutes=5))
    (mail,) = [one for one in mails_to(fresh(), cast.olga) if "Yes, coffee" in text_of(one)]
    assert mail["Subject"] == CAME
    assert "because you have a place at this livestream" in text_of(mail)


def test_a_cancelled_evening_asks_the_circle_and_the_registered_in_one_mail(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    set_clock(START - timedelta(days=3))
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="draft", starts_at=START)
        publish_livestream(db, SYSTEM, livestream)
    fresh()
    with unit_of_work() as db:
        add_registration(db, acting_as(cast.bram), db.get_one(Livestream, livestream.id))
        add_registration(db, acting_as(cast.dana), db.get_one(Livestream, livestream.id))
        withdraw_registration(db, acting_as(cast.dana), db.get_one(Livestream, livestream.id))
    fresh()
    set_clock(timedelta(days=1))
    with unit_of_work() as db:
        note = CancelLivestream(note="Anna is ill.")
        cancel_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id), note)
    sent = fresh()
    (told,) = mails_to(sent, cast.bram)
    assert invite_in(told).method == "CANCEL"
    assert "Yes, coffee" in text_of(told)
    for user in (cast.chris, cast.dana):
        (mail,) = mails_to(sent, user)
        assert mail["Subject"] == INSTEAD
        assert "Anna is ill." in text_of(mail)
    browser = page(None)
    path = browser.get(path_in(mails_to(sent, cast.chris)[0], "then=coffee")).location
    answer = browser.post(path, times=round_after(livestream).times[:1], forms="online", lengths="30")
    assert answer.status_code == 303
    assert yes_of(livestream, cast.chris) == "waiting"
    set_clock(timedelta(days=1))
    (hosts,) = fresh()
    assert hosts["Subject"] == INSTEAD  # Anna had the entry for the host's calendar the day before
    set_clock(round_after(livestream).closes_at - timedelta(hours=24))
    reminded = questions(fresh())
    assert cast.chris.email not in reminded
    assert {cast.bram.email, cast.dana.email} <= set(reminded)


def test_who_said_yes_or_pauses_reads_no_question_in_the_mail_of_a_cancellation(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    fresh()
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        pause = Pause(until=(START + timedelta(days=20)).date())
        preferences.pause_coffees(db, acting_as(cast.bram), circle, pause)
        cancel_livestream(db, SYSTEM, db.get_one(Livestream, livestream.id), CancelLivestream())
    sent = fresh()
    assert "coffee" not in text_of(mails_to(sent, cast.bram)[0])
    assert "Yes, coffee" in text_of(mails_to(sent, cast.dana)[0])


def test_a_recording_announced_that_evening_and_the_question_are_one_mail(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    set_clock(START - timedelta(minutes=20))
    assert len(mails_to(fresh(), cast.bram)) == 2  # his place, and the reminder: the one mail of this day
    held(livestream, set_clock, cast.bram)
    fresh()
    recorded(livestream)
    (evening,) = mails_to(fresh(), cast.chris)  # no reminder that day, so there was room for this mail
    assert "Yes, coffee" in text_of(evening)
    set_clock(MORNING + timedelta(minutes=5))
    sent = fresh()
    assert mails_to(sent, cast.chris) == []
    (mail,) = mails_to(sent, cast.bram)
    assert "Yes, coffee" in text_of(mail)
    set_clock(timedelta(days=2))
    assert fresh() == []


def test_the_mail_that_asks_tells_of_a_recording_announced_before_it_left(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock, cast.bram)
    set_clock(END + timedelta(hours=2))
    assert fresh() == []  # queued for the morning
    recorded(livestream)
    sent = fresh()
    set_clock(MORNING + timedelta(minutes=5))
    sent += fresh()
    (mail,) = mails_to(sent, cast.bram)
    assert mail["Subject"] == CAME
    assert "Watch the recording" in text_of(mail)
    set_clock(timedelta(days=2))
    assert mails_to(fresh(), cast.bram) == []


def test_the_mail_of_a_recording_asks_only_who_was_not_asked(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock, cast.bram)
    set_clock(MORNING + timedelta(minutes=5))
    fresh()
    set_clock(timedelta(days=1))
    recorded(livestream)
    (mail,) = mails_to(fresh(), cast.bram)
    assert "Watch the recording" in text_of(mail)
    assert "coffee" not in text_of(mail)


def test_the_next_announcement_opens_with_what_the_last_round_brought(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    set_clock(START)
    with unit_of_work() as db:
        round_ = make_round(db, make_livestream(db, cast.circle, cast.anna, state="ended"), state="published")
        coffees = [
            make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", round_id=round_.id)
            for _ in range(3)
        ]
        for user, may_quote in ((cast.bram, True), (cast.dana, False)):
            db.add(
                LookBack(
                    coffee_id=coffees[0].id,
                    user_id=user.id,
                    came="insight",
                    quote=f"Words of {user.name}",
                    may_quote=may_quote,
                    answered_at=clock.now(),
                )
            )
    first = text_of(announced(cast, fresh, set_clock, "Eerste")[0])
    assert "conversations" not in first  # three: from four on
    assert "‘Words of Bram’, says Bram after a coffee." in first
    assert "Words of Dana" not in first
    with unit_of_work() as db:
        make_coffee(db, cast.circle, [cast.bram, cast.dana], state="met", round_id=round_.id)
    second = announced(cast, fresh, set_clock, "Tweede")
    opening = text_of(second[0]).strip().splitlines()[0]
    assert opening == "The last coffee round led to 4 conversations."
    assert "Words of" not in text_of(second[0])  # a quote opens one announcement
    assert "The last coffee round led to 4 conversations." in html_of(second[0])


def joins(cast: Cast, user: User) -> None:
    with unit_of_work() as db:
        circle = db.get_one(Circle, cast.circle.id)
        circle.joining = "open"
        join_circle(db, acting_as(user), circle)


def leaves(cast: Cast, user: User) -> None:
    with unit_of_work() as db:
        leave_circle(db, acting_as(user), db.get_one(Circle, cast.circle.id))


def test_who_joins_while_a_round_is_open_is_asked_as_a_newcomer_and_reminded_once(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock)
    set_clock(MORNING + timedelta(minutes=5))
    fresh()
    set_clock(MORNING + timedelta(hours=2))
    joins(cast, cast.olga)
    leaves(cast, cast.olga)
    joins(cast, cast.olga)
    (mail,) = mails_to(fresh(), cast.olga)
    assert mail["Subject"] == "New in Bedrijvenkring Demo: a coffee with one of its members?"
    assert "You have just joined" in text_of(mail)
    assert "You have just joined" in html_of(mail)
    assert "missed" not in text_of(mail)
    closes_at = round_after(livestream).closes_at
    set_clock(closes_at - timedelta(hours=25))
    (reminder,) = mails_to(fresh(), cast.olga)
    assert "You haven't answered" in text_of(reminder)
    set_clock(closes_at + timedelta(hours=1))
    assert mails_to(fresh(), cast.olga) == []


def test_who_joins_before_the_circle_is_asked_is_asked_with_it_and_only_once(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast, set_clock)
    held(livestream, set_clock)
    joins(cast, cast.olga)
    set_clock(MORNING + timedelta(days=1))
    asked = [mail for mail in mails_to(fresh(), cast.olga) if "Yes, coffee" in text_of(mail)]
    assert len(asked) == 1


def test_a_newcomer_is_not_asked_for_a_round_that_closed(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    set_clock(MORNING - timedelta(days=9))
    with unit_of_work() as db:
        make_round_of_its_own(db, cast.circle)
    set_clock(MORNING)
    joins(cast, cast.olga)
    assert mails_to(fresh(), cast.olga) == []


def test_announcement_and_report_count_the_same_conversations(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    """Told ones and those known by their call; not one of which a participant says that it was not."""
    set_clock(START)
    with unit_of_work() as db:
        evening = make_livestream(db, cast.circle, cast.anna, state="ended")
        round_ = make_round(db, evening, state="published")
        coffees = [
            make_coffee(
                db, cast.circle, [cast.bram, cast.dana], state="confirmed", round_id=round_.id,
                occasion_id=evening.id, starts_at=START - timedelta(hours=hours),
            )
            for hours in range(2, 8)
        ]  # fmt: skip
        for coffee in coffees[:2]:
            record_outcome(db, acting_as(cast.bram), coffee, Outcome(took_place="yes", worth_it="yes"))
        for coffee in coffees[2:5]:
            record_call_evidence(db, SYSTEM, coffee)
        record_outcome(db, acting_as(cast.dana), coffees[4], Outcome(took_place="no"))
        report = report_of(db, acting_as(cast.anna), evening).figures.coffees
    assert (report.agreed, report.met, report.by_call) == (6, 4, 2)
    said = text_of(announced(cast, fresh, set_clock, "Eerste")[0])
    assert "The last coffee round led to 4 conversations." in said


def test_no_member_gets_more_than_one_mail_a_day_in_a_busy_week(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    """Two evenings, one called off, a recording, a standalone round: everything that a circle can send."""
    begin = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    set_clock(begin)
    with unit_of_work() as db:
        streams = [
            make_livestream(db, cast.circle, cast.anna, title=title, state="draft", starts_at=at)
            for title, at in (
                ("Offertes die een ja krijgen", START),
                ("Cijfers lezen", START + timedelta(days=4)),
                ("Samen inkopen", START + timedelta(days=9)),
            )
        ]
    sent: list[EmailMessage] = []
    with unit_of_work() as db:
        publish_livestream(db, SYSTEM, db.get_one(Livestream, streams[0].id))
        publish_livestream(db, SYSTEM, db.get_one(Livestream, streams[1].id))
    sent += fresh()
    with unit_of_work() as db:
        for user in (cast.bram, cast.dana):
            add_registration(db, acting_as(user), db.get_one(Livestream, streams[0].id))
            add_registration(db, acting_as(user), db.get_one(Livestream, streams[1].id))
    sent += walk(set_clock, fresh, START)
    held(streams[0], set_clock, cast.bram)
    recorded(streams[0])
    sent += walk(set_clock, fresh, END + timedelta(hours=20))
    with unit_of_work() as db:
        publish_livestream(db, SYSTEM, db.get_one(Livestream, streams[2].id))
    sent += walk(set_clock, fresh, START + timedelta(days=2))
    with unit_of_work() as db:
        cancel_livestream(db, SYSTEM, db.get_one(Livestream, streams[1].id), CancelLivestream())
    sent += walk(set_clock, fresh, START + timedelta(days=12))
    counted = counted_by_day(sent)
    twice = {reader for (reader, _day), count in counted.items() if count > 1}
    assert twice <= {cast.anna.email}  # the host, whose calendar entries follow what she plans
    kinds = kinds_sent()
    assert {"livestream_announced", "livestream_soon", "round_opened", "round_reminder"} <= kinds
    assert {"livestream_cancelled", "livestream_day"} <= kinds


def walk(set_clock: SetClock, fresh: Outbox, until: datetime) -> list[EmailMessage]:
    """In steps of two hours, so that each mail leaves on its day."""
    sent: list[EmailMessage] = []
    while clock.now() < until:
        set_clock(min(clock.now() + timedelta(hours=2), until))
        sent += fresh()
    return sent


def counted_by_day(sent: list[EmailMessage]) -> Counter[tuple[str, str]]:
    """Mails by reader and day of those that do not answer the reader's own act."""
    days: Counter[tuple[str, str]] = Counter()
    by_id = {}
    with unit_of_work() as db:
        for row in db.scalars(select(OutgoingMail)):
            by_id[row.message_id] = row.kind
    for mail in sent:
        if KINDS[by_id[mail["Message-ID"]]].counted:
            day = parsedate_to_datetime(mail["Date"]).astimezone(AMSTERDAM).date()
            days[mail["To"].addresses[0].addr_spec, str(day)] += 1
    return days


def kinds_sent() -> set[str]:
    with unit_of_work() as db:
        return set(db.scalars(select(OutgoingMail.kind).where(OutgoingMail.state == "sent")))


def yes_of(livestream: Livestream, user: User) -> str:
    with unit_of_work() as db:
        yes = opt_in_of(db, round_after(livestream).id, user.id)
        return yes.state if yes is not None else ""


def recorded(livestream: Livestream) -> Recording:
    with unit_of_work() as db:
        found = db.get_one(Livestream, livestream.id)
        found.state = "replay"
        db.query(Recording).filter_by(livestream_id=livestream.id).delete()
        recording = make_recording(db, found)
        recording.announced_at = clock.now()
        db.flush()
        announce(db, RecordingAnnounced(recording.id))
        return recording


def announced(cast: Cast, fresh: Outbox, set_clock: SetClock, title: str) -> list[EmailMessage]:
    """The announcements that Chris gets of one more livestream, a day later."""
    set_clock(timedelta(days=1))
    with unit_of_work() as db:
        start = clock.now() + timedelta(days=9)
        made = make_livestream(db, cast.circle, cast.anna, title=title, state="draft", starts_at=start)
        publish_livestream(db, SYSTEM, made)
    sent = mails_to(fresh(), cast.chris)
    assert addresses(sent) == [cast.chris.email]
    return sent
