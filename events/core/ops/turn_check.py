"""Periodic TURN check: allocates a relay at each server and stores the result for /readyz and the
doctor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from events.core import clock
from events.core.config import Settings
from events.core.db.session import Base, unit_of_work
from events.core.jobs.queue import Lane, job
from events.core.network.turn_client import RelayFailed, allocate, parse_turn_url
from events.core.network.turn_credential import turn_credential

log = structlog.get_logger()

CHECK_EVERY = timedelta(minutes=10)
CREDENTIAL_LIFETIME = timedelta(minutes=5)


class TurnCheck(Base):
    """Last result for one TURN URL; `trouble` is None when a relay was allocated."""

    __tablename__ = "turn_check"

    url: Mapped[str] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]
    trouble: Mapped[str | None]


@dataclass(frozen=True)
class RelayHealth:
    """Whether any server gave a relay at the last check (None before the first), and the last
    success.
    """

    works: bool | None
    worked_at: datetime | None


NEVER_CHECKED = RelayHealth(None, None)


def relay_troubles(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Each TURN URL with its fault, as the end of a sentence, or None. Never inside a unit of work."""
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else ""
    name, password = turn_credential(secret, "check", clock.now() + CREDENTIAL_LIFETIME)
    for url in _urls(settings):
        server = parse_turn_url(url)
        if server.tls and server.transport == "udp":
            yield url, "was not tried: TLS over UDP is rare, write ?transport=tcp"
            continue
        try:
            address = allocate(server, name, password)
        except RelayFailed as failed:
            yield url, str(failed)
            continue
        hidden = settings.production and not address.is_global
        yield url, f"relays from {address}, which nobody outside reaches: set external-ip" if hidden else None


@job(every=CHECK_EVERY, lane=Lane.MAILBOX)
def check_turn() -> None:
    """Allocate a relay at each TURN server and store whether that worked."""
    settings: Settings = current_app.config["SETTINGS"]
    found = dict(relay_troubles(settings)) if settings.turn_secret else {}
    with unit_of_work() as db:
        db.execute(delete(TurnCheck).where(TurnCheck.url.not_in(found)))
        for url, trouble in found.items():
            _note(db, url, trouble)


def relay_health(db: Session, settings: Settings) -> RelayHealth:
    rows = _rows(db, settings)
    worked = max((row.worked_at for row in rows if row.worked_at is not None), default=None)
    return RelayHealth(any(row.trouble is None for row in rows) if rows else None, worked)


def _note(db: Session, url: str, trouble: str | None) -> None:
    row = db.get(TurnCheck, url)
    before = row.trouble if row is not None else None
    if row is None:
        db.add(row := TurnCheck(url=url))
    row.checked_at, row.trouble = clock.now(), trouble
    if trouble is None:
        row.worked_at = clock.now()
    if trouble is not None and before is None:
        log.warning("relay unavailable", url=url, reason=trouble)
    elif trouble is None and before is not None:
        log.info("relay recovered", url=url)


def _rows(db: Session, settings: Settings) -> Sequence[TurnCheck]:
    return db.scalars(select(TurnCheck).where(TurnCheck.url.in_(_urls(settings)))).all()


def _urls(settings: Settings) -> list[str]:
    return settings.turn_urls.replace(",", " ").split()
