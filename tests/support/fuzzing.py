"""Fuzz runs: a world that is put back after each example, requests of any bytes, and their invariants.

`FUZZ=100` tries a hundred times as many examples as `make test`, with fresh seeds.
"""

import contextvars
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from io import BytesIO, StringIO
from typing import Any, TypeVar

import structlog
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import Connection, event, insert, select
from structlog.testing import capture_logs
from typing_extensions import override
from werkzeug.test import TestResponse, run_wsgi_app

from events.core.db.session import engine, unit_of_work
from events.livestreams.queries.livestreams import get_livestream
from events.schema import metadata
from tests.architecture.test_rights import new_world
from tests.factories.chat import make_line
from tests.support.clients import PageClient
from tests.support.other_circle import OF_THE_OTHER, make_other_circle
from tests.support.permission_world import CANARY
from tests.support.random_input import Body, Known, percent, to_bytes
from tests.support.test_depth import examples

OF_THE_CIRCLE = ("Kanarie in de chat", f"Opname {CANARY}")  # what a stranger may not read
ACTORS = {"visitor": None, "outsider": "outsider", "member": "member", "owner": "owner", "partner": "partner"}
F = TypeVar("F", bound=Callable[..., object])


def budget(quick: int) -> Callable[[F], F]:
    """Settings of one property: the same examples at each run, and many new ones when FUZZ says how many."""
    more = int(os.environ.get("FUZZ", "0"))
    return settings(
        max_examples=quick * more if more else examples(quick),
        derandomize=not more,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(
            Phase.explicit,
            Phase.generate,
        ),  # what fails is short enough to read; making it shorter takes minutes
    )


@dataclass(frozen=True)
class Ask:
    """One request. `path` is its address before quoting: text, and things that exist."""

    method: str
    path: tuple[str | Known, ...]
    query: str | tuple[tuple[str, str | Known], ...] = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)


