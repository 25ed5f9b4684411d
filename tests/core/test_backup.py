"""Backups: PostgreSQL with passwords, permissions of the archive, pruning."""

import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from events.core.config import Settings
from events.core.ops import backup
from tests.core.test_cli import flask
from tests.support.postgres_server import BUNDLED, PASSWORD, SYSTEM, Postgres, Secured
from tests.support.processes import Ontmoet, free_port

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_ON") == "postgres", reason="brings its own databases, once for both runs"
)
TLS = pytest.param(True, marks=pytest.mark.skipif(not SYSTEM, reason="the bundled PostgreSQL has no TLS"))


@pytest.fixture(scope="module", autouse=True)
def _quickly(quick_commands: None) -> None:
    """Loading the modules takes longer than most commands."""


@pytest.fixture(params=[False, TLS], ids=["password", "password and TLS"])
def secured(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Secured]:
    """A PostgreSQL that wants a password with signs that addresses must escape."""
    server = Secured(tmp_path / "postgres", tls=request.param)
    server.start()
    binaries = SYSTEM[-1] if request.param else BUNDLED
    monkeypatch.setenv("PATH", f"{binaries}:{os.environ['PATH']}")
    yield server
    server.stop()
    server.remove()


def test_a_database_with_a_password_is_kept_and_restores_under_another_owner(
    secured: Secured, tmp_path: Path
) -> None:
    with psycopg.connect(plain(secured.url)) as connection:
        connection.execute("CREATE TABLE note (words text)")
        connection.execute("INSERT INTO note VALUES ('still here')")
        connection.execute("GRANT SELECT ON note TO ontmoet")
    settings = Settings(database_url=secured.url, media_dir=tmp_path / "media")
    archive = backup.back_up(settings, tmp_path / "kept")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "restored", filter="data")
    with psycopg.connect(plain(secured.keeper), autocommit=True) as connection:
        connection.execute("CREATE DATABASE drill")
    drill = make_url(secured.keeper).set(database="drill")
    address, secrets = backup.for_client_programs(drill)
    dump = str(tmp_path / "restored" / "database.sql")
    subprocess.run(
        ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", address, "-f", dump],
        env=os.environ | secrets, check=True, capture_output=True,
    )  # fmt: skip
    with psycopg.connect(plain(drill.render_as_string(hide_password=False))) as connection:
        assert connection.execute("SELECT words FROM note").fetchone() == ("still here",)


@pytest.mark.skipif(not SYSTEM, reason="no other PostgreSQL is installed than the bundled one")
def test_an_older_postgresql_is_asked_nothing_that_it_does_not_know(tmp_path: Path) -> None:
    """`STORAGE` in CREATE TABLE came with 16: on 15 no process was ever ready."""
    server = Postgres(tmp_path / "postgres", SYSTEM[0])
    server.start()
    try:
        ontmoet = Ontmoet(tmp_path, DATABASE_URL=server.url)
        ontmoet.flask("prepare")
        _code, said, _complained = flask(ontmoet, "doctor")
        assert "The database takes what is written." in said
    finally:
        server.stop()
        server.remove()


def test_a_database_that_is_away_ends_a_command_in_a_sentence(tmp_path: Path) -> None:
    address = f"postgresql+psycopg://ontmoet:hush@127.0.0.1:{free_port()}/ontmoet"
    code, _said, complained = flask(Ontmoet(tmp_path, DATABASE_URL=address), "prepare")
    assert code == 1
    assert "Error: The database cannot be used: it does not answer." in complained
    assert "Traceback" not in complained
    assert "hush" not in complained


@pytest.mark.long
def test_every_command_works_where_a_password_is_asked(secured: Secured, tmp_path: Path) -> None:
    ontmoet = Ontmoet(tmp_path, DATABASE_URL=secured.url, PATH=os.environ["PATH"])
    ontmoet.flask("prepare")
    ontmoet.flask("seed")
    code, said, complained = flask(ontmoet, "doctor")
    assert code == 0
    assert "The database answers." in said
    assert "older than this code" not in said
    code, said, complained = flask(ontmoet, "backup", "--to", str(tmp_path / "kept"))
    assert code == 0, complained
    assert PASSWORD not in said + complained


def test_a_wrong_password_is_said_without_the_password(secured: Secured, tmp_path: Path) -> None:
    wrong = make_url(secured.url).set(password="not-the-one").render_as_string(hide_password=False)
    with pytest.raises(backup.BackupFailed, match="password authentication failed") as failed:
        backup.back_up(Settings(database_url=wrong, media_dir=tmp_path / "media"), tmp_path / "kept")
    assert "not-the-one" not in str(failed.value)
    assert list((tmp_path / "kept").iterdir()) == []


def plain(address: str) -> str:
    """As psycopg reads it."""
    return address.replace("+psycopg", "")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://ontmoet:hush@db:5433/app?sslmode=require",
        "postgresql+psycopg://ontmoet@/app?host=/run/postgresql&password=hush",
    ],
)
def test_a_password_is_never_a_command_line_argument(address: str) -> None:
    bare, secrets = backup.for_client_programs(make_url(address))
    assert "hush" not in bare
    assert "***" not in bare
    assert secrets == {"PGPASSWORD": "hush"}
    assert "dbname=app" in bare


def test_without_a_password_a_password_file_counts() -> None:
    assert backup.for_client_programs(make_url("postgresql+psycopg://ontmoet@db/app"))[1] == {}


def test_pruning_keeps_the_newest_and_touches_nothing_else(tmp_path: Path) -> None:
    for day in range(1, 5):
        (tmp_path / f"ontmoet-2026110{day}-030000.tar.gz").touch()
    for other in ("notes.txt", "ontmoet-of-the-old-server.tar.gz"):
        (tmp_path / other).touch()
    gone = backup.prune(tmp_path, 2)
    assert [path.name for path in gone] == [
        "ontmoet-20261101-030000.tar.gz",
        "ontmoet-20261102-030000.tar.gz",
    ]
    assert len(list(tmp_path.iterdir())) == 4
    assert backup.prune(tmp_path, 2) == []
