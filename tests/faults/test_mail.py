"""The mail server breaks off, is busy, or never answers: every mail arrives, doubles under one name."""

import asyncio
import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from events.seed.run import PASSWORD
from tests.faults.chat_clients import wait_until
from tests.faults.injectors import kill
from tests.support.cluster import alone
from tests.support.http_and_socket_client import Member
from tests.support.processes import Ontmoet, free_port

CIRCLE = "/circles/bedrijvenkring-demo"
MEMBERS = 44  # whom the demo circle tells of a livestream
TITLE = "Post in de storm"
LATER = timedelta(minutes=2)  # longer than the pauses between the first tries

pytestmark = pytest.mark.journey


class BrokenServer:
    """A real SMTP server that takes each mail as the next of `verdicts` says, and well when there is none.

    kept: as it should be · lost: taken, but the line breaks before the answer · busy: try later ·
    silent: taken, and the answer never comes.
    """

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - not a secret
        self.taken: dict[str, list[str]] = defaultdict(list)  # Message-IDs by recipient
        self.broken = 0
        self.silence = threading.Event()
        self.verdicts = ["lost", "busy", "kept", "lost"]

    async def handle_DATA(self, server: Any, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        verdict = (
            self.verdicts.pop(0) if self.verdicts else self.chance.choice(["kept"] * 4 + ["lost", "busy"])
        )
        if verdict == "busy":
            return "451 later, please"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if TITLE in str(mail["Subject"]):
            self.taken[envelope.rcpt_tos[0]].append(str(mail["Message-ID"]))
        if verdict == "lost":
            self.broken += 1
            server.transport.close()
        if verdict == "silent":
            self.broken += 1
            self.silence.set()
            await asyncio.sleep(3600)
        return "250 kept"


@pytest.fixture
def broken() -> Iterator[tuple[BrokenServer, str]]:
    seed = random.randrange(10**6)  # noqa: S311 - printed, so that it can be played again
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    server, port = BrokenServer(seed), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_every_mail_arrives_and_a_duplicate_has_the_same_message_id(
    tmp_path: Path, broken: tuple[BrokenServer, str]
) -> None:
    server, address = broken
    with alone(tmp_path, MAIL_URL=address) as web:
        publish(Member("anna", web, PASSWORD), web)
        wait_until(lambda: len(server.taken) > 5, "the first mails")
        server.verdicts.append("silent")
        wait_until(server.silence.is_set, "a mail without an answer")
        kill(web)
        web.start()

        def all_arrived() -> bool:
            web.travel_to(web.now() + LATER)  # what failed is tried again, however often it did
            return len(server.taken) == MEMBERS

        wait_until(all_arrived, "the last mail", every=0.5)
    assert server.broken > 1, "nothing broke off, so this showed nothing"
    names = {name for taken in server.taken.values() for name in taken}
    assert len(names) == MEMBERS, "a mail left under two names"
    doubles = sum(len(taken) - 1 for taken in server.taken.values())
    assert doubles <= server.broken, "a mail was doubled though its answer had arrived"


def publish(anna: Member, web: Ontmoet) -> None:
    start = datetime.now(ZoneInfo("Europe/Amsterdam")) + timedelta(days=3)
    page = anna.post(
        web, f"{CIRCLE}/livestreams/new", page=f"{CIRCLE}/livestreams/new",
        title=TITLE, day=f"{start:%Y-%m-%d}", hour="20:00", source="",
    )  # fmt: skip
    slug = page.rstrip("/").split("/livestreams/")[1].split("/")[0]
    anna.post(web, f"/livestreams/{slug}/publish")