class FuzzWorld:
    """Two circles, the actors in the first one, and a copy of all rows as they were at the start."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        world = new_world()
        with unit_of_work() as db:
            livestream = get_livestream(db, world.keys["livestream"][0].subject_id)
            make_line(db, livestream, world.people["other"], OF_THE_CIRCLE[0])
            others = make_other_circle(db)
        self.values = {**world.values, **others}
        self.people = world.people
        self.cookies: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        for actor in ACTORS:
            page = PageClient(app, world.people.get(actor))
            self.tokens[actor] = page.csrf_token()
            cookie = page.client.get_cookie("ontmoet")
            self.cookies[actor] = cookie.value if cookie else ""
        self.writes: list[str] = []
        self._before = 0  # as many writes as there were when the last request began
        with engine().connect() as connection:
            self._rows = [
                (table, [dict(row) for row in connection.execute(select(table)).mappings()])
                for table in metadata.sorted_tables
            ]
        event.listen(engine(), "before_cursor_execute", self._saw)
        event.listen(engine(), "commit", self._committed)
        event.listen(engine(), "rollback", lambda connection: connection.info.pop("wrote", None))

    def restore(self) -> None:
        with engine().begin() as connection:
            for table, _rows in reversed(self._rows):
                connection.execute(table.delete())
            for table, rows in self._rows:
                if rows:
                    connection.execute(insert(table), rows)
        self.writes.clear()

    @contextmanager
    def example(self) -> Iterator[None]:
        """One example: nothing may be logged as a fault, and what it wrote is undone."""
        kept = _Faults()
        logging.getLogger().addHandler(kept)
        try:
            with capture_logs() as logged:
                yield
            faults = [one for one in logged if one["log_level"] in {"error", "critical"} or "exc_info" in one]
            assert not faults, faults
            assert not kept.records, kept.records
        finally:
            logging.getLogger().removeHandler(kept)
            structlog.contextvars.clear_contextvars()
            if self.writes:
                self.restore()

    def name(self, one: str | Known) -> str:
        return self.values[one.name] if isinstance(one, Known) else one

    def ask(self, actor: str, ask: Ask, *, cookie: str | None = None) -> TestResponse:
        environ = self._environ(actor, ask, self.cookies[actor] if cookie is None else cookie)
        self._before = len(self.writes)
        context = contextvars.Context()
        return context.run(
            lambda: TestResponse(*run_wsgi_app(self.app.wsgi_app, environ, buffered=True), request=None)  # type: ignore[arg-type]  # nobody asks for it
        )

    def try_out(self, actor: str, ask: Ask) -> TestResponse:
        """Ask, and check what holds for every answer; then that the pages after it are whole."""
        answer = self.ask(actor, ask)
        self.check(actor, ask, answer)
        wrote, cookie = bool(self.writes), self._cookie_after(actor, answer)
        onward = answer.headers.get("Location", "")
        if onward.startswith("/") and answer.status_code == 303:
            path, _, query = onward.partition("?")
            self.check(actor, ask, self._get(actor, path, query.partition("#")[0], cookie))
        if wrote or cookie != self.cookies[actor]:
            self.check(actor, ask, self._get(actor, "/", "", cookie))
            if ask.method == "POST":
                again = Ask("GET", ask.path)
                self.check(actor, ask, self.ask(actor, again, cookie=cookie))
        return answer

    def check(self, actor: str, ask: Ask, answer: TestResponse) -> None:
        status, said = answer.status_code, answer.get_data(as_text=False)
        assert status < 500 or (status == 503 and "Retry-After" in answer.headers), (status, said[:300])
        assert answer.headers.get("X-Content-Type-Options") == "nosniff", answer.headers
        assert answer.headers.get("Content-Security-Policy"), answer.headers
        onward = answer.headers.get("Location")
        assert onward is None or _stays_here(onward), onward
        hidden = (OF_THE_OTHER, *(OF_THE_CIRCLE if actor in {"visitor", "outsider"} else ()))
        assert not [word for word in hidden if word.encode() in said]
        if status >= 400:
            wrote = self.writes[self._before :]
            assert not wrote, ("refused, and yet written", status, wrote)

    def _get(self, actor: str, path: str, query: str, cookie: str) -> TestResponse:
        return self.ask(actor, Ask("GET", (path,), query), cookie=cookie)

    def _cookie_after(self, actor: str, answer: TestResponse) -> str:
        """The cookie that this browser sends from now on."""
        for line in answer.headers.getlist("Set-Cookie"):
            if (morsel := SimpleCookie(line).get("ontmoet")) is not None:
                return morsel.value
        return self.cookies[actor]

    def _environ(self, actor: str, ask: Ask, cookie: str) -> dict[str, Any]:
        content_type, body = self._body(actor, ask.body)
        query = ask.query
        if not isinstance(query, str):
            query = "&".join(f"{percent(name)}={percent(self.name(value))}" for name, value in query)
        path = "".join(percent_kept(self.name(part)) for part in ask.path)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": ask.method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", "HTTP_COOKIE": f"ontmoet={cookie}",
            "HTTP_X_CSRFTOKEN": self.tokens[actor],
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.input_terminated": True, "wsgi.multithread": False, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        if body or ask.method == "POST":
            environ |= {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
        for name, text in ask.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]}; {text}" if name == "Cookie" and text != "=" else text
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ.pop("CONTENT_LENGTH", None)
        return environ

    def _body(self, actor: str, body: Body) -> tuple[str, bytes]:
        if body.form is None:
            return body.content_type, body.raw
        pairs = [("csrf_token", self.tokens[actor]), *((name, self.name(text)) for name, text in body.form)]
        if not body.as_multipart:
            sent = "&".join(f"{percent(name)}={percent(text)}" for name, text in pairs)
            return "application/x-www-form-urlencoded", sent.encode()
        parts = [
            b'--ontmoet-x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (to_bytes(name).translate(None, b'\r\n"'), to_bytes(text))
            for name, text in pairs
        ]
        return "multipart/form-data; boundary=ontmoet-x", b"".join(parts) + b"--ontmoet-x--\r\n"

    def _saw(self, connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            connection.info.setdefault("wrote", []).append(statement[:60])

    def _committed(self, connection: Connection) -> None:
        self.writes += connection.info.pop("wrote", [])


class _Faults(logging.Handler):
    """Keeps what a library logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(self.format(record))


def percent_kept(text: str) -> str:
    """As WSGI hands on a path: its bytes, each as one character."""
    return to_bytes(text).decode("latin-1")


def _stays_here(location: str) -> bool:
    if location.startswith("http://localhost"):
        return location.removeprefix("http://localhost")[:1] in {":", "/", ""}
    return location.startswith("/") and location[1:2] not in {"/", "\\"}


_worlds: list[FuzzWorld] = []


def fuzz_world(app: Flask) -> FuzzWorld:
    """Made once a process: making it takes longer than putting it back."""
    if not _worlds:
        _worlds.append(FuzzWorld(app))
    else:
        _worlds[0].restore()
    return _worlds[0]
