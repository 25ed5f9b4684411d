"""Settings from environment variables, with checks that refuse unsafe values in production."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from events.core.setting_checks import (
    MAX_PORT,
    MIN_SECRET_CHARACTERS,
    faults_of_addresses,
    is_guessable,
    public_url_fault,
)

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "only-for-development-never-for-people"  # noqa: S105 - refused in production
MIN_TOKEN_CHARACTERS = 16
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


def _setting(default: object, description: str) -> Any:
    return Field(default, description=description)


class UnsafeSettings(Exception):
    """Settings that must not start; each argument is one sentence for the operator."""


class Settings(BaseSettings):
    """Every setting, named after its environment variable. All are optional in development.

    PUBLIC_URL with a host other than this machine makes the installation a production one.
    """

    # A variable set to nothing, as in an example file, counts as unset.
    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    public_url: str = _setting(
        "http://localhost:8000",
        "The address people use; another host means production. Unset, it follows PORT.",
    )
    port: int = _setting(8000, "The port on this machine.")
    secret_key: SecretStr = _setting(
        SecretStr(DEVELOPMENT_SECRET),
        "Signs cookies and derives the secret links of mails; 32 characters or more.",
    )
    secret_key_previous: SecretStr | None = _setting(
        None, "The SECRET_KEY before this one; its cookies and links keep working."
    )
    database_url: str = _setting(
        f"sqlite:///{ROOT / 'var' / 'ontmoet.db'}", "SQLite for one process, postgresql+psycopg://… beyond."
    )
    redis_url: str | None = _setting(None, "Carries broadcasts between processes; needed with PostgreSQL.")
    mail_url: SecretStr | None = _setting(
        None,
        "smtp://user:password@host:587 or smtps://. Unset, mails land in var/mail and on /dev/mail.",
    )
    mail_from: str = _setting(
        "koffie@ontmoet.test", "Sender of every mail and organiser of every calendar entry; no plus sign."
    )
    mail_per_minute: int = _setting(
        120,
        "How many mails of one minute may go to whole circles; a mail to one person never waits for these.",
    )
    reply_imap_url: SecretStr | None = _setting(
        None, "imaps://user:password@host: the mailbox of MAIL_FROM, where answers and bounces are read."
    )
    reply_authserv_id: str = _setting(
        "", "The authserv-id under which your mail server writes Authentication-Results; only it is believed."
    )
    turn_urls: str = _setting("", "TURN servers for calls, separated by commas.")
    turn_secret: SecretStr | None = _setting(None, "The secret shared with the TURN servers.")
    stun_urls: str = _setting("", "STUN servers for calls, separated by commas.")
    media_dir: Path = _setting(ROOT / "var" / "media", "Where uploaded pictures are kept.")
    metrics_token: SecretStr | None = _setting(None, "Opens /metrics to others than this machine.")
    sentry_dsn: SecretStr | None = _setting(None, "Sends faults to Sentry.")
    log_format: Literal["text", "json"] = _setting("text", "How log lines are written.")
    circle_creation: Literal["open", "approved", "closed"] = _setting(
        "open", "Who may start a circle: everyone, or only the operator."
    )
    fetch_detours: str = _setting(
        "",
        "For trials on your own machine: name=address:port pairs, separated by commas, that may be fetched.",
    )
    sockets_per_address: int = _setting(
        500, "Sockets that one address (over IPv6: one /64) may have open at a process; an office shares one."
    )
    limits: Literal["on", "off"] = _setting("on", "Limits on how often; off only for load tests.")

    @model_validator(mode="before")
    @classmethod
    def _follow_port(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Derive PUBLIC_URL from PORT when only PORT is set, so that links and origins match it."""
        port = str(given.get("port", ""))
        if port.isdecimal() and 0 < int(port) <= MAX_PORT and not given.get("public_url"):
            return {**given, "public_url": f"http://localhost:{given['port']}"}
        return given

    @field_validator("port", mode="before")
    @classmethod
    def _is_port(cls, value: object) -> object:
        if not str(value).isdecimal() or int(str(value)) > MAX_PORT:
            raise ValueError(f"PORT must be a number up to {MAX_PORT}.")
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        fault = public_url_fault(value)
        if fault is not None:
            raise ValueError(fault)
        return value.rstrip("/")

    @property
    def production(self) -> bool:
        return urlsplit(self.public_url).hostname not in LOOPBACK_HOSTS

    @property
    def embedded(self) -> bool:
        """Whether SQLite is used: one process, with the job worker inside."""
        return self.database_url.startswith("sqlite")

    @property
    def origins(self) -> list[str]:
        """Origins that may open a socket. In development both loopback names are allowed."""
        if self.production:
            return [self.public_url]
        port = urlsplit(self.public_url).port or self.port
        return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]

    @property
    def host_overrides(self) -> dict[str, tuple[str, int]]:
        """Host names that safe_fetch connects to (address, port) instead; refused in production."""
        pairs = [pair.partition("=") for pair in self.fetch_detours.split(",") if pair.strip()]
        places = {name.strip(): place.strip().rpartition(":") for name, _, place in pairs}
        return {name: (address, int(port)) for name, (address, _, port) in places.items()}

    @property
    def mail_directory(self) -> Path:
        """Folder that mails are written to while MAIL_URL is not set."""
        return self.media_dir.parent / "mail"


