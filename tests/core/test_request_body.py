"""Request bodies: slow senders delay nobody and time out."""

import io
import socket

import gevent
import pytest
from flask import Flask
from typing_extensions import override

from events.core.db import session
from events.core.db.session import IOInsideTransaction, unit_of_work
from events.core.web import request_body
from events.core.web.request_body import GuardedBody
from tests.support.cast import Cast
from tests.support.types import OpenPage

FORM = b"name=Bram&locale=nl&csrf_token=wrong"


class Never(io.BytesIO):
    """A body of which nothing comes."""

    @override
    def read(self, _size: int | None = -1, /) -> bytes:
        gevent.sleep(30)
        return b""

    @override
    def readinto(self, _buffer: object, /) -> int:
        gevent.sleep(30)
        return 0


class Watched(io.BytesIO):
    """A body that notes whether a unit of work was open each time a part of it was asked for."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.open_units: list[int] = []

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self.open_units.append(session._open_units.get())
        return super().read(size)

    @override
    def readinto(self, buffer: object, /) -> int:
        self.open_units.append(session._open_units.get())
        return super().readinto(buffer)  # type: ignore[arg-type]  # passed on as it came


@pytest.mark.parametrize(
    ("path", "kind", "data"),
    [
        ("/me", "application/x-www-form-urlencoded", FORM),
        ("/recordings/unknown/progress", "application/json", b'{"second": 1}'),
        ("/me/photo", "multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("/me", "text/plain", b"x" * 300),
    ],
)
def test_a_body_is_read_before_any_unit_of_work(
    page: OpenPage, cast: Cast, path: str, kind: str, data: bytes
) -> None:
    bram = page(cast.bram)
    body = Watched(data)
    headers = {"X-CSRFToken": bram.csrf_token(), "Content-Length": str(len(data))}
    bram._free_context(lambda: bram.client.post(path, input_stream=body, content_type=kind, headers=headers))
    assert body.open_units
    assert set(body.open_units) == {0}


def test_others_run_between_the_parts_of_a_form_that_takes_long_to_read(page: OpenPage, cast: Cast) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="photo"' + b"; a=b" * 12_000 + b"\r\n\r\n"
    body = (head + b"words\r\n") * 12 + b"--x--"
    turns = 0

    def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            gevent.sleep(0)

    other = gevent.spawn(take_turns)
    bram = page(cast.bram)
    headers = {"X-CSRFToken": bram.csrf_token(), "Content-Length": str(len(body))}
    kind = "multipart/form-data; boundary=x"
    before = turns
    bram._free_context(
        lambda: bram.client.post("/me", input_stream=io.BytesIO(body), content_type=kind, headers=headers)
    )
    other.kill()
    assert turns - before >= len(body) // (64 * 1024)


def test_reading_a_body_inside_a_unit_of_work_is_an_error() -> None:
    body = GuardedBody(io.BytesIO(b"late"))
    with unit_of_work(), pytest.raises(IOInsideTransaction):
        body.read()
    assert body.read() == b"late"


def test_a_body_that_does_not_come_is_given_up(
    page: OpenPage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "GRACE_SECONDS", 0.01)
    bram = page(cast.bram)
    ours, theirs = socket.socketpair()

    headers = {"X-CSRFToken": bram.csrf_token(), "Content-Length": "100"}
    with ours, theirs:
        answer = bram._free_context(
            lambda: bram.client.post(
                "/me", input_stream=Never(b"x" * 100), content_type="application/json", headers=headers,
                environ_overrides={"gunicorn.socket": ours},
            )
        )  # fmt: skip
        assert answer.status_code == 408
        assert ours.recv(1) == b"", "the rest is still waited for"


@pytest.mark.parametrize("announced", [None, 10**12, 100])
def test_nobody_gets_more_time_than_the_largest_body_needs(app: Flask, announced: int | None) -> None:
    length = {} if announced is None else {"CONTENT_LENGTH": str(announced)}
    with app.test_request_context("/me", method="POST", environ_overrides=length) as context:
        context.request.max_content_length = 256 * 1024
        assert request_body._largest() == (100 if announced == 100 else 256 * 1024)
