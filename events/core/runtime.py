"""Runtime of this process: clock, scheduling and guards, set by the server, seeding or a test."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

Work: TypeAlias = Callable[[], None]


def system_time() -> datetime:
    return datetime.now(UTC)


def run_inline(work: Work) -> None:
    work()


def no_lag() -> float:
    return 0.0


@dataclass(slots=True)
class Runtime:
    """The defaults suit commands and workers; a web process sets them in `server.start`."""

    clock: Callable[[], datetime] = system_time  # read it by `clock.now`
    dispatch: Callable[[Work], None] = run_inline  # runs `@after_commit` listeners, in order
    spawn: Callable[[Work], object] | None = None  # starts batches of reads; None: each runs alone
    call_later: Callable[[float, Work], object] | None = None  # after seconds; None: flush at once
    loop_lag: Callable[[], float] = no_lag  # of the event loop, in seconds
    enforce_io_guard: bool = False  # I/O inside a unit of work raises
    id_bytes: Callable[[int], bytes] = secrets.token_bytes  # of new ids; a simulation repeats them
    # Takes kind, person and subject of each mail instead of a mail server; None: mail is sent.
    take_mail: Callable[[str, str, str], None] | None = None
    inline_children: bool = False  # offloaded functions run in this process, without limits


runtime = Runtime()
