"""Trial guard: development mode serves this machine only, also behind a proxy."""

import pytest
from flask import Flask

AT_HOME = [
    {"Host": "localhost:8000"},
    {"Host": "127.0.0.1:8000"},
    {"Host": "[::1]:8000"},
    {"Host": "localhost:8000", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"},
]
FROM_ELSEWHERE = [
    {"Host": "ontmoet.example"},
    {"Host": "192.168.1.20:8000"},
    {"Host": "localhost.ontmoet.example"},
    {"Host": "localhost:8000", "X-Forwarded-For": "192.0.2.7"},
    {"Host": "localhost:8000", "X-Forwarded-For": "127.0.0.1, 2001:db8::7"},
    {"Host": "localhost:8000", "X-Forwarded-Host": "ontmoet.example"},
    {"Host": "localhost:8000", "X-Real-IP": "192.0.2.7"},
    {"Host": "localhost:8000", "Forwarded": 'for="[2001:db8::7]:4711";proto=https'},
]
PAGES = ("/", "/sign-in", "/dev/mail", "/static/css/tokens.css", "/socket.io/?EIO=4&transport=websocket")


@pytest.mark.parametrize("headers", AT_HOME)
def test_this_machine_is_answered(app: Flask, headers: dict[str, str]) -> None:
    assert app.test_client().get("/healthz", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
@pytest.mark.parametrize("path", PAGES)
def test_nobody_elsewhere_sees_anything_of_a_trial(app: Flask, headers: dict[str, str], path: str) -> None:
    answer = app.test_client().get(path, headers=headers)
    assert answer.status_code == 403
    assert answer.text.startswith("This is a trial")
    assert "Set-Cookie" not in answer.headers
