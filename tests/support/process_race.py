"""Two real processes, each with an engine of its own, that act on one PostgreSQL at the same moment."""

import multiprocessing
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select

from events.app import create_app
from events.core.auth.actor import Actor
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.errors import Refused
from events.core.mail.ledger import act_for

PROCESSES = 2
AT_ONCE = 8  # acts in all, half of them in each process
TIMEOUT_SECONDS = 60.0  # seconds; a deadlock ends after one
Act = Callable[..., object]


class Rivals:
    """Processes that stay until `close`, since each needs seconds to start."""

    def __init__(self, settings: Settings) -> None:
        spawning = multiprocessing.get_context("spawn")  # nothing of this process, least of all its sockets
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(PROCESSES):
            ours, theirs = spawning.Pipe()
            given = (theirs, settings.database_url, str(settings.media_dir))
            process = spawning.Process(target=_serve, args=given, daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def race(
        self, act: Act, *given: object, at_once: int = AT_ONCE, constants: Mapping[str, object] | None = None
    ) -> Counter[str]:
        """Call `act(db, number, *given)` in units of work that are all open when the first one begins.

        Counts what each got: "done", the code of a refusal, or the name of an error. `act` is a function of a
        module; `constants` ("module:NAME") have other values meanwhile.
        """
        each = at_once // PROCESSES
        for place, pipe in enumerate(self._pipes):
            pipe.send((act, given, range(place * each, (place + 1) * each), dict(constants or {})))
        for pipe in self._pipes:
            assert self._hear(pipe) == "ready"
        for pipe in self._pipes:
            pipe.send("go")
        return sum((Counter(self._hear(pipe)) for pipe in self._pipes), Counter())

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(TIMEOUT_SECONDS)
            process.kill()

    def _hear(self, pipe: Connection) -> Any:
        assert pipe.poll(TIMEOUT_SECONDS), "a process does not answer"
        return pipe.recv()


def acting(db: Any, person_id: str) -> Actor:
    """This person acts in this unit of work, as at a door: what they cause is counted."""
    actor = Actor(kind="person", person_id=person_id, name="", sign_in_id="s")
    act_for(db, lambda: actor)
    return actor


def _serve(pipe: Connection, database_url: str, media_dir: str) -> None:
    app = create_app(Settings(database_url=database_url, media_dir=media_dir, limits="off"))
    while True:
        try:
            act, given, numbers, constants = pipe.recv()
        except EOFError:
            return
        with _set(constants):
            pipe.send(_act_together(app, pipe, act, given, numbers))


def _act_together(
    app: Flask, pipe: Connection, act: Act, given: tuple[object, ...], numbers: range
) -> list[str]:
    together = Barrier(len(numbers) + 1)

    def press(number: int) -> str:
        with app.app_context():
            try:
                with unit_of_work() as db:
                    db.execute(select(1))  # the connection is there
                    together.wait(TIMEOUT_SECONDS)
                    together.wait(TIMEOUT_SECONDS)
                    act(db, number, *given)
            except Refused as refused:
                return refused.code
            except Exception as error:
                traceback.print_exc()
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(numbers)) as threads:
        pressed = threads.map(press, numbers)
        together.wait(TIMEOUT_SECONDS)
        pipe.send("ready")
        pipe.recv()
        together.wait(TIMEOUT_SECONDS)
        return list(pressed)


@contextmanager
def _set(constants: Mapping[str, object]) -> Iterator[None]:
    before = {}
    for place, value in constants.items():
        module, _, name = place.partition(":")
        before[module, name] = getattr(import_module(module), name)
        setattr(import_module(module), name, value)
    yield
    for (module, name), value in before.items():
        setattr(import_module(module), name, value)
