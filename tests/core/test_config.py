"""Settings: unsafe or unusable values stop the start with one sentence."""

import secrets

import pytest
from pydantic import ValidationError

from events.core.config import DEVELOPMENT_SECRET, Settings, UnsafeSettings, check_settings
from events.core.setting_checks import is_guessable

GOOD = {
    "public_url": "https://ontmoet.example",
    "secret_key": "uE7-koffie-met-een-ander-QmZ3vTrs",
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
        ({"secret_key": "a" * 36}, "SECRET_KEY"),
        ({"secret_key": "koffie!!" * 5}, "SECRET_KEY"),
        ({"secret_key": "0123456789" * 4}, "SECRET_KEY"),
        ({"secret_key_previous": DEVELOPMENT_SECRET}, "SECRET_KEY_PREVIOUS"),
        ({"secret_key_previous": "a" * 40}, "SECRET_KEY_PREVIOUS"),
        ({"turn_urls": "turn:t.example", "turn_secret": "short"}, "TURN_SECRET"),
        ({"metrics_token": "1234"}, "METRICS_TOKEN"),
        ({"mail_from": "koffie@ontmoet"}, "MAIL_FROM"),
    ],
)
def test_each_unsafe_value_is_named(change: dict[str, object], named: str) -> None:
    assert named in complaints(**change)


ANYWHERE = [
    ("database_url", "koffie"), ("database_url", "postgres://app@db/app"), ("database_url", "sqlite://"),
    ("database_url", "postgresql://app@db/app"), ("database_url", "postgresql+psycopg://app:hush@db:x/app"),
    ("database_url", "postgresql+psycopg://app@db"),
    ("database_url", "postgresql+psycopg://app:hu@sh@db/app"),
    ("database_url", "mysql://app@db/app"),
    ("redis_url", "localhost:6379"), ("redis_url", "http://localhost"), ("redis_url", "redis://"),
    ("redis_url", "redis://host:port/0"), ("redis_url", "redis://host/koffie"),
    ("sentry_dsn", "koffie"), ("sentry_dsn", "https://sentry.example/1"),
    ("sentry_dsn", "https://k@s.example/"),
    ("mail_url", "mail.example:587"), ("mail_url", "mail.example"), ("mail_url", "http://mail.example"),
    ("mail_url", "smtp://"), ("mail_url", "smtp://me:hu#sh@mail.example"),
    ("mail_url", "smtp://mail.example:0"),
    ("mail_url", "smtp://me@mail.example"), ("mail_url", "smtp://me:hush@mail.example/box"),
    ("mail_url", "smtp://me:hu sh@mail.example"),
    ("mail_from", "koffie"), ("mail_from", "Ontmoet <koffie@ontmoet.example>"),
    ("mail_from", "a@b@c.example"),
    ("mail_from", "koffie@"), ("mail_from", "@ontmoet.example"),
    ("reply_imap_url", "imaps://imap.example"), ("reply_imap_url", "pop3://me:hush@imap.example"),
    ("turn_urls", "https://turn.example"), ("turn_urls", "turn.example:3478"),
    ("stun_urls", "turn:x.example"),
    ("fetch_detours", "kalender.test"), ("fetch_detours", "a=127.0.0.1:port"),
    ("mail_per_minute", 0), ("sockets_per_address", 0), ("media_dir", __file__),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), ANYWHERE)
def test_what_cannot_be_read_is_refused_with_one_plain_sentence_also_in_development(
    name: str, value: object
) -> None:
    more = {"turn_secret": "one-that-is-long-enough"} if name == "turn_urls" else {}
    with pytest.raises(UnsafeSettings) as caught:
        check_settings(Settings(**{name: value}, **more))  # type: ignore[arg-type]  # a mix of fields
    (sentence,) = caught.value.args
    assert sentence.startswith(name.upper()) or name.upper() in sentence
    assert sentence.endswith(".")
    assert "hush" not in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql+psycopg://app:p%40ss@db:5433/app?sslmode=require"),
        ("database_url", "postgresql+psycopg://app@/app?host=/run/postgresql"),
        ("redis_url", "rediss://:hush@redis.example:6380/1"), ("redis_url", "unix:///run/redis.sock"),
        ("mail_url", "smtps://me%40mail.example:p%23ss@mail.example"), ("mail_url", "smtp://127.0.0.1:1025"),
        ("reply_imap_url", "imap://me:hush@imap.example:143"), ("sentry_dsn", "https://key@s.example/12"),
        ("stun_urls", "stun:a.example:3478, stun:b.example"),
        ("fetch_detours", "kalender.test=127.0.0.1:8080"), ("public_url", "http://127.0.0.1:8000/"),
    ],
)  # fmt: skip
def test_what_operators_write_is_understood(name: str, value: str) -> None:
    at_home = GOOD | {"public_url": "http://localhost:8000"}
    check_settings(Settings(**at_home | {name: value}))  # type: ignore[arg-type]  # a mix of fields


@pytest.mark.parametrize(
    "value",
    ["https://ontmoet.example/circles", "https://ontmoet.example?x", "https://a:b@ontmoet.example",
     "https://ontmoet.example:x", "https://", "ontmoet.example", "https://ont moet.example",
     "//ontmoet.example"],
)  # fmt: skip
def test_the_public_address_is_a_bare_one(value: str) -> None:
    with pytest.raises(ValidationError, match="PUBLIC_URL must"):
        Settings(public_url=value)


def test_a_name_with_nothing_after_it_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in deploy/settings.env.example."""
    for name in ("MAIL_URL", "SECRET_KEY", "REDIS_URL", "TURN_SECRET"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.mail_url, settings.redis_url, settings.turn_secret) == (None, None, None)
    with pytest.raises(UnsafeSettings, match="SECRET_KEY"):
        check_settings(settings.model_copy(update={"public_url": "https://ontmoet.example"}))


def test_debugging_is_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert "FLASK_DEBUG" in complaints()
    check_settings(Settings())


def test_secrets_that_programs_make_are_taken() -> None:
    for made in (secrets.token_urlsafe(48), secrets.token_hex(32), secrets.token_urlsafe(24)):
        assert not is_guessable(made)


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


@pytest.mark.parametrize("value", ["70000", "koffie", "-1", "80.5"])
def test_a_port_that_is_none_is_named_once(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [error["msg"] for error in caught.value.errors()] == [
        "Value error, PORT must be a number up to 65535."
    ]
