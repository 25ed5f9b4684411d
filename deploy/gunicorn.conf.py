"""How gunicorn serves one process of Ontmoet: one gevent worker, and what runs beside its requests."""

import os

from events.core import background

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gevent"
workers = 1
worker_connections = 20_000
graceful_timeout = 10
keepalive = 30
control_socket_disable = True
accesslog = None
loglevel = "warning"


def post_worker_init(worker):
    app = worker.wsgi
    worker.ontmoet_stopped = background.start(app, app.config["SETTINGS"])


def worker_exit(server, worker):
    stopped = getattr(worker, "ontmoet_stopped", None)
    if stopped is not None:
        stopped.set()


def when_ready(server):
    if os.environ.get("ONTMOET_QUIET") != "1":
        print(f"\nOntmoet is open: http://localhost:{os.environ.get('PORT', '8000')}\nCtrl-C closes it.\n", flush=True)
