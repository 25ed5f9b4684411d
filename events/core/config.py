"""Settings from the environment, and a plain sentence for each one that production cannot accept."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "only-for-development-never-for-people"  # noqa: S105 - refused in production
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


class UnsafeSettings(Exception):
    """The settings do not allow a start; each argument is one plain sentence."""


class Settings(BaseSettings):
    """Every setting by its environment name. All are optional in development.

    An installation counts as production as soon as PUBLIC_URL names another host than this machine.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    public_url: str = "http://localhost:8000"
    port: int = 8000
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    secret_key_previous: SecretStr | None = None
    database_url: str = f"sqlite:///{ROOT / 'var' / 'ontmoet.db'}"
    redis_url: str | None = None
    mail_url: SecretStr | None = None
    mail_from: str = "koffie@ontmoet.test"
    turn_urls: str = ""
    turn_secret: SecretStr | None = None
    stun_urls: str = ""
    media_dir: Path = ROOT / "var" / "media"
    metrics_token: SecretStr | None = None
    sentry_dsn: SecretStr | None = None
    log_format: Literal["text", "json"] = "text"
    circle_creation: Literal["open", "approved", "closed"] = "open"
    limits: Literal["on", "off"] = "on"

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("PUBLIC_URL must look like https://ontmoet.example")
        return value.rstrip("/")

    @property
    def production(self) -> bool:
        return urlsplit(self.public_url).hostname not in LOOPBACK_HOSTS

    @property
    def embedded(self) -> bool:
        """One process with SQLite, the worker inside."""
        return self.database_url.startswith("sqlite")

    @property
    def origins(self) -> list[str]:
        """The origins that may open a socket; in development both names of this machine."""
        if self.production:
            return [self.public_url]
        port = urlsplit(self.public_url).port or self.port
        return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]

    @property
    def mail_directory(self) -> Path:
        """Where mails land while MAIL_URL is not set."""
        return self.media_dir.parent / "mail"


def check_settings(settings: Settings) -> None:
    """Raise UnsafeSettings with every sentence at once, so that one start shows all that is wrong."""
    complaints = list(_complaints(settings)) if settings.production else []
    if complaints:
        raise UnsafeSettings(*complaints)


def _complaints(settings: Settings) -> list[str]:
    found = []
    secret = settings.secret_key.get_secret_value()
    if secret == DEVELOPMENT_SECRET or len(secret) < 32:
        found.append("SECRET_KEY must be a secret of your own of at least 32 characters.")
    if not settings.public_url.startswith("https://"):
        found.append("PUBLIC_URL must start with https:// because sign-in cookies travel only encrypted.")
    if settings.mail_url is None:
        found.append("MAIL_URL must name a mail server: without mail nobody hears of their coffee.")
    if settings.mail_from.endswith(".test") or "+" in settings.mail_from:
        found.append("MAIL_FROM must be a real address without a plus sign; calendars send answers to it.")
    if settings.limits == "off":
        found.append("LIMITS=off is for load tests on your own machine and refused here.")
    if bool(settings.turn_urls) != bool(settings.turn_secret):
        found.append("TURN_URLS and TURN_SECRET belong together: set both or neither.")
    if not settings.embedded and not settings.redis_url:
        found.append(
            "REDIS_URL is needed beside PostgreSQL, so that processes can reach each other's viewers."
        )
    return found
