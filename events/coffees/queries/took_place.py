"""The one condition under which a coffee counts as a conversation: in reports, mails and matching."""

from sqlalchemy import ColumnElement, select

from events.coffees.models import Coffee, Seat


def took_place() -> ColumnElement[bool]:
    """Told by its people, or known by its call while nobody says no (`rules.state_after`).

    `confirmed_at` and the time alone are no evidence: such a coffee is untold.
    """
    return Coffee.state == "met"


def known_by_call() -> ColumnElement[bool]:
    """Took place, and nobody told so: the call is the evidence."""
    told = select(Seat.id).where(Seat.coffee_id == Coffee.id, Seat.took_place.is_(True)).exists()
    return took_place() & Coffee.by_call & ~told


def of_round(round_id: str, livestream_id: str | None) -> ColumnElement[bool]:
    """Coffees of a round; of one after a livestream also the talks right after it, as in its report."""
    own = Coffee.round_id == round_id
    return own if livestream_id is None else own | (Coffee.occasion_id == livestream_id)
