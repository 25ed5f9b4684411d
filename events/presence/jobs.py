"""How many are watching, told to the pages when the number they show changes."""

from datetime import timedelta

from events.core.db.session import unit_of_work
from events.core.jobs.queue import job
from events.core.realtime.handlers import broadcast
from events.presence.queries import count_all_watching
from events.presence.rules import displayed_count

# What this worker told last, by address; after a restart everything is told once more, which does no harm.
_told: dict[str, int] = {}


@job(every=timedelta(seconds=5))
def broadcast_viewer_counts() -> None:
    """Telling every coming and going to everyone would cost the square of the room."""
    with unit_of_work() as db:
        watching = {slug: displayed_count(count) for slug, count in count_all_watching(db).items()}
    for slug, number in watching.items():
        if _told.get(slug) != number:
            broadcast(f"livestream:{slug}", "presence.viewers", {"livestream": slug, "watching": number})
    _told.clear()
    _told.update(watching)
