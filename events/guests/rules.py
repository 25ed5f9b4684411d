"""Pure rules of guests: who brings them, and the choices of a circle's limits."""

from events.circles.models import Circle
from events.livestreams.models import Livestream

NO_LIMIT = "none"
LIMITS = (1, 2, 3, 5, 10)


def follows_rules(livestream: Livestream) -> bool:
    """Public livestreams are open to everyone, whoever brought them."""
    return livestream.audience == "members"


def may_role_bring(circle: Circle, role: str) -> bool:
    """Whether a member of this role may bring guests."""
    if circle.guests_from == "team":
        return role in {"owner", "organiser"}
    return circle.guests_from in {"link", "members"}


def read_limit(choice: str) -> int | None:
    return None if choice == NO_LIMIT else int(choice)


def write_limit(limit: int | None) -> str:
    return NO_LIMIT if limit is None else str(limit)
