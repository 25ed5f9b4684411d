"""The product as it may be on a bad day: every job runs twice."""

import json

from events.core import queue

_finish = queue._finish


def work_again(claimed: queue.Job, kind: queue.Kind) -> None:
    kind.work(*json.loads(claimed.arguments))
    _finish(claimed, kind)


queue._finish = work_again

from tests.clocked import app  # noqa: E402 - the queue is set first

__all__ = ["app"]
