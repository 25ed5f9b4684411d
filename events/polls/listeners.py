"""Listener that broadcasts opened and closed polls to a livestream's pages."""

from events.core.bus import after_commit
from events.core.db.session import unit_of_work
from events.core.realtime.handlers import broadcast
from events.livestreams.queries.livestreams import slug_of
from events.polls.models import Poll
from events.polls.queries import count_poll, poll_data
from events.polls.signals import PollChanged


@after_commit(PollChanged)
def broadcast_poll(signal: PollChanged) -> None:
    """Includes counts only for a closed poll: before, not every reader may see them."""
    with unit_of_work() as db:
        slug = slug_of(db, signal.livestream_id)
        counted = count_poll(db, db.get_one(Poll, signal.poll_id))
        poll = poll_data(counted, with_counts=counted.poll.state == "closed")
    broadcast(f"livestream:{slug}", "polls.changed", {"livestream": slug, "poll": poll})
