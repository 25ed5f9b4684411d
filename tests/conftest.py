"""Fixtures of all tests: a clean database, pages and sockets for each person, the clock, the outbox."""

# ruff: noqa: E402 - the collector rests while the tests and all they import are loaded; `app` sets it going
import gc

gc.disable()

import contextvars
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from argon2 import PasswordHasher
from flask import Flask
from flask_babel import get_domain
from sqlalchemy.orm import Session

from events.accounts.models import User
from events.app import create_app
from events.core import clock, rate_limits
from events.core.auth import crypto
from events.core.config import Settings
from events.core.db import migrations
from events.core.db import session as core_session
from events.core.i18n.catalogs import build_catalogues
from events.core.jobs import queue
from events.core.ops import health
from events.core.realtime import connections
from events.core.runtime import runtime, system_time
from events.schema import metadata
from tests.support.cast import Cast, create_cast
from tests.support.clean_tables import empty_tables, watch_tables
from tests.support.clients import PageClient, SocketClient
from tests.support.postgres_server import postgres
from tests.support.process_race import Rivals
from tests.support.processes import free_port
from tests.support.quick_start import COMMAND, SERVER, close_origins, quick_starts
from tests.support.scripted_http_server import Hostile

# The parser of the standard library asks for the content type of a part again and again, and reads it anew.
HEADERS_PARSED_ONCE = policy.default.clone(header_factory=lru_cache(4096)(policy.default.header_factory))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """SQLite, or with TEST_ON=postgres a PostgreSQL of this worker's own; Redis has its journey."""
    home = tmp_path_factory.mktemp("var")
    (home / "media").mkdir()
    detour = f"kalender.test=127.0.0.1:{free_port()}"
    if os.environ.get("TEST_ON") != "postgres":
        yield Settings(
            database_url=f"sqlite:///{home}/test.db",
            media_dir=home / "media",
            limits="off",
            fetch_detours=detour,
        )
        return
    with postgres(home / "postgres") as database:
        yield Settings(database_url=database, media_dir=home / "media", limits="off", fetch_detours=detour)


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config["TESTING_FAULTS"] = True
    crypto.use_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    runtime.inline_children = runtime.enforce_io_guard = True
    connections.ACTOR_TTL_SECONDS = (
        0.0  # who somebody is changes between two frames of a test; its own test is in core
    )
    watch_tables()
    metadata.drop_all(core_session.engine())
    metadata.create_all(core_session.engine())
    _call_current()
    _collect_seldom()
    yield app
    core_session.engine().dispose()


@pytest.fixture(scope="session")
def rivals(app: Flask, settings: Settings) -> Iterator[Rivals]:
    """Two more processes on this worker's PostgreSQL, for what happens at once."""
    both = Rivals(settings)
    yield both
    both.close()


def _call_current() -> None:
    """The tables were made by the code itself, so no migration is missing."""
    with core_session.engine().begin() as connection:
        scripts = ScriptDirectory.from_config(migrations.config())
        MigrationContext.configure(connection).stamp(scripts, "head")


def _collect_seldom() -> None:
    """As the product does when it serves: what is loaded by now stays. It saves a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.fixture(scope="session")
def _origins() -> Iterator[None]:
    yield
    close_origins()


@pytest.fixture(scope="module")
def quick_commands(_origins: None) -> Iterator[None]:
    """Commands of the product are forked from a process that has loaded its modules."""
    with quick_starts(COMMAND):
        yield


@pytest.fixture(scope="session")
def quick_servers(_origins: None) -> Iterator[None]:
    """Servers and commands of the product are forked so."""
    with quick_starts(COMMAND, SERVER):
        yield


@pytest.fixture(autouse=True)
def _clean(app: Flask) -> Iterator[None]:
    with app.test_request_context(base_url="http://localhost:8000"):
        yield
    runtime.clock = system_time
    rate_limits.reset()
    health.forget()
    empty_tables()


@pytest.fixture
def set_clock() -> Callable[[datetime | timedelta], datetime]:
    """Set the clock: `at(datetime)` to a moment, `at(timedelta)` further on from now."""

    def move(to: datetime | timedelta) -> datetime:
        moment = to if isinstance(to, datetime) else clock.now() + to
        runtime.clock = lambda: moment
        return moment

    move(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    return move


@pytest.fixture
def cast(app: Flask, request: pytest.FixtureRequest) -> Cast:
    """Anna organises, Bram and Chris are members, Dana missed it, Olga is an outsider.

    Where a test sets the clock, they are there from its first moment, not from the machine's.
    """
    if "set_clock" in request.fixturenames:
        request.getfixturevalue("set_clock")
    with core_session.unit_of_work() as session:
        return create_cast(session)


@pytest.fixture
def rows(app: Flask) -> Iterator[Session]:
    """A unit of work for arranging and looking; close it by leaving the test, or use `unit_of_work`."""
    with core_session.unit_of_work() as session:
        yield session


@pytest.fixture
def page(app: Flask) -> Callable[..., PageClient]:
    """The pages as this person sees them; None is a visitor."""

    def open_page(person: User | None = None) -> PageClient:
        return PageClient(app, person)

    return open_page


@pytest.fixture
def open_socket(app: Flask) -> Iterator[Callable[..., SocketClient]]:
    """A socket of this person; None is a visitor."""
    opened: list[SocketClient] = []

    def open_wire(person: User | None = None) -> SocketClient:
        opened.append(SocketClient(app, person))
        return opened[-1]

    yield open_wire
    for one in opened:
        one.close()


@pytest.fixture(scope="session")
def _scripted(settings: Settings) -> Iterator[Hostile]:
    server = Hostile(settings.host_overrides["kalender.test"][1])
    yield server
    server.close()


@pytest.fixture
def hostile(_scripted: Hostile) -> Hostile:
    """A web server that does what this test tells it; kalender.test leads there in these tests."""
    _scripted.scripts.clear()
    _scripted.heard.clear()
    return _scripted


@pytest.fixture
def child_process(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Solver, mail parser and calendar reader run in child processes, as in the product."""
    monkeypatch.setattr(runtime, "inline_children", False)


@pytest.fixture(scope="session")
def _catalogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalogs")
    build_catalogues(folder)
    return folder


@pytest.fixture
def dutch(app: Flask, _catalogs: Path) -> Iterator[None]:
    """Dutch catalog from the present sources, not from the last build."""
    babel, loaded = app.extensions["babel"], get_domain().cache
    served, babel.translation_directories = babel.translation_directories, [str(_catalogs)]
    loaded.clear()
    yield
    babel.translation_directories = served
    loaded.clear()


@pytest.fixture
def outbox(app: Flask, settings: Settings) -> Callable[[], list[EmailMessage]]:
    """Run what is due and give every mail that was sent, oldest first."""
    for old in Path(settings.mail_directory).glob("*.eml"):
        old.unlink()
    read: dict[Path, EmailMessage] = {}

    def work() -> None:
        with app.test_request_context(base_url=settings.public_url):
            queue.run_due()

    def sent() -> list[EmailMessage]:
        contextvars.Context().run(work)  # as in the worker: not in the context of a request
        files = sorted(Path(settings.mail_directory).glob("*.eml"))
        for file in files:
            if file not in read:
                read[file] = message_from_bytes(file.read_bytes(), policy=HEADERS_PARSED_ONCE)
        return [read[file] for file in files]

    return sent
