"""Chat replay of a large room: bounded pages, every message reachable."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from events.accounts.models import User
from events.chat.models import Entry
from events.core.db.session import unit_of_work
from events.core.ids import new_id
from events.livestreams.models import Livestream
from events.recordings.queries.chat_replay import LINES_A_PAGE
from tests.architecture.test_query_counts import count_statements
from tests.factories.chat import make_room
from tests.factories.livestreams import make_livestream
from tests.factories.recordings import make_recording
from tests.support.cast import Cast
from tests.support.clients import PageClient

MAX_BYTES = 100_000
LINES = 20_000
A_SECOND = 5


def fill_room(livestream: Livestream, author: User, many: int) -> None:
    """Add `many` messages, five per second from the start on."""
    began_at = livestream.went_live_at or livestream.starts_at
    with unit_of_work() as db:
        room = make_room(db, livestream)
        first, room.seq = room.seq + 1, room.seq + many
        rows = [
            {
                "room_id": room.id,
                "seq": seq,
                "id": new_id(),
                "kind": "posted",
                "author_id": author.id,
                "client_id": str(seq),
                "body": f"Line {seq} of this evening, with some words.",
                "body_hash": "",
                "sent_at": began_at + timedelta(seconds=seq // A_SECOND),
            }
            for seq in range(first, first + many)
        ]
        db.execute(insert(Entry), rows)


def seqs(html: str) -> list[int]:
    return [int(text) for text in re.findall(r'data-seq="(\d+)"', html)]


@pytest.fixture
def crowded(cast: Cast) -> Livestream:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay", audience="public")
        make_recording(db, livestream, length=7200)
    fill_room(livestream, cast.dana, 4 * LINES_A_PAGE)
    return livestream


def test_the_first_page_is_bounded_and_leads_on_without_javascript(
    app: Flask, cast: Cast, crowded: Livestream
) -> None:
    browser, address = PageClient(app, cast.bram), f"/livestreams/{crowded.slug}"
    found, path = [], address
    for _page in range(5):
        html = browser.get(path).text
        found += seqs(html)
        later = re.search(r'data-way="later"\s+href="([^"#]+)', html)
        if later is None:
            break
        path = later[1]
    assert found == list(range(1, 4 * LINES_A_PAGE + 1))


def test_pages_lead_back_to_the_first_line(app: Flask, cast: Cast, crowded: Livestream) -> None:
    browser = PageClient(app, cast.bram)
    found: list[int] = []
    path: str | None = f"/livestreams/{crowded.slug}?until={3 * LINES_A_PAGE + 1}"
    while path is not None:
        html = browser.get(path).text
        found = seqs(html) + found
        earlier = re.search(r'data-way="earlier"\s+href="([^"#]+)', html)
        path = earlier[1] if earlier else None
    assert found == list(range(1, 3 * LINES_A_PAGE + 1))


def test_a_second_of_the_recording_returns_its_chat_messages(
    app: Flask, cast: Cast, crowded: Livestream
) -> None:
    html = PageClient(app, cast.bram).get(f"/livestreams/{crowded.slug}?t=20").text
    assert {20 * A_SECOND, 20 * A_SECOND + 4} <= set(seqs(html))
    assert len(seqs(html)) == LINES_A_PAGE


@pytest.mark.parametrize("odd", ["t=-1", "t=x", "from=99999999999", "until=0", "from=1&until=1", "t=٣"])
def test_an_invalid_position_gives_the_first_page(
    app: Flask, cast: Cast, crowded: Livestream, odd: str
) -> None:
    assert PageClient(app, cast.bram).get(f"/livestreams/{crowded.slug}?{odd}").status_code == 200


def test_a_fragment_requires_permission_to_watch(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        inside = make_livestream(db, cast.circle, cast.anna, state="replay", audience="members")
        recording = make_recording(db, inside)
    fill_room(inside, cast.dana, 3)
    address = f"/recordings/{recording.id}/chat?from=2"
    assert seqs(PageClient(app, cast.bram).get(address).text) == [2, 3]
    assert PageClient(app, cast.olga).get(address).status_code == 404
    assert PageClient(app, None).get(address).status_code == 303  # redirect to sign-in


@pytest.mark.long
def test_page_cost_is_independent_of_the_number_of_messages(app: Flask, cast: Cast) -> None:
    with unit_of_work() as db:
        livestream = make_livestream(db, cast.circle, cast.anna, state="replay", audience="public")
        recording = make_recording(db, livestream, length=7200)
    fill_room(livestream, cast.dana, 100)
    browser = PageClient(app, cast.bram)
    paths = [
        f"/livestreams/{livestream.slug}",
        f"/livestreams/{livestream.slug}?t=10",
        f"/recordings/{recording.id}/chat?t=10",
    ]
    few = [(len(browser.get(path).data), len(count_statements(browser, path))) for path in paths]
    fill_room(livestream, cast.dana, LINES)
    for path, (size, statements) in zip(
        [address.replace("=10", "=2000") for address in paths], few, strict=True
    ):
        html = browser.get(path).data
        assert len(html) < min(MAX_BYTES, 1.2 * size)
        assert len(count_statements(browser, path)) == statements
