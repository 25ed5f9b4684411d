"""Commands of `flask`: prepare, seed, work, match, doctor, backup, retry, messages and reference."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from pydantic import ValidationError

from events.core import server
from events.core.config import ROOT, Settings, UnsafeSettings
from events.core.db import migrations
from events.core.db.session import unit_of_work
from events.core.i18n import catalogs, extraction, formatting
from events.core.jobs import queue
from events.core.jobs.subprocess_pool import OffloadFailed, ResourceLimits, offload
from events.core.mail import outbox
from events.core.ops import doctor
from events.core.ops.assets import AssetsMissing, build_assets
from events.core.ops.backup import BackupFailed, back_up, prune
from events.core.ops.commands import OnInstallation
from events.core.ops.doctor import Finding
from events.core.ops.reference import write_reference
from events.core.web.template_cache import compile_templates
from events.seed import run

MATCH_BOUNDS = ResourceLimits(cpu=600, wall=900, memory=4096)  # for rounds of thousands of people
DO_NOT_RETRY = 4  # the exit code at which gunicorn gives up instead of starting the worker again
COLOURS = {"good": "green", "warning": "yellow", "bad": "red"}


def init_app(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)


def app_that_refuses(refusal: UnsafeSettings | ValidationError) -> Flask:
    """Only `flask doctor` runs with unsafe or unreadable settings; all else stops with the sentences."""
    if isinstance(refusal, ValidationError):
        sentences = [_sentence(str(error["loc"][0]).upper(), error["msg"]) for error in refusal.errors()]
    else:
        sentences = [str(sentence) for sentence in refusal.args]
    if "doctor" not in sys.argv:
        sys.stderr.write("Ontmoet does not start:\n" + "\n".join(f"- {one}" for one in sentences) + "\n")
        sys.exit(DO_NOT_RETRY)
    app = Flask("events")
    if isinstance(refusal, ValidationError):
        app.config["UNREADABLE"] = sentences
    else:
        app.config["SETTINGS"] = Settings()
    app.cli.add_command(examine)
    return app


def _sentence(name: str, said: str) -> str:
    words = said.removeprefix("Value error, ").rstrip(".")
    return f"{words}." if words.startswith(name) else f"{name}: {words}."


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _build() -> None:
    """Build catalogs and templates from the sources."""
    with readable_to_all():
        catalogs.build_catalogues(formatting.TRANSLATIONS)
        compile_templates(current_app.jinja_env)


@contextmanager
def readable_to_all() -> Iterator[None]:
    """Umask 022 for files built from the sources: the proxy reads them, and they hold no personal data."""
    usual = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(usual)


@click.command()
@with_appcontext
def assets() -> None:
    """Copy fonts, icons and scripts from node_modules, join the translations and compile the templates."""
    try:
        with readable_to_all():
            files = build_assets(ROOT)
    except AssetsMissing as missing:
        raise click.ClickException(str(missing)) from None
    _build()
    click.echo(f"{len(files)} browser files are ready.")


@click.command()
def messages() -> None:
    """Bring the Dutch catalogs in step with code and templates: new entries wait for a translation."""
    click.echo(extraction.update_catalogs())


@click.command(cls=OnInstallation)
@with_appcontext
def upgrade() -> None:
    """Bring translations, templates and tables up to date; the same as `prepare`."""
    _prepare()


@click.command(cls=OnInstallation)
@with_appcontext
def prepare() -> None:
    """Bring translations, templates and tables up to date."""
    _prepare()


def _prepare() -> None:
    _build()
    try:
        migrations.upgrade()
    except migrations.PrereleaseDatabase as refused:
        raise click.ClickException(str(refused)) from None


@click.command(cls=OnInstallation)
@click.option("--unless-real", is_flag=True, help="Where real people are, do nothing and call that well.")
@click.option(
    "--year", is_flag=True, help="Simulate a year of a second circle and print its funnel by month."
)
@with_appcontext
def seed(unless_real: bool, year: bool) -> None:
    """Sow the demo circle; twice is harmless, and its times move along with the days."""
    if _settings().production:
        raise click.ClickException("The demo circle is for development only.")
    try:
        said = run.sow_year(_settings()) if year else run.sow(_settings())
    except run.RealPeople as real:
        if not unless_real:
            raise click.ClickException(str(real)) from None
        click.echo(str(real))
    else:
        click.echo(said)


@click.command(cls=OnInstallation)
@with_appcontext
def work() -> None:
    """Run the worker: jobs, mails and reminders. Needs PostgreSQL and REDIS_URL."""
    settings = _settings()
    if settings.embedded or settings.redis_url is None:
        _refuse(
            "With SQLite the worker runs inside the web process; "
            "a worker of its own needs PostgreSQL and REDIS_URL."
        )
    try:
        server.refuse_old_tables()
    except server.OldTables as old:
        _refuse(str(old))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy
    stopped = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopped.set())  # the job in hand is finished first
    server.run_worker(app, settings, stopped)


def _refuse(sentence: str) -> NoReturn:
    """End with the code after which a service is not started again: this does not get better by trying."""
    click.echo(f"Error: {sentence}", err=True)
    sys.exit(DO_NOT_RETRY)


@click.command("match")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def match_file(file: Path) -> None:
    """Match the people of FILE (JSON) and print who meets whom, when and why."""
    try:
        problem = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise click.ClickException(f"{file} holds no JSON that can be read.") from None
    try:
        answer = offload("events.pairing.json_api:match_json", problem, MATCH_BOUNDS)
    except OffloadFailed as bad:
        raise click.ClickException(f"{file}: {bad}") from None
    if isinstance(answer, dict) and "error" in answer:
        raise click.ClickException(f"{file}: {answer['error']}")
    click.echo(json.dumps(answer, indent=2))


@click.command("doctor", cls=OnInstallation)
@with_appcontext
def examine() -> None:
    """Check settings, database, queue, mail, media and calls, in plain words."""
    unreadable = current_app.config.get("UNREADABLE", [])
    findings = [Finding("bad", sentence) for sentence in unreadable] or doctor.examine(_settings())
    for finding in findings:
        click.secho(f"{finding.level:8} {finding.sentence}", fg=COLOURS[finding.level])
    if unreadable or (any(finding.level == "bad" for finding in findings) and _settings().production):
        sys.exit(1)


@click.command(cls=OnInstallation)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=ROOT / "var" / "backups")
@click.option(
    "--keep", type=click.IntRange(min=1), help="Delete all archives there but this many, the newest."
)
@click.option("--trial", is_flag=True, help="Keep the trial in var/, where no settings name an installation.")
@with_appcontext
def backup(to: Path, keep: int | None, trial: bool) -> None:
    """Write one archive with the database and the media, while people are in."""
    settings = _settings()
    if not (trial or settings.production or "database_url" in settings.model_fields_set):
        raise click.ClickException(
            "This shell has no settings, so this would keep the trial in var/ and not your installation: "
            "use deploy/ontmoet backup, which reads the settings file, or --trial if you mean the trial."
        )
    try:
        click.echo(f"Kept in {back_up(settings, to)}")
    except BackupFailed as failed:
        raise click.ClickException(str(failed)) from None
    for gone in prune(to, keep) if keep is not None else ():
        click.echo(f"Deleted {gone}")


@click.command(cls=OnInstallation)
@with_appcontext
def retry() -> None:
    """Try all jobs and mails again that were given up; mails that are no longer due are dropped then."""
    with unit_of_work() as db:
        mails = outbox.retry_failed(db)
        jobs = queue.revive(db)
    click.echo(f"{mails} mails and {jobs} jobs wait again.")


@click.command()
@with_appcontext
def reference() -> None:
    """Write docs/reference.md from what the code declares."""
    (ROOT / "docs" / "reference.md").write_text(write_reference())


COMMANDS = (assets, upgrade, prepare, seed, work, match_file, examine, backup, retry, reference, messages)
