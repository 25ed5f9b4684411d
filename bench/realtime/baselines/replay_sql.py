"""SQL replay: the statements of one chat post in a loop, over the database driver alone.

The post is made once with the product's own code while its statements are written down. Then they are run
again with new ids, each time in a transaction of their own: no Flask, no session, no objects, no socket.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from events.accounts.models import SignIn
from events.app import create_app
from events.chat.actions.messages import post_message
from events.chat.forms import Post
from events.core.auth import actor as core_actor
from events.core.db import session
from events.core.ids import new_id
from tests.support.processes import ROOT

ROOM = "livestream:demo-live"
Statements = list[tuple[str, Any]]


def replay(environment: dict[str, str], seconds: float) -> float:
    """Loops a second, by a process of its own beside the server at rest."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.realtime.baselines.replay_sql", str(seconds)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return float(json.loads(done.stdout.splitlines()[-1]))


def main(seconds: float) -> None:
    create_app()
    statements, seq, ids = write_down()
    raw: Any = session.engine().raw_connection()
    cursor = raw.cursor()
    sqlite = session.engine().dialect.name == "sqlite"
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        count += 1
        new = {old: new_id() for old in ids} | {seq: seq + count}
        cursor.execute("BEGIN IMMEDIATE" if sqlite else "SELECT 1")
        for statement, parameters in statements:
            cursor.execute(statement, renamed(parameters, new))
            if cursor.description:
                cursor.fetchall()
        raw.commit()
    print(json.dumps(count / seconds))


def write_down() -> tuple[Statements, int, list[str]]:
    """One post, its statements, its number, and the ids that have to be new each time."""
    written: Statements = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: Any, *_more: object
    ) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN")):
            written.append((statement, parameters))

    with session.unit_of_work() as rows:
        sign_in = rows.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
        assert sign_in is not None
        sign_in_id = sign_in.id
    event.listen(session.engine(), "before_cursor_execute", note)
    client_id = f"bare-{new_id()}"
    with session.unit_of_work() as rows:
        actor = core_actor.load_actor(rows, sign_in_id, ())
        entry = post_message(rows, actor, Post(room=ROOM, client_id=client_id, body="Goed verhaal."))
    event.remove(session.engine(), "before_cursor_execute", note)
    return written, entry.seq, [entry.id, client_id]


def renamed(parameters: Any, new: dict[Any, Any]) -> Any:
    if isinstance(parameters, dict):
        return {name: new.get(value, value) for name, value in parameters.items()}
    return tuple(new.get(value, value) for value in parameters)


if __name__ == "__main__":
    main(float(sys.argv[1]))
