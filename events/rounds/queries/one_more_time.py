"""Queries of the one more time that people without a coffee are asked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from events.availability.queries.claims import list_free
from events.core import clock
from events.rounds.models import OptIn, Round
from events.rounds.rules.draft_edits import Problem, ProblemPerson
from events.rounds.rules.one_more_time import TIME_TO_ANSWER, times_to_ask
from events.rounds.rules.timeline import REPAIR_DELAY, format_utc, is_open_late, parse_time, times_left


def list_times_to_ask(
    db: Session, round_: Round, problem: Problem, seated: Collection[str], left: Sequence[OptIn]
) -> dict[str, str]:
    """One start by user id, for those of `left` who were not asked in this round before."""
    people = [one for one in cast(list[ProblemPerson], problem["people"]) if one["id"] not in seated]
    without: Problem = {**problem, "people": people}
    earliest = clock.now() + TIME_TO_ANSWER
    open_to = {
        opt_in.user_id: [
            format_utc(start)
            for start in _list_free(db, round_, opt_in, earliest)
            if format_utc(start) not in opt_in.times
        ]
        for opt_in in left
        if opt_in.asked_time is None
    }
    return times_to_ask(without, open_to.keys(), open_to)


def asked_time_of(db: Session, round_: Round, opt_in: OptIn | None) -> datetime | None:
    """Start that this person is still asked about; None once it is answered, busy or too near."""
    if opt_in is None or opt_in.state != "left" or opt_in.asked_time is None:
        return None
    now, start = clock.now(), parse_time(opt_in.asked_time)
    if opt_in.asked_time in opt_in.times or not is_open_late(round_, now):
        return None
    return start if start in _list_free(db, round_, opt_in, now + REPAIR_DELAY) else None


def _list_free(db: Session, round_: Round, opt_in: OptIn, now: datetime) -> list[datetime]:
    minutes = max([*opt_in.lengths, round_.minutes])
    return list_free(db, [opt_in.user_id], times_left(round_, now), minutes)
