"""Installation of a command: it is named, and a real one is never mistaken for a trial."""

import os
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import select

from events.accounts.models import User
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.mail.outbox import queue_mail
from events.core.mail.outgoing_mail import OutgoingMail
from events.core.ops.commands import describe
from events.seed import run
from tests.core.test_cli import flask
from tests.factories.accounts import make_key, make_user
from tests.support.cast import Cast
from tests.support.processes import ROOT, Ontmoet

WRAPPER = ROOT / "deploy" / "ontmoet"


@pytest.fixture(scope="module", autouse=True)
def _quickly(quick_commands: None) -> None:
    """Loading the modules takes longer than most commands."""


def test_sowing_beside_real_people_is_refused_and_their_mails_stay(cast: Cast, settings: Settings) -> None:
    with unit_of_work() as db:
        make_user(db, "Vera").email = "vera@bakkerij-vera.nl"
        key = make_key(db, cast.bram, "sign_in")
        queue_mail(db, "sign_in_link", cast.bram.id, key.id)
    with pytest.raises(run.RealPeople):
        run.sow(settings)
    with unit_of_work() as db:
        assert [mail.state for mail in db.scalars(select(OutgoingMail))] == ["waiting"]
        assert db.scalar(select(User).where(User.email == "operator@demo.test")) is None


def test_preparing_without_settings_sows_nothing(tmp_path: Path) -> None:
    """In a shell where PUBLIC_URL was forgotten, on the database of an installation."""
    ontmoet = Ontmoet(tmp_path)
    del ontmoet.environment["PUBLIC_URL"]
    code, said, complained = flask(ontmoet, "prepare")
    assert code == 0
    assert "demo" not in said
    assert "Installation http://localhost:" in complained
    assert f"database sqlite:///{tmp_path}/ontmoet.db" in complained
    assert (tmp_path / "ontmoet.db").stat().st_mode & 0o077 == 0, "others on this machine may read it"


def test_an_installation_is_named_without_its_password() -> None:
    named = describe(
        Settings(
            public_url="https://ontmoet.example",
            database_url="postgresql+psycopg://app:hush@db/app?password=hush&sslmode=require",
        )
    )
    assert named == "https://ontmoet.example, database postgresql+psycopg://app:***@db/app"


def test_a_backup_in_a_shell_without_settings_is_refused(tmp_path: Path) -> None:
    ontmoet = Ontmoet(tmp_path)
    for name in ("PUBLIC_URL", "DATABASE_URL"):
        del ontmoet.environment[name]
    code, _said, complained = flask(ontmoet, "backup", "--to", str(tmp_path / "kept"))
    assert code != 0
    assert "This shell has no settings" in complained
    assert not (tmp_path / "kept").exists()


def through_wrapper(tmp_path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "settings.env").write_text(text)
    environment = {"PATH": os.environ["PATH"], "ONTMOET_SETTINGS": str(tmp_path / "settings.env")}
    return subprocess.run(
        [WRAPPER, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )


def test_the_wrapper_reads_the_settings_of_the_services_and_runs_nothing_in_them(tmp_path: Path) -> None:
    done = through_wrapper(
        tmp_path,
        f"# of the services\n\n  PUBLIC_URL=https://ontmoet.example\n"
        f"DATABASE_URL='sqlite:///{tmp_path}/$HOME`touch {tmp_path}/run`.db'\n"
        'SECRET_KEY="a secret of our own = with signs"\nMAIL_URL=smtp://a:b%40c@127.0.0.1:1\nMAIL_FROM=a@ontmoet.example',
        "backup", "--to", str(tmp_path / "kept"),
    )  # fmt: skip
    assert "Installation https://ontmoet.example, database sqlite" in done.stderr
    assert "$HOME`touch" in done.stderr
    assert "There is no database at" in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_setting_in_front_of_a_command_counts_and_one_of_the_shell_does_not(tmp_path: Path) -> None:
    """A drill on a restored backup that looked at the running installation would always go well."""
    settings = f"DATABASE_URL=sqlite:///{tmp_path}/running.db\nMEDIA_DIR={tmp_path}\n"
    drill = f"DATABASE_URL=sqlite:///{tmp_path}/drill.db"
    done = through_wrapper(tmp_path, settings, drill, "backup", "--to", str(tmp_path / "kept"))
    assert f"database sqlite:///{tmp_path}/drill.db" in done.stderr
    (tmp_path / "settings.env").write_text(settings)
    environment = {
        "PATH": os.environ["PATH"],
        "ONTMOET_SETTINGS": str(tmp_path / "settings.env"),
        "DATABASE_URL": drill.partition("=")[2],
    }
    done = subprocess.run(
        [WRAPPER, "backup", "--to", str(tmp_path / "kept")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"database sqlite:///{tmp_path}/running.db" in done.stderr


@pytest.mark.parametrize("line", ["SECRET_KEY", "a hush=1", "=hush", "export X=hush"])
def test_the_wrapper_says_which_line_cannot_be_read_and_not_what_is_in_it(tmp_path: Path, line: str) -> None:
    done = through_wrapper(tmp_path, f"PORT=8000\n{line}\n", "doctor")
    assert done.returncode == 4
    assert done.stderr == f"Error: line 2 of {tmp_path}/settings.env is not NAME=value.\n"


def test_the_wrapper_without_settings_stops(tmp_path: Path) -> None:
    (tmp_path / "settings.env").mkdir()
    environment = {"PATH": os.environ["PATH"], "ONTMOET_SETTINGS": str(tmp_path / "absent.env")}
    done = subprocess.run([WRAPPER, "prepare"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "cannot be read" in done.stderr
