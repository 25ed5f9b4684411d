"""Lookup of the people of a draft by the names that an organiser types."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from events.accounts.models import User
from events.circles.queries.person_lookup import list_candidates, resolve_person
from events.core.errors import Invalid
from events.rounds.forms import ChangeDraft
from events.rounds.models import Round
from events.rounds.queries.drafts import select_drafted_ids

FIELDS = {"swap": ("one", "other"), "together": ("first", "second", "third")}
OPTIONAL = {"third"}


def resolve_people(db: Session, round_: Round, data: ChangeDraft) -> list[str]:
    """Ids in the order of the form's fields. Invalid names every wrong field."""
    ids: list[str] = []
    wrong: list[tuple[str, str]] = []
    for field in FIELDS[data.do]:
        typed: str | None = getattr(data, field)
        if typed is None:
            wrong += [] if field in OPTIONAL else [(field, "missing")]
            continue
        try:
            ids.append(
                resolve_person(db, select_drafted_ids(round_), field, typed, getattr(data, f"{field}_id"))
            )
        except Invalid as invalid:
            wrong += invalid.fields
    if wrong:
        raise Invalid(fields=wrong)
    return ids


def list_name_matches(
    db: Session, round_: Round, typed: Mapping[str, object], codes: Mapping[str, str]
) -> dict[str, list[User]]:
    """Candidates by field, for names that match several people."""
    return {
        field: list_candidates(db, select_drafted_ids(round_), str(typed.get(field, "")))
        for field, code in codes.items()
        if code == "several_people"
    }
