"""What is broadcast in one process reaches the viewers of the others, through Redis, and never waits for it.

Viewers of this process are served first and at once. For the others the frame is handed to a greenlet of its
own; while Redis is away frames for others are dropped past a limit, and their pages read on by number.
"""

import json
from collections import deque
from typing import Any

import gevent
import structlog
from gevent.event import Event
from gevent.monkey import is_module_patched
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio import RedisManager
from typing_extensions import override

from events.core.realtime.broadcast_manager import Fanout

log = structlog.get_logger()

ANSWER_WITHIN = 1.0  # seconds; a frozen Redis takes connections and never answers
TRY_AGAIN = 1.0  # seconds
POLL_INTERVAL_SECONDS = 5.0  # seconds of silence after which we ask whether Redis is still there
MAX_QUEUED_FRAMES = 2_000  # frames on their way to Redis


class Relay(RedisManager, Fanout):  # type: ignore[misc]  # python-socketio ships no types
    """The manager for several processes."""

    def __init__(self, url: str) -> None:
        super().__init__(url, channel="flask-socketio")
        self._held: deque[str] = deque(maxlen=MAX_QUEUED_FRAMES)
        self._handed = Event()
        self._publisher: gevent.Greenlet | None = None

    @override
    def _publish(self, data: dict[str, Any]) -> None:
        self._held.append(json.dumps(data))
        if not is_module_patched("socket"):  # a worker of its own, with no viewers and no loop
            self._publish_held(connect(self.redis_url))
            return
        self._handed.set()
        if self._publisher is None:
            self._publisher = gevent.spawn(self._publish_on)

    def _publish_on(self) -> None:
        """Everything that was handed over meanwhile in one go, in its order."""
        redis = connect(self.redis_url)
        while True:
            self._handed.wait()
            self._handed.clear()
            while self._held:
                if not self._publish_held(redis):
                    gevent.sleep(TRY_AGAIN)

    def _publish_held(self, redis: Redis) -> bool:
        batch = [self._held.popleft() for _ in range(len(self._held))]
        try:
            with redis.pipeline(transaction=False) as pipeline:
                for message in batch:
                    pipeline.publish(self.channel, message)
                pipeline.execute()
        except RedisError as error:
            # Not tried again: it may have arrived, and a page that missed it notices by the beat.
            log.warning("viewers of other processes hear later", dropped=len(batch), error=str(error))
            return False
        return True

    @override
    def _redis_listen_with_retries(self) -> Any:
        """What the others publish. Asks after silence, so that a dead line is noticed and made anew."""
        while True:
            listener = connect(self.redis_url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis types it so
            try:
                listener.subscribe(self.channel)
                asked = False
                while True:
                    message = listener.get_message(timeout=ANSWER_WITHIN if asked else POLL_INTERVAL_SECONDS)
                    if message is not None and message["type"] == "message":
                        yield message
                        asked = False
                    elif message is not None:
                        asked = False  # the answer to our question
                    elif asked:
                        raise RedisError("no answer")
                    else:
                        listener.ping()
                        asked = True
            except (RedisError, OSError) as error:
                log.warning("nothing is heard from other processes", error=str(error))
                gevent.sleep(TRY_AGAIN)
            finally:
                listener.close()


def connect(url: str) -> Redis:
    """A Redis that is asked once and answers soon, or not."""
    return Redis.from_url(
        url,
        socket_timeout=ANSWER_WITHIN,
        socket_connect_timeout=ANSWER_WITHIN,
        retry=Retry(NoBackoff(), 0),
    )
