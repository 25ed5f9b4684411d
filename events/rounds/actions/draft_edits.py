"""What organisers change in a draft by hand: lock, note, take apart, put together, swap, and undo.

Every change locks the round first and names the version of the draft it was decided on: of two organisers
at once the second looks again. A change that cannot be is refused in one sentence, whatever the reason.
"""

import json
from collections.abc import Sequence
from typing import cast

from sqlalchemy.orm import Session

from events.circles.queries.circles import membership_of
from events.core.auth.actor import Actor, authorize
from events.core.errors import Conflict, Invalid
from events.rounds import policy
from events.rounds.models import Draft, Round
from events.rounds.queries import drafts
from events.rounds.rules.draft_edits import Planned, build_coffee, compare_fit

Coffees = list[Planned]
MIN_ATTEMPTS = 12  # combinations by hand in one draft; a large one has more, one for every four coffees


def set_coffee_locked(
    db: Session, actor: Actor, round_: Round, number: int, version: int, *, locked: bool
) -> None:
    """Keep a coffee as it is when the others are paired anew, or let it go again."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    _at(coffees, number)["locked"] = locked
    _write(db, draft, coffees)


def write_note(db: Session, actor: Actor, round_: Round, number: int, note: str, version: int) -> None:
    """A line of the team for these people; they read it among the reasons. It keeps them together too."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    coffee = _at(coffees, number)
    coffee["note"] = note
    coffee["locked"] = coffee.get("locked", False) or bool(note)
    _write(db, draft, coffees)


def dissolve_coffee(db: Session, actor: Actor, round_: Round, number: int, version: int) -> None:
    """Its people have no coffee, until they are put together with others or everyone is paired anew."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    coffees.remove(_at(coffees, number))
    _write(db, draft, coffees)


def count_attempt(db: Session, actor: Actor, round_: Round, version: int) -> None:
    """Count a combination before it is tried, and refuse it in the words of one that does not fit.

    Each answer tells a little about two people; so few of them that a block cannot be told from all else.
    Called apart from the change itself, whose refusal would take the count back.
    """
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    draft = drafts.lock_draft(db, actor, round_, version)
    if draft.tries >= max(MIN_ATTEMPTS, len(draft.coffees) // 4):
        raise Invalid("does_not_fit")
    draft.tries += 1
    db.flush()


def group_people(db: Session, actor: Actor, round_: Round, user_ids: Sequence[str], version: int) -> None:
    """Two or three at their first common time. Each leaves the coffee they were in; its others have none."""
    draft = drafts.lock_draft(db, actor, round_, version)
    made = _build_locked(draft, user_ids)
    moved = set(user_ids)
    coffees = [one for one in _copy(draft) if moved.isdisjoint(one["people"])]
    _write(db, draft, [*coffees, made])


def swap_people(db: Session, actor: Actor, round_: Round, one: str, other: str, version: int) -> str:
    """Each takes the other's place; a word tells whether they fit better, less well or as well."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    touched = [coffee for coffee in coffees if {one, other} & set(coffee["people"])]
    if one == other or not touched or any({one, other} <= set(coffee["people"]) for coffee in touched):
        raise Invalid("does_not_fit")
    places = {one: other, other: one}
    made = [
        _build_locked(draft, [places.get(user_id, user_id) for user_id in coffee["people"]])
        for coffee in touched
    ]
    _write(db, draft, [*(coffee for coffee in coffees if coffee not in touched), *made])
    return compare_fit(touched, made)


def undo_change(db: Session, actor: Actor, round_: Round, version: int) -> None:
    """Back to what it was before the last change by hand."""
    draft = drafts.lock_draft(db, actor, round_, version)
    if draft.before is not None:
        _restore(db, draft, draft.before)


def _copy(draft: Draft) -> Coffees:
    return [cast(Planned, dict(coffee)) for coffee in draft.coffees]


def _at(coffees: Coffees, number: int) -> Planned:
    if not 0 <= number < len(coffees):
        raise Conflict("round_changed")
    return coffees[number]


def _build_locked(draft: Draft, user_ids: Sequence[str]) -> Planned:
    """Made by hand, so it is kept; refused in the same words whatever stands in the way."""
    made = build_coffee(json.loads(draft.problem), user_ids)
    if made is None:
        raise Invalid("does_not_fit")
    made["locked"] = True
    return made


def _write(db: Session, draft: Draft, coffees: Coffees) -> None:
    draft.before = draft.coffees
    _restore(db, draft, [cast("dict[str, object]", one) for one in sorted(coffees, key=_by_time)], keep=True)


def _restore(db: Session, draft: Draft, coffees: list[dict[str, object]], *, keep: bool = False) -> None:
    draft.coffees = coffees
    draft.before = draft.before if keep else None
    draft.version += 1
    db.flush()


def _by_time(coffee: Planned) -> tuple[str, list[str]]:
    return coffee["starts_at"], coffee["people"]
