"""Livestreams, places and recordings: the right people hear it, once, with the right calendar file."""

from datetime import UTC, datetime, timedelta

from events.accounts.models import PersonalKey, User
from events.circles.models import Membership
from events.core.auth.actor import SYSTEM, Actor
from events.core.bus import announce
from events.core.db.session import unit_of_work
from events.livestreams.actions.transitions import cancel_livestream, publish_livestream
from events.livestreams.forms import CancelLivestream
from events.livestreams.models import Livestream
from events.livestreams.signals import LivestreamMoved, LivestreamPublished
from events.recordings.signals import RecordingAnnounced
from events.registrations.actions import add_registration, withdraw_registration
from events.registrations.signals import GuestLinkIssued, RegistrationAdded
from tests.factories.accounts import make_key, make_user
from tests.factories.circles import make_member
from tests.factories.livestreams import make_livestream
from tests.factories.presence import make_stay
from tests.factories.recordings import make_progress, make_recording
from tests.factories.registrations import make_registration
from tests.support.cast import Cast
from tests.support.mail_assertions import (
    addresses,
    has_invite,
    html_of,
    invite_in,
    mails_to,
    path_in,
    text_of,
)
from tests.support.types import OpenPage, Outbox, SetClock

START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)


def person(user: User) -> Actor:
    return Actor(kind="person", person_id=user.id, name=user.name)


def planned(cast: Cast, *, state: str = "announced") -> Livestream:
    with unit_of_work() as db:
        return make_livestream(db, cast.circle, cast.anna, state=state, starts_at=START)


def registered(livestream: Livestream, user: User) -> None:
    with unit_of_work() as db:
        add_registration(db, person(user), db.merge(livestream))


def test_a_new_livestream_notifies_members_only(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast, state="draft")
    with unit_of_work() as db:
        publish_livestream(db, SYSTEM, db.merge(livestream))
        announce(db, LivestreamPublished(livestream.id))
    sent = [mail for mail in fresh() if mail["To"].addresses[0].addr_spec != cast.anna.email]  # she hosts
    members = [one.email for one in (cast.bram, cast.chris, cast.dana)]
    assert addresses(sent) == sorted(members)
    assert {mail["Subject"] for mail in sent} == {"‘Offertes die een ja krijgen’, Thursday 3 December, 20:00"}
    assert all(not has_invite(mail) for mail in sent)


def test_the_link_in_the_announcement_opens_the_page_of_that_person(
    cast: Cast, fresh: Outbox, set_clock: SetClock, page: OpenPage
) -> None:
    livestream = planned(cast)
    with unit_of_work() as db:
        announce(db, LivestreamPublished(livestream.id))
    (mail,) = mails_to(fresh(), cast.bram)
    path = path_in(mail, "/k/")
    with unit_of_work() as db:
        key = db.get_one(PersonalKey, path.removeprefix("/k/")[:26])
    assert (key.user_id, key.purpose, key.subject_id) == (cast.bram.id, "livestream", livestream.id)
    opened = page(None).get(path)
    assert opened.status_code in {302, 303}
    assert opened.location.endswith(f"/livestreams/{livestream.slug}")


def test_a_former_member_gets_no_queued_circle_mail(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast)
    with unit_of_work() as db:
        announce(db, LivestreamPublished(livestream.id))
        db.query(Membership).filter_by(user_id=cast.bram.id).delete()
    assert mails_to(fresh(), cast.bram) == []


