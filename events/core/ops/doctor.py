"""Diagnosis of an installation (`flask doctor`): findings about settings, database, queue, mail,
media and calls.
"""

import resource
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from events.core.config import LOOPBACK_HOSTS, Settings, UnsafeSettings, check_settings
from events.core.db import migrations
from events.core.db.session import connect, unit_of_work
from events.core.jobs import worker
from events.core.jobs.queue import Lane, TryLater
from events.core.mail import outbox
from events.core.mail.mailbox import UNREADABLE, open_inbox
from events.core.mail.smtp_delivery import open_server
from events.core.network.dns_records import Unanswered, find_texts
from events.core.ops.health import count_given_up, database_trouble, redis_trouble
from events.core.ops.turn_check import relay_health, relay_troubles

MIN_OPEN_FILES = 8192


@dataclass(frozen=True)
class Finding:
    """Result of one check: `level` is good, warning or bad."""

    level: str
    sentence: str


def examine(settings: Settings) -> list[Finding]:
    """Run all checks; works also when the app does not start."""
    return [
        *_settings(settings),
        *_database(settings),
        *_redis(settings),
        *_mail(settings),
        *_mail_domain(settings),
        *_inbox(settings),
        *_media(settings),
        *_calls(settings),
        *_open_files(),
    ]


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        check_settings(settings)
    except UnsafeSettings as unsafe:
        yield from (Finding("bad", sentence) for sentence in unsafe.args)
    else:
        kind = "production" if settings.production else "development, on this machine only"
        yield Finding("good", f"The settings are complete for {kind}.")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        connect(settings.database_url)
        with unit_of_work() as db:
            db.execute(text("SELECT 1"))
        yield Finding("good", "The database answers.")
        if fault := migrations.find_fault():
            yield Finding("bad", fault)
            return
        trouble = database_trouble()
        if trouble is None:
            yield Finding("good", "The database takes what is written.")
        else:
            yield Finding("bad", f"The database takes nothing that is written: {trouble}.")
        yield from _queue()
    except (SQLAlchemyError, ValueError) as error:
        words = str(error).splitlines()[0][:200]
        yield Finding("bad", f"The database does not answer: {words}")


def _queue() -> Iterator[Finding]:
    with unit_of_work() as db:
        seen, alive = worker.last_seen(db), worker.is_alive(db)
        late = [lane for lane in Lane if worker.is_late(db, lane)]
        waits, given_up = outbox.waits_since(db), count_given_up(db)
        last = outbox.last_error(db)
    if alive:
        yield Finding("good", "A worker runs.")
    elif seen is None:
        yield Finding("bad", "No worker has run yet: no mail leaves and nothing begins by itself.")
    else:
        yield Finding("bad", f"No worker has run since {seen:%Y-%m-%d %H:%M} UTC.")
    for lane in late:
        level = "bad" if lane is Lane.NOW else "warning"
        yield Finding(level, f"A job in the lane {lane} has been due for more than five minutes.")
    if not late:
        yield Finding("good", "The queue is worked off in time.")
    if waits is not None:
        yield Finding("bad", f"Mail has waited since {waits:%Y-%m-%d %H:%M} UTC: {last}")
    if given_up:
        yield Finding(
            "bad", f"{given_up} jobs and mails were given up: `flask retry` tries them again. {last}"
        )


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        return
    trouble = redis_trouble(settings.redis_url)
    if trouble is None:
        yield Finding("good", "Redis answers, and takes what is written.")
    else:
        yield Finding("bad", f"Redis cannot be used: {trouble}.")


def _mail(settings: Settings) -> Iterator[Finding]:
    """Sign in and issue MAIL FROM; no mail is sent."""
    if settings.mail_url is None:
        yield Finding("warning", f"No mail server: mails land in {settings.mail_directory} and on /dev/mail.")
        return
    url = urlsplit(settings.mail_url.get_secret_value())
    try:
        with open_server(settings, timeout=5) as server:
            code, said = server.mail(settings.mail_from)
            server.rset()
    except TryLater as later:
        yield Finding("bad", str(later))
        return
    if code >= 400:
        words = said.decode(errors="replace")
        yield Finding("bad", f"The mail server {url.hostname} takes nothing from MAIL_FROM: {code} {words}")
    elif url.username:
        yield Finding("good", f"The mail server {url.hostname} lets us in and takes mail from MAIL_FROM.")
    elif url.hostname in LOOPBACK_HOSTS:
        yield Finding("good", f"The mail server {url.hostname} takes mail from MAIL_FROM.")
    else:
        yield Finding(
            "warning", f"The mail server {url.hostname} answers, but MAIL_URL holds no name and password."
        )


