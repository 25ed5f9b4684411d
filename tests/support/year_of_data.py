"""Bulk inserts of a year of one circle: members, livestreams, lines of chat and coffees, in seconds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from events.accounts.models import Block, BouncedAddress, SignIn, User
from events.availability.actions.breaks import MAX_BREAKS
from events.availability.actions.hours import MAX_DAYS_OFF
from events.availability.models import BusyCalendar, BusyTime, CircleBreak, Claim, DayOff
from events.chat.models import Entry, Room
from events.circles.models import CircleBan, Company, Interest, Invitation, JoinRequest, Membership, Topic
from events.coffees.models import Coffee, LookBack, Promise, Seat
from events.core import clock
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollOption
from events.presence.models import Stay
from events.questions.models import Question
from events.recordings.models import Progress, Recording
from events.registrations.models import Registration
from events.rounds.actions.exclusions import MAX_EXCLUSIONS
from events.rounds.models import Draft, Exclusion, FairnessScore, OptIn, Round
from tests.factories.chat import make_room
from tests.support.cast import Cast

Rows = list[dict[str, object]]
DAY = timedelta(days=1)
NAMES = ("Sanne", "Ruben", "Noor", "Thijs", "Fatima", "Wouter", "Lieke", "Emre", "Hanna", "Joost")


@dataclass(frozen=True)
class Size:
    """How much a circle gathered. `own` is what one person has of their own: coffees, sign-ins, blocks."""

    members: int
    livestreams: int
    lines: int
    coffees: int
    own: int


A_YEAR = Size(members=5_000, livestreams=2_000, lines=200_000, coffees=20_000, own=300)
A_MONTH = Size(members=160, livestreams=80, lines=120, coffees=300, own=40)


@dataclass(frozen=True)
class Year:
    """What the rows of a year hang on: the circle, and the one thing of each kind that pages are about."""

    db: Session
    cast: Cast
    values: dict[str, str]
    size: Size
    members: list[str]
    now: datetime

    def insert(self, model: type, rows: Rows) -> None:
        if rows:
            self.db.execute(insert(model), rows)

    def find(self, name: str) -> Livestream:
        return self.db.scalars(select(Livestream).where(Livestream.slug == self.values[name])).one()


def seed_year(db: Session, cast: Cast, values: dict[str, str], size: Size) -> None:
    """Grow the circle of the cast to this size. `values` are those of `open_house`."""
    members = [new_id() for _number in range(size.members)]
    year = Year(db, cast, values, size, members, clock.now())
    _add_members(year)
    _add_people_at_the_door(year)
    _add_livestreams(year)
    for name in ("announced", "live", "replay"):
        _add_evening(year, year.find(name))
    _add_coffees(year)
    _add_rounds(year)
    _add_own(year, cast.bram)
    _add_own(year, cast.anna)


def _users(year: Year, ids: list[str], word: str) -> None:
    year.insert(
        User,
        [
            {
                "id": one,
                "name": f"{NAMES[number % len(NAMES)]} van den {word} {number:05}",
                "email": f"{one}@year.test",
                "company": f"Bedrijf {number % 900}",
                "headline": "Helpt ondernemers met cijfers en keuzes",
                "confirmed_at": year.now,
                "created_at": year.now,
            }
            for number, one in enumerate(ids)
        ],
    )


def _add_members(year: Year) -> None:
    circle = year.cast.circle.id
    _users(year, year.members, "Berg")
    memberships = {user_id: new_id() for user_id in year.members}
    companies = [new_id() for _one in year.members[::3]]  # of three people each
    year.insert(
        Company,
        [
            {"id": one, "circle_id": circle, "key": one, "name": f"Bedrijf {number}", "created_at": year.now}
            for number, one in enumerate(companies)
        ],
    )
    year.insert(
        Membership,
        [
            {
                "id": one,
                "circle_id": circle,
                "user_id": user_id,
                "company_id": companies[number // 3],
                "role": "member",
                "listed": True,
                "created_at": year.now,
            }
            for number, (user_id, one) in enumerate(memberships.items())
        ],
    )
    topics = [new_id() for _number in range(max(40, len(year.members) // 3))]
    names = [f"Onderwerp {number} over groei en samenwerking" for number in range(len(topics))]
    year.insert(
        Topic,
        [
            {"id": one, "circle_id": circle, "name_nl": name, "name_en": name}
            for one, name in zip(topics, names, strict=True)
        ],
    )
    year.insert(
        Interest,
        [
            {"membership_id": one, "topic_id": topics[(number * 3 + step) % len(topics)], "side": side}
            for number, one in enumerate(memberships.values())
            for side, steps in (("asks", range(3)), ("offers", range(7, 10)))
            for step in steps
        ],
    )


def _add_people_at_the_door(year: Year) -> None:
    """Who was invited, who asks, who was removed, and whose mail comes back."""
    circle, many = year.cast.circle.id, year.size.own
    invited, askers, banned = ([new_id() for _number in range(many)] for _kind in range(3))
    _users(year, [*invited, *askers, *banned], "Dijk")
    ours: dict[str, object] = {"circle_id": circle, "created_at": year.now}
    by = year.cast.anna.id
    year.insert(
        Invitation, [ours | {"user_id": one, "name": "Genodigde", "invited_by_id": by} for one in invited]
    )
    year.insert(JoinRequest, [ours | {"user_id": one} for one in askers])
    year.insert(CircleBan, [ours | {"user_id": one, "banned_by_id": by} for one in banned])
    year.insert(
        BouncedAddress,
        [
            {
                "user_id": one,
                "address": f"{one}@year.test",
                "kind": "gone",
                "last_at": year.now,
                "suppressed_at": year.now,
            }
            for one in year.members[:many]
        ],
    )


def _livestream_rows(year: Year) -> Iterator[dict[str, object]]:
    states = ("replay",) * 16 + ("announced",) * 2 + ("draft", "cancelled")
    for number in range(year.size.livestreams):
        state = states[number % len(states)]
        days = 1 + number % 300
        begins = year.now + (days if state in {"announced", "draft"} else -days) * DAY
        past = state == "replay"
        yield {
            "id": new_id(),
            "circle_id": year.cast.circle.id,
            "host_id": year.cast.anna.id,
            "slug": f"avond-{number}",
            "title": f"Avond {number} over offertes die een ja krijgen",
            "audience": "public" if number % 3 else "members",
            "zone": year.cast.circle.zone,
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=1),
            "state": state,
            "published_at": None if state == "draft" else year.now - 400 * DAY,
            "went_live_at": begins if past else None,
            "ended_at": begins + timedelta(hours=1) if past else None,
            "cancelled_at": year.now if state == "cancelled" else None,
            "calendar_uid": f"{new_id()}@ontmoet.test",
            "created_at": year.now,
        }


def _add_livestreams(year: Year) -> None:
    """With their recordings; Bram watched and came to many of them."""
    rows = list(_livestream_rows(year))
    year.insert(Livestream, rows)
    past = [row for row in rows if row["state"] == "replay"]
    recordings = {str(row["id"]): new_id() for row in past}
    year.insert(
        Recording,
        [
            {
                "id": recordings[str(row["id"])],
                "livestream_id": row["id"],
                "state": "ready",
                "provider": "youtube",
                "source_ref": "abcdefghijk",
                "zero_at": row["starts_at"],
                "length": 3600,
                "ready_at": year.now,
            }
            for row in past
        ],
    )
    year.insert(
        Progress,
        [
            {
                "recording_id": one,
                "user_id": year.cast.bram.id,
                "second": 600,
                "furthest": 600,
                "changed_at": year.now,
            }
            for one in list(recordings.values())[::2]
        ],
    )
    year.insert(
        Registration,
        [
            {
                "livestream_id": row["id"],
                "user_id": year.cast.bram.id,
                "state": "coming",
                "created_at": year.now,
                "changed_at": year.now,
            }
            for row in rows
            if row["published_at"]
        ],
    )
    year.insert(
        Round,
        [
            {
                "circle_id": year.cast.circle.id,
                "livestream_id": row["id"],
                "state": "closed" if number else "published",
                "times": [],
                "opened_at": row["ended_at"],
                "closes_at": row["ended_at"],
                "publish_at": row["ended_at"],
                "published_at": row["ended_at"],
            }
            for number, row in enumerate(past)
        ],
    )


def _add_evening(year: Year, livestream: Livestream) -> None:
    """A full room: places, viewers, lines, questions and polls."""
    came = year.members[: max(60, len(year.members) * 3 // 5)]
    begins = livestream.went_live_at or livestream.starts_at
    one: dict[str, object] = {"livestream_id": livestream.id}
    place = one | {"state": "coming", "created_at": year.now, "changed_at": year.now}
    year.insert(Registration, [place | {"user_id": user_id} for user_id in came])
    ended = livestream.ended_at
    stay = one | {"entered_at": begins, "seen_at": ended or year.now, "left_at": ended}
    year.insert(Stay, [stay | {"user_id": user_id, "tab": new_id()} for user_id in came])
    _add_lines(year, livestream, came)
    year.insert(
        Question,
        [
            one
            | {
                "author_id": user_id,
                "client_id": new_id(),
                "body": f"Vraag {number}: hoe pak je dat aan?",
                "asked_at": year.now,
                "state": ("open", "answered", "open", "hidden")[number % 4],
                "votes": number % 9,
            }
            for number, user_id in enumerate(came[: 2 * year.size.own])
        ],
    )
    polls = [new_id() for _number in range(year.size.own // 5)]
    year.insert(
        Poll,
        [
            one
            | {
                "id": poll,
                "title": f"Peiling {number}",
                "state": "closed" if number else "open",
                "created_at": year.now,
            }
            for number, poll in enumerate(polls)
        ],
    )
    year.insert(
        PollOption,
        [
            {"poll_id": poll, "position": position, "label": f"Keuze {position}"}
            for poll in polls
            for position in range(1, 5)
        ],
    )


def _add_lines(year: Year, livestream: Livestream, authors: list[str]) -> None:
    """One a second, from the start on."""
    room = make_room(year.db, livestream)
    begins = livestream.went_live_at or livestream.starts_at
    first, last = room.seq + 1, room.seq + year.size.lines
    year.insert(
        Entry,
        [
            {
                "room_id": room.id,
                "seq": seq,
                "id": new_id(),
                "kind": "posted",
                "author_id": authors[seq % len(authors)],
                "client_id": str(seq),
                "body": f"Regel {seq} van deze avond, met een paar woorden.",
                "body_hash": "",
                "sent_at": begins + timedelta(seconds=seq),
            }
            for seq in range(first, last + 1)
        ],
    )
    year.db.execute(update(Room).where(Room.id == room.id).values(seq=last))


def _add_coffees(year: Year) -> None:
    """Most of them met over a year; one in eight came of one evening, and Bram and Anna had their share."""
    replay, many = year.find("replay"), len(year.members)
    round_id, anna, bram = year.values["round"], year.cast.anna.id, year.cast.bram.id
    coffees: Rows = []
    seats: Rows = []
    for number in range(year.size.coffees):
        ahead = number % 40 == 0
        begins = (year.now + (2 + number % 20 if ahead else -(number % 360) - 1) * DAY).replace(
            second=0, microsecond=0
        )
        state = "confirmed" if ahead else ("met", "met", "met", "missed")[number % 4]
        of_replay = number % 8 == 1
        coffee_id = new_id()
        coffees.append(
            {
                "id": coffee_id,
                "circle_id": year.cast.circle.id,
                "state": state,
                "starts_at": begins,
                "answer_by": begins,
                "round_id": round_id if of_replay else None,
                "occasion_id": replay.id if of_replay else None,
                "proposed_at": begins - 5 * DAY,
                "confirmed_at": begins - 4 * DAY,
                "closed_at": None if ahead else begins,
            }
        )
        pair = [year.members[number % many], year.members[(number * 7 + 1) % many]]
        if number < 2 * year.size.own:
            pair[0] = anna if number % 2 else bram
        told = state == "met" or None
        seats += [
            {
                "coffee_id": coffee_id,
                "user_id": user_id,
                "position": position,
                "answer": "yes",
                "calendar_uid": new_id(),
                "invited": True,
                "took_place": told,
                "worth_it": told,
                "reasons": [
                    {"code": "offers", "topic": "Onderwerp", "topic_en": "Topic", "with": pair[1 - position]}
                ],
            }
            for position, user_id in enumerate(dict.fromkeys(pair))
        ]
    year.insert(Coffee, coffees)
    year.insert(Seat, seats)
    of_one = {row["id"] for row in coffees if row["round_id"] and row["state"] == "met"}
    year.insert(
        LookBack,
        [
            {
                "coffee_id": seat["coffee_id"],
                "user_id": seat["user_id"],
                "came": "contact",
                "quote": "We zijn samen iets begonnen.",
                "may_quote": True,
                "answered_at": year.now,
            }
            for seat in seats
            if seat["coffee_id"] in of_one
        ],
    )


def _add_rounds(year: Year) -> None:
    """Yeses to the rounds that are open, a large draft, and how everybody fared so far."""
    for name in ("round", "own_round"):
        yes: dict[str, object] = {"round_id": year.values[name], "opted_in_at": year.now}
        year.insert(OptIn, [yes | {"user_id": user_id} for user_id in year.members])
    circle = year.cast.circle.id
    year.insert(
        FairnessScore,
        [
            {"circle_id": circle, "user_id": one, "missed": number % 3}
            for number, one in enumerate(year.members)
        ],
    )
    times = [(year.now + (3 + day) * DAY).isoformat() for day in range(12)]
    pairs = list(zip(year.members[::2], year.members[1::2], strict=False))
    coffees = [
        {
            "people": list(pair),
            "starts_at": times[0],
            "form": "online",
            "alternatives": times[1:4],
            "widened": [],
            "reasons": {one: [{"code": "new", "with": other}] for one, other in (pair, pair[::-1])},
        }
        for pair in pairs[: len(pairs) * 9 // 10]
    ]
    people = [
        {
            "id": one,
            "asks": ["t1", "t2", "t3"],
            "offers": ["t4", "t5"],
            "languages": ["nl"],
            "company": None,
            "never": [],
            "free": times,
            "forms": ["online"],
        }
        for one in year.members
    ]
    problem = json.dumps({"people": people, "met": [], "together": []})
    year.db.execute(
        update(Draft)
        .where(Draft.round_id == year.values["drafted"])
        .values(coffees=coffees, problem=problem, version=Draft.version + 1)
    )


def _add_own(year: Year, person: User) -> None:
    """What one person gathers: sign-ins, blocks, days off, promises, and time given away."""
    many = year.size.own
    own: dict[str, object] = {"user_id": person.id}
    others = year.members[:many]
    seen = {"created_at": year.now, "last_seen_at": year.now, "expires_at": year.now + 9 * DAY, "how": "link"}
    year.insert(SignIn, [own | seen for _one in others])
    year.insert(
        Block, [{"blocker_id": person.id, "blocked_id": one, "created_at": year.now} for one in others]
    )
    year.insert(
        Exclusion,
        [
            own | {"other_id": one, "why": "customer", "created_at": year.now}
            for one in others[:MAX_EXCLUSIONS]
        ],
    )
    day = year.now.date()
    spans: Rows = [
        {"first_day": day + number * DAY, "last_day": day + number * DAY} for number in range(many)
    ]
    year.insert(DayOff, [own | span for span in spans[:MAX_DAYS_OFF]])
    ours: dict[str, object] = {"circle_id": year.cast.circle.id}
    if person is year.cast.anna:
        year.insert(CircleBreak, [ours | span for span in spans[:MAX_BREAKS]])
    promise = own | {"what": "Een voorbeeld sturen", "created_at": year.now, "coffee_id": year.values["met"]}
    year.insert(Promise, [dict(promise) for _one in others[:20]])
    hour = year.now.replace(minute=0, second=0, microsecond=0)
    quarters = [hour + (1 + number) * DAY for number in range(many)]
    year.insert(Claim, [own | {"quarter": one, "holder_id": new_id()} for one in quarters])
    calendar = new_id()
    kept = {
        "id": calendar,
        "host": "kalender.test",
        "sealed": "",
        "fingerprint": new_id(),
        "added_at": year.now,
    }
    year.insert(BusyCalendar, [own | kept | {"due_at": year.now + DAY, "read_at": year.now}])
    busy = [hour + timedelta(hours=6 * number) for number in range(10 * many)]
    year.insert(
        BusyTime,
        [{"calendar_id": calendar, "starts_at": one, "ends_at": one + timedelta(hours=1)} for one in busy],
    )
