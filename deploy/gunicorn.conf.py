"""How gunicorn serves one process of Ontmoet: one gevent worker, and what runs beside its requests."""

# ruff: noqa: E402 - gevent has to patch before anything else is imported
from gevent import monkey

monkey.patch_all()

import gc
import os
import signal
import sys

from gunicorn.arbiter import Arbiter

from events.core import server as core_server

PORT = os.environ.get("PORT", "8000")
bind = f"127.0.0.1:{PORT}"
worker_class = "gevent"
workers = 1
worker_connections = 20_000
graceful_timeout = 10
keepalive = 30
control_socket_disable = True
accesslog = None
loglevel = "warning"


def post_worker_init(worker):
    # Ctrl-C reaches both processes, and the master forwards it as SIGQUIT: a second signal during shutdown
    # would print a traceback.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Freeze what is loaded by now, and collect the oldest generation seldom: with thousands of sockets a full
    # collection would block the event loop for a tenth of a second.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    app = worker.wsgi
    try:
        worker.ontmoet_stopped = core_server.start(app, app.config["SETTINGS"], lambda: worker.alive)
    except (core_server.DatabaseTaken, core_server.OldTables) as refusal:
        sys.stderr.write(f"Ontmoet does not start: {refusal}\n")
        sys.exit(Arbiter.WORKER_BOOT_ERROR)  # makes the master exit instead of restarting the worker forever
    if os.environ.get("ONTMOET_QUIET") != "1":
        sys.stdout.write(f"\nOntmoet is open: http://localhost:{PORT}\nCtrl-C closes it.\n\n")
        sys.stdout.flush()


def worker_exit(server, worker):
    stopped = getattr(worker, "ontmoet_stopped", None)
    if stopped is not None:
        stopped.set()
