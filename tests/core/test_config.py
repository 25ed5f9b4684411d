"""Settings: whatever would be unsafe in production stops the start with a plain sentence."""

import pytest
from pydantic import ValidationError

from events.core.config import Settings, UnsafeSettings, check_settings

GOOD = {
    "public_url": "https://ontmoet.example",
    "secret_key": "x" * 40,
    "mail_url": "smtp://mail.example:587",
    "mail_from": "koffie@ontmoet.example",
}


def complaints(**changes: object) -> str:
    with pytest.raises(UnsafeSettings) as caught:
        check_settings(Settings(**(GOOD | changes)))  # type: ignore[arg-type]  # a mix of fields
    return " ".join(caught.value.args)


def test_complete_settings_start() -> None:
    check_settings(Settings(**GOOD))  # type: ignore[arg-type]  # a mix of fields


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"public_url": "http://ontmoet.example"}, "PUBLIC_URL"),
        ({"mail_url": None}, "MAIL_URL"),
        ({"mail_from": "koffie+x@ontmoet.example"}, "MAIL_FROM"),
        ({"limits": "off"}, "LIMITS"),
        ({"turn_urls": "turn:t.example:3478"}, "TURN_SECRET"),
        ({"database_url": "postgresql+psycopg://app@db/app"}, "REDIS_URL"),
    ],
)
def test_each_unsafe_value_is_named(change: dict[str, object], named: str) -> None:
    assert named in complaints(**change)


def test_development_needs_nothing() -> None:
    check_settings(Settings())
    assert Settings().origins == ["http://localhost:8000", "http://127.0.0.1:8000"]


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(public_url="ontmoet")


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"PORT": "8123"}, "http://localhost:8123"),
        ({"PORT": "8123", "PUBLIC_URL": ""}, "http://localhost:8123"),
        ({"PORT": "8123", "PUBLIC_URL": "http://localhost:9000"}, "http://localhost:9000"),
    ],
)
def test_links_and_origins_follow_the_port(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], address: str
) -> None:
    for name in ("PORT", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    port = address.rpartition(":")[2]
    assert settings.public_url == address
    assert settings.origins == [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
    assert not settings.production
