"""The two installations that things are done to: one process on SQLite, and two beside a worker."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from events.seed.run import PASSWORD
from tests.faults.chat_clients import Room
from tests.faults.injectors import small_disk
from tests.support.cluster import Installation, alone, several
from tests.support.http_and_socket_client import Member
from tests.support.processes import Ontmoet

PAGE = "/livestreams/demo-live"
ROOM = "livestream:demo-live"
# A line that is cut in the middle of its greeting leaves its socket to the garbage collector of the client.
CUT_OFF = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
NAMES = ("anna", "bram", "chris")


@dataclass
class Scene:
    """A room that is live, and the members who are there."""

    room: Room
    members: list[Member]
    installation: Installation | None = None
    disk: Path | None = None  # of PostgreSQL alone, where this machine allows to make one

    @property
    def web(self) -> Ontmoet:
        return self.room.webs[0]


def raise_scene(webs: list[Ontmoet], installation: Installation | None = None) -> Scene:
    members = [Member(name, webs[0], PASSWORD) for name in NAMES]
    return Scene(Room(ROOM, PAGE, webs), members, installation)


@pytest.fixture(scope="session", autouse=True)
def _quickly(quick_servers: None) -> None:
    """Nearly every test starts servers."""


@pytest.fixture
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with alone(tmp_path_factory.mktemp("one")) as web:
        yield raise_scene([web])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    home = tmp_path_factory.mktemp("two")
    with small_disk(home / "postgres") as disk, several(home) as installation, installation.worker():
        scene = raise_scene(installation.webs, installation)
        scene.disk = disk
        yield scene
