"""Socket.IO handshake: reads the session cookie, loads the actor and bounds the sockets of a person."""

from typing import Any

from flask import Flask
from socketio.exceptions import ConnectionRefusedError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from events.core import admission, limits
from events.core.access import Actor
from events.core.client_network import address_in
from events.core.connections import Connection, connections, current_actor, refresh_actors, socketio
from events.core.door import SESSION_KEYS
from events.core.errors import COME_BACK, TooMany, Unavailable
from events.core.outages import database_outage
from events.core.read_batch import Steps, run_read

SOCKET_RATE = "60 per minute"  # of one person, over all tabs
VISITOR_RATE = "600 per minute"  # of one network without a sign-in: an office shares one


def accept(app: Flask, sid: str, environ: dict[str, Any]) -> bool:
    """Whether the socket may stay; from then on it is one of `connections`."""
    cookie: Any = app.session_interface.open_session(app, app.request_class(environ))
    sign_in_id, keys = cookie.get("_user_id"), tuple(cookie.get(SESSION_KEYS, []))
    connection = Connection(sid, sign_in_id, keys, None, cookie)

    def load(_db: Session) -> Steps[Actor]:
        yield
        return current_actor(connection)

    try:
        admission.check_in()
        actor = run_read(load, prefetch=refresh_actors, about=connection)
    except Unavailable as crowded:
        raise ConnectionRefusedError("unavailable", {"retry_after": crowded.retry_after}) from None
    except (DBAPIError, PoolTimeout) as error:
        if database_outage(error) is None:
            raise
        raise ConnectionRefusedError("unavailable", {"retry_after": COME_BACK}) from None
    connection.person_id = actor.person_id
    try:
        if actor.person_id is not None:
            limits.hit("sockets", actor.person_id, SOCKET_RATE)
        else:
            limits.hit_network("visitors' sockets", address_in(environ), VISITOR_RATE)
    except TooMany:
        return False
    connections[sid] = connection
    if actor.person_id is not None:
        socketio.server.enter_room(sid, f"person:{actor.person_id}")
    return True
