"""How often: one set of buckets for pages and frames, per person first and per address behind it."""

import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from events.core.errors import TooMany, Unavailable

log = structlog.get_logger()

# Guessing is what these guard against, so they stay shut while nobody counts; all others let through.
SHUT_WITHOUT_COUNT = {"password", "sign-in from one address", "sign-in to one account"}
_limiter: MovingWindowRateLimiter | None = None  # None until configured, and while limits are off
_parsed: dict[str, RateLimitItem] = {}


def configure(redis_url: str | None, *, enabled: bool) -> None:
    """Count in Redis when there are several processes, else in memory."""
    global _limiter  # noqa: PLW0603 - one limiter a process
    _limiter = MovingWindowRateLimiter(_storage(redis_url)) if enabled else None


def hit(bucket: str, key: str, rate: str) -> None:
    """Count one; raise TooMany past `rate` (such as "5 per 10 seconds").

    While Redis is away nothing is counted: most doors let through, those against guessing are Unavailable.
    """
    if _limiter is None:
        return
    item = _parsed.setdefault(rate, parse(rate))
    try:
        within = _limiter.hit(item, bucket, key)
    except RedisError:
        log.warning("limits are not counted, Redis does not answer", bucket=bucket)
        if bucket in SHUT_WITHOUT_COUNT:
            raise Unavailable(retry_after=10) from None
        return
    if not within:
        raise TooMany(retry_after=item.get_expiry())


def reset() -> None:
    """Forget all counts; for tests and for the operator after a mishap."""
    if _limiter is not None:
        _limiter.storage.reset()


def _storage(redis_url: str | None) -> Storage:
    if redis_url is None:
        return MemoryStorage()
    return RedisStorage(redis_url, socket_timeout=1, socket_connect_timeout=1)
