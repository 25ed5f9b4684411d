"""deploy/nginx.conf in front of two processes: sockets, pages, files, secrets, and a rolling restart."""

import random
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from typing_extensions import override

from events.seed.run import PASSWORD
from tests.faults.chat_clients import a_busy_room, wait_until
from tests.faults.conftest import CUT_OFF, PAGE, Scene, raise_scene
from tests.support.cluster import Installation, several
from tests.support.http_and_socket_client import Member
from tests.support.nginx_server import Nginx, nginx
from tests.support.processes import Ontmoet, free_port

pytestmark = [pytest.mark.journey, CUT_OFF]


@dataclass
class Front:
    """What people see of the installation, and what stands behind it."""

    proxy: Nginx
    scene: Scene
    installation: Installation


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    home, port = tmp_path_factory.mktemp("front"), free_port()
    public = f"http://localhost:{port}"
    with (
        several(home, PUBLIC_URL=public) as installation,
        nginx(home / "nginx", installation.webs, port) as proxy,
    ):
        door = Ontmoet(home / "web0", **installation.webs[0].environment)
        door.url = proxy.url
        yield Front(proxy, raise_scene([door]), installation)


def figure(web: Ontmoet, name: str) -> float:
    """The sum of all figures that begin so, asked of one process behind the proxy."""
    _status, _headers, metrics = ask(f"{web.url}/metrics")
    lines = [line for line in metrics.decode().splitlines() if line.startswith(name)]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def pages_of(web: Ontmoet) -> float:
    return figure(web, "ontmoet_pages_total{")


class _Stay(urllib.request.HTTPRedirectHandler):
    @override
    def redirect_request(self, *_arguments: object) -> None:
        """Where one is sent on to is looked at, not followed."""


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()


def test_sockets_and_pages_go_to_both_processes_without_a_sticky_session(front: Front) -> None:
    answered = [pages_of(web) for web in front.installation.webs]
    with a_busy_room(front.scene.room, front.scene.members, seed=1) as history:
        while len(history.kept) < 30:
            front.scene.room.read(front.scene.members[0])
        assert all(figure(web, "ontmoet_sockets ") > 0 for web in front.installation.webs)
    for before, web in zip(answered, front.installation.webs, strict=True):
        assert pages_of(web) > before + 1, "more than the look at its figures"


def gets_pages_again(front: Front, web: Ontmoet) -> bool:
    """Whether nginx gives this process its turns; for two seconds it passes over one that was down."""
    before = pages_of(web)
    for _turn in front.installation.webs:
        assert ask(front.proxy.url + "/healthz")[0] == 200
    return pages_of(web) > before + 1  # more than the look at its figures


def test_a_rolling_restart_loses_and_duplicates_nothing(front: Front) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - printed, so that it can be played again
    with a_busy_room(front.scene.room, front.scene.members, seed=seed) as history:
        for web in front.installation.webs:
            kept = len(history.kept)
            while len(history.kept) < kept + 5:
                assert ask(front.proxy.url + "/healthz")[0] == 200
            assert web.process is not None
            web.process.terminate()
            while web.process.poll() is None:
                assert ask(front.proxy.url + "/healthz")[0] == 200, "a page was refused during the restart"
            web.start()
            wait_until(partial(gets_pages_again, front, web), "pages for the process that restarted")


def test_metrics_are_internal_and_secret_links_are_not_logged(front: Front) -> None:
    assert ask(front.proxy.url + "/metrics")[0] == 404
    ask(front.proxy.url + "/k/secret-of-a-mail")
    ask(front.proxy.url + "/feeds/secret-of-a-feed.ics")
    # nginx writes a line once the answer has left.
    wait_until(lambda: front.proxy.log().count("/... ") == 2, "the two lines")
    assert "secret-of" not in front.proxy.log()


def test_plain_http_is_sent_on_to_https(front: Front) -> None:
    status, headers, _body = ask(f"http://localhost:{front.proxy.plain_port}{PAGE}")
    assert (status, headers["Location"]) == (301, f"https://localhost{PAGE}")


def test_a_forged_host_header_does_not_change_the_https_redirect(front: Front) -> None:
    _status, headers, _body = ask(f"http://localhost:{front.proxy.plain_port}{PAGE}", Host="evil.test")
    assert headers["Location"] == f"https://localhost{PAGE}"


@pytest.mark.parametrize(
    "path", ["/feeds/secret.ics", "/unsubscribe/secret", "/socket.io/?EIO=4", "/metrics"]
)
def test_programs_on_plain_http_are_refused_without_a_redirect(front: Front, path: str) -> None:
    """A feed that works over http would send its secret in the open every hour, and nobody would notice."""
    status, headers, _body = ask(f"http://localhost:{front.proxy.plain_port}{path}")
    assert (status, headers.get("Location")) == (403, None)
    assert "secret" not in front.proxy.log()


def test_static_files_come_from_nginx_and_missing_ones_from_a_process(front: Front) -> None:
    status, headers, body = ask(front.proxy.url + "/static/css/tokens.css")
    assert status == 200
    assert headers["Content-Type"].startswith("text/css")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert b"--paper" in body
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "includeSubDomains" in headers["Strict-Transport-Security"]
    assert "Access-Control-Allow-Origin" not in headers
    assert ask(front.proxy.url + "/static/css/absent.css")[0] == 404
    assert ask(front.proxy.url + "/static/../pyproject.toml")[0] != 200


def test_a_request_body_over_the_limit_is_refused(front: Front) -> None:
    bram = Member("bram", front.scene.web, PASSWORD)
    with pytest.raises(urllib.error.HTTPError) as refused:
        bram.post(front.scene.web, "/me", name="x" * 10_000_000)
    assert refused.value.code == 413
