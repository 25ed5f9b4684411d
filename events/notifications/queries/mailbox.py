"""Development mailbox: mails that would have been sent, read from files."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from events.core.errors import NotFound

MAX_LISTED = 200
_NAME = re.compile(r"[0-9a-z-]{1,80}")


@dataclass(frozen=True)
class Dropped:
    """One mail in the mailbox; `name` is its file without the ending."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def to(self) -> str:
        return str(self.message["To"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def calendar(self) -> bytes | None:
        for part in self.message.walk():
            if part.get_content_type() == "text/calendar":
                content = part.get_payload(decode=True)
                return content if isinstance(content, bytes) else None
        return None

    def _part(self, subtype: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == f"text/{subtype}" and isinstance(part, EmailMessage):
                return str(part.get_content())
        return ""


def list_dropped(directory: Path) -> list[Dropped]:
    """The newest first; names begin with the moment of sending."""
    files = sorted(directory.glob("*.eml"), reverse=True) if directory.is_dir() else []
    return [_read(file) for file in files[:MAX_LISTED]]


def get_dropped(directory: Path, name: str) -> Dropped:
    file = directory / f"{name}.eml"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise NotFound
    return _read(file)


def _read(file: Path) -> Dropped:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise NotFound
    return Dropped(file.stem, message)
