"""Sows four livestreams: one live now, one announced to everyone, one tomorrow, one with its recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.chat.actions.messages import pin_message, post_message
from events.chat.forms import Pin, Post
from events.circles.models import Circle
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.core.runtime import runtime, system_time
from events.livestreams.actions.planning import create_livestream
from events.livestreams.actions.transitions import end_livestream, publish_livestream, start_livestream
from events.livestreams.forms import LivestreamForm
from events.livestreams.models import AgendaItem, Livestream
from events.polls.actions import change_poll, create_poll, vote_in_poll
from events.polls.forms import Change as ChangePoll
from events.polls.forms import Create as CreatePoll
from events.polls.forms import Vote
from events.polls.models import PollOption
from events.presence.models import Stay
from events.questions.actions import ask_question, vote_for_question
from events.questions.forms import Ask
from events.recordings.actions import expect_recording
from events.recordings.models import Chapter
from events.registrations.actions import add_registration
from events.seed.livestreams_data import (
    CHAT,
    CHAT_ON_STAFF,
    LATER_ON_STAFF,
    PINNED,
    QUESTIONS,
    QUESTIONS_ON_STAFF,
    REGISTERED,
    REGISTERED_AHEAD,
    SUMMARY,
    TITLES,
    VOTERS,
    WATCHED,
)
from events.seed.people import acting
from events.seed.people_data import CIRCLE_SLUG

FILM_SECONDS = 60
FILM = "/static/vendor/demo/film.m3u8"
LATER = {"demo-open": timedelta(days=9), "demo-soon": timedelta(days=1)}


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is that moment; only ever in the process that sows."""
    runtime.clock = lambda: moment
    try:
        yield
    finally:
        runtime.clock = system_time


def sow_evenings() -> None:
    moment = clock.now().replace(second=0, microsecond=0)
    with unit_of_work() as db:
        known = set(db.scalars(select(Livestream.slug).where(Livestream.slug.in_(TITLES))))
    if "demo-recorded" not in known:
        _hold(
            "demo-recorded",
            moment - timedelta(days=7),
            live_until=moment - timedelta(days=7) + timedelta(minutes=58),
        )
    for slug, later in LATER.items():
        if slug not in known:
            _announce(slug, _ten_o_clock(moment + later))
    if "demo-live" not in known:
        _hold("demo-live", moment - timedelta(minutes=20))
    _move(moment)


def _announce(slug: str, starts_at: datetime) -> None:
    with unit_of_work() as db:
        livestream = _write(db, slug, starts_at)
        publish_livestream(db, acting(livestream.host), livestream)
        for name in REGISTERED if slug == "demo-recorded" else REGISTERED[:REGISTERED_AHEAD]:
            add_registration(db, acting(find_person(db, name)), livestream)


def _hold(slug: str, starts_at: datetime, *, live_until: datetime | None = None) -> None:
    """A livestream that began at a moment in the past, with what was said there."""
    with at(starts_at - timedelta(hours=2)):
        _announce(slug, starts_at)
    with at(starts_at), unit_of_work() as db:
        livestream = find_livestream(db, slug)
        start_livestream(db, acting(livestream.host), livestream)
        items = db.scalars(select(AgendaItem).where(AgendaItem.livestream_id == livestream.id))
        for item in items:
            began = starts_at + timedelta(minutes=item.minute)
            item.began_at = began if live_until or began <= starts_at + timedelta(minutes=20) else None
    # The film lasts a minute, so what was said last week is spread over its seconds.
    lines, pause = (CHAT_ON_STAFF, timedelta(seconds=9)) if live_until else (CHAT, timedelta(minutes=2))
    for number, (name, body) in enumerate(lines, start=1):
        _say(slug, starts_at + pause * number, name, body)
    _ask_and_poll(slug, starts_at + timedelta(minutes=12), QUESTIONS_ON_STAFF if live_until else QUESTIONS)
    if live_until is not None:
        for minute, second, name, body in LATER_ON_STAFF:
            _say(slug, starts_at + timedelta(minutes=minute, seconds=second), name, body)
        _end(slug, starts_at, live_until)


def _say(slug: str, moment: datetime, name: str, body: str) -> None:
    with at(moment), unit_of_work() as db:
        form = Post(room=f"livestream:{slug}", client_id=new_id(), body=body)
        post_message(db, acting(find_person(db, name)), form)


