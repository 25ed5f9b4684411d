"""Pure rules of polls: state transitions and visibility of counts."""

VOTE_RATE = "40 per minute"  # per person, over frames and forms together
NEXT = {"draft": {"open"}, "open": {"closed"}, "closed": {"open"}}


def may_become(state: str, wanted: str) -> bool:
    """Draft to open, open to closed, and closed back to open."""
    return wanted in NEXT[state]


def share(votes: int, total: int) -> int:
    """Whole percent."""
    return round(100 * votes / total) if total else 0


def shows_counts(state: str, voted: bool, directs: bool) -> bool:
    """Closed: everyone. Open: directors and those who voted, so that votes stay independent."""
    return state == "closed" or directs or (state == "open" and voted)
