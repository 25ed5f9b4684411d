"""Test clients: `PageClient` over HTTP with real forms, `SocketClient` over Socket.IO's test client."""

import contextvars
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from events.accounts.models import PersonalKey, User
from events.core.auth import crypto
from events.core.db import session as core_session
from events.core.realtime.connections import socketio
from tests.factories.accounts import make_sign_in


def signed_in_client(app: Flask, person: User | None) -> FlaskClient:
    """A browser in which this person is signed in; None is a visitor."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "127.0.0.1"
    if person is not None:
        with core_session.unit_of_work() as rows:
            sign_in = make_sign_in(rows, person)
        with client.session_transaction() as session:
            session["_user_id"] = sign_in.id
            session["_fresh"] = True
    return client


class PageClient:
    """One browser. `post` takes the CSRF token from the page it posts to, as a person's browser would."""

    def __init__(self, app: Flask, person: User | None) -> None:
        self.app = app
        self.client = signed_in_client(app, person)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._free_context(lambda: self.client.get(path, **kwargs))

    def post(self, path: str, follow: Any = False, **fields: Any) -> TestResponse:
        data = {"csrf_token": self.csrf_token(), **fields}
        return self._free_context(lambda: self.client.post(path, data=data, follow_redirects=bool(follow)))

    def report(self, path: str, body: object) -> TestResponse:
        """What a script of the page sends: JSON with the token of the page."""
        headers = {"X-CSRFToken": self.csrf_token()}
        return self._free_context(lambda: self.client.post(path, json=body, headers=headers))

    def open_key(self, key: PersonalKey) -> TestResponse:
        """Follow the personal link of a mail."""
        return self.get(f"/k/{crypto.derive(key.purpose, key.id, key.nonce)}")

    def main(self, path: str) -> str:
        """What a page says, without the secrets that each request makes anew."""
        text = self.get(path).text
        said = text[text.index("<main") : text.index("</main>")]
        return re.sub(r'name="(csrf_token|client_id)" value="[^"]*"', "", said)

    def csrf_token(self) -> str:
        with self.client.session_transaction() as session:
            raw = session.get("csrf_token")
            if raw is None:
                raw = session["csrf_token"] = "0" * 40
        serializer = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token")
        token = serializer.dumps(raw)
        return token if isinstance(token, str) else token.decode()

    def _free_context(self, ask: Callable[[], TestResponse]) -> TestResponse:
        """Each request has a context of its own, as on a server; not the one that the test stands in."""
        return contextvars.Context().run(ask)


@dataclass(frozen=True)
class Ack:
    """What the server acknowledged a frame with."""

    data: dict[str, Any]

    @property
    def ok(self) -> bool:
        return bool(self.data["ok"])

    @property
    def status(self) -> int:
        return int(self.data.get("status", 200))

    def __getitem__(self, name: str) -> Any:
        return self.data[name]


class SocketClient:
    """One socket. `send` waits for the acknowledgement; `received` gives what was pushed since."""

    def __init__(self, app: Flask, person: User | None, *, client: FlaskClient | None = None) -> None:
        browser = client or signed_in_client(app, person)
        self.client = socketio.test_client(app, flask_test_client=browser)

    def send(self, frame: str, **payload: Any) -> Ack:
        """Handled without a Flask context, as in the server, where no request is behind a frame."""
        return Ack(contextvars.Context().run(self.client.emit, frame, payload, callback=True))

    def received(self, name: str | None = None) -> list[dict[str, Any]]:
        """The payloads pushed to this socket since the last call, all of them or those of one frame."""
        frames = self.client.get_received()
        return [one["args"][0] for one in frames if name is None or one["name"] == name]

    def close(self) -> None:
        if self.client.is_connected():
            self.client.disconnect()