def _ask_and_poll(slug: str, moment: datetime, questions: tuple[tuple[str, str], ...]) -> None:
    with at(moment), unit_of_work() as db:
        livestream = find_livestream(db, slug)
        host = acting(livestream.host)
        for name, body in questions:
            asked = Ask(livestream=slug, client_id=new_id(), body=body)
            question = ask_question(db, acting(find_person(db, name)), asked)
            for voter in VOTERS[: 5 if name == "bram" else 3]:
                vote_for_question(db, acting(find_person(db, voter)), question.id, up=True)
        choices = CreatePoll(title="Wie belt zelf na?", options=["Altijd", "Soms", "Nooit"])
        poll = create_poll(db, host, livestream, choices)
        change_poll(db, host, ChangePoll(poll=poll.id, state="open"))
        options = list(db.scalars(select(PollOption.id).where(PollOption.poll_id == poll.id)))
        for number, voter in enumerate(VOTERS):
            vote = Vote(poll=poll.id, option=options[(0, 1, 1, 1, 2)[number % 5]])
            vote_in_poll(db, acting(find_person(db, voter)), vote)
        pin_message(db, host, Pin(room=f"livestream:{slug}", seq=PINNED))


def _end(slug: str, starts_at: datetime, ended_at: datetime) -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, slug)
        for name, stays in WATCHED.items():
            person = find_person(db, name)
            for came, left in stays:
                entered_at = starts_at + timedelta(minutes=came, seconds=len(name))
                left_at = min(ended_at, starts_at + timedelta(minutes=left))
                db.add(Stay(livestream_id=livestream.id, user_id=person.id, tab=new_id(),
                            entered_at=entered_at, seen_at=left_at, left_at=left_at))  # fmt: skip
    with at(ended_at), unit_of_work() as db:
        livestream = find_livestream(db, slug)
        end_livestream(db, acting(livestream.host), livestream)
    with at(ended_at + timedelta(hours=14)), unit_of_work() as db:
        livestream = find_livestream(db, slug)
        recording = expect_recording(db, SYSTEM, livestream)
        recording.state, recording.provider, recording.source_ref = "ready", "hls", FILM
        recording.zero_at, recording.ready_at = starts_at, clock.now()
        recording.summary, recording.length = SUMMARY, FILM_SECONDS
        for second, title in ((0, "Welkom"), (15, "De eerste honderd dagen"), (40, "Jullie vragen")):
            db.add(Chapter(recording_id=recording.id, second=second, title=title))
        livestream.state, livestream.version = "replay", livestream.version + 1


def _write(db: Session, slug: str, starts_at: datetime) -> Livestream:
    circle = db.scalars(select(Circle).where(Circle.slug == CIRCLE_SLUG)).one()
    local = starts_at.astimezone(ZoneInfo(circle.zone))
    title, lead = TITLES[slug]
    form = LivestreamForm(
        title=title,
        lead=lead,
        day=local.date(),
        hour=local.time().replace(second=0, microsecond=0),
        preset="interview",
        audience="public" if slug == "demo-open" else "members",
    )
    livestream = create_livestream(db, acting(find_person(db, "anna")), circle, form)
    livestream.slug, livestream.provider, livestream.source_ref = slug, "hls", FILM
    db.flush()
    return livestream


def _move(moment: datetime) -> None:
    """The live one began twenty minutes ago, the announced ones are still ahead."""
    with unit_of_work() as db:
        live = find_livestream(db, "demo-live")
        if live.state in {"live", "paused"}:
            live.starts_at = live.went_live_at = moment - timedelta(minutes=20)
            live.ends_at = moment + timedelta(minutes=40)
            live.extended_until = moment + timedelta(days=365)  # whoever looks at the demo finds it live
        for slug, later in LATER.items():
            livestream = find_livestream(db, slug)
            if livestream.state in {"announced", "missed"}:
                livestream.state = "announced"
                livestream.starts_at = _ten_o_clock(moment + later)
                livestream.ends_at = livestream.starts_at + timedelta(hours=1)


def _ten_o_clock(day: datetime) -> datetime:
    zone = ZoneInfo("Europe/Amsterdam")
    return day.astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0)


def find_livestream(db: Session, slug: str) -> Livestream:
    return db.scalars(select(Livestream).where(Livestream.slug == slug)).one()


def find_person(db: Session, name: str) -> User:
    return db.scalars(select(User).where(User.email == f"{name}@demo.test")).one()
