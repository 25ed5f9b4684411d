"""The plan of a wave becomes coffees: everything in one transaction, and each wave once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from events.coffees.actions import confirm_agreed, propose_coffee
from events.coffees.forms import Place, Proposal
from events.coffees.queries import list_with_another
from events.coffees.rules import answer_until
from events.core import clock
from events.core.access import Actor, authorize
from events.core.bus import announce
from events.core.errors import Conflict
from events.matching import policy, queries
from events.matching.models import Luck, Round, Yes
from events.matching.queries import timeline
from events.matching.queries.arranging import Planned
from events.matching.signals import LeftWithout, RoundPublished


def publish_round(
    db: Session,
    actor: Actor,
    round_: Round,
    wave: int,
    problem: queries.Problem,
    coffees: Sequence[Planned],
) -> bool:
    """Propose the coffees of a wave; False when that was done before, or is not due any more.

    A coffee whose people all said beforehand that another is welcome too stands at once.
    Conflict("round_changed") when the rows do not say any more what the plan was made from: someone took
    a yes back, blocked someone, or gave a time away. Whoever called makes a new plan then.
    """
    authorize(policy.may_run, actor)
    round_ = queries.hold_round(db, round_)
    if not queries.is_due(db, round_, wave):
        return False
    if queries.problem_of(db, round_, wave) != problem:
        raise Conflict("round_changed")
    now = clock.now()
    round_.state, round_.wave = "published", wave
    round_.published_at = round_.published_at or now
    said = {yes.user_id: yes for yes in queries.list_yes(db, round_.id, "waiting", "left")}
    luck = queries.luck_of(db, round_.circle_id, list(said))
    names = queries.list_topic_names(db, round_.circle_id, list(said))
    moments = queries.moments_of(db, round_, list(said))
    willing = list_with_another(db, round_.id)
    for coffee in coffees:
        people = [said[user_id] for user_id in coffee["people"]]
        proposed = propose_coffee(db, actor, _proposal(round_, coffee, people, willing, names, moments))
        if willing.issuperset(coffee["people"]):
            confirm_agreed(db, actor, proposed)
    for coffee in coffees:  # apart from the proposals, which are flushed one by one: all rows at once
        for yes in (said[user_id] for user_id in coffee["people"]):
            yes.state, yes.news_by = "matched", None
            own = _luck(db, round_.circle_id, yes.user_id, luck)
            own.latest = timeline.benefit(coffee["reasons"][yes.user_id])
            own.amount, own.missed = own.amount + own.latest, 0
    left = [yes for yes in said.values() if yes.state == "waiting" and timeline.news_due(yes, now)]
    for yes in left:
        yes.state, yes.news_by = "left", None
        _luck(db, round_.circle_id, yes.user_id, luck).missed += 1
    db.flush()
    for yes in left:
        announce(db, LeftWithout(round_.id, yes.user_id))
    announce(db, RoundPublished(round_.id, wave))
    return True


def _proposal(
    round_: Round,
    coffee: Planned,
    people: list[Yes],
    willing: set[str],
    names: dict[str, tuple[str, str]],
    moments: queries.Moments,
) -> Proposal:
    starts_at = timeline.moment(coffee["starts_at"])
    return Proposal(
        circle_id=round_.circle_id,
        round_id=round_.id,
        occasion_id=round_.livestream_id,
        starts_at=starts_at,
        minutes=timeline.longest_common(yes.lengths for yes in people),
        form=coffee["form"],
        alternatives=[timeline.moment(text) for text in coffee["alternatives"]],
        widened=coffee["widened"],
        answer_by=answer_until(clock.now(), starts_at, round_.circle.zone),
        people=[
            Place(
                yes.user_id,
                _reasons(coffee, yes.user_id, names, moments),
                yes.occupies,
                with_another=yes.user_id in willing,
            )
            for yes in people
        ],
    )


def _reasons(
    coffee: Planned, user_id: str, names: dict[str, tuple[str, str]], moments: queries.Moments
) -> list[dict[str, object]]:
    """With their topics by name and, where they are about a moment, its words and its second."""
    named = queries.name_topics(coffee["reasons"][user_id], names)
    told = [{**one, **moments.of(str(one["code"]), user_id, str(one["with"]))} for one in named]
    return [*_noted(coffee, user_id), *told]


def _noted(coffee: Planned, user_id: str) -> list[dict[str, object]]:
    """What the team wrote for these people; it stands once, beside the first of the others."""
    note = coffee.get("note", "")
    other = next(one for one in coffee["people"] if one != user_id)
    return [{"code": "note", "note": note, "with": other}] if note else []


def _luck(db: Session, circle_id: str, user_id: str, known: dict[str, Luck]) -> Luck:
    if user_id not in known:
        known[user_id] = Luck(circle_id=circle_id, user_id=user_id, amount=0.0, missed=0, latest=0.0)
        db.add(known[user_id])
    return known[user_id]