def test_a_large_circle_is_notified_in_batches_over_minutes(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    with unit_of_work() as db:
        for number in range(120):
            make_member(db, cast.circle, make_user(db, f"Member {number}"))
        announce(db, LivestreamPublished(livestream.id))
    sent = fresh()
    assert len(sent) < 124, "all at once would be taken for a flood"
    set_clock(timedelta(minutes=2))
    sent += fresh()
    assert len(sent) == 124
    assert len(set(addresses(sent))) == 124


def test_a_place_puts_the_livestream_in_the_calendar(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    (mail,) = fresh()
    assert mail["To"].addresses[0].addr_spec == cast.bram.email
    invite = invite_in(mail)
    assert (invite.method, invite.status, invite.sequence) == ("REQUEST", "CONFIRMED", 0)
    assert invite.uid == livestream.calendar_uid
    assert invite.starts_at == START
    assert (invite.attendee, invite.partstat) == (f"mailto:{cast.bram.email}", "ACCEPTED")
    assert invite.organizer == "mailto:koffie@ontmoet.test"


def test_the_same_news_twice_is_one_mail(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    with unit_of_work() as db:
        place = make_registration(db, livestream, cast.chris)
        announce(db, RegistrationAdded(place.id))
        announce(db, RegistrationAdded(place.id))
    assert addresses(fresh()) == sorted([cast.bram.email, cast.chris.email])


def test_giving_a_place_up_and_taking_it_again_raises_the_sequence(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    fresh()
    with unit_of_work() as db:
        withdraw_registration(db, person(cast.bram), db.merge(livestream))
    cancelled = fresh()[0]
    registered(livestream, cast.bram)
    again = fresh()[0]
    told = [invite_in(mail) for mail in (cancelled, again)]
    assert [(one.method, one.sequence) for one in told] == [("CANCEL", 1), ("REQUEST", 2)]
    assert {one.uid for one in told} == {livestream.calendar_uid}


def test_a_place_given_up_before_its_mail_left_is_not_confirmed(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    with unit_of_work() as db:
        withdraw_registration(db, person(cast.bram), db.merge(livestream))
    (mail,) = fresh()
    assert invite_in(mail).method == "CANCEL"


def test_a_move_reaches_those_with_a_place_and_their_calendars(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    fresh()
    with unit_of_work() as db:
        moved = db.merge(livestream)
        moved.starts_at += timedelta(days=1)
        moved.ends_at += timedelta(days=1)
        moved.sequence += 1
        announce(db, LivestreamMoved(livestream.id))
    sent = fresh()
    assert addresses(sent) == [cast.anna.email, cast.bram.email]  # she hosts
    sent = mails_to(sent, cast.bram)
    invite = invite_in(sent[0])
    assert (invite.method, invite.sequence, invite.uid) == ("REQUEST", 1, livestream.calendar_uid)
    assert invite.starts_at == START + timedelta(days=1)


def test_a_cancellation_reaches_those_with_a_place_only(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    fresh()
    with unit_of_work() as db:
        cancel_livestream(db, SYSTEM, db.merge(livestream), CancelLivestream(note="Anna is ill."))
    sent = fresh()
    assert addresses(sent) == [cast.anna.email, cast.bram.email]  # she hosts
    sent = mails_to(sent, cast.bram)
    invite = invite_in(sent[0])
    assert (invite.method, invite.sequence, invite.status) == ("CANCEL", 1, "CANCELLED")
    assert "Anna is ill." in text_of(sent[0])


def test_reminders_come_a_day_and_twenty_minutes_before(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    assert len(fresh()) == 1
    set_clock(START - timedelta(hours=24))
    assert fresh()[0]["Subject"] == "Tomorrow at 20:00: ‘Offertes die een ja krijgen’"
    set_clock(START - timedelta(minutes=20))
    (last,) = fresh()
    assert last["Subject"] == "At 20:00: ‘Offertes die een ja krijgen’"
    assert "To the lobby: http://localhost:8000/k/" in text_of(last)
    assert fresh() == []


def test_a_reminder_for_the_old_time_is_not_sent(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast)
    registered(livestream, cast.bram)
    with unit_of_work() as db:
        moved = db.merge(livestream)
        moved.starts_at += timedelta(days=7)
        moved.ends_at += timedelta(days=7)
        moved.sequence += 1
        announce(db, LivestreamMoved(livestream.id))
    fresh()
    set_clock(START - timedelta(minutes=20))
    assert fresh() == []
    set_clock(START + timedelta(days=6))
    assert len(fresh()) == 1


def test_the_guest_gets_the_link_of_their_key(cast: Cast, fresh: Outbox, set_clock: SetClock) -> None:
    livestream = planned(cast)
    with unit_of_work() as db:
        key = make_key(db, cast.olga, "livestream", livestream.id)
        announce(db, GuestLinkIssued(livestream.id, cast.olga.id, key.id))
    (mail,) = fresh()
    assert addresses([mail]) == [cast.olga.email]
    assert path_in(mail, "/k/").startswith(f"/k/{key.id}")


def test_a_recording_is_announced_to_each_in_their_own_way(
    cast: Cast, fresh: Outbox, set_clock: SetClock
) -> None:
    with unit_of_work() as db:
        live = make_livestream(
            db, cast.circle, cast.anna, state="replay", starts_at=START - timedelta(days=14)
        )
        live.went_live_at, live.ended_at = live.starts_at, live.ends_at
        recording = make_recording(db, live, summary="Say the price first.\nThen be silent.\nThen ask.")
        make_stay(db, live, cast.bram, entered_at=live.starts_at, left_at=live.ends_at)
        make_progress(db, recording, cast.chris, 754)
        make_progress(db, recording, cast.anna, 3600).finished = True
        announce(db, RecordingAnnounced(recording.id))
    sent = fresh()
    assert addresses(sent) == sorted([cast.bram.email, cast.chris.email, cast.dana.email])
    assert {mail["Subject"] for mail in sent} == {
        "The recording of ‘Offertes die een ja krijgen’ is ready, in brief in three lines."
    }
    assert "You were there." in text_of(mails_to(sent, cast.bram)[0])
    assert "Keep watching" in text_of(mails_to(sent, cast.chris)[0])
    assert "You were there." not in text_of(mails_to(sent, cast.dana)[0])
    for mail in sent:
        assert "12:34" not in text_of(mail) + html_of(mail)
        assert "754" not in text_of(mail)
