"""Rate limits of pages and frames (moving window), by person or by client network, counted in Redis
or memory.
"""

import time
from functools import cache
from typing import Any

import structlog
from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from events.core.errors import TooMany, Unavailable
from events.core.moving_windows import MovingWindows
from events.core.network.client_network import SITE_FACTOR, network_of, site_of
from events.core.outages import redis_outage

log = structlog.get_logger()

# These guard against guessing and fail closed while Redis is down; all others count locally.
FAIL_CLOSED = {
    "password",
    "sign-in from one address",
    "sign-in to one account",
    "sign-in to one account from all",
}
REDIS_RETRY_AFTER_SECONDS = 5.0
_enabled = False  # until configured
_redis: MovingWindowRateLimiter | None = None  # shared by several processes; None: all is counted here
_local = MovingWindows()
_away_until = 0.0  # monotonic time until which Redis is not contacted
_parse = cache(parse)


def configure(redis_url: str | None, *, enabled: bool) -> None:
    """Count in Redis when there are several processes, else in memory."""
    global _enabled, _redis, _away_until  # noqa: PLW0603 - one limiter a process
    _enabled = enabled
    _redis = MovingWindowRateLimiter(_storage(redis_url)) if enabled and redis_url else None
    _local.reset()
    _away_until = 0.0


def hit(bucket: str, key: str, rate: str, *, local_only: bool = False) -> None:
    """Count one hit; raise TooMany over `rate` (such as "5 per 10 seconds").

    `local_only` counts in this process, for what belongs to it alone, such as a socket. While Redis
    is down every bucket is counted locally and those of FAIL_CLOSED raise Unavailable.
    """
    if not _enabled:
        return
    item = _parse(rate)
    if _redis is None or local_only or _is_away(bucket):
        counted = _hit_here(item, bucket, key)
    else:
        counted = _hit_shared(_redis, item, bucket, key)
    if not counted:
        raise TooMany(retry_after=item.get_expiry())


def hit_network(bucket: str, address: str, rate: str, *, local_only: bool = False) -> None:
    """Count one hit of the client's network and, over IPv6, of its site at a higher rate."""
    hit(bucket, network_of(address), rate, local_only=local_only)
    site = site_of(address)
    if site is not None:
        hit(bucket, site, wider(rate), local_only=local_only)


@cache
def wider(rate: str) -> str:
    """Rate of an IPv6 site: "5 per 10 minute" becomes "20 per 10 minute"."""
    amount, _, rest = rate.partition(" ")
    return f"{int(amount) * SITE_FACTOR} {rest}"


def hit_distinct(bucket: str, key: str, member: str, rate: str) -> None:
    """Count distinct members, such as people viewed; the same member counts once a day."""
    if _enabled and not _was_hit(bucket, f"{key} {member}"):
        hit(bucket, key, rate)


def _was_hit(bucket: str, key: str) -> bool:
    once, each = _parse("1 per day"), f"{bucket}, each"
    if _redis is None or _is_away(bucket):
        return not _hit_here(once, each, key)
    try:
        return not _redis.hit(once, each, key)
    except RedisError:
        return False


def _hit_here(item: RateLimitItem, bucket: str, key: str) -> bool:
    return _local.hit(item.amount, item.get_expiry(), (bucket, key))


def _hit_shared(shared: MovingWindowRateLimiter, item: RateLimitItem, bucket: str, key: str) -> bool:
    global _away_until  # noqa: PLW0603 - what was learnt about the one Redis
    try:
        return shared.hit(item, bucket, key)
    except RedisError as error:
        # Only this request waits for the timeout; those of the next seconds skip Redis.
        _away_until = time.monotonic() + REDIS_RETRY_AFTER_SECONDS
        log.warning("rate limits counted locally", redis=redis_outage(error))
        _is_away(bucket)
        return _hit_here(item, bucket, key)


def _is_away(bucket: str) -> bool:
    away = time.monotonic() < _away_until
    if away and bucket in FAIL_CLOSED:
        raise Unavailable(retry_after=10)
    return away


def reset() -> None:
    """Clear all counts."""
    _local.reset()
    if _redis is not None:
        _redis.storage.reset()


def _storage(redis_url: str) -> RedisStorage:
    # No retries: by default the client would retry for seconds.
    once: Any = Retry(NoBackoff(), 0)
    return RedisStorage(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=once)
