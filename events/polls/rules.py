"""How a poll goes from draft to open to closed, and who sees how it stands."""

VOTE_RATE = "40 per minute"  # of one person, through whichever door
NEXT = {"draft": {"open"}, "open": {"closed"}, "closed": {"open"}}


def may_become(state: str, wanted: str) -> bool:
    """A draft opens, an open poll closes, and one that was closed by mistake opens again."""
    return wanted in NEXT[state]


def share(votes: int, total: int) -> int:
    """A bar's length in whole percents."""
    return round(100 * votes / total) if total else 0


def shows_counts(state: str, voted: bool, directs: bool) -> bool:
    """Everyone once it is closed; while it is open who voted, so that nobody votes with the crowd."""
    return state == "closed" or directs or (state == "open" and voted)
