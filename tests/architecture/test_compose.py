"""deploy/compose.yaml: what every container has, and that nginx finds one again that got another address."""

import re
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dns.message
import dns.rrset
import pytest
import yaml
from typing_extensions import override

from tests.faults.chat_clients import wait_until
from tests.support.nginx_server import AS_USER, BUNDLED
from tests.support.processes import ROOT, free_port, wait_for_port

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
OURS = ["prepare", "web1", "web2", "worker"]


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


@pytest.mark.parametrize("name", LASTING)
def test_a_container_comes_back_and_is_bounded_in_memory_and_log(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["logging"]["driver"] == "json-file"
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])


@pytest.mark.parametrize("name", [name for name in LASTING if name != "worker"])
def test_a_container_that_others_wait_for_says_whether_it_lives(name: str) -> None:
    """The worker says so itself, in /readyz."""
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert seconds(check["timeout"]) <= seconds(check["interval"])


@pytest.mark.parametrize("name", list(SERVICES))
def test_a_container_waits_until_what_it_needs_has_come_up(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[needed]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[needed]["restart"] == "no"


def test_processes_of_ours_run_one_image_with_the_same_settings_and_files() -> None:
    for name in OURS:
        service = SERVICES[name]
        assert (service["image"], service["env_file"]) == ("ontmoet", "settings.env")
        assert service["volumes"] == ["state:/var/lib/ontmoet"]
    commands = {name: SERVICES[name]["command"][1] for name in ("prepare", "worker")}
    assert commands == {"prepare": "upgrade", "worker": "work"}
    assert "build" in SERVICES["prepare"], "one service builds the image, and the others use it"


def test_whatever_is_named_is_there() -> None:
    named = {volume.partition(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])}
    files = {name for name in named if name.startswith("./")}
    assert named - files == set(COMPOSE["volumes"])
    given_by_the_operator = {"./tls"}
    assert all((DEPLOY / name).is_file() for name in files - given_by_the_operator)
    assert (DEPLOY / SERVICES["prepare"]["build"]["context"] / "deploy" / "Dockerfile").is_file()


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["default"]["enable_ipv6"] is True, "every IPv6 visitor would have one address"


def test_nginx_knows_every_web_process_and_has_places_for_their_sockets() -> None:
    upstream = (DEPLOY / "upstream-compose.conf").read_text()
    webs = [name for name in SERVICES if name.startswith("web")]
    port = SERVICES["web1"]["environment"]["PORT"]
    assert re.findall(r"^ +server (\S+)", upstream, re.MULTILINE) == [f"{name}:{port}" for name in webs]
    frame = (DEPLOY / "nginx-compose.conf").read_text()
    connections = re.search(r"worker_connections (\d+)", frame)
    files = re.search(r"worker_rlimit_nofile (\d+)", frame)
    assert connections is not None
    assert files is not None
    assert int(connections[1]) <= int(files[1]) <= SERVICES["nginx"]["ulimits"]["nofile"]["soft"]


class Names:
    """A name server on loopback, as Docker's: `addresses` may change at any time."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = addresses
        self.port = free_port()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                data, caller = self._socket.recvfrom(4096)
            except OSError:
                return
            asked = dns.message.from_wire(data)
            name = asked.question[0].name
            answer = dns.message.make_response(asked)
            address = self.addresses.get(name.to_text(omit_final_dot=True))
            if address is not None:
                answer.answer.append(dns.rrset.from_text(name, 1, "IN", "A", address))
            self._socket.sendto(answer.to_wire(), caller)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def answering(address: str, port: int, words: bytes) -> Iterator[None]:
    """A web process of that address, which says these words."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(words)

        @override
        def log_message(self, *_arguments: object) -> None: ...

    server = ThreadingHTTPServer((address, port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def framed(home: Path, names: Names, port: int, process_port: int) -> str:
    """deploy/nginx-compose.conf with the upstreams as shipped, and the paths and ports of this machine."""
    frame = (DEPLOY / "nginx-compose.conf").read_text()
    upstream = (DEPLOY / "upstream-compose.conf").read_text()
    upstream = upstream.replace("127.0.0.11 valid=2s", f"127.0.0.1:{names.port} valid=1s")
    upstream = upstream.replace(":8000", f":{process_port}")
    site = f"{upstream}\nserver {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://ontmoet; }} }}"
    temporary = "".join(
        f"{kind}_temp_path {home}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for old, new in {
        "user nginx;": AS_USER + "\ndaemon off;",
        "worker_processes auto;": "worker_processes 1;",
        "/run/nginx.pid": f"{home}/pid",
        "/var/log/nginx/error.log warn": f"{home}/error.log info",
        "include /etc/nginx/mime.types;": "access_log off;",
        "include /etc/nginx/conf.d/*.conf;": temporary + site,
    }.items():
        assert old in frame
        frame = frame.replace(old, new)
    return frame


def asked(port: int) -> bytes:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as failed:
        return str(failed.code).encode()


def test_nginx_finds_a_recreated_container_without_a_reload(tmp_path: Path) -> None:
    names = Names(web1="127.0.0.1", web2="127.0.0.1")
    port, process_port = free_port(), free_port()
    (tmp_path / "nginx.conf").write_text(framed(tmp_path, names, port, process_port))
    command = [
        str(BUNDLED),
        "-p",
        str(tmp_path),
        "-c",
        f"{tmp_path}/nginx.conf",
        "-e",
        f"{tmp_path}/start.log",
    ]
    with subprocess.Popen(command, cwd=tmp_path) as proxy:
        try:
            wait_for_port(port)
            with answering("127.0.0.1", process_port, b"before"):
                wait_until(lambda: asked(port) == b"before", "the first container")
            names.addresses = {"web1": "127.0.0.9", "web2": "127.0.0.9"}
            with answering("127.0.0.9", process_port, b"after"):
                wait_until(lambda: asked(port) == b"after", "the container made anew")
        finally:
            proxy.terminate()
            names.close()
