"""Page requests: CSRF tokens, headers, hosts, redirects, and limits before a body is read."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from events.app import create_app
from events.core import rate_limits
from events.core.auth import endpoints
from events.core.config import Settings
from events.core.db.session import unit_of_work
from events.core.jobs import worker
from events.core.web.request import safe_path
from tests.architecture.test_rights import address, browser, new_world
from tests.factories.livestreams import make_livestream
from tests.support.bad_values import count_rows
from tests.support.cast import Cast
from tests.support.types import OpenPage

ELSEWHERE = (
    "//evil.test", "/\\evil.test", "\\\\evil.test", "///evil.test", "/\t/evil.test", "/\n/evil.test",
    "https:evil.test", "https://evil.test", "http://localhost@evil.test", "javascript:alert(1)", "evil.test",
    "/a\r\nSet-Cookie: x=1", "/a\\..\\evil", "\x00/", " //evil.test", "",
)  # fmt: skip
POSTED = sorted(door.name for door in endpoints.endpoints.values() if "POST" in door.methods)
GET_PAGES = sorted(door.name for door in endpoints.endpoints.values() if "GET" in door.methods)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_address_leads_to_another_host(path: str) -> None:
    assert safe_path(path) == "/"


@pytest.mark.parametrize("path", ELSEWHERE)
def test_signing_in_never_leads_away(page: OpenPage, cast: Cast, path: str) -> None:
    for answer in (
        page(cast.anna).get("/sign-in", query_string={"next": path}),
        page(None).post("/theme", theme="dark", next=path),
        page(None).post("/locale", locale="nl", next=path),
    ):
        assert answer.status_code in {303, 422}
        assert answer.headers.get("Location", "/") == "/"


@pytest.mark.parametrize("endpoint", POSTED)
def test_nothing_is_done_without_the_token_of_the_page(app: Flask, endpoint: str) -> None:
    world = new_world()
    member = browser(app, world, "owner")
    before = count_rows()
    path = address(endpoints.endpoints[f"page {endpoint}"].rule, endpoint, world)
    foreign = browser(app, world, "visitor").csrf_token()
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": foreign + "x"}):
        answer = member._free_context(lambda token=token: member.client.post(path, data=token))  # type: ignore[misc]  # bound here
        if endpoint == "notifications.unsubscribe":  # a mail program has none; the secret is in the address
            assert answer.status_code in {303, 404}
        else:
            assert answer.status_code == 400
            assert "no longer counts" in answer.get_data(as_text=True)
    assert count_rows() == before


# Mails as they arrive, with their own styles: nothing in them runs, and only a page of ours may show them.
MAILS_IN_A_FRAME = {"notifications.invitation_preview", "notifications.message"}


@pytest.mark.parametrize("endpoint", GET_PAGES)
def test_every_page_carries_the_policy_and_looking_changes_nothing(app: Flask, endpoint: str) -> None:
    world = new_world()
    for actor in ("visitor", "owner", "partner"):
        page = browser(app, world, actor)
        before = count_rows()
        answer = page.get(address(endpoints.endpoints[f"page {endpoint}"].rule, endpoint, world))
        assert count_rows() == before
        policy = answer.headers["Content-Security-Policy"]
        if endpoint in MAILS_IN_A_FRAME and answer.status_code == 200:
            assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
            assert "frame-ancestors 'self'" in policy
            assert "script-src" not in policy
            assert policy.endswith("; sandbox")
            continue
        nonces = set(re.findall("'nonce-([^']+)'", policy))
        assert "unsafe-eval" not in policy
        assert endpoint.startswith("notifications.dev_mail") or "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.mimetype == "image/png":
            continue
        text = answer.get_data(as_text=True)
        assert set(re.findall(r'nonce="([^"]+)"', text)) <= nonces
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text)
        assert all("nonce=" in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", text))
        if "text/html" in answer.headers["Content-Type"]:
            assert "no-store" in answer.headers["Cache-Control"]


def test_two_answers_never_share_a_nonce(page: OpenPage) -> None:
    visitor = page(None)
    policies = {visitor.get("/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_only_the_page_with_that_film_may_frame_its_player(page: OpenPage, cast: Cast) -> None:
    with unit_of_work() as db:
        film = make_livestream(db, cast.circle, cast.anna, state="live")
        film.provider, film.source_ref = "youtube", "dQw4w9WgXcQ"
        plain = make_livestream(db, cast.circle, cast.anna, title="Zonder", state="announced")
        plain.provider, plain.source_ref = None, None
    bram = page(cast.bram)
    framed = bram.get(f"/livestreams/{film.slug}").headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com;" in framed
    for path in (f"/livestreams/{plain.slug}", "/livestreams", f"/circles/{cast.circle.slug}", "/"):
        assert "frame-src 'none'" in bram.get(path).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/photos/../../etc/passwd", "/photos/..%2f..%2fetc%2fpasswd", "/photos/..%5c..%5csecret",
        "/photos/%2e%2e/%2e%2e/test.db", "/photos/x.webp%00.png", "/dev/mail/..%2f..%2ftest", "/dev/mail/..",
        "/dev/mail/%2e%2e%2ftest.db/html", "/static/../events/app.py", "/static/..%2fevents%2fapp.py",
        "/static/%2e%2e/pyproject.toml", "/static//etc/passwd", "/static/css/../../wsgi.py",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_its_folder(page: OpenPage, cast: Cast, path: str) -> None:
    answer = page(cast.anna).get(path)
    assert answer.status_code in {308, 400, 404}
    assert "root:" not in answer.get_data(as_text=True)
    assert "create_app" not in answer.get_data(as_text=True)


def test_too_much_at_once_is_refused_before_it_is_read(page: OpenPage, cast: Cast) -> None:
    bram = page(cast.bram)
    many: dict[str, Any] = {f"name{number}": "" for number in range(40_000)}
    assert bram.post("/me", **many).status_code == 413
    assert bram.post("/me", name="x" * 300_000).status_code == 413
    answer = bram._free_context(
        lambda: bram.client.post(
            "/me/photo", data=b"x" * 10_000_000, content_type="multipart/form-data; boundary=x"
        )
    )
    assert answer.status_code == 413


@pytest.fixture
def in_production(settings: Settings, app: Flask) -> Iterator[Flask]:
    """The same database behind the settings of an installation that people use."""
    if not settings.embedded:
        pytest.skip("an installation on PostgreSQL needs Redis; the doors are the same on SQLite")
    public = Settings(
        public_url="https://ontmoet.example", secret_key="uE7-koffie-met-een-ander-QmZ3vTrs", mail_url="smtp://mail.example",
        mail_from="koffie@ontmoet.example", database_url=settings.database_url, media_dir=settings.media_dir,
        metrics_token="m" * 30,
    )  # fmt: skip
    yield create_app(public)
    create_app(settings)


def ask(
    app: Flask, path: str, host: str = "ontmoet.example", caller: str = "203.0.113.7", **more: str
) -> int:
    headers = {"Host": host, "X-Forwarded-For": caller, "X-Forwarded-Proto": "https", **more}
    return app.test_client().get(path, headers=headers).status_code


def test_an_installation_hides_its_mailbox_and_its_numbers(in_production: Flask) -> None:
    assert ask(in_production, "/dev/mail") in {303, 404}
    assert ask(in_production, "/metrics") in {303, 404}
    assert ask(in_production, "/metrics", caller="127.0.0.1, 203.0.113.7") in {303, 404}
    for proxy_says in ("127.0.0.1", "::1", "", "127.0.0.1, 127.0.0.1"):
        assert ask(in_production, "/metrics", caller=proxy_says) in {303, 404}
    assert ask(in_production, "/metrics", Authorization="Bearer " + "m" * 30) == 200


def test_whether_an_installation_is_well_names_no_parts_to_strangers(in_production: Flask) -> None:
    worker.beat("one:1")
    headers = {"Host": "ontmoet.example", "X-Forwarded-Proto": "https"}
    stranger = in_production.test_client().get("/readyz", headers=headers)
    assert (stranger.status_code, stranger.json) == (200, {"ready": True})
    operator = headers | {"Authorization": "Bearer " + "m" * 30}
    assert "database" in (in_production.test_client().get("/readyz", headers=operator).json or {})


def test_asking_whether_it_is_well_is_limited_per_network(app: Flask) -> None:
    worker.beat("one:1")
    rate_limits.configure(None, enabled=True)
    try:
        answers = [
            app.test_client()
            .get("/readyz", environ_overrides={"REMOTE_ADDR": f"2001:db8::{n:x}"})
            .status_code
            for n in range(121)
        ]
    finally:
        rate_limits.configure(None, enabled=False)
    assert answers == [200] * 120 + [429]


def test_files_carry_what_pages_carry(in_production: Flask) -> None:
    """A file opened by itself runs nothing, frames nothing, and is lent to no other site."""
    headers = {"Host": "ontmoet.example", "X-Forwarded-Proto": "https", "Origin": "https://evil.test"}
    for path in ("/static/css/tokens.css", "/static/img/mark.svg", "/static/js/main.js"):
        answer = in_production.test_client().get(path, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()
    page = in_production.test_client().get("/help", headers=headers)
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Clear-Site-Data" not in page.headers


def test_an_installation_answers_to_its_own_name_only(in_production: Flask) -> None:
    assert ask(in_production, "/privacy") == 200
    assert ask(in_production, "/healthz", host="localhost") == 200
    for host in ("evil.test", "ontmoet.example.evil.test", "ontmoet.example@evil.test"):
        assert ask(in_production, "/privacy", host=host) == 400


def test_an_installation_sets_a_cookie_for_itself_alone(in_production: Flask) -> None:
    client = in_production.test_client()
    answer = client.get("/sign-in", base_url="https://ontmoet.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-ontmoet=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["Strict-Transport-Security"]


def test_the_mailbox_of_development_opens_to_names_of_this_machine_only(page: OpenPage, cast: Cast) -> None:
    anna = page(cast.anna)
    assert anna.get("/dev/mail").status_code == 200
    assert anna.get("/dev/mail", headers={"Host": "rebound.evil.test"}).status_code == 403


def test_mails_link_to_the_configured_host_whatever_the_request_says(
    app: Flask,
    page: OpenPage,
    cast: Cast,
    outbox: Callable[[], list[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "wsgi_app", app.wsgi_app._app)  # type: ignore[attr-defined]  # past the guard of a trial
    visitor = page(None)
    token = visitor.csrf_token()
    cookie = visitor.client.get_cookie("ontmoet")
    assert cookie is not None
    visitor.client.set_cookie("ontmoet", cookie.value, domain="evil.test")
    visitor._free_context(
        lambda: visitor.client.post(
            "/sign-in",
            data={"email": cast.anna.email, "how": "link", "csrf_token": token},
            headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"},
        )
    )
    (mail,) = outbox()
    assert "evil.test" not in str(mail)
    assert "http://localhost:8000/k/" in str(mail)
