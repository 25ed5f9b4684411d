"""Builds the problem document of a wave for the solver; the same rows give the same document."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import combinations

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from events.accounts.queries.people import list_blocks
from events.availability.queries.claims import busy_quarters
from events.availability.rules.slots import busy_between
from events.circles.queries.circles import list_interests
from events.coffees.queries.coffees import list_last_in_trio, list_mutual_again_pairs
from events.coffees.queries.pitches import Pitches, list_pitches
from events.coffees.queries.round_answers import list_apart_pairs
from events.core import clock
from events.livestreams.models import Livestream
from events.polls.models import Poll, PollVote
from events.presence.queries import list_attendance
from events.questions.models import Question, QuestionVote
from events.rounds.models import OptIn, Round
from events.rounds.queries.met_pairs import met_pairs, window_start
from events.rounds.queries.preferences import list_excluded_pairs
from events.rounds.queries.profile_pairs import MAX_SHARING, list_profile_pairs
from events.rounds.queries.rounds import fairness_of, list_opt_ins
from events.rounds.rules.timeline import MIN_NOTICE, parse_time

MIN_ATTENDED_SHARE = 0.6  # of the live time
MAX_TOPICS = 60
PITCH_LUCK = 1.0  # as much as one good coffee: others with as little luck come first

Problem = dict[str, object]
Together = set[tuple[str, str, str]]


def problem_of(db: Session, round_: Round, wave: int) -> Problem:
    """Wave 0 holds everyone who opted in; later waves those who wait and those who were left before."""
    states = ("waiting",) if wave == 0 else ("waiting", "left")
    said = list_opt_ins(db, round_.id, *states)
    free = _free_times(db, round_, said)
    # Unmatched people without a free time are skipped; waiting ones stay, since they are owed news.
    said = [opt_in for opt_in in said if opt_in.state == "waiting" or free[opt_in.user_id]]
    ids = [opt_in.user_id for opt_in in said]
    known = set(ids)
    # By a time that does not move: a draft stays valid while it waits for publication.
    at = round_.published_at or round_.publish_at
    since = window_start(db, round_.circle_id, at, besides=round_.id)
    met = [pair for pair in met_pairs(db, round_.circle_id, at, besides=round_.id) if pair <= known]
    shared = list_shared_interactions(db, round_.circle_id, round_.livestream_id, known, since)
    alike = list_profile_pairs(db, round_.circle_id, known, at)
    return {
        "people": _people(db, round_, said, free, list_pitches(db, round_.circle_id, since)),
        "met": sorted(sorted(pair) for pair in met),
        "together": [list(row) for row in sorted(shared | alike)],
        "slot_minutes": round_.minutes,
        "seed": _seed(round_.id, wave),
    }


def list_topic_names(db: Session, circle_id: str, user_ids: list[str]) -> dict[str, tuple[str, str]]:
    """Dutch and English names by topic id."""
    found = list_interests(db, circle_id, user_ids).values()
    return {topic.id: (topic.name_nl, topic.name_en) for sides in found for side in sides for topic in side}


def name_topics(
    reasons: Iterable[dict[str, str]], names: dict[str, tuple[str, str]]
) -> list[dict[str, object]]:
    """Reasons with topic names: topics may be renamed or merged later."""
    named: list[dict[str, object]] = []
    for reason in reasons:
        dutch, english = names.get(reason.get("topic", ""), ("", ""))
        named.append({**reason, "topic": dutch, "topic_en": english} if "topic" in reason else {**reason})
    return named


def _people(
    db: Session, round_: Round, said: list[OptIn], free: dict[str, list[str]], pitches: Pitches
) -> list[Problem]:
    ids = [opt_in.user_id for opt_in in said]
    interests = list_interests(db, round_.circle_id, ids)
    fairness = fairness_of(db, round_.circle_id, ids)
    in_three = list_last_in_trio(db, round_.circle_id)
    never: dict[str, list[str]] = {user_id: [] for user_id in ids}
    apart = {pair for pair in list_apart_pairs(db, round_.id) if pair <= set(ids)}
    apart |= {pair for pair in pitches.pairs if pair <= set(ids)}
    for pair in list_blocks(db, ids) | list_excluded_pairs(db, ids) | apart:
        for one, other in (sorted(pair), sorted(pair, reverse=True)):
            never[one].append(other)
    people: list[Problem] = []
    for opt_in in said:
        asks, offers = interests.get(opt_in.user_id, ([], []))
        own = fairness.get(opt_in.user_id)
        lag = PITCH_LUCK if opt_in.user_id in pitches.repeated else 0.0
        people.append(
            {
                "id": opt_in.user_id,
                "asks": sorted(topic.id for topic in asks)[:MAX_TOPICS],
                "offers": sorted(topic.id for topic in offers)[:MAX_TOPICS],
                "languages": opt_in.user.languages.split() or [round_.circle.locale],
                "company": opt_in.user.company or None,
                "never": sorted(never[opt_in.user_id]),
                "free": free[opt_in.user_id],
                "forms": list(opt_in.forms),
                "trio": opt_in.trio,
                "trio_last": opt_in.user_id in in_three,
                # Zero after a missed round gives priority.
                "luck": lag + (0.0 if own is None or own.missed else own.amount),
            }
        )
    return people


def _free_times(db: Session, round_: Round, said: list[OptIn]) -> dict[str, list[str]]:
    """Chosen starts that are at least MIN_NOTICE ahead and not claimed since."""
    chosen = {opt_in.user_id: [parse_time(text) for text in opt_in.times] for opt_in in said}
    every = [start for starts in chosen.values() for start in starts]
    if not every:
        return {opt_in.user_id: [] for opt_in in said}
    first, last = min(every) - MIN_NOTICE, max(every) + MIN_NOTICE
    busy = busy_quarters(db, list(chosen), first, last)
    soonest = clock.now() + MIN_NOTICE
    longest = {opt_in.user_id: max([*opt_in.lengths, round_.minutes]) for opt_in in said}
    return {
        user_id: [
            start.isoformat()
            for start in sorted(starts)
            if start >= soonest and not busy_between(start, longest[user_id], busy[user_id])
        ]
        for user_id, starts in chosen.items()
    }


def list_shared_interactions(
    db: Session, circle_id: str, livestream_id: str | None, known: Collection[str], since: datetime
) -> Together:
    """(id, id, code) for mutual wishes to meet again and interactions in the livestream.

    `since`: start of the circle's window, within which such a wish counts for one more coffee.
    """
    wished = list_mutual_again_pairs(db, circle_id, since)
    found = {(*_sorted(pair), "again") for pair in wished if pair <= set(known)}
    livestream = db.get(Livestream, livestream_id) if livestream_id else None
    if livestream is None:
        return found
    askers = select(Question.author_id).where(
        # A reason would reveal the author of an anonymous question.
        Question.livestream_id == livestream.id, Question.nameless.is_(False), Question.state != "hidden"
    )  # fmt: skip
    found |= _pairs(db.scalars(askers), known, "asked_question")
    found |= _pairs(_list_attendees(db, livestream), known, "both_came")
    votes = select(QuestionVote.question_id, QuestionVote.user_id).join(
        Question, Question.id == QuestionVote.question_id
    )
    for voters in _grouped(db.execute(votes.where(Question.livestream_id == livestream.id)).all()):
        found |= _pairs(voters, known, "same_question")
    chosen = select(PollVote.option_id, PollVote.user_id).join(Poll, Poll.id == PollVote.poll_id)
    for voters in _grouped(db.execute(chosen.where(Poll.livestream_id == livestream.id)).all()):
        found |= _pairs(voters, known, "same_poll")
    return found


def _list_attendees(db: Session, livestream: Livestream) -> list[str]:
    """People who attended MIN_ATTENDED_SHARE of the time it was live."""
    began, ended = livestream.went_live_at, livestream.ended_at
    if began is None or ended is None or ended <= began:
        return []
    there = {
        user_id: sum(_seconds(max(start, began), min(end, ended)) for start, end in intervals)
        for user_id, intervals in list_attendance(db, livestream.id).items()
    }
    return [
        user_id
        for user_id, seconds in there.items()
        if seconds >= MIN_ATTENDED_SHARE * _seconds(began, ended)
    ]


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())


def _grouped(rows: Iterable[Row[str, str]]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for thing, user_id in rows:
        groups.setdefault(thing, []).append(user_id)
    return list(groups.values())


def _pairs(user_ids: Iterable[str], known: Collection[str], code: str) -> Together:
    sharing = sorted(set(user_ids) & set(known))
    if len(sharing) > MAX_SHARING:
        return set()
    return {(one, other, code) for one, other in combinations(sharing, 2)}


def _sorted(pair: frozenset[str]) -> tuple[str, str]:
    one, other = sorted(pair)
    return one, other


def _seed(round_id: str, wave: int) -> int:
    """A seed for every wave, so that ties are not always broken the same way."""
    return int.from_bytes(hashlib.sha256(f"{round_id}:{wave}".encode()).digest()[:6])
