"""Socket.IO manager that publishes broadcasts to other processes over Redis without waiting for it.

Clients of this process get the frame at once. A greenlet publishes it to the others; while Redis is
down frames beyond MAX_QUEUED_FRAMES are dropped, and pages catch up by sequence number.
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

RESPONSE_TIMEOUT_SECONDS = 1.0  # a frozen Redis accepts connections and never answers
RETRY_AFTER_SECONDS = 1.0
PING_INTERVAL_SECONDS = 5.0  # of silence, before Redis is pinged
MAX_QUEUED_FRAMES = 2_000


class Relay(RedisManager, Fanout):  # type: ignore[misc]  # python-socketio ships no types
    """Client manager for several processes."""

    def __init__(self, url: str) -> None:
        super().__init__(url, channel="flask-socketio")
        self._queued: deque[str] = deque(maxlen=MAX_QUEUED_FRAMES)
        self._wake = Event()
        self._publisher: gevent.Greenlet | None = None

    @override
    def _publish(self, data: dict[str, Any]) -> None:
        self._queued.append(json.dumps(data))
        if not is_module_patched("socket"):  # a job worker without an event loop
            self._publish_held(connect(self.redis_url))
            return
        self._wake.set()
        if self._publisher is None:
            self._publisher = gevent.spawn(self._publish_on)

    def _publish_on(self) -> None:
        """Publish queued frames in order, all that wait in one pipeline."""
        redis = connect(self.redis_url)
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._queued:
                if not self._publish_held(redis):
                    gevent.sleep(RETRY_AFTER_SECONDS)

    def _publish_held(self, redis: Redis) -> bool:
        batch = [self._queued.popleft() for _ in range(len(self._queued))]
        try:
            with redis.pipeline(transaction=False) as pipeline:
                for message in batch:
                    pipeline.publish(self.channel, message)
                pipeline.execute()
        except RedisError as error:
            # Not retried: it may have arrived, and a page that missed it notices at the next room.beat.
            log.warning("broadcast to other processes failed", dropped=len(batch), error=str(error))
            return False
        return True

    @override
    def _redis_listen_with_retries(self) -> Any:
        """Messages of other processes. Pings after silence, so that a dead connection is noticed."""
        while True:
            listener = connect(self.redis_url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]  # redis types it so
            try:
                listener.subscribe(self.channel)
                pinged = False
                while True:
                    message = listener.get_message(
                        timeout=RESPONSE_TIMEOUT_SECONDS if pinged else PING_INTERVAL_SECONDS
                    )
                    if message is not None and message["type"] == "message":
                        yield message
                        pinged = False
                    elif message is not None:
                        pinged = False  # the pong
                    elif pinged:
                        raise RedisError("no answer")
                    else:
                        listener.ping()
                        pinged = True
            except (RedisError, OSError) as error:
                log.warning("broadcasts from other processes unavailable", error=str(error))
                gevent.sleep(RETRY_AFTER_SECONDS)
            finally:
                listener.close()


def connect(url: str) -> Redis:
    """A Redis client without retries and with short timeouts."""
    return Redis.from_url(
        url,
        socket_timeout=RESPONSE_TIMEOUT_SECONDS,
        socket_connect_timeout=RESPONSE_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