def check_settings(settings: Settings) -> None:
    """Raise UnsafeSettings with all sentences at once, so that one start shows every fault."""
    complaints = [*_unusable(settings), *(_unsafe(settings) if settings.production else ())]
    if complaints:
        raise UnsafeSettings(*complaints)


def _unusable(settings: Settings) -> Iterator[str]:
    """Faults that are refused everywhere, in development too."""
    values = {name.upper(): getattr(settings, name) for name in Settings.model_fields}
    yield from faults_of_addresses(
        {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in values.items()
        }
    )
    for name in ("mail_per_minute", "sockets_per_address"):
        if getattr(settings, name) < 1:
            yield f"{name.upper()} must be 1 or more."
    if settings.media_dir.is_file():
        yield "MEDIA_DIR must name a folder, and names a file."
    if bool(settings.turn_urls) != bool(settings.turn_secret):
        yield "TURN_URLS and TURN_SECRET belong together: set both or neither."


def _unsafe(settings: Settings) -> Iterator[str]:
    if is_guessable(settings.secret_key.get_secret_value()) or _is_published(settings.secret_key):
        yield f"SECRET_KEY must be a random secret of your own, at least {MIN_SECRET_CHARACTERS} characters."
    previous = settings.secret_key_previous
    if previous is not None and (is_guessable(previous.get_secret_value()) or _is_published(previous)):
        yield "SECRET_KEY_PREVIOUS must have been a secret of your own: who guesses it is let in as anybody."
    for name in ("turn_secret", "metrics_token"):
        value = getattr(settings, name)
        if value is not None and len(value.get_secret_value()) < MIN_TOKEN_CHARACTERS:
            yield f"{name.upper()} must have at least {MIN_TOKEN_CHARACTERS} characters."
    if not settings.public_url.startswith("https://"):
        yield "PUBLIC_URL must start with https:// because sign-in cookies travel only encrypted."
    if settings.mail_url is None:
        yield "MAIL_URL must name a mail server: without mail nobody hears of their coffee."
    domain = settings.mail_from.rpartition("@")[2]
    if domain.endswith(".test") or "." not in domain or "+" in settings.mail_from:
        yield "MAIL_FROM must be a real address without a plus sign; calendars send answers to it."
    if settings.limits == "off":
        yield "LIMITS=off is for load tests on your own machine and refused here."
    if settings.fetch_detours:
        yield "FETCH_DETOURS leads to your own machine and is refused here."
    if os.environ.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}:
        yield "FLASK_DEBUG shows our code and its values to whoever causes a fault; take it away."
    if not settings.embedded and not settings.redis_url:
        yield "REDIS_URL is needed beside PostgreSQL, so that processes can reach each other's viewers."


def _is_published(secret: SecretStr) -> bool:
    return secret.get_secret_value() == DEVELOPMENT_SECRET
