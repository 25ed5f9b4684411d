"""The year as a team makes it: members join; evenings are announced, held, forgotten, cancelled."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.actions.joining import join_circle
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.db.session import unit_of_work
from events.livestreams.actions.planning import create_livestream
from events.livestreams.actions.transitions import (
    cancel_livestream,
    end_livestream,
    publish_livestream,
    start_livestream,
)
from events.livestreams.forms import CancelLivestream, LivestreamForm
from events.livestreams.models import AUTO_END_MINUTES, Livestream
from events.polls.actions import change_poll, create_poll, vote_in_poll
from events.polls.forms import Change as ChangePoll
from events.polls.forms import Create as CreatePoll
from events.polls.forms import Vote
from events.polls.models import PollOption
from events.presence.actions import write_stays
from events.presence.signals import LivestreamHeartbeat, LivestreamLeft
from events.recordings.actions import announce_recording, attach_recording
from events.recordings.forms import AttachRecording
from events.registrations.models import Registration
from events.rounds.actions.lifecycle import open_standalone
from events.rounds.forms import OpenRound
from events.rounds.queries.rounds import round_of
from events.seed.livestreams import FILM, find_livestream
from events.seed.people import acting
from events.seed.year import between_evenings
from events.seed.year.acts import fill_profile
from events.seed.year.assumptions import STILL_OPEN_LATE
from events.seed.year.behaviour import Behaviour
from events.seed.year.evenings import Evening
from events.seed.year.people import Member
from events.seed.year.world import World

LENGTH = timedelta(minutes=60)
ANNOUNCED_BEFORE = timedelta(days=14, hours=10)
CANCELLED_BEFORE = timedelta(hours=32)
NOTICED_AFTER = timedelta(days=3)  # when nothing ends by itself, the host sees it then
POLLED_AFTER = timedelta(minutes=30)
CHOICES = ("Altijd", "Meestal", "Soms", "Nooit")
RECORDED_AFTER = timedelta(hours=16)
LOOK_AGAIN = timedelta(minutes=5)


def add_people(db: Session, members: list[Member], hashed: str) -> dict[str, Member]:
    """Accounts of everybody, confirmed; who joins later is in no circle yet."""
    moment = clock.now()
    users = [
        User(
            name=one.name, email=one.email, headline=one.headline, company=one.company, password_hash=hashed,
            languages="nl", created_at=moment, confirmed_at=moment,
        )
        for one in members
    ]  # fmt: skip
    db.add_all(users)
    db.flush()
    return {user.id: one for user, one in zip(users, members, strict=True)}


def join(world: World, user_id: str, member: Member) -> None:
    with unit_of_work() as db:
        user, circle = db.get_one(User, user_id), world.circle(db)
        join_circle(db, acting(user), circle)
        fill_profile(db, user, circle, member)
    world.members[user_id] = member
    between_evenings.agree_to_welcome(world, user_id, member)


def plan_evening(world: World, behaviour: Behaviour, evening: Evening) -> None:
    timeline, start = world.timeline, evening.starts_at
    if evening.how == "standalone":
        timeline.at(start, partial(_open_round, world, behaviour, evening))
        return
    timeline.at(start - ANNOUNCED_BEFORE, partial(_announce, world, evening))
    if evening.how == "cancelled":
        timeline.at(start - CANCELLED_BEFORE, partial(_cancel, world, behaviour, evening))
        return
    end = start + LENGTH
    timeline.at(start, partial(_start, world, evening))
    timeline.at(start + POLLED_AFTER, partial(_poll, world, evening))
    timeline.at(end, partial(_come, world, evening))
    late = evening.how == "forgotten"
    if not late:
        timeline.at(end, partial(_end, world, evening))
    elif world.switches.ends_by_itself:
        timeline.watch(end, end + timedelta(minutes=AUTO_END_MINUTES + 10))
    else:
        timeline.at(end + NOTICED_AFTER, partial(_end, world, evening))
    still_open = (STILL_OPEN_LATE if world.switches.ends_by_itself else 0.0) if late else 1.0
    timeline.at(end, partial(_follow, world, behaviour, evening, still_open))
    recorded = end + RECORDED_AFTER
    if late and not world.switches.ends_by_itself:
        recorded += NOTICED_AFTER
    timeline.at(recorded, partial(_record, world, evening))


def _announce(world: World, evening: Evening) -> None:
    form = LivestreamForm(
        title=evening.title, day=evening.starts_at.date(), hour=evening.starts_at.time(),
        minutes=round(LENGTH.total_seconds() / 60), preset="interview",
    )  # fmt: skip
    with unit_of_work() as db:
        livestream = create_livestream(db, world.owner(db), world.circle(db), form)
        livestream.slug, livestream.provider, livestream.source_ref = evening.slug, "hls", FILM
        publish_livestream(db, world.owner(db), livestream)


def _open_round(world: World, behaviour: Behaviour, evening: Evening) -> None:
    with unit_of_work() as db:
        round_ = open_standalone(db, world.owner(db), world.circle(db), OpenRound(title=evening.title))
    behaviour.see_round(round_.id, evening.number, came=[], still_open=0)


def _cancel(world: World, behaviour: Behaviour, evening: Evening) -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, evening.slug)
        cancel_livestream(db, world.owner(db), livestream, CancelLivestream(note="De spreker is ziek."))
        round_ = round_of(db, livestream.id)
    if round_ is not None:
        behaviour.see_round(round_.id, evening.number, came=[], still_open=0)


def _start(world: World, evening: Evening) -> None:
    with unit_of_work() as db:
        start_livestream(db, world.owner(db), find_livestream(db, evening.slug))


def _poll(world: World, evening: Evening) -> None:
    """The host opens a poll; part of those who came vote."""
    with unit_of_work() as db:
        livestream = find_livestream(db, evening.slug)
        form = CreatePoll(title=f"{evening.title}: lukt dat jou?", options=list(CHOICES))
        poll = create_poll(db, world.owner(db), livestream, form)
        change_poll(db, world.owner(db), ChangePoll(poll=poll.id, state="open"))
        query = select(PollOption.id).where(PollOption.poll_id == poll.id).order_by(PollOption.position)
        options = list(db.scalars(query))
        for user_id in _came(db, world, livestream, evening):
            member = world.members[user_id]
            if world.chance.happens(member.kind.votes, member.number, evening.number, "votes"):
                option = world.chance.draw(member.number, evening.number, "option").choice(options)
                vote_in_poll(db, acting(db.get_one(User, user_id)), Vote(poll=poll.id, option=option))


def _come(world: World, evening: Evening) -> None:
    """Stays of who came: some leave half way, the others at the planned end."""
    with unit_of_work() as db:
        livestream = find_livestream(db, evening.slug)
        marks: list[LivestreamHeartbeat | LivestreamLeft] = []
        for user_id in _came(db, world, livestream, evening):
            member, tab = world.members[user_id], f"{evening.number}:{user_id}"
            whole = world.chance.happens(member.kind.stays, member.number, evening.number, "stays")
            left = evening.starts_at + LENGTH * (1.0 if whole else 0.6)
            arrived = evening.starts_at + timedelta(minutes=member.number % 7)
            marks.append(LivestreamHeartbeat(livestream.id, user_id, tab, arrived))
            marks += [LivestreamHeartbeat(livestream.id, user_id, tab, left), LivestreamLeft(tab, left)]
        write_stays(db, SYSTEM, marks)


def _came(db: Session, world: World, livestream: Livestream, evening: Evening) -> list[str]:
    query = select(Registration.user_id).where(
        Registration.livestream_id == livestream.id, Registration.state == "coming"
    )
    known = [world.members[user_id] for user_id in db.scalars(query) if user_id in world.members]
    came = {
        one.number
        for one in known
        if world.chance.happens(one.kind.comes, one.number, evening.number, "comes")
    }
    return [user_id for user_id, one in world.members.items() if one.number in came]


def _end(world: World, evening: Evening) -> None:
    with unit_of_work() as db:
        end_livestream(db, world.owner(db), find_livestream(db, evening.slug))


def _follow(world: World, behaviour: Behaviour, evening: Evening, still_open: float) -> None:
    """Look every few minutes whether it ended: then the page asks."""
    with unit_of_work() as db:
        livestream = find_livestream(db, evening.slug)
        round_ = round_of(db, livestream.id) if livestream.ended_at is not None else None
        came = _came(db, world, livestream, evening)
    if round_ is not None:
        behaviour.see_round(round_.id, evening.number, came=came, still_open=still_open)
    elif _is_soon(world.timeline.now, evening):
        world.timeline.after(LOOK_AGAIN, partial(_follow, world, behaviour, evening, still_open))


def _is_soon(now: datetime, evening: Evening) -> bool:
    return now < evening.starts_at + LENGTH + NOTICED_AFTER + timedelta(hours=1)


def _record(world: World, evening: Evening) -> None:
    with unit_of_work() as db:
        livestream = find_livestream(db, evening.slug)
        link = AttachRecording(link=f"http://localhost{FILM}")
        recording = attach_recording(db, world.owner(db), livestream, link, local_sources=True)
        recording.source_ref = FILM  # on whatever address this is served
        announce_recording(db, world.owner(db), livestream)
