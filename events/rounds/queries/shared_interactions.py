"""Interactions of two people in one livestream: questions and polls, with their second in the recording."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.livestreams.models import Livestream
from events.polls.models import Poll, PollVote
from events.questions.models import Question, QuestionVote
from events.recordings.models import Recording
from events.rounds.models import Round
from events.rounds.queries.profile_pairs import headlines_of

MAX_QUOTE_LENGTH = 120


@dataclass(frozen=True)
class Interactions:
    """Ids of questions asked by name, votes and poll choices of each person, earliest first.

    `quotes`: text of a question or poll and, with a recording, its second.
    """

    asked: Mapping[str, list[str]]
    voted: Mapping[str, list[str]]
    chosen: Mapping[str, list[tuple[str, str]]]  # (poll, option)
    quotes: Mapping[str, dict[str, object]]
    work: Mapping[str, str]  # headlines

    def of(self, code: str, me: str, you: str) -> dict[str, object]:
        """Quote for a reason; empty when the code is not about one interaction."""
        if code == "asked_question":
            return self._first(self.asked.get(you, []))
        if code == "same_work":
            return {"quote": self.work.get(you, "")}
        if code == "same_question":
            theirs = self.voted.get(you, [])
            return self._first([one for one in self.voted.get(me, []) if one in theirs])
        if code == "same_poll":
            same = [
                poll for poll, option in self.chosen.get(me, []) if (poll, option) in self.chosen.get(you, [])
            ]
            return self._first(same)
        return {}

    def _first(self, ids: list[str]) -> dict[str, object]:
        return self.quotes[ids[0]] if ids else {}


def interactions_of(db: Session, round_: Round, user_ids: Collection[str]) -> Interactions:
    """A fixed number of queries; only the work of people for a round without a livestream."""
    ids = list(user_ids)
    work = headlines_of(db, ids)
    if round_.livestream_id is None:
        return Interactions({}, {}, {}, {}, work)
    film = _recording_of(db, round_.livestream_id)
    quotes: dict[str, dict[str, object]] = {}
    asked: dict[str, list[str]] = {}
    questions = select(Question).where(
        Question.livestream_id == round_.livestream_id, Question.state != "hidden"
    )
    for question in db.scalars(questions.order_by(Question.asked_at, Question.id)):
        quotes[question.id] = _quote(question.body, question.asked_at, film)
        if not question.nameless:
            asked.setdefault(question.author_id, []).append(question.id)
    voted: dict[str, list[str]] = {}
    votes = select(QuestionVote.user_id, QuestionVote.question_id).join(
        Question, Question.id == QuestionVote.question_id
    )
    votes = votes.where(Question.livestream_id == round_.livestream_id, QuestionVote.user_id.in_(ids))
    for user_id, question_id in db.execute(votes.order_by(Question.asked_at, Question.id)):
        if question_id in quotes:
            voted.setdefault(user_id, []).append(question_id)
    chosen: dict[str, list[tuple[str, str]]] = {}
    polls = select(PollVote.user_id, PollVote.option_id, Poll).join(Poll, Poll.id == PollVote.poll_id)
    polls = polls.where(Poll.livestream_id == round_.livestream_id, PollVote.user_id.in_(ids))
    for user_id, option_id, poll in db.execute(polls.order_by(Poll.created_at, Poll.id)):
        quotes[poll.id] = _quote(poll.title, poll.opened_at, film)
        chosen.setdefault(user_id, []).append((poll.id, option_id))
    return Interactions(asked, voted, chosen, quotes, work)


def _recording_of(db: Session, livestream_id: str) -> tuple[str, datetime] | None:
    """Slug of the livestream and time of the recording's second 0; None without a recording."""
    query = select(Livestream.slug, Recording.zero_at).join(
        Recording, Recording.livestream_id == Livestream.id
    )
    found = db.execute(query.where(Livestream.id == livestream_id, Recording.state == "ready")).first()
    return (found[0], found[1]) if found is not None and found[1] is not None else None


def _quote(words: str, at: datetime | None, film: tuple[str, datetime] | None) -> dict[str, object]:
    text = " ".join(words.split())
    quote = text if len(text) <= MAX_QUOTE_LENGTH else f"{text[: MAX_QUOTE_LENGTH - 1]}…"
    if at is None or film is None or at < film[1]:
        return {"quote": quote}
    return {"quote": quote, "slug": film[0], "second": int((at - film[1]).total_seconds())}
