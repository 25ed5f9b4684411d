"""Command-line commands as operators type them: output, refusals and what they leave behind."""

import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from events.core.sqlite_driver import sqlite
from tests.pairing.match_checker import faults, generate
from tests.support import quick_start
from tests.support.processes import ROOT, Ontmoet
from tests.support.raw_socketio_client import Raw

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_ON") == "postgres", reason="brings its own databases, once for both runs"
)
SAFE = {
    "PUBLIC_URL": "https://ontmoet.example",
    "SECRET_KEY": "a-secret-of-our-own-that-is-long-enough",
    "MAIL_URL": "smtp://127.0.0.1:1",
    "MAIL_FROM": "koffie@ontmoet.example",
    "LIMITS": "on",
}
COUNTED = (
    "user",
    "circle",
    "membership",
    "livestream",
    "chat_entry",
    "question",
    "coffee",
    "seat",
    "registration",
)


@pytest.fixture(scope="module", autouse=True)
def _quickly(quick_commands: None) -> None:
    """Loading the modules takes longer than most commands; `serve` starts from nothing."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="module")
def sown(home: Path) -> Ontmoet:
    """An installation with the demo circle."""
    ontmoet = Ontmoet(home)
    ontmoet.flask("upgrade")
    code, _said, complained = flask(ontmoet, "seed")
    assert code == 0, complained
    (home / "seed.log").write_text(complained)
    return ontmoet


@pytest.fixture(scope="module")
def running(sown: Ontmoet) -> Iterator[Ontmoet]:
    sown.start()
    yield sown
    sown.stop()


def flask(ontmoet: Ontmoet, *arguments: str, **changes: str) -> tuple[int, str, str]:
    """A command as a child process: exit code, what it said, what it complained of."""
    return quick_start.finish(["flask", *arguments], ontmoet.environment | changes)


def serve(ontmoet: Ontmoet, **changes: str) -> tuple[int, str, str]:
    """Try to start another web process beside this installation, and wait until it has given up."""
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app"],
        cwd=ROOT, env=ontmoet.environment | {"PORT": "0"} | changes,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def ask(ontmoet: Ontmoet, path: str, **headers: str) -> tuple[int, Message]:
    connection = HTTPConnection("127.0.0.1", ontmoet.port, timeout=15)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.msg
    finally:
        connection.close()


def counts(database: Path) -> dict[str, int]:
    connection = sqlite.connect(database)
    try:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of tables
    finally:
        connection.close()


@pytest.mark.parametrize("size", [41, *(pytest.param(size, marks=pytest.mark.long) for size in (7, 300))])
def test_match_gives_a_plan_that_an_independent_checker_accepts(home: Path, size: int) -> None:
    problem = generate(size, seed=size)
    file = home / f"people-{size}.json"
    file.write_text(json.dumps(problem))
    code, said, complained = flask(Ontmoet(home), "match", str(file))
    assert code == 0, complained
    plan = json.loads(said)
    assert faults(problem, plan) == []
    assert len(plan["coffees"]) >= size // 2 - 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "holds no JSON"),
        ("[]", "must be an object"),
        ("{}", "people: This field is missing"),
        ('{"people": [{"id": "a", "languages": ["nl"]}]}', "free: This field is missing"),
        ("[" * 100_000, "holds no JSON"),
        ("\xff", "holds no JSON"),
    ],
)
def test_match_says_in_one_sentence_what_is_wrong_with_a_file(
    app: Flask, tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode("latin-1"))
    outcome = app.test_cli_runner().invoke(args=["match", str(file)])
    assert outcome.exit_code != 0
    assert outcome.stdout == ""
    assert sentence in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1, outcome.stderr


def test_seeding_twice_adds_nothing(sown: Ontmoet, home: Path) -> None:
    before = counts(home / "ontmoet.db")
    assert all(before[name] > 0 for name in COUNTED if name in before)
    sown.flask("seed")
    assert counts(home / "ontmoet.db") == before


def test_sowing_logs_no_line_for_each_of_its_jobs(sown: Ontmoet, home: Path) -> None:
    logged = (home / "seed.log").read_text().splitlines()
    assert not [line for line in logged if "job done" in line]
    assert len(logged) < 20


@pytest.mark.long
def test_seeding_is_refused_in_production(sown: Ontmoet) -> None:
    code, _said, complained = flask(sown, "seed", **SAFE)
    assert code != 0
    assert complained.endswith("Error: The demo circle is for development only.\n")


def test_the_doctor_speaks_in_words(sown: Ontmoet) -> None:
    code, said, _complained = flask(sown, "doctor")
    assert code == 0
    assert "good     The settings are complete for development, on this machine only." in said
    assert "good     The database answers." in said
    assert "bad      No TURN server: calls will fail at many offices." in said


@pytest.mark.long
def test_the_doctor_examines_an_installation_that_refuses_to_start(sown: Ontmoet) -> None:
    code, said, complained = flask(sown, "doctor", PUBLIC_URL="https://ontmoet.example")
    assert code == 1, complained
    for named in ("SECRET_KEY", "MAIL_URL", "MAIL_FROM", "LIMITS"):
        assert f"bad      {named}" in said
    assert "good     The database answers." in said


@pytest.mark.long
def test_the_doctor_names_what_does_not_answer(sown: Ontmoet, tmp_path: Path) -> None:
    gone = {
        "DATABASE_URL": "postgresql+psycopg://app:hush@127.0.0.1:1/app",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "MEDIA_DIR": "/proc/no-such-place",
    }
    code, said, _complained = flask(sown, "doctor", **SAFE, **gone)
    assert code == 1
    for sentence in (
        "The database does not answer", "Redis cannot be used: it does not answer",
        "The mail server 127.0.0.1 does not answer",
        "Media cannot be written",
    ):  # fmt: skip
        assert sentence in said
    assert "hush" not in said


@pytest.mark.long
def test_the_doctor_reads_a_setting_that_nobody_can_read(sown: Ontmoet) -> None:
    code, said, complained = flask(sown, "doctor", LIMITS="sometimes")
    assert code == 1, complained
    assert said.startswith("bad      LIMITS: ")
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"LIMITS": "off"}, "LIMITS=off is for load tests"),
        pytest.param(
            {"PUBLIC_URL": "ontmoet"},
            "PUBLIC_URL must look like",
            marks=pytest.mark.long,
        ),
    ],
)
def test_an_unsafe_production_does_not_start_and_says_why(
    sown: Ontmoet, change: dict[str, str], named: str
) -> None:
    code, _said, complained = serve(sown, **SAFE | change)
    assert code != 0
    assert complained.startswith("Ontmoet does not start:\n- " + named)
    assert "Traceback" not in complained


@pytest.mark.long
def test_in_production_only_the_last_word_about_an_address_counts(home: Path) -> None:
    """/metrics opens to this machine alone, and nobody becomes this machine by saying so."""
    place = home / "production"
    place.mkdir()
    ontmoet = Ontmoet(place, **SAFE)
    ontmoet.flask("upgrade")
    ontmoet.start()
    try:
        assert ask(ontmoet, "/metrics")[0] in {303, 404}, "not without a token"
        for forwarded in ("192.0.2.7", "127.0.0.1, 192.0.2.7"):
            code, headers = ask(ontmoet, "/metrics", **{"X-Forwarded-For": forwarded})
            assert code == 303, "not for others"
            assert headers["Strict-Transport-Security"]
        code, headers = ask(ontmoet, "/sign-in", **{"X-Forwarded-Proto": "https"})
        assert code == 200
        assert headers["Set-Cookie"].startswith("__Host-ontmoet=")
        assert "Secure" in headers["Set-Cookie"]
    finally:
        ontmoet.stop()


@pytest.mark.long
def test_no_command_but_the_doctor_runs_with_unsafe_settings(sown: Ontmoet) -> None:
    code, _said, complained = flask(sown, "seed", PUBLIC_URL="https://ontmoet.example")
    assert code != 0
    assert complained.startswith("Ontmoet does not start:\n- SECRET_KEY")


def test_a_worker_of_its_own_refuses_on_sqlite(sown: Ontmoet) -> None:
    code, _said, complained = flask(sown, "work")
    assert code == 4, "with any other code the service starts again and again"
    assert "the worker runs inside the web process" in complained
    assert "Traceback" not in complained


def test_a_second_web_process_on_the_same_file_gives_up_with_a_sentence(running: Ontmoet) -> None:
    code, said, complained = serve(running, ONTMOET_QUIET="")
    assert code != 0
    assert "open" not in said, "it said that it serves, and does not"
    assert "ontmoet.db is in use by another process. More processes need PostgreSQL." in complained
    assert "Traceback" not in complained


def test_a_backup_taken_while_people_are_in_restores(running: Ontmoet, tmp_path: Path) -> None:
    """The restore drill of docs/operating.md: unpack, check, start from it."""
    kept = Path(running.environment["MEDIA_DIR"]) / "photos" / "one.webp"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"a picture")
    said = running.flask("backup", "--to", str(tmp_path / "kept"))
    (archive,) = (tmp_path / "kept").iterdir()
    assert str(archive) in said
    assert archive.stat().st_mode & 0o077 == 0, "others may read it"
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "restored", filter="data")
    restored = tmp_path / "restored" / "database.db"
    connection = sqlite.connect(restored)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    assert _without_clockwork(counts(restored)) == _without_clockwork(counts(running.home / "ontmoet.db"))
    assert (tmp_path / "restored" / "media" / "photos" / "one.webp").read_bytes() == b"a picture"
    again = {"DATABASE_URL": f"sqlite:///{restored}", "MEDIA_DIR": str(tmp_path / "restored" / "media")}
    code, said, _complained = flask(running, "doctor", **again)
    assert code == 0
    assert "The database answers." in said


def test_a_backup_that_cannot_be_made_leaves_nothing_behind(sown: Ontmoet, tmp_path: Path) -> None:
    gone = {"DATABASE_URL": "postgresql+psycopg://app:hush@127.0.0.1:1/app", "PATH": os.environ["PATH"]}
    code, _said, complained = flask(sown, "backup", "--to", str(tmp_path), **gone)
    assert code != 0
    assert "Error: pg_dump did not succeed" in complained
    assert "hush" not in complained
    assert list(tmp_path.iterdir()) == []


def test_the_tests_name_tables_that_exist(sown: Ontmoet, home: Path) -> None:
    """So that a renamed table does not turn the checks above into nothing."""
    assert set(COUNTED) <= set(counts(home / "ontmoet.db"))


def _without_clockwork(found: dict[str, int]) -> dict[str, int]:
    """Without the tables that the running worker itself writes."""
    return {name: count for name, count in found.items() if name not in {"job", "ended_right"}}


def test_with_a_port_alone_both_names_of_this_machine_open_sockets_and_ctrl_c_ends_quietly(
    home: Path,
) -> None:
    """As `make run` starts it: Ctrl-C reaches the master and its worker at once."""
    place = home / "ctrl-c"
    place.mkdir()
    ontmoet = Ontmoet(place, app="wsgi:app")
    del ontmoet.environment["PUBLIC_URL"]
    ontmoet.flask("upgrade")
    ontmoet.start(start_new_session=True)
    assert ontmoet.process is not None
    try:
        for name in ("localhost", "127.0.0.1"):
            with Raw(ontmoet.port, headers=(f"Origin: http://{name}:{ontmoet.port}",)) as socket:
                socket.enter()
        with Raw(ontmoet.port, headers=("Origin: http://localhost:8000",)) as elsewhere:
            assert " 400 " in elsewhere.answer
        with Raw(ontmoet.port).enter():
            os.killpg(ontmoet.process.pid, signal.SIGINT)
            assert ontmoet.process.wait(30) == 0
        for word in ("Traceback", "SystemExit", "failed"):
            assert word not in ontmoet.log()
    finally:
        ontmoet.stop()
