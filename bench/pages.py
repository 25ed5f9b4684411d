"""Benchmark of the Today page, beside a bare Flask and Jinja page of equal size.

python -m bench.pages
"""

import re
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from events.app import create_app
from events.core.config import Settings
from events.core.db import migrations
from events.core.db.session import engine
from events.seed.run import PASSWORD, sow

ROUNDS = 9
PAGES = 40  # a round
BARE = "<!doctype html><title>bare</title><ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>"
LINE = "a line of text as long as others are"


def main() -> None:
    print(table())


def table() -> str:
    """Rounds of both in turn, so that whatever else the machine does falls on both."""
    with TemporaryDirectory() as home:
        ours = signed_in(Path(home))
        size = len(ours.get("/").data)
        bare = bare_page(size)
        taken: dict[FlaskClient, list[float]] = {ours: [], bare: []}
        for client in [ours, bare] * ROUNDS:
            taken[client].append(seconds_for(client))
        engine().dispose()
    today, plain = (PAGES / median(taken[client]) for client in (ours, bare))
    ratios = [mine / other for mine, other in zip(taken[ours], taken[bare], strict=True)]
    return "\n".join(
        [
            "| page | bytes | pages per second | time, as a multiple of the bare page (median, least–most) |",
            "|---|---|---|---|",
            f"| Today, signed in, SQLite | {size:,} | {today:,.0f} | "
            f"{median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f}) |",
            f"| bare Flask and Jinja | {len(bare.get('/').data):,} | {plain:,.0f} | 1 |",
        ]
    )


def seconds_for(client: FlaskClient) -> float:
    began = time.perf_counter()
    for _page in range(PAGES):
        assert client.get("/").status_code == 200
    return time.perf_counter() - began


def signed_in(home: Path) -> FlaskClient:
    """Bram's browser at a scratch installation with the demo circle."""
    settings = Settings(database_url=f"sqlite:///{home}/bench.db", media_dir=home / "media", limits="off")
    app = create_app(settings)
    with app.test_request_context(base_url=settings.public_url):
        migrations.upgrade()
        sow(settings)
    client = app.test_client()
    form = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    fields = {"csrf_token": token[1], "email": "bram@demo.test", "password": PASSWORD, "how": "password"}
    assert client.post("/sign-in", data=fields).status_code == 303
    return client


def bare_page(size: int) -> FlaskClient:
    app = Flask("bare")
    rows = [LINE] * max(1, round((size - len(BARE)) / (len(LINE) + len("<li></li>"))))
    app.add_url_rule("/", "page", lambda: render_template_string(BARE, rows=rows))
    return app.test_client()


if __name__ == "__main__":
    main()
