"""Chat history as JSON, and the form without scripts."""

import pytest
from sqlalchemy import select

from events.chat.models import Entry
from events.core.db.session import unit_of_work
from events.livestreams.models import Livestream
from tests.factories.chat import make_line
from tests.factories.livestreams import make_livestream
from tests.support.cast import Cast
from tests.support.types import OpenPage


def bodies() -> list[str]:
    with unit_of_work() as db:
        return list(db.scalars(select(Entry.body).order_by(Entry.seq)))


def test_history_is_json_of_the_documented_shape(cast: Cast, live: Livestream, page: OpenPage) -> None:
    with unit_of_work() as db:
        for number in range(1, 4):
            make_line(db, live, cast.bram, f"Bericht {number}")

    answer = page(cast.chris).get(f"/livestreams/{live.slug}/chat?after=1")

    assert answer.status_code == 200
    data = answer.get_json()
    assert data.keys() == {"entries", "last_seq", "more", "state", "version"}
    assert [entry["body"] for entry in data["entries"]] == ["Bericht 2", "Bericht 3"]
    assert (data["last_seq"], data["more"], data["state"], data["version"]) == (3, False, "live", 1)


def test_history_pages_and_gives_the_newest_without_a_number(
    cast: Cast, live: Livestream, page: OpenPage
) -> None:
    with unit_of_work() as db:
        for number in range(1, 61):
            make_line(db, live, cast.bram, f"Bericht {number}")
    bram = page(cast.bram)
    address = f"/livestreams/{live.slug}/chat"
    assert [entry["seq"] for entry in bram.get(address).get_json()["entries"]] == list(range(11, 61))
    first = bram.get(f"{address}?after=0").get_json()
    assert (len(first["entries"]), first["more"]) == (50, True)
    assert bram.get(f"{address}?after=0", headers={"Accept": "application/json"}).get_json() == first


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1.5", "before=99999999999999", "since=1"])
def test_an_invalid_number_in_the_url_is_refused(
    cast: Cast, live: Livestream, page: OpenPage, query: str
) -> None:
    answer = page(cast.bram).get(
        f"/livestreams/{live.slug}/chat?{query}", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.get_json()["error"]["message"]


@pytest.mark.parametrize(("who", "status"), [("olga", 404), ("visitor", 303)])
def test_an_outsider_finds_neither_history_nor_form(
    cast: Cast, live: Livestream, page: OpenPage, who: str, status: int
) -> None:
    with unit_of_work() as db:
        make_line(db, live, cast.bram, "Alleen voor de kring")
    someone = page(cast.olga if who == "olga" else None)
    for slug in (live.slug, "bestaat-niet"):
        assert someone.get(f"/livestreams/{slug}/chat").status_code == status
        refused = someone.post(f"/livestreams/{slug}/chat", client_id="client-0001", body="Binnen?")
        assert refused.status_code == status
    assert bodies() == ["Alleen voor de kring"]


def test_visitors_of_a_public_livestream_read_its_history(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        public = make_livestream(db, cast.circle, cast.anna, state="live", audience="public")
        make_line(db, public, cast.bram, "Welkom")
    data = page(None).get(f"/livestreams/{public.slug}/chat").get_json()
    assert [entry["body"] for entry in data["entries"]] == ["Welkom"]


def test_without_scripts_a_message_goes_by_form(cast: Cast, live: Livestream, page: OpenPage) -> None:
    bram = page(cast.bram)
    for _twice in range(2):
        answer = bram.post(f"/livestreams/{live.slug}/chat", client_id="client-0001", body="Per formulier")
        assert answer.status_code == 303
        assert answer.location == f"/livestreams/{live.slug}?tab=chat"
    assert bodies() == ["Per formulier"]


def test_a_page_with_a_blocked_socket_posts_by_form_and_gets_json(
    cast: Cast, live: Livestream, page: OpenPage
) -> None:
    bram = page(cast.bram)
    token = bram.csrf_token()

    def send(body: str) -> tuple[int, dict[str, object]]:
        answer = bram.client.post(
            f"/livestreams/{live.slug}/chat",
            data={"csrf_token": token, "client_id": "client-0001", "body": body},
            headers={"Accept": "application/json"},
        )
        return answer.status_code, answer.get_json()

    assert send("Langs de achterdeur")[1]["seq"] == 1
    assert send("Langs de achterdeur")[1]["seq"] == 1
    status, data = send("Heel iets anders")
    assert (status, data["error"]["code"]) == (409, "client_id_reused")  # type: ignore[index]  # parsed JSON


@pytest.mark.parametrize("body", ["", "   ", "x" * 2001, "nul\x00"])
def test_a_refused_message_comes_back_with_everything_typed(
    cast: Cast, live: Livestream, page: OpenPage, body: str
) -> None:
    answer = page(cast.bram).post(f"/livestreams/{live.slug}/chat", client_id="client-0001", body=body)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert 'aria-invalid="true"' in html
    assert body.strip("\x00 ") in html
    assert bodies() == []


def test_a_form_sent_too_late_is_refused_with_its_text_kept(cast: Cast, page: OpenPage) -> None:
    with unit_of_work() as db:
        announced = make_livestream(db, cast.circle, cast.anna)
    answer = page(cast.bram).post(
        f"/livestreams/{announced.slug}/chat", client_id="client-0001", body="Alvast hallo"
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The chat opens with the lobby." in html
    assert "Alvast hallo" in html
