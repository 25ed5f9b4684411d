"""Query on what happened in a livestream: agenda, polls, questions and changed chat messages."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from events.chat.models import Entry, Room
from events.insights.rules.drawing import Mark
from events.livestreams.models import AgendaItem, Livestream
from events.polls.models import Poll, PollOption, PollVote
from events.polls.rules import share
from events.questions.models import Question

MAX_ITEMS = 100
MAX_MARKS = 12  # drawn
MAX_QUESTIONS = 6
MAX_POLLS = 6
MAX_CHANGES = 5_000  # of messages, which are not counted as messages


@dataclass(frozen=True)
class Asked:
    body: str
    votes: int
    state: str


@dataclass(frozen=True)
class Choice:
    label: str
    votes: int
    share: int


@dataclass(frozen=True)
class Polled:
    title: str
    total: int
    choices: list[Choice]


@dataclass(frozen=True)
class Evening:
    """`planned`: nobody moved the agenda on, so its times are the planned ones."""

    marks: list[Mark] = field(default_factory=list)
    planned: bool = False
    questions: list[Asked] = field(default_factory=list)
    polls: list[Polled] = field(default_factory=list)
    changed: list[datetime] = field(default_factory=list)


Found = Row[str, str, str, str, int, int, datetime]


def evening_of(db: Session, livestream: Livestream) -> Evening:
    """One statement: a page has twelve at the most."""
    parts = (_agenda(livestream), _questions(livestream), _choices(livestream), _changes(livestream))
    rows: dict[str, list[Found]] = defaultdict(list)
    for row in db.execute(union_all(*(select(part.subquery()) for part in parts))):
        rows[row.part].append(row)
    agenda = sorted(rows["agenda"], key=lambda row: row.place)
    began = [Mark(row.at, row.text) for row in agenda if row.at is not None]
    start = livestream.went_live_at or livestream.starts_at
    planned = [Mark(start + timedelta(minutes=row.number), row.text) for row in agenda]
    return Evening(
        marks=(began or planned)[:MAX_MARKS],
        planned=bool(planned) and not began,
        questions=[
            Asked(row.text, row.number, row.more)
            for row in sorted(rows["question"], key=lambda row: (-row.number, row.at, row.key))
        ],
        polls=_polls(rows["choice"]),
        changed=[row.at for row in rows["change"]],
    )


def _agenda(livestream: Livestream) -> Select[Any]:
    item = AgendaItem
    query = _columns("agenda", item.id, item.title, literal(""), item.minute, item.position, item.began_at)
    return query.where(item.livestream_id == livestream.id).order_by(item.position).limit(MAX_ITEMS)


def _questions(livestream: Livestream) -> Select[Any]:
    """The ones with most votes, answered or not; never by whom."""
    asked = Question
    query = _columns("question", asked.id, asked.body, asked.state, asked.votes, literal(0), asked.asked_at)
    query = query.where(asked.livestream_id == livestream.id, asked.state != "hidden")
    return query.order_by(asked.votes.desc(), asked.asked_at, asked.id).limit(MAX_QUESTIONS)


def _choices(livestream: Livestream) -> Select[Any]:
    """Choices of the latest polls, each with its votes."""
    polls = select(Poll.id).where(Poll.livestream_id == livestream.id, Poll.state != "draft")
    latest = polls.order_by(Poll.created_at.desc(), Poll.id).limit(MAX_POLLS)
    votes = select(func.count(PollVote.id)).where(PollVote.option_id == PollOption.id).scalar_subquery()
    choice = PollOption
    query = _columns("choice", Poll.id, choice.label, Poll.title, votes, choice.position, Poll.created_at)
    return query.join(Poll, Poll.id == choice.poll_id).where(
        choice.poll_id.in_(select(latest.subquery().c.id))
    )


def _changes(livestream: Livestream) -> Select[Any]:
    """When messages were edited, deleted or pinned."""
    query = _columns("change", Entry.id, literal(""), literal(""), literal(0), literal(0), Entry.sent_at)
    query = query.join(Room, Room.id == Entry.room_id).where(Room.subject_id == livestream.id)
    return query.where(Entry.about_seq.is_not(None)).limit(MAX_CHANGES)


def _columns(part: str, *columns: Any) -> Select[Any]:
    names = ("key", "text", "more", "number", "place", "at")
    named = (column.label(name) for name, column in zip(names, columns, strict=True))
    return select(literal(part).label("part"), *named)


def _polls(rows: list[Found]) -> list[Polled]:
    """Polls in the order in which they were made."""
    found: dict[str, list[Found]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.key, row.place)):
        found[row.key].append(row)
    polls = []
    for choices in found.values():
        total = sum(row.number for row in choices)
        given = [Choice(row.text, row.number, share(row.number, total)) for row in choices]
        polls.append(Polled(choices[0].more, total, given))
    return polls
