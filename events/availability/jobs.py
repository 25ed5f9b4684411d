"""Jobs that refresh calendars in batches, each calendar in its own subprocess."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from events.accounts.queries.people import list_users
from events.availability.actions import calendars
from events.core import clock
from events.core.auth.actor import SYSTEM
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs.queue import Lane, job
from events.core.jobs.subprocess_pool import ResourceLimits, offload_all

TARGET = "events.core.calendar.free_busy:read_busy"
AT_ONCE = 8
WINDOW = timedelta(days=60)
BOUNDS = ResourceLimits(cpu=10, wall=40, memory=512)


@job(every=timedelta(minutes=1), lane=Lane.CALENDARS)
def refresh_due_calendars() -> None:
    """A calendar that crashes or hangs costs only its own subprocess."""
    _refresh_batch()


@job(lane=Lane.CALENDARS)
def refresh_requested_calendars() -> None:
    _refresh_batch()


def _refresh_batch() -> None:
    settings: Settings = current_app.config["SETTINGS"]
    now = clock.now()
    with unit_of_work() as db:
        due = calendars.lease_due_calendars(db, SYSTEM, AT_ONCE)
        owners = list_users(db, [calendar.user_id for calendar, _ in due])
    tasks = [
        {
            "address": address,
            "zone": owners[calendar.user_id].zone,
            "owners": [owners[calendar.user_id].email],
            "start": now.isoformat(),
            "end": (now + WINDOW).isoformat(),
            "host_overrides": settings.host_overrides,
        }
        for calendar, address in due
    ]
    for (calendar, _address), answer in zip(due, offload_all(TARGET, tasks, BOUNDS), strict=True):
        busy, problem = _parse_result(answer)
        notes = answer.get("notes") if answer is not None else None
        with unit_of_work() as db:
            calendars.store_result(db, SYSTEM, calendar.id, busy, problem, notes)


def _parse_result(answer: Any) -> tuple[list[tuple[datetime, datetime]] | None, str]:
    """(spans, "") or (None, problem). None stands for a subprocess that was killed."""
    if answer is None:
        return None, "too_heavy"
    if "busy" not in answer:
        return None, str(answer["problem"])
    moment = datetime.fromisoformat
    return [(moment(start), moment(end)) for start, end in answer["busy"]], ""
