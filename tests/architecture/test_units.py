"""The units of systemd, run as they are written: each ExecStart with the documented settings."""

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
from pathlib import Path

import pytest

from tests.core.test_cli import SAFE
from tests.support.processes import ROOT, free_port, wait_for_port

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


class Settings(configparser.RawConfigParser):
    """A unit; names keep their case, and of one that is given twice the last counts."""

    optionxform = staticmethod(str)  # type: ignore[assignment]  # the documented way to keep the case


def read(unit: Path) -> Settings:
    parser = Settings(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.read(unit)
    return parser


def moved(text: str, home: Path, instance: str = "") -> str:
    """The paths of the machine of an operator as paths of this one."""
    for old, new in {
        "/opt/ontmoet/.venv/bin": str(Path(sys.executable).parent),
        "/opt/ontmoet": str(ROOT),
        "/etc/ontmoet": str(home),
        "/var/backups/ontmoet": str(home / "backups"),
        "/var/lib/ontmoet": str(home / "state"),
        "%i": instance,
    }.items():
        text = text.replace(old, new)
    return text


def write_settings(home: Path, **changed: str) -> None:
    """The example with its blanks filled in, as an operator does it."""
    given = {
        **SAFE,
        "DATABASE_URL": "sqlite:////var/lib/ontmoet/ontmoet.db",
        "REDIS_URL": "",
        "TURN_URLS": "",
        "TURN_SECRET": "",
        "STUN_URLS": "",
        **changed,
    }
    lines = (DEPLOY / "settings.env.example").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if not line.startswith("#")}
    assert set(given) - {"LIMITS"} <= names, "the example leaves out a setting"
    filled = [
        f"{name}={given[name]}" if (name := line.partition("=")[0]) in given else line for line in lines
    ]
    (home / "settings.env").write_text(moved("\n".join(filled), home))
    (home / "state").mkdir()


def environment(unit: Settings, home: Path, instance: str = "") -> dict[str, str]:
    """What systemd gives the service: its EnvironmentFile, then its Environment, and a bare PATH."""
    file = Path(moved(unit["Service"]["EnvironmentFile"], home))
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    own = shlex.split(moved(unit["Service"].get("Environment", ""), home, instance))
    pairs = (line.partition("=") for line in [*lines, *own])
    return {"PATH": os.environ["PATH"], **{name: value for name, _equals, value in pairs}}


def command(unit: Settings, home: Path, instance: str = "") -> list[str]:
    return shlex.split(moved(unit["Service"]["ExecStart"], home, instance))


def run(
    name: str, home: Path, *instead: str, instance: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    unit = read(DEPLOY / name)
    words = [command(unit, home)[0], *instead] if instead else command(unit, home, instance)
    return subprocess.run(
        words, cwd=moved(unit["Service"]["WorkingDirectory"], home),
        env=environment(unit, home, instance) | more, capture_output=True, text=True, check=False,
    )  # fmt: skip


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_in_the_unit(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:  # a timer looks for its service
        name = one.name.replace("@.", "@8001.")
        (tmp_path / name).write_text(moved(one.read_text(), tmp_path, "8001"))
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", str(tmp_path / unit.name.replace("@.", "@8001."))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    faults = [line for line in done.stderr.splitlines() if "ontmoet" in line.lower()]
    assert faults == []


@needs_systemd
def test_the_timer_comes_each_night() -> None:
    when = read(DEPLOY / "ontmoet-backup.timer")["Timer"]["OnCalendar"]
    done = subprocess.run(
        [str(ANALYZE), "calendar", "--iterations=2", "--base-time=2026-11-30 12:00 UTC", when],
        env=os.environ | {"TZ": "UTC", "LC_ALL": "C"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert re.findall(r"2026-12-\d\d \d\d:\d\d", done.stdout)[:2] == ["2026-12-01 03:20", "2026-12-02 03:20"]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_runs_as_its_own_user_and_keeps_to_its_folders(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["User"] == service["StateDirectory"] == "ontmoet"
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == service["PrivateTmp"] == service["ProtectHome"] == "yes"
    assert service["CapabilityBoundingSet"] == ""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine with settings and empty tables."""
    home = tmp_path_factory.mktemp("machine")
    write_settings(home)
    done = run("ontmoet-backup.service", home, "prepare")
    assert done.returncode == 0, done.stderr
    return home


def test_the_web_unit_serves_and_ends_in_time(prepared: Path) -> None:
    unit, port = read(DEPLOY / "ontmoet-web@.service"), free_port()
    with subprocess.Popen(
        command(unit, prepared), cwd=ROOT, env=environment(unit, prepared, str(port)), stderr=subprocess.PIPE
    ) as web:
        wait_for_port(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
            assert answer.status == 200
        web.send_signal(getattr(signal, unit["Service"]["KillSignal"]))
        assert web.wait(int(unit["Service"]["TimeoutStopSec"])) == 0


def test_a_web_unit_with_old_tables_and_one_with_unsafe_settings_are_not_started_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "unsafe").mkdir()
    write_settings(tmp_path / "old")
    write_settings(tmp_path / "unsafe", SECRET_KEY="")
    final = read(DEPLOY / "ontmoet-web@.service")["Service"]["RestartPreventExitStatus"].split()
    for home in ("old", "unsafe"):
        ended = run("ontmoet-web@.service", tmp_path / home, instance=str(free_port()))
        assert str(ended.returncode) in final, ended.stderr
        assert "Traceback" not in ended.stderr


def test_the_worker_unit_on_sqlite_says_why_it_ends_and_is_not_started_again(tmp_path: Path) -> None:
    write_settings(tmp_path)
    ended = run("ontmoet-worker.service", tmp_path)
    final = read(DEPLOY / "ontmoet-worker.service")["Service"]["RestartPreventExitStatus"].split()
    assert str(ended.returncode) in final
    assert "With SQLite the worker runs inside the web process" in ended.stderr


def test_the_backup_unit_keeps_an_archive_that_restores_as_documented(prepared: Path) -> None:
    kept = run("ontmoet-backup.service", prepared)
    assert kept.returncode == 0, kept.stderr
    (archive,) = (prepared / "backups").iterdir()
    assert archive.stat().st_mode & 0o077 == 0
    drill = prepared / "drill"
    with tarfile.open(archive) as packed:
        packed.extractall(drill, filter="data")
    looked = run(
        "ontmoet-backup.service", prepared, "doctor",
        DATABASE_URL=f"sqlite:///{drill}/database.db", MEDIA_DIR=f"{drill}/media",
    )  # fmt: skip
    assert "The database answers." in looked.stdout
    assert "older than this code" not in looked.stdout
