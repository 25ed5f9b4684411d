"""How often: one set of buckets for pages and frames, per person first and per address behind it."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from events.core.errors import TooMany

_storage: Storage = MemoryStorage()
_limiter = MovingWindowRateLimiter(_storage)
_enabled = True
_parsed: dict[str, RateLimitItem] = {}


def configure(redis_url: str | None, *, enabled: bool) -> None:
    """Count in Redis when there are several processes, else in memory."""
    global _storage, _limiter, _enabled  # noqa: PLW0603 - one limiter a process
    _storage = (
        RedisStorage(redis_url, socket_timeout=1, socket_connect_timeout=1) if redis_url else MemoryStorage()
    )
    _limiter = MovingWindowRateLimiter(_storage)
    _enabled = enabled


def hit(bucket: str, key: str, rate: str) -> None:
    """Count one; raise TooMany past `rate` (such as "5 per 10 seconds")."""
    if not _enabled:
        return
    item = _parsed.setdefault(rate, parse(rate))
    if not _limiter.hit(item, bucket, key):
        raise TooMany(retry_after=item.get_expiry())


def reset() -> None:
    """Forget all counts; for tests and for the operator after a mishap."""
    _storage.reset()
