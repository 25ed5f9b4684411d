"""Benchmark of the personal calendar feed: an unchanged feed (304) beside the whole file.

python -m bench.realtime.feed
"""

import re
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from sqlalchemy import event

from bench.pages import signed_in
from events.core.db.session import engine

ROUNDS, READS = 7, 20


def main(short: bool) -> str:
    rounds = 2 if short else ROUNDS
    with TemporaryDirectory() as home:
        client = signed_in(Path(home))
        address = make_feed(client)
        client = client.application.test_client()  # a calendar program, which is not signed in
        whole = client.get(address)
        assert whole.status_code == 200
        known = {"If-None-Match": whole.headers["ETag"]}
        asked = [count_queries(client, address, headers) for headers in ({}, known)]
        taken: tuple[list[float], list[float]] = ([], [])
        for _round in range(rounds):
            for times, headers in zip(taken, ({}, known), strict=True):
                times.append(seconds_for(client, address, headers))
        engine().dispose()
    all_of_it, nothing_new = (median(times) / READS * 1000 for times in taken)
    return "\n".join(
        [
            "| the feed | answer | queries | ms a reading | promise |",
            "|---|---|---|---|---|",
            f"| read for the first time | 200, {len(whole.data):,} bytes | {asked[0]} | {all_of_it:.1f} | |",
            f"| unchanged | 304, empty | {asked[1]} | {nothing_new:.1f} | 304 with ≤ 3 queries |",
        ]
    )


def make_feed(client: FlaskClient) -> str:
    page = client.get("/me/feed").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert client.post("/me/feed", data={"csrf_token": token[1]}).status_code == 303
    found = re.search(r"/feeds/[^\"'<\s]+\.ics", client.get("/me/feed").get_data(as_text=True))
    assert found is not None
    return found[0]


def count_queries(client: FlaskClient, address: str, headers: dict[str, str]) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    client.get(address, headers=headers)
    event.remove(engine(), "before_cursor_execute", note)
    return len([one for one in asked if not one.startswith("BEGIN")])


def seconds_for(client: FlaskClient, address: str, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    for _reading in range(READS):
        assert client.get(address, headers=headers).status_code == (304 if headers else 200)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(main(short=False))
