"""Type aliases of the fixtures in `tests/conftest.py`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import TypeAlias

from tests.support.clients import PageClient, SocketClient

OpenPage: TypeAlias = Callable[..., PageClient]
OpenSocket: TypeAlias = Callable[..., SocketClient]
Outbox: TypeAlias = Callable[[], list[EmailMessage]]
SetClock: TypeAlias = Callable[[datetime | timedelta], datetime]
