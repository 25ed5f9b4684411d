"""Settings from the environment, and a plain sentence for each one that production cannot accept."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET = "only-for-development-never-for-people"  # noqa: S105 - refused in production
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


def _setting(default: object, description: str) -> Any:
    return Field(default, description=description)


class UnsafeSettings(Exception):
    """The settings do not allow a start; each argument is one plain sentence."""


class Settings(BaseSettings):
    """Every setting by its environment name. All are optional in development.

    An installation counts as production as soon as PUBLIC_URL names another host than this machine.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

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
        None, "smtp://user:password@host:587. Unset, mails land in var/mail and on /dev/mail."
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
        """PORT alone is enough on one's own machine: links in mails and allowed origins follow it."""
        if given.get("port") and not given.get("public_url"):
            return {**given, "public_url": f"http://localhost:{given['port']}"}
        return given

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
    def detours(self) -> dict[str, tuple[str, int]]:
        """Names that lead to a place on this machine instead of the internet; never in production."""
        pairs = [pair.partition("=") for pair in self.fetch_detours.split(",") if pair.strip()]
        places = {name.strip(): place.strip().rpartition(":") for name, _, place in pairs}
        return {name: (address, int(port)) for name, (address, _, port) in places.items()}

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
    if settings.mail_per_minute < 1:
        found.append("MAIL_PER_MINUTE must be 1 or more, or no news leaves.")
    if settings.reply_imap_url is not None and not _is_imap(settings.reply_imap_url):
        found.append("REPLY_IMAP_URL must look like imaps://user:password@host.")
    if settings.sockets_per_address < 1:
        found.append("SOCKETS_PER_ADDRESS must be 1 or more, or nobody sees anything live.")
    if settings.limits == "off":
        found.append("LIMITS=off is for load tests on your own machine and refused here.")
    if settings.fetch_detours:
        found.append("FETCH_DETOURS leads to your own machine and is refused here.")
    if bool(settings.turn_urls) != bool(settings.turn_secret):
        found.append("TURN_URLS and TURN_SECRET belong together: set both or neither.")
    if not settings.embedded and not settings.redis_url:
        found.append(
            "REDIS_URL is needed beside PostgreSQL, so that processes can reach each other's viewers."
        )
    return found


def _is_imap(url: SecretStr) -> bool:
    parts = urlsplit(url.get_secret_value())
    return parts.scheme in {"imap", "imaps"} and bool(parts.hostname and parts.username and parts.password)
