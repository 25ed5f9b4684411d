"""Manual edits of a draft by organisers: lock, note, dissolve, group, swap and undo.

Every edit locks the round first and names the draft version it was decided on (optimistic locking): of two
concurrent organisers the second gets Conflict("round_changed"). An impossible edit is always refused with
Invalid("does_not_fit"), so that a block cannot be told from another reason.
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
MIN_ATTEMPTS = 12  # per draft; a large one allows one for every four coffees


def set_coffee_locked(
    db: Session, actor: Actor, round_: Round, number: int, version: int, *, locked: bool
) -> None:
    """Locked coffees stay together when the others are paired again."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    _at(coffees, number)["locked"] = locked
    _write(db, draft, coffees)


def write_note(db: Session, actor: Actor, round_: Round, number: int, note: str, version: int) -> None:
    """Add a note to the reasons of this coffee; a note locks it too."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    coffee = _at(coffees, number)
    coffee["note"] = note
    coffee["locked"] = coffee.get("locked", False) or bool(note)
    _write(db, draft, coffees)


def dissolve_coffee(db: Session, actor: Actor, round_: Round, number: int, version: int) -> None:
    """Remove a coffee from the draft; its people are unmatched until grouped or paired again."""
    draft = drafts.lock_draft(db, actor, round_, version)
    coffees = _copy(draft)
    coffees.remove(_at(coffees, number))
    _write(db, draft, coffees)


def count_attempt(db: Session, actor: Actor, round_: Round, version: int) -> None:
    """Count a combination before it is tried; Invalid("does_not_fit") over the limit.

    Each answer reveals a little about two people; the limit keeps a block indistinguishable. Run in a
    transaction of its own, since a refused edit would roll the count back.
    """
    authorize(policy.may_direct, actor, membership_of(db, actor, round_.circle_id))
    draft = drafts.lock_draft(db, actor, round_, version)
    if draft.tries >= max(MIN_ATTEMPTS, len(draft.coffees) // 4):
        raise Invalid("does_not_fit")
    draft.tries += 1
    db.flush()


def group_people(db: Session, actor: Actor, round_: Round, user_ids: Sequence[str], version: int) -> None:
    """Group two or three people at their first common time; coffees they leave are dissolved."""
    draft = drafts.lock_draft(db, actor, round_, version)
    made = _build_locked(draft, user_ids)
    moved = set(user_ids)
    coffees = [one for one in _copy(draft) if moved.isdisjoint(one["people"])]
    _write(db, draft, [*coffees, made])


def swap_people(db: Session, actor: Actor, round_: Round, one: str, other: str, version: int) -> str:
    """Swap two people of different coffees. Returns "better", "less_well" or "as_well"."""
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
    """Restore the draft before the last edit; only one step is kept."""
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
    """Manually built coffees are locked. Invalid("does_not_fit") for every reason."""
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
