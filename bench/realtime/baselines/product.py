"""The product with benchmark frames: broadcast, match or propose a round, report the longest loop stall."""

import random
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bench.realtime.baselines.frames import Clock, entries
from events.circles.models import Circle
from events.coffees.models import Coffee
from events.core import clock as product_clock
from events.core.db.session import unit_of_work
from events.core.jobs import queue
from events.core.jobs.queue import Job
from events.core.jobs.subprocess_pool import offload
from events.core.realtime.connections import socketio
from events.core.realtime.handlers import broadcast
from events.rounds.jobs import match_round as propose_round
from events.rounds.models import Round
from tests.factories.accounts import make_user
from tests.factories.circles import make_interest, make_member
from tests.factories.rounds import make_round_of_its_own, make_yes
from tests.pairing.match_checker import generate
from wsgi import app

__all__ = ["app"]

POLL_INTERVAL_SECONDS = 0.005  # seconds
gathered: dict[str, Any] = {}
TOPICS = 14
TIMES = 6  # that each of the people of a round has free
seen: dict[str, Any] = {"longest": 0.0, "matched": 0, "watched": False, "round": ""}


def start(order: dict[str, Any]) -> dict[str, bool]:
    socketio.start_background_task(drive, order)
    return {"ok": True}


def drive(order: dict[str, Any]) -> None:
    clock = Clock(order)
    for seq in clock.numbers():
        socketio.sleep(clock.wait(seq))
        broadcast(order["room"], "chat.entries", entries(order, seq, clock.due(seq)))


def gather(order: dict[str, Any]) -> dict[str, bool]:
    """Make up the people of a round, before anything is counted."""
    gathered.update(generate(order["people"]))
    return {"ok": True}


def match(_order: dict[str, Any]) -> dict[str, bool]:
    """As the worker inside does it, in a child of its own."""
    socketio.start_background_task(match_round, gathered)
    return {"ok": True}


def match_round(document: dict[str, Any]) -> None:
    answer: Any = offload("events.pairing.json_api:match_json", document)
    seen["matched"] = len(answer["coffees"])


def open_round(order: dict[str, Any]) -> dict[str, bool]:
    """People of the first circle who said yes to a round, before anything is counted."""
    draw = random.Random(order["people"])
    with unit_of_work() as db:
        circle = db.scalars(select(Circle).order_by(Circle.id)).first()
        assert circle is not None
        round_ = make_round_of_its_own(db, circle)
        seen["round"] = round_.id
        for at in range(order["people"]):
            user = make_user(db, f"Guest {at}")
            member = make_member(db, circle, user)
            for topic in draw.sample(range(TOPICS), 3):
                make_interest(db, member, draw.choice(["offer", "seek"]), f"Topic {topic}")
            make_yes(db, round_, user, times=draw.sample(list(round_.times), TIMES))
    return {"ok": True}


def propose(_order: dict[str, Any]) -> dict[str, bool]:
    """The round is due: the worker inside matches it, stores its coffees, tells and mails its people."""
    seen["matched"] = 0
    with unit_of_work() as db:
        round_ = db.get_one(Round, seen["round"])
        round_.closes_at = round_.publish_at = product_clock.now() - timedelta(minutes=1)
        queue.enqueue(db, propose_round, round_.id)
    return {"ok": True}


def proposed() -> int:
    """How many coffees, once the worker has nothing left to do."""
    with unit_of_work() as db:
        due = Job.state == "waiting", Job.due_at <= product_clock.now()
        if db.scalar(select(func.count()).select_from(Job).where(*due)):
            return 0
        mine = Coffee.round_id == seen["round"]
        return db.scalar(select(func.count()).select_from(Coffee).where(mine)) or 0


def stood_still(_data: object) -> dict[str, float]:
    """The longest that the loop was late since the last time that somebody asked."""
    if not seen["watched"]:
        seen["watched"] = True
        socketio.start_background_task(watch)
    found = {"longest": seen["longest"], "matched": seen["matched"] or (seen["round"] and proposed())}
    seen["longest"] = 0.0
    return found


def watch() -> None:
    while True:
        before = time.monotonic()
        socketio.sleep(POLL_INTERVAL_SECONDS)
        seen["longest"] = max(seen["longest"], time.monotonic() - before - POLL_INTERVAL_SECONDS)


socketio.on_event("drive", start)
socketio.on_event("gather", gather)
socketio.on_event("match", match)
socketio.on_event("open round", open_round)
socketio.on_event("propose", propose)
socketio.on_event("stood still", stood_still)
