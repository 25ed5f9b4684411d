"""Periodic broadcast of viewer counts, sent only when the displayed number changes."""

from datetime import timedelta

from events.core.db.session import unit_of_work
from events.core.realtime.handlers import broadcast
from events.core.realtime.periodic import per_process_task
from events.presence.queries import count_all_watching
from events.presence.rules import displayed_count

# Last count sent, by slug. After a restart each is sent once more, which is harmless.
_last_sent: dict[str, int] = {}


@per_process_task(every=timedelta(seconds=5))
def broadcast_viewer_counts() -> None:
    """One broadcast per changed livestream instead of one per arrival, which grows quadratically.

    Each process counts for its own viewers: claiming and finishing a job would cost more than the query.
    """
    with unit_of_work() as db:
        watching = {slug: displayed_count(count) for slug, count in count_all_watching(db).items()}
    for slug, number in watching.items():
        if _last_sent.get(slug) != number:
            broadcast(
                f"livestream:{slug}",
                "presence.viewers",
                {"livestream": slug, "watching": number},
                local_only=True,
            )
    _last_sent.clear()
    _last_sent.update(watching)