def _mail_domain(settings: Settings) -> Iterator[Finding]:
    """SPF and DMARC records of MAIL_FROM's domain, in production only."""
    if not settings.production:
        return
    domain = settings.mail_from.rpartition("@")[2]
    try:
        spf = [text for text in find_texts(domain) if text.lower().startswith("v=spf1")]
        dmarc = [text for text in _dmarc(domain) if text.lower().startswith("v=dmarc1")]
    except Unanswered as error:
        yield Finding("warning", f"SPF and DMARC could not be looked up: {error}.")
        return
    if len(spf) == 1:
        yield Finding("good", f"{domain} has an SPF record.")
    else:
        wrong = f"{len(spf)} SPF records, and two count as none" if spf else "no SPF record"
        yield Finding("bad", f"{domain} has {wrong}: many mails will end up among the unwanted.")
    if dmarc:
        yield Finding("good", f"{domain} has a DMARC record.")
    else:
        yield Finding("bad", f"{domain} has no DMARC record: large providers refuse mail without one.")
    yield Finding(
        "warning",
        "DKIM is not looked up, its key has a name of its own: mail yourself and look for dkim=pass.",
    )


def _dmarc(domain: str) -> list[str]:
    """DMARC record of the domain, else of its parent."""
    found = find_texts(f"_dmarc.{domain}")
    above = domain.partition(".")[2]
    return found if found or "." not in above else find_texts(f"_dmarc.{above}")


def _inbox(settings: Settings) -> Iterator[Finding]:
    if settings.reply_imap_url is None:
        yield Finding("warning", "REPLY_IMAP_URL is not set: answers to mails and bounces are not read.")
        return
    try:
        with open_inbox(settings) as inbox:
            apart = inbox.count_flagged()
        yield Finding("good", "The mailbox of answers can be read.")
        if apart:
            yield Finding("warning", f"{apart} mails in it are flagged, because they could not be read.")
    except UNREADABLE as error:
        yield Finding("bad", f"The mailbox of answers cannot be read: {error}")


def _media(settings: Settings) -> Iterator[Finding]:
    try:
        settings.media_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.media_dir / ".doctor"
        probe.write_text("well")
        probe.unlink()
        yield Finding("good", "Media can be written.")
    except OSError as error:
        yield Finding("bad", f"Media cannot be written to {settings.media_dir}: {error}")


def _open_files() -> Iterator[Finding]:
    """Soft limit of this shell; systemd units set their own."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit == resource.RLIM_INFINITY or limit >= MIN_OPEN_FILES:
        yield Finding("good", "A process may hold as many open files as it needs.")
    else:
        yield Finding(
            "warning",
            f"A process started here may hold {limit} open files, and each viewer takes one: "
            f"`LimitNOFILE` in its unit (or `ulimit -n`) should say {MIN_OPEN_FILES} or more.",
        )


def _calls(settings: Settings) -> Iterator[Finding]:
    if not settings.turn_urls:
        yield Finding(
            "bad", "No TURN server: calls will fail at many offices. Set TURN_URLS and TURN_SECRET."
        )
        return
    if settings.turn_secret is None:
        return  # the settings say so
    for url, trouble in relay_troubles(settings):
        if trouble is None:
            yield Finding("good", f"The TURN server {url} gives a relay to our credentials.")
        else:
            yield Finding("bad", f"The TURN server {url} {trouble}. First calls between two people need it.")
    yield from _last_relay(settings)


def _last_relay(settings: Settings) -> Iterator[Finding]:
    try:
        with unit_of_work() as db:
            last = relay_health(db, settings)
    except (SQLAlchemyError, LookupError):
        return  # the database is a finding of its own
    if last.works is False:
        worked = f"last at {last.worked_at:%Y-%m-%d %H:%M} UTC" if last.worked_at else "not once"
        yield Finding("warning", f"The worker could allocate no relay at its last check; it worked {worked}.")
    elif last.worked_at is not None:
        yield Finding("good", f"The worker allocated a relay, last at {last.worked_at:%Y-%m-%d %H:%M} UTC.")
