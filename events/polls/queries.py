"""Queries about polls: one by id, a livestream's with counts, and the panel of a page."""

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from events.circles.models import Membership
from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor
from events.core.errors import NotFound
from events.livestreams.models import Livestream
from events.livestreams.policy import may_see
from events.livestreams.queries.livestreams import get_livestream
from events.polls import policy, rules
from events.polls.models import Poll, PollOption, PollVote

MAX_PER_STATE = 3  # polls of each state in a panel
POLLS_A_PAGE = 12


@dataclass(frozen=True)
class OptionRow:
    """`votes` and `share` (percent) are None for a reader who may not see them."""

    id: str
    label: str
    votes: int | None
    share: int | None
    chosen: bool


@dataclass(frozen=True)
class PollRow:
    """A poll for one reader; `total` is None like the counts."""

    id: str
    title: str
    state: str
    options: list[OptionRow]
    total: int | None
    voted: bool


@dataclass(frozen=True)
class Panel:
    """View data of `polls/_panel.html` and `polls/_controls.html`; drafts for directors only."""

    slug: str
    polls: list[PollRow]
    drafts: list[PollRow] = field(default_factory=list)
    may_vote: bool = False
    may_make: bool = False
    beyond: bool = False  # more polls exist on the page of all polls


@dataclass(frozen=True)
class PollResult:
    """A poll, its options in order, the votes per option and the voter's own. No permission check."""

    poll: Poll
    options: list[tuple[PollOption, int]]
    chosen: str | None = None

    @property
    def total(self) -> int:
        return sum(votes for _option, votes in self.options)


def get_poll(db: Session, actor: Actor, poll_id: str) -> tuple[Poll, Livestream, Membership | None]:
    """The poll, its livestream and the actor's membership. Only directors find a draft."""
    poll = db.get(Poll, poll_id)
    if poll is None:
        raise NotFound
    livestream = get_livestream(db, poll.livestream_id)
    membership = membership_of(db, actor, livestream.circle_id)
    if not may_see(actor, livestream, membership):
        raise NotFound
    if poll.state == "draft" and not policy.may_make(actor, livestream, membership):
        raise NotFound
    return poll, livestream, membership


def find_option(db: Session, poll_id: str, option_id: str) -> PollOption | None:
    return db.scalar(select(PollOption).where(PollOption.id == option_id, PollOption.poll_id == poll_id))


def find_vote(db: Session, poll_id: str, user_id: str) -> PollVote | None:
    return db.scalar(select(PollVote).where(PollVote.poll_id == poll_id, PollVote.user_id == user_id))


def count_poll(db: Session, poll: Poll) -> PollResult:
    return _results(db, [poll])[0]


def poll_data(counted: PollResult, *, with_counts: bool) -> dict[str, object]:
    """A poll as sent in frames. Counts are left out unless every reader may see them."""
    return {
        "id": counted.poll.id,
        "title": counted.poll.title,
        "state": counted.poll.state,
        "options": [
            {"id": option.id, "label": option.label, "votes": votes if with_counts else None}
            for option, votes in counted.options
        ],
        "total": counted.total if with_counts else None,
    }


def panel_of(db: Session, actor: Actor, livestream: Livestream) -> Panel:
    """A livestream's polls for this reader: open ones first, then closed."""
    membership = membership_of(db, actor, livestream.circle_id)
    may_make = policy.may_make(actor, livestream, membership)
    order = Poll.created_at.desc(), Poll.id
    ranked = (
        select(Poll.id, func.row_number().over(partition_by=Poll.state, order_by=order).label("place"))
        .where(Poll.livestream_id == livestream.id)
        .subquery()
    )
    query = select(Poll, ranked.c.place).join(ranked, ranked.c.id == Poll.id)
    found = db.execute(query.where(ranked.c.place <= MAX_PER_STATE + 1).order_by(*order)).all()
    rows = _rows(db, actor, [poll for poll, place in found if place <= MAX_PER_STATE], may_make)
    beyond = any(place > MAX_PER_STATE for poll, place in found if poll.state != "draft" or may_make)
    return Panel(
        slug=livestream.slug,
        polls=sorted((row for row in rows if row.state != "draft"), key=lambda row: row.state != "open"),
        drafts=[row for row in rows if row.state == "draft"] if may_make else [],
        may_vote=policy.may_vote(actor, livestream, membership),
        may_make=may_make,
        beyond=beyond,
    )


def list_page(db: Session, actor: Actor, livestream: Livestream, number: int) -> tuple[Panel, bool]:
    """A page of all polls, newest first, and whether another page follows."""
    membership = membership_of(db, actor, livestream.circle_id)
    may_make = policy.may_make(actor, livestream, membership)
    query = select(Poll).where(Poll.livestream_id == livestream.id)
    if not may_make:
        query = query.where(Poll.state != "draft")
    ordered = query.order_by(Poll.created_at.desc(), Poll.id)
    found = list(db.scalars(ordered.offset((number - 1) * POLLS_A_PAGE).limit(POLLS_A_PAGE + 1)))
    rows = _rows(db, actor, found[:POLLS_A_PAGE], may_make)
    may_vote = policy.may_vote(actor, livestream, membership)
    return Panel(livestream.slug, rows, [], may_vote, may_make), len(found) > POLLS_A_PAGE


def _rows(db: Session, actor: Actor, polls: list[Poll], may_make: bool) -> list[PollRow]:
    return [_row(result, may_make) for result in _results(db, polls, actor.person_id)]


def _results(db: Session, polls: list[Poll], voter_id: str | None = None) -> list[PollResult]:
    """Votes by option, and the option that the voter chose, in one query."""
    if not polls:
        return []
    own = aliased(PollVote)
    votes = select(func.count(PollVote.id)).where(PollVote.option_id == PollOption.id).scalar_subquery()
    is_own = and_(own.poll_id == PollOption.poll_id, own.option_id == PollOption.id, own.user_id == voter_id)
    query = (
        select(PollOption, votes, own.id)
        .outerjoin(own, is_own)
        .where(PollOption.poll_id.in_([poll.id for poll in polls]))
        .order_by(PollOption.position)
    )
    options: dict[str, list[tuple[PollOption, int]]] = defaultdict(list)
    chosen: dict[str, str] = {}
    for option, count, own_vote in db.execute(query):
        options[option.poll_id].append((option, count))
        if own_vote is not None:
            chosen[option.poll_id] = option.id
    return [PollResult(poll, options[poll.id], chosen.get(poll.id)) for poll in polls]


def _row(counted: PollResult, directs: bool) -> PollRow:
    chosen = counted.chosen
    shown = rules.shows_counts(counted.poll.state, chosen is not None, directs)
    total = counted.total
    return PollRow(
        id=counted.poll.id,
        title=counted.poll.title,
        state=counted.poll.state,
        options=[
            OptionRow(
                id=option.id,
                label=option.label,
                votes=votes if shown else None,
                share=rules.share(votes, total) if shown else None,
                chosen=option.id == chosen,
            )
            for option, votes in counted.options
        ],
        total=total if shown else None,
        voted=chosen is not None,
    )
