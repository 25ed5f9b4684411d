"""Publication of a wave: turns a plan into proposed coffees, in one transaction and at most once."""

from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy.orm import Session

from events.availability.queries.breaks import working_days
from events.availability.rules.working_days import WorkingDays
from events.coffees.actions.proposals import propose_coffee
from events.coffees.actions.responses import confirm_agreed
from events.coffees.forms import Participant, Proposal
from events.coffees.queries.round_answers import list_accepting_replacement
from events.coffees.rules import answer_until
from events.core import clock
from events.core.auth.actor import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.rounds import policy
from events.rounds.models import FairnessScore, OptIn, Round
from events.rounds.queries import met_pairs, one_more_time, rounds, shared_interactions, solver_input
from events.rounds.rules import benefit, timeline
from events.rounds.rules.draft_edits import Planned
from events.rounds.signals import PersonUnmatched, RoundPublished


def publish_round(
    db: Session,
    actor: Actor,
    round_: Round,
    wave: int,
    problem: solver_input.Problem,
    coffees: Sequence[Planned],
) -> bool:
    """Propose the coffees of a wave; False when that was done before or is not due any more.

    A coffee is confirmed at once when all of its people accept a replacement. Conflict("round_changed")
    when the rows differ from `problem` (a withdrawal, a block, a taken time): the caller plans again.
    """
    authorize(policy.may_run, actor)
    round_ = rounds.lock_round(db, round_)
    if not rounds.is_due(db, round_, wave):
        return False
    if solver_input.problem_of(db, round_, wave) != problem:
        raise Conflict("round_changed")
    now = clock.now()
    round_.state, round_.wave = "published", wave
    round_.published_at = round_.published_at or now
    said = {opt_in.user_id: opt_in for opt_in in rounds.list_opt_ins(db, round_.id, "waiting", "left")}
    fairness = rounds.fairness_of(db, round_.circle_id, list(said))
    names = solver_input.list_topic_names(db, round_.circle_id, list(said))
    moments = shared_interactions.interactions_of(db, round_, list(said))
    willing = list_accepting_replacement(db, round_.id)
    meetings = met_pairs.list_meetings(db, round_.circle_id)
    counted = {frozenset(pair) for pair in cast(list[list[str]], problem["met"])}
    week = working_days(db, round_.circle, now)
    for coffee in coffees:
        people = [said[user_id] for user_id in coffee["people"]]
        reasons = {
            user_id: [
                *_note_reason(coffee, user_id),
                *_reasons(meetings.describe(told, user_id, counted), user_id, names, moments),
            ]
            for user_id, told in coffee["reasons"].items()
        }
        proposed = propose_coffee(db, actor, _proposal(round_, coffee, people, willing, reasons, week))
        if willing.issuperset(coffee["people"]):
            confirm_agreed(db, actor, proposed)
    for coffee in coffees:  # in a second loop: proposals flush one by one, these rows in one batch
        for opt_in in (said[user_id] for user_id in coffee["people"]):
            opt_in.state, opt_in.notify_by = "matched", None
            own = _fairness(db, round_.circle_id, opt_in.user_id, fairness)
            own.latest = benefit.benefit(coffee["reasons"][opt_in.user_id])
            own.amount, own.missed = own.amount + own.latest, 0
    left = [
        opt_in for opt_in in said.values() if opt_in.state == "waiting" and timeline.is_news_due(opt_in, now)
    ]
    seated = {user_id for coffee in coffees for user_id in coffee["people"]}
    asked = one_more_time.list_times_to_ask(db, round_, problem, seated, left)
    for opt_in in left:
        opt_in.state, opt_in.notify_by = "left", None
        opt_in.asked_time = asked.get(opt_in.user_id, opt_in.asked_time)
        _fairness(db, round_.circle_id, opt_in.user_id, fairness).missed += 1
    db.flush()
    for opt_in in left:
        announce(db, PersonUnmatched(round_.id, opt_in.user_id))
    announce(db, RoundPublished(round_.id, wave))
    return True


def _proposal(
    round_: Round,
    coffee: Planned,
    people: list[OptIn],
    willing: set[str],
    reasons: dict[str, list[dict[str, object]]],
    week: WorkingDays,
) -> Proposal:
    starts_at = timeline.parse_time(coffee["starts_at"])
    return Proposal(
        circle_id=round_.circle_id,
        round_id=round_.id,
        occasion_id=round_.livestream_id,
        starts_at=starts_at,
        minutes=timeline.longest_common(opt_in.lengths for opt_in in people),
        form=coffee["form"],
        alternatives=[timeline.parse_time(text) for text in coffee["alternatives"]],
        widened=coffee["widened"],
        answer_by=answer_until(clock.now(), starts_at, week),
        people=[
            Participant(
                opt_in.user_id,
                reasons[opt_in.user_id],
                opt_in.on_my_mind,
                accepts_replacement=opt_in.user_id in willing,
            )
            for opt_in in people
        ],
    )


def _reasons(
    reasons: Iterable[dict[str, str]],
    user_id: str,
    names: dict[str, tuple[str, str]],
    moments: shared_interactions.Interactions,
) -> list[dict[str, object]]:
    """Reasons with topic names and, for interactions, the quote and its second."""
    named = solver_input.name_topics(reasons, names)
    return [{**one, **moments.of(str(one["code"]), user_id, str(one["with"]))} for one in named]


def _note_reason(coffee: Planned, user_id: str) -> list[dict[str, object]]:
    """The organisers' note as a reason, beside the first partner only."""
    note = coffee.get("note", "")
    other = next(one for one in coffee["people"] if one != user_id)
    return [{"code": "note", "note": note, "with": other}] if note else []


def _fairness(db: Session, circle_id: str, user_id: str, known: dict[str, FairnessScore]) -> FairnessScore:
    if user_id not in known:
        known[user_id] = FairnessScore(circle_id=circle_id, user_id=user_id, amount=0.0, missed=0, latest=0.0)
        db.add(known[user_id])
    return known[user_id]
