"""Socket.IO handshake: reads the session cookie, loads the actor and limits sockets per person."""

from typing import Any

from flask import Flask
from socketio.exceptions import ConnectionRefusedError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from events.core import rate_limits
from events.core.auth.actor import Actor
from events.core.db.read_batch import Steps, run_read
from events.core.errors import RETRY_AFTER_SECONDS, TooMany, Unavailable
from events.core.network.client_network import address_in
from events.core.outages import database_outage
from events.core.realtime import load_shedding
from events.core.realtime.connections import Connection, connections, current_actor, refresh_actors, socketio
from events.core.web.request import SESSION_KEYS

SOCKET_RATE = "60 per minute"  # per person, all tabs together
VISITOR_RATE = "600 per minute"  # per network, without a sign-in: an office shares one


def accept(app: Flask, sid: str, environ: dict[str, Any]) -> bool:
    """Whether the connection is accepted and registered. Raises ConnectionRefusedError when
    overloaded.
    """
    cookie: Any = app.session_interface.open_session(app, app.request_class(environ))
    sign_in_id, keys = cookie.get("_user_id"), tuple(cookie.get(SESSION_KEYS, []))
    connection = Connection(sid, sign_in_id, keys, None, cookie)

    def load(_db: Session) -> Steps[Actor]:
        yield
        return current_actor(connection)

    try:
        load_shedding.reject_if_overloaded()
        actor = run_read(load, prefetch=refresh_actors, about=connection)
    except Unavailable as crowded:
        raise ConnectionRefusedError("unavailable", {"retry_after": crowded.retry_after}) from None
    except (DBAPIError, PoolTimeout) as error:
        if database_outage(error) is None:
            raise
        raise ConnectionRefusedError("unavailable", {"retry_after": RETRY_AFTER_SECONDS}) from None
    connection.person_id = actor.person_id
    try:
        if actor.person_id is not None:
            rate_limits.hit("sockets", actor.person_id, SOCKET_RATE)
        else:
            rate_limits.hit_network("visitors' sockets", address_in(environ), VISITOR_RATE)
    except TooMany:
        return False
    connections[sid] = connection
    if actor.person_id is not None:
        socketio.server.enter_room(sid, f"person:{actor.person_id}")
    return True
